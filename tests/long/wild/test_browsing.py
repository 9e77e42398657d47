"""A document of the size of GitHub's is imported on the screen, and browsed without a stall."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest

from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.patience import comes_true
from tests.kit.pilot import Person, listed
from tests.long.wild.documents import document

pytestmark = pytest.mark.xdist_group("wild")

_TICK = 0.002
_LOG = logging.getLogger(__name__)


class _Stalls:
    """The longest time in which the event loop did nothing else, in milliseconds."""

    def __init__(self) -> None:
        self.longest = 0.0

    async def watch(self) -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(_TICK)
            self.longest = max(self.longest, (time.perf_counter() - before - _TICK) * 1000)

    def told(self) -> str:
        longest, self.longest = self.longest, 0.0
        return f"{longest:.0f} ms at most without an ear for keys"


@asynccontextmanager
async def _watched() -> AsyncIterator[_Stalls]:
    stalls = _Stalls()
    watching = asyncio.create_task(stalls.watch())
    yield stalls
    watching.cancel()


@pytest.fixture(autouse=True)
def state_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the program remembers, it remembers elsewhere than in the home of whoever runs the tests."""
    for name in ("HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path))


@pytest.fixture
def two_in_one(tmp_path: Path) -> Path:
    """GitHub's operations and Gitea's in one document: over 1,500."""
    github, gitea = (msgspec.json.decode(document(name).read_bytes()) for name in ("github", "gitea"))
    github["paths"] |= {
        f"/gitea{path}": {"get": {"tags": ["gitea"]} | item.get("get", {})} for path, item in gitea["paths"].items()
    }
    github["paths"] |= {f"/again{path}": item for path, item in list(github["paths"].items())[:100]}
    file = tmp_path / "two-in-one.json"
    file.write_bytes(msgspec.json.encode(github))
    return file


async def test_keys_are_answered_while_github_is_read() -> None:
    github = document("github")
    with ForeignAIRisk() as server:
        async with listed(server, size=(150, 45)) as person, _watched() as stalls:
            await _import(person, github)
            moves = 0

            async def move(_: float) -> None:
                nonlocal moves
                await person.press("j", "k")
                moves += 1

            await comes_true(lambda: "imported" in person.notice, "GitHub's document", meanwhile=move)
            _LOG.info("GitHub's document: %d key presses answered while it was read; %s", moves * 2, stalls.told())
            assert moves
            await person.sees("1,223 endpoints imported")


async def test_1_500_operations_are_browsed(two_in_one: Path) -> None:
    with ForeignAIRisk() as server:
        async with listed(server, size=(150, 45)) as person, _watched() as stalls:
            await _import(person, two_in_one)
            await person.sees("imported")
            stalls.told()
            await person.press("2", "g")
            for words, keys in (
                ("to the end and back", ("G", "g")),
                ("page by page", ("pagedown",) * 30),
                ("folding", ("g", "left")),
                ("unfolding", ("right",)),
                ("favourites", ("j", "asterisk")),
            ):
                await person.press(*keys)
                _LOG.info("1,500 operations, %s: %s", words, stalls.told())
            await person.press("slash")
            for letter in "repos issues comments":
                await person.type(letter)
            _LOG.info("1,500 operations, filtered: %s; %s", person.text_of("#explorer")[-60:], stalls.told())
            await person.sees("List issue comments")
            await person.press("enter", "enter")
            await person.sees("owner", "repo")
            _LOG.info("1,500 operations, opened: %s", stalls.told())


async def _import(person: Person, path: Path) -> None:
    await person.press("2", "o")
    await person.sees("from a file")
    await person.press("down", "enter")
    await person.sees("Choose a file")
    await person.type(str(path))
    await person.press("enter")
