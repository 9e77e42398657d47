"""What a walk goes through, always the same: an empty home, a moment, servers; and the camera that it holds."""

import re
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Literal, TypeVar

import pytest

from tests.kit import pilot as stage
from tests.kit.deployment.breakable import BreakableServer
from tests.kit.deployment.broken import BrokenServer
from tests.kit.deployment.dialect import Dialect
from tests.kit.deployment.faults import Fault
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.pilot import Person
from tests.kit.stopped_clock import moment, stopped_clocks
from tui.app.themes import DARK, LIGHT
from tui.config.preferences import keep_theme
from tui.panes.explorer import ExplorerPane
from tui.panes.request.pane import RequestPane
from tui.sandbox import Options, Sandbox
from tui.screens.main.screen import MainScreen

Look = Literal["dark", "light", "no-color"]
Size = tuple[int, int]

SIZES: tuple[Size, ...] = ((80, 24), (120, 40), (200, 60))

HOME, PORT = "/home/ada/airisk", "54321"
"""What stands in pictures instead of a home and of ports that are others each time, as wide as they are."""

PATIENT = {"AIRISK_TIMEOUT": "600"}
"""What is waited for on a picture is waited for until that is taken."""

_LOOKS, _PAUSE = 15, 0.02
"""Looks that must find the same, and seconds between them."""

_HOMES = "/tmp"  # on every machine, so that homes have names of one length
_HOME = re.compile(r"/tmp/tmp\w{8}")
_PORT = re.compile(r"((?:127\.0\.0\.1|localhost):)(\d{1,5})")

Server = TypeVar("Server", Sandbox, ForeignAIRisk, BrokenServer)


class Camera(ABC):
    """Takes pictures of one size, each under a name of its own; `taken` are the names."""

    def __init__(self, size: Size) -> None:
        self.size = size
        self.taken: list[str] = []

    async def take(self, person: Person, name: str) -> None:
        """Take what is on the screen, or will be in a moment."""
        assert name not in self.taken, name
        self.taken.append(name)
        await self.expose(person, name)

    @abstractmethod
    async def expose(self, person: Person, name: str) -> None:
        """Make a picture of it."""

    @asynccontextmanager
    async def opened(self, server: Sandbox | BreakableServer, **settings: str) -> AsyncIterator[Person]:
        """Somebody who has just opened the program on that deployment."""
        async with stage.opened(server, size=self.size, **(PATIENT | settings)) as person:
            yield person

    @asynccontextmanager
    async def listed(self, server: Sandbox | BreakableServer, **settings: str) -> AsyncIterator[Person]:
        """Somebody who sees the users, and the endpoints that the deployment describes."""
        async with stage.listed(server, size=self.size, **(PATIENT | settings)) as person:
            await has_recalled(person)
            yield person


class Still(Camera):
    """Takes a picture of what is on the screen once nothing there moves: for pictures, never for a test."""

    async def expose(self, person: Person, name: str) -> None:
        """Wait until it stays, and keep it."""
        await stands_still(person)
        self.keep(person, name)

    @abstractmethod
    def keep(self, person: Person, name: str) -> None:
        """Keep what is on the screen."""


async def stands_still(person: Person) -> None:
    """Wait until many looks have found the same on the screen: for pictures, never for a test."""
    seen: object = None
    alike = 0
    while alike < _LOOKS:
        await person.pilot.pause(_PAUSE)
        now = stage.drawn(person.app)
        alike, seen = (alike + 1 if now == seen else 0), now


Walk = Callable[[Camera], Coroutine[Any, Any, None]]


async def has_recalled(person: Person) -> None:
    """Wait until the program knows the endpoints of the deployment, which it looks for by itself."""
    main = next(screen for screen in person.app.screen_stack if isinstance(screen, MainScreen))

    def is_over(group: str) -> bool:
        return all(worker.is_finished for worker in person.app.workers if worker.group == group)

    await person.until(lambda: main.state.is_signed_in and is_over("connect"), "being signed in")
    await person.until_taken(main)  # The last word of signing in begins the look.
    await person.until(lambda: is_over("recall"), "the endpoints")


async def has_previewed(person: Person) -> None:
    """Wait until the form of the endpoint under the cursor is shown, which comes when the cursor rests."""
    screen = person.app.screen
    pane, explorer = screen.query_one(RequestPane), screen.query_one(ExplorerPane)
    await person.until(lambda: pane.endpoint is not None and pane.endpoint == explorer.under_cursor, "the form")


def sandbox(**options: Any) -> AbstractContextManager[Sandbox]:
    """A sandbox at which no time passes."""
    return of_five_digits(lambda: Sandbox(Options(**options), clock=moment))


def foreign(
    dialect: Dialect | None = None, faults: Mapping[str, Fault | str] | None = None
) -> AbstractContextManager[ForeignAIRisk]:
    """A deployment at which no time passes."""
    return of_five_digits(lambda: ForeignAIRisk(dialect, faults=faults, client_id="client-4711", clock=moment))


@contextmanager
def of_five_digits(serve: Callable[[], Server]) -> Iterator[Server]:
    """One whose ports are as wide as most are: what they are drawn in has the room of five digits."""
    with ExitStack() as servers:
        server = servers.enter_context(serve())
        while any(len(url.rpartition(":")[2]) < len(PORT) for url in _urls(server)):
            server = servers.enter_context(serve())
        yield server


def _urls(server: Sandbox | BreakableServer) -> tuple[str, ...]:
    return (server.url,) if isinstance(server, Sandbox) else (server.url, server.thief.url)


@contextmanager
def surroundings(look: Look = "dark", *, step: float = 0.0) -> Iterator[Path]:
    """An empty home, in which the program is opened, and a clock that stands still (see `stopped_clocks`)."""
    with ExitStack() as stack:
        stack.callback(time.tzset)
        home = stack.enter_context(tempfile.TemporaryDirectory(dir=_HOMES))
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.chdir(home)
        for name in ("HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
            patch.setenv(name, home)
        patch.setenv("TZ", "UTC")
        time.tzset()
        patch.setenv("COLORTERM", "truecolor")  # whatever the terminal can show in which pictures are taken
        for name in ("NO_COLOR", "DISPLAY", "WAYLAND_DISPLAY"):
            patch.delenv(name, raising=False)
        if look == "no-color":
            patch.setenv("NO_COLOR", "1")
        if look == "light":
            keep_theme(LIGHT.name)
        stack.enter_context(stopped_clocks(step=step))
        yield Path(home)


def written(name: str, content: str | bytes = "") -> None:
    """A file in that home."""
    path = Path(name)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


def masked(text: str) -> str:
    """The same without what is another each time: the home, the ports, and the name of the theme."""
    named = _HOME.sub(HOME, text).replace(LIGHT.name, f"{DARK.name} ")
    return _PORT.sub(lambda match: match[1] + PORT[: len(match[2])], named)
