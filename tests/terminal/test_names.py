"""A host of which nobody knows the address, and one whose address never comes."""

import subprocess
from pathlib import Path

import pytest

from tests.kit.names import SILENT, UNKNOWN, alone
from tests.kit.patience import PATIENCE
from tests.kit.pty import in_terminal
from tests.kit.shell import COMMAND, Place

pytestmark = pytest.mark.fault("network and HTTP")

ROOT = Path(__file__).parents[2]
CHECK = "Check AIRISK_URL and the network, then try again."
FAULTS = {
    UNKNOWN: f"Cannot reach nobody.example. {CHECK}",
    SILENT: f"nobody.example did not respond within 1 s. {CHECK}",
}


@pytest.fixture
def somewhere(place: Place) -> Place:
    """Settings that name a host."""
    place.tell(AIRISK_URL="https://nobody.example", CLIENT_ID="demo", CLIENT_SECRET="a secret", AIRISK_TIMEOUT="1")
    place.tell(PYTHONPATH=str(ROOT))
    return place


def test_it_is_reported_on_the_screen_and_left_at_once(somewhere: Place) -> None:
    """An unknown host, which nothing waits for, is in tests/long."""
    is_reported_on_the_screen(somewhere, SILENT)


def is_reported_on_the_screen(somewhere: Place, how: str) -> None:
    """See what is wrong, twice, and leave."""
    command = alone(somewhere.root, how, *COMMAND)
    with in_terminal(command, cwd=somewhere.cwd, environment=somewhere.environment) as terminal:
        for _ in range(2):
            terminal.until(
                lambda: terminal.notice == f"✗ {FAULTS[how]}" and terminal.who == "NOT SIGNED IN", "what is wrong"
            )
            terminal.press("ctrl+r")
            terminal.until(lambda: not terminal.notice, "another try")
        terminal.quits()


@pytest.mark.parametrize("how", FAULTS)
def test_it_is_one_line_without_a_screen(somewhere: Place, how: str) -> None:
    done = subprocess.run(
        alone(somewhere.root, how, *COMMAND, "users"),
        cwd=somewhere.cwd,
        env=somewhere.environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (4, "", f"airisk-tui: {FAULTS[how]}\n")
