"""Everything that can be wrong with the settings: one line, never with a value, before anything is drawn."""

from pathlib import Path

import pytest

from tests.commands import COMMAND, Outcome, Place
from tests.faults.settings import CANARY, FAULTS, SettingsFault
from tests.forked import Run, run_all
from tests.pseudoterminal import in_terminal

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


@pytest.mark.parametrize("fault", FAULTS[::9], ids=lambda fault: fault.name)
def test_in_a_terminal_nothing_is_drawn(tmp_path: Path, fault: SettingsFault) -> None:
    place = Place(tmp_path)
    fault.write(place.cwd / ".env")
    with in_terminal(COMMAND, cwd=place.cwd, environment={**place.environment, **fault.environment}) as terminal:
        assert terminal.ended() == 2
    assert terminal.output.decode().startswith(f"airisk-tui: {fault.words}")
    assert b"\x1b" not in terminal.output
