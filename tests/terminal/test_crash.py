"""A fault of the program itself, wherever it is: told with its place, never with a value, and no mess left."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kit import crashing
from tests.kit.canaries import files_with, is_in
from tests.kit.crashing import SERVICES
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.patience import PATIENCE
from tests.kit.pty import in_terminal
from tests.kit.shell import Place
from tui.app.crash import EXIT_CODE

pytestmark = pytest.mark.fault("terminal and process")


CRASHING = (sys.executable, str(Path(crashing.__file__)))
CANARY = "canary-2f9c4e7d1b"
KEYS = {"InHandler": "g", "InUnmount": "\x11", "InDriver": "g"}


@pytest.fixture
def told(place):
    """Settings that are whole, for a deployment that nobody serves."""
    place.tell(AIRISK_URL="http://127.0.0.1:1", CLIENT_ID="client", CLIENT_SECRET=CANARY, CANARY=CANARY)
    place.tell(PYTHONPATH=str(Path(__file__).parents[2]))
    return place


ON_THE_SCREEN = ("InHandler", "InTask", "InThread", "InUnmount", "InDriver")
"""Each comes to its end by another way; tests/long has the others."""


@pytest.mark.parametrize("where", ON_THE_SCREEN)
def test_on_the_screen(told, where):
    fails_on_the_screen(told, where)


def fails_on_the_screen(told, where):
    with in_terminal((*CRASHING, where), cwd=told.cwd, environment=told.environment) as terminal:
        if where in KEYS:
            terminal.sees("Cannot reach")
            terminal.type(KEYS[where])
        assert terminal.ended() == EXIT_CODE
        assert terminal.unrestored() == []
        assert CANARY.encode() not in terminal.output
        words = terminal.output.rpartition(b"\x1b[?1049l")[2].decode()
    report = re.sub(r"\x1b\[[?\d;]*[a-z]", "", words)
    assert report.count("airisk-tui crashed") == 1
    assert "CanaryError" in report
    assert re.search(r"crashing\.py:\d+ fail_here", report.replace("\r\n", "")), report
    assert "textual run" not in report


@pytest.mark.parametrize("where", ["InCommand", "InCommandLater"])
def test_in_a_command(told, where):
    done = subprocess.run(
        [*CRASHING, where, "users"],
        cwd=told.cwd,
        env=told.environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (done.returncode, done.stdout) == (EXIT_CODE, "")
    assert done.stderr.startswith("airisk-tui crashed")
    assert re.search(r"crashing\.py:\d+ fail_here", done.stderr)
    assert CANARY not in done.stderr
    assert [*told.root.rglob("core*")] == []


@pytest.fixture
def at_work(told):
    """The same, for a deployment that knows what it gave away: the secret, and each state, code and token."""
    with ForeignAIRisk() as server:
        told.reach(server)
        yield told, server


def tells_nothing(server: ForeignAIRisk, place: Place, words: bytes) -> None:
    """It was told where the program failed, and no secret, in no form, there or in a file."""
    assert re.search(rb"crashing\.py:\d+ fail_here", words.replace(b"\r\n", b"")), words
    canaries = {*server.given_away, CANARY}
    assert not [canary for canary in canaries if is_in(canary, words)]
    assert files_with(canaries, place.root) == []


BELOW_THE_SCREEN = ("InTrail",)
"""Each fails at one door, most of them below a command; tests/long has all of them at both."""


@pytest.mark.parametrize("where", BELOW_THE_SCREEN)
def test_below_the_screen(at_work, where):
    fails_below_the_screen(at_work, where)


def fails_below_the_screen(at_work, where):
    told, server = at_work
    with in_terminal((*CRASHING, where), cwd=told.cwd, environment=told.environment) as terminal:
        assert terminal.ended() == EXIT_CODE
        assert terminal.unrestored() == []
    assert terminal.output.count(b"airisk-tui crashed") == 1
    tells_nothing(server, told, bytes(terminal.output))


@pytest.mark.parametrize("where", [each for each in SERVICES if each not in BELOW_THE_SCREEN])
def test_below_a_command(at_work, where):
    fails_below_a_command(at_work, where)


def fails_below_a_command(at_work, where):
    told, server = at_work
    command = ("users",) if where == "InList" else ("request", "GET", "/api/Chat/ListAgents", "--as", "u-1", "-i")
    done = subprocess.run(
        [*CRASHING, where, *command],
        cwd=told.cwd,
        env=told.environment,
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (done.returncode, done.stdout) == (EXIT_CODE, b"")
    tells_nothing(server, told, done.stderr)
