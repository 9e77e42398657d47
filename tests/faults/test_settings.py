"""Everything that can be wrong with the settings: one line, never with a value, before anything is drawn."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.settings import CANARY, FAULTS, FINE, OPEN_TO_ALL, VERBATIM, FineFile, SettingsFault
from tests.faults.stage import Watched
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.forked import Run, run_all
from tests.kit.pty import in_terminal
from tests.kit.shell import COMMAND, Outcome, Place

pytestmark = pytest.mark.fault(".env and settings")


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    """How a command ends with each of them."""
    places = [Place(tmp_path_factory.mktemp("settings")) for _ in FAULTS]
    for fault, place in zip(FAULTS, places, strict=True):
        fault.write(place.cwd / ".env")
    runs = [Run(place, ("users",), fault.environment) for fault, place in zip(FAULTS, places, strict=True)]
    ended = run_all(runs)
    return dict(zip((fault.name for fault in FAULTS), ended, strict=True))


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_command_says_in_one_line_what_is_wrong(outcomes: dict[str, Outcome], fault: SettingsFault) -> None:
    outcome = outcomes[fault.name]
    assert outcome.line.startswith(fault.words)
    assert (outcome.code, outcome.out) == (2, b"")
    assert CANARY not in outcome.err


@pytest.mark.parametrize("fault", [each for each in FAULTS if not each.is_drawn_first], ids=lambda fault: fault.name)
def test_in_a_terminal_nothing_is_drawn(tmp_path: Path, fault: SettingsFault) -> None:
    place = Place(tmp_path)
    fault.write(place.cwd / ".env")
    with in_terminal(COMMAND, cwd=place.cwd, environment={**place.environment, **fault.environment}) as terminal:
        assert terminal.ended() == 2
    assert terminal.output.decode().startswith(f"airisk-tui: {fault.words}")
    assert b"\x1b" not in terminal.output


@pytest.mark.parametrize("fault", [each for each in FAULTS if each.is_drawn_first], ids=lambda fault: fault.name)
def test_what_takes_long_to_look_at_is_told_on_the_screen(tmp_path: Path, fault: SettingsFault) -> None:
    place = Place(tmp_path)
    with in_terminal(COMMAND, cwd=place.cwd, environment={**place.environment, **fault.environment}) as terminal:
        watched = Watched(terminal)
        terminal.wait_until(lambda: watched.notice.startswith(f"✗ {fault.words}") and watched.bar == "NOT SIGNED IN")


# What is only odd


@pytest.fixture(scope="module")
def airisk() -> Iterator[ForeignAIRisk]:
    """A deployment whose client has a secret of signs."""
    with ForeignAIRisk(client_id="demo", client_secret=VERBATIM) as server:
        yield server


@pytest.mark.parametrize("fine", FINE, ids=lambda fine: fine.name)
def test_an_odd_file_is_read_all_the_same(tmp_path: Path, airisk: ForeignAIRisk, fine: FineFile) -> None:
    place = Place(tmp_path)
    fine.write(place.cwd / ".env", airisk.url)
    outcome = place.run("users", "--format", "json")
    assert (outcome.code, outcome.err) == (0, "")
    with in_terminal(COMMAND, cwd=place.cwd, environment=place.environment) as terminal:
        terminal.wait_for("─ 3 users ─")
        assert terminal.shown.splitlines()[0].startswith(" GENERIC")


def test_a_secret_that_others_can_read_is_warned_of_and_offered_a_better_place(
    tmp_path: Path, airisk: ForeignAIRisk
) -> None:
    place = Place(tmp_path)
    FINE[0].write(place.cwd / ".env", airisk.url)
    (place.cwd / ".env").chmod(0o644)
    outcome = place.run("users")
    assert (outcome.code, outcome.line.startswith(OPEN_TO_ALL)) == (0, True)
    with in_terminal(COMMAND, cwd=place.cwd, environment=place.environment) as terminal:
        watched = Watched(terminal)
        terminal.wait_for("─ 3 users ─")
        terminal.wait_until(lambda: watched.notice.startswith(f"! {OPEN_TO_ALL}"))
