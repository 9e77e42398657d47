"""However the program is ended, the terminal is as it was, and nothing keeps it waiting."""

import os
import signal
import sys
from pathlib import Path

import pytest

from tests.kit.deployment.broken import BrokenServer
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.patience import PATIENCE
from tests.kit.pty import Terminal, in_terminal, opened
from tests.kit.shell import COMMAND, Place

pytestmark = pytest.mark.fault("terminal and process")


LONGER_THAN_A_TEST = 4 * PATIENCE  # seconds that whatever keeps the program waiting would take


ENDINGS = {signal.SIGTERM: 143, signal.SIGHUP: 129, signal.SIGINT: 130, signal.SIGQUIT: 131}


@pytest.mark.parametrize(("number", "code"), ENDINGS.items(), ids=lambda each: str(int(each)))
def test_a_signal_ends_it_tidily(place: Place, airisk: ForeignAIRisk, number: int, code: int) -> None:
    with opened(place) as terminal:
        terminal.sees("Grace Hopper")
        os.kill(terminal.process.pid, number)
        assert terminal.ended() == code
        assert terminal.unrestored() == []
        assert b"airisk-tui" not in terminal.output.rpartition(b"\x1b[?1049l")[2]


INTERRUPTED_WHILE_A_CLASS_IS_MADE = """
import signal, sys
from tui import cli

class Interrupts:
    def __set_name__(self, *_):
        signal.raise_signal(signal.SIGINT)

class Finder:
    @staticmethod
    def find_spec(name, *_):
        if name == "tui.app":
            type("Made", (), {"part": Interrupts()})

sys.meta_path.insert(0, Finder)
sys.exit(cli.main([]))
"""


def test_ctrl_c_before_there_is_a_screen_is_no_fault_of_the_program(place: Place, airisk: ForeignAIRisk) -> None:
    command = (sys.executable, "-c", INTERRUPTED_WHILE_A_CLASS_IS_MADE)
    with in_terminal(command, cwd=place.cwd, environment=place.environment) as terminal:
        assert terminal.ended() == 130
        assert terminal.output == b""


def test_a_closed_window_ends_it(place: Place, airisk: ForeignAIRisk) -> None:
    with opened(place) as terminal:
        terminal.sees("Grace Hopper")
        terminal.type("jk" * 300)  # and so it is drawing when there is nothing left to draw on
        terminal.close_window()
        assert terminal.process.wait(PATIENCE) == 129


DEAF = """
import os, signal, sys
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGHUP])
os.execv(sys.argv[1], sys.argv[1:])
"""


@pytest.mark.parametrize("keys", ["", "jk" * 300], ids=["waiting", "drawing"])
def test_a_closed_window_ends_it_before_anybody_says_so(place: Place, airisk: ForeignAIRisk, keys: str) -> None:
    command = (sys.executable, "-c", DEAF, *COMMAND)
    with in_terminal(command, cwd=place.cwd, environment=place.environment) as terminal:
        terminal.sees("Grace Hopper")
        terminal.type(keys)
        terminal.close_window()
        assert terminal.process.wait(PATIENCE) == 129


def waits_until_stopped(terminal: Terminal) -> None:
    """Wait until the program is stopped, and so writes no more."""
    stat = Path(f"/proc/{terminal.process.pid}/stat")
    terminal.until(lambda: stat.read_text().rpartition(") ")[2].startswith("T"), "the program to be stopped")


def goes_on(terminal: Terminal) -> None:
    """Let it go on, and wait until it has drawn everything anew."""
    before = len(terminal.output)
    os.kill(terminal.process.pid, signal.SIGCONT)
    terminal.until(lambda: b"Grace Hopper" in terminal.output[before:], "everything drawn anew")


def test_stopped_and_continued_from_outside_it_goes_on_and_leaves_the_terminal_as_it_was(
    place: Place, airisk: ForeignAIRisk
) -> None:
    with opened(place) as terminal:
        terminal.sees("Grace Hopper")
        for _ in range(3):
            os.kill(terminal.process.pid, signal.SIGSTOP)
            waits_until_stopped(terminal)
            goes_on(terminal)
        terminal.press("?")
        terminal.sees("Esc closes")
        terminal.quits()


def test_put_aside_it_gives_the_terminal_back_and_takes_it_again_when_called(
    place: Place, airisk: ForeignAIRisk
) -> None:
    with opened(place) as terminal:
        terminal.sees("Grace Hopper")
        for _ in range(3):
            os.kill(terminal.process.pid, signal.SIGTSTP)
            waits_until_stopped(terminal)
            terminal.until(lambda: terminal.unrestored() == [], "the terminal as it was")
            goes_on(terminal)
        terminal.quits()


def test_stopped_and_continued_in_the_middle_of_a_frame_it_goes_on(place: Place, airisk: ForeignAIRisk) -> None:
    with opened(place) as terminal:
        terminal.sees("Grace Hopper")
        for _ in range(60):
            before = len(terminal.output)
            terminal.type("jk")
            terminal.until(lambda: len(terminal.output) > before, "the beginning of a frame")  # noqa: B023
            os.kill(terminal.process.pid, signal.SIGSTOP)
            os.kill(terminal.process.pid, signal.SIGCONT)
        terminal.press("?")
        terminal.sees("Esc closes")
        terminal.quits()


NOT_TEXT = {"never": b"\xff\xfe", "begun": b"\xc3", "overlong": b"\xc0\xaf", "surrogate": b"\xed\xa0\x80"}


@pytest.mark.parametrize("typed", NOT_TEXT.values(), ids=NOT_TEXT)
def test_bytes_that_are_not_text_cost_no_key(place: Place, airisk: ForeignAIRisk, typed: bytes) -> None:
    with opened(place) as terminal:
        terminal.sees("Grace Hopper")
        terminal.type(typed)
        terminal.wait_until_read()
        terminal.press("?")
        terminal.sees("Esc closes")
        terminal.type(typed)
        terminal.quits()
        assert b"Traceback" not in terminal.output


def quits_at_once(place: Place, words: str) -> None:
    """Leave where these words are read and an answer would take longer than the test waits for the end."""
    place.tell(AIRISK_TIMEOUT=f"{LONGER_THAN_A_TEST:.0f}")
    with opened(place) as terminal:
        terminal.sees(words)
        terminal.quits()


def test_quitting_does_not_wait_for_an_answer(place: Place, airisk: ForeignAIRisk) -> None:
    airisk.breaks("/api/ListUsers", "never_answers")
    quits_at_once(place, "Asking for the users")


def test_quitting_does_not_wait_for_a_connection(place: Place) -> None:
    with BrokenServer("black_hole") as server:
        place.reach(server)
        quits_at_once(place, "Signing in")


def test_quitting_does_not_wait_for_tls_to_say_goodbye(place: Place) -> None:
    with ForeignAIRisk(tls=True, faults={"/api/ListUsers": "never_answers"}) as server:
        place.reach(server)
        place.tell(AIRISK_CA_FILE=str(server.ca_file))
        quits_at_once(place, "Asking for the users")
