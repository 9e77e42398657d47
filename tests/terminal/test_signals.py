"""However the program is ended, the terminal is as it was, and nothing keeps it waiting."""

import os
import signal
import sys

import pytest

from tests.kit.deployment.broken import BrokenServer
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.patience import PATIENCE
from tests.kit.pty import Terminal, in_terminal, opened, started
from tests.kit.shell import COMMAND, Place

pytestmark = pytest.mark.fault("terminal and process")


LONGER_THAN_A_TEST = 4 * PATIENCE  # seconds that whatever keeps the program waiting would take


ENDINGS = {signal.SIGTERM: 143, signal.SIGINT: 130}
OTHER_ENDINGS = {signal.SIGHUP: 129, signal.SIGQUIT: 131}
"""These are in tests/long; a closed window sends the first."""


@pytest.mark.usefixtures("airisk")
@pytest.mark.parametrize(("number", "code"), ENDINGS.items(), ids=lambda each: str(int(each)))
def test_a_signal_ends_it_tidily(place: Place, number: int, code: int) -> None:
    ends_tidily(place, number, code)


def ends_tidily(place: Place, number: int, code: int) -> None:
    """Send a signal, and see the end."""
    with started(place) as terminal:
        terminal.sees("Grace Hopper")
        os.kill(terminal.process.pid, number)
        assert terminal.ended() == code
        assert terminal.unrestored() == []
        assert b"airisk-tui" not in terminal.output.rpartition(b"\x1b[?1049l")[2]
        assert terminal.screen.split() == [], "the last frame stays where there is no other screen"


INTERRUPTED_WHILE_A_CLASS_IS_MADE = """
import signal, sys
from tui.cli import main as cli

class Interrupts:
    def __set_name__(self, *_):
        signal.raise_signal(signal.SIGINT)

class Finder:
    @staticmethod
    def find_spec(name, *_):
        if name == "tui.app.app":
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
    with started(place) as terminal:
        terminal.sees("Grace Hopper")
        terminal.type("jk" * 300)  # and so it is drawing when there is nothing left to draw on
        terminal.close_window()
        assert terminal.process.wait(PATIENCE) == 129


DEAF = """
import os, signal, sys
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGHUP])
os.execv(sys.argv[1], sys.argv[1:])
"""


def test_a_closed_window_ends_it_before_anybody_says_so(place: Place, airisk: ForeignAIRisk) -> None:
    ends_without_a_word(place, "")


def ends_without_a_word(place: Place, keys: str) -> None:
    """Close the window of a program that gets no signal, while it waits or while it draws what these keys do."""
    command = (sys.executable, "-c", DEAF, *COMMAND)
    with in_terminal(command, cwd=place.cwd, environment=place.environment) as terminal:
        terminal.sees("Grace Hopper")
        terminal.type(keys)
        terminal.close_window()
        assert terminal.process.wait(PATIENCE) == 129


def goes_on(terminal: Terminal, before: tuple[str, list[str]]) -> None:
    """Let it go on in a terminal that others have used since, and wait until all is there that was there before."""
    terminal.clear()
    os.kill(terminal.process.pid, signal.SIGCONT)
    terminal.until(lambda: (terminal.who, terminal.lines[1:]) == before, "everything drawn again")


def test_stopped_in_any_way_it_goes_on_and_the_terminal_is_given_back(place: Place, airisk: ForeignAIRisk) -> None:
    with opened(place) as terminal:
        terminal.sees("Grace Hopper")
        terminal.sees("List agents", "? Help", "no request as this user yet")
        before = terminal.who, terminal.lines[1:]
        for _ in range(3):
            os.kill(terminal.process.pid, signal.SIGSTOP)
            terminal.wait_until_stopped()
            goes_on(terminal, before)
        for _ in range(3):
            os.kill(terminal.process.pid, signal.SIGTSTP)
            terminal.wait_until_stopped()
            terminal.until(lambda: terminal.unrestored() == [], "the terminal as it was")
            goes_on(terminal, before)
        stopped_in_the_middle_of_frames(terminal)
        terminal.quits()


def stopped_in_the_middle_of_frames(terminal: Terminal) -> None:
    """Stop and continue it as each frame begins, and see that it still listens."""
    for _ in range(60):
        before = len(terminal.output)
        terminal.type("jk")
        terminal.until(lambda: len(terminal.output) > before, "the beginning of a frame")  # noqa: B023
        os.kill(terminal.process.pid, signal.SIGSTOP)
        os.kill(terminal.process.pid, signal.SIGCONT)
    terminal.press("?")
    terminal.sees("Esc closes")
    terminal.press("escape")
    terminal.sees_no("Esc closes")


def test_ctrl_z_goes_back_to_the_shell_and_fg_to_the_program(place: Place, airisk: ForeignAIRisk) -> None:
    shell = ("bash", "--norc", "--noprofile", "-i")
    with in_terminal(shell, cwd=place.cwd, environment={**place.environment, "PS1": "ready> "}) as terminal:
        terminal.type(f"{' '.join(COMMAND)}\r")
        terminal.sees("Grace Hopper", "List agents", "? Help", "no request as this user yet")
        before = terminal.lines[1:]
        terminal.press("ctrl+z")
        terminal.sees("Stopped")
        terminal.type("fg\r")
        terminal.until(lambda: terminal.lines[1:] == before, "everything drawn again")
        terminal.bar_says("APPLICATION")
        terminal.press("ctrl+q")
        terminal.until(lambda: terminal.screen.strip() == "ready>", "the shell, on a screen without the last frame")
        terminal.type("exit\r")
        assert terminal.ended() == 0


def test_ctrl_l_draws_everything_again_and_where_no_shell_waits_ctrl_z_says_so(
    place: Place, airisk: ForeignAIRisk
) -> None:
    with opened(place) as terminal:
        terminal.sees("Grace Hopper", "List agents", "? Help", "no request as this user yet")
        before = terminal.lines[1:]
        terminal.clear()
        terminal.press("ctrl+l")
        terminal.until(lambda: terminal.lines[1:] == before, "everything drawn again")
        terminal.bar_says("APPLICATION")
        terminal.press("ctrl+z")
        terminal.reads(notice="! Cannot suspend: no shell is waiting. Press Ctrl+Q to quit.")
        terminal.quits()


NOT_TEXT = (b"\xff\xfe", b"\xc3", b"\xc0\xaf", b"\xed\xa0\x80")
"""Bytes that never occur, a character that is begun, an overlong one, a surrogate."""


def test_bytes_that_are_not_text_cost_no_key(place: Place, airisk: ForeignAIRisk) -> None:
    with opened(place) as terminal:
        terminal.sees("Grace Hopper")
        for typed in NOT_TEXT:
            terminal.type(typed)
            terminal.wait_until_read()
            terminal.press("?")
            terminal.sees("Esc closes")
            terminal.type(typed)
            terminal.wait_until_read()
            terminal.press("escape")
            terminal.sees_no("Esc closes")
        terminal.type(NOT_TEXT[0])
        terminal.quits()
        assert b"Traceback" not in terminal.output


def quits_at_once(place: Place, words: str) -> None:
    """Leave where these words are read and an answer would take longer than the test waits for the end."""
    place.tell(AIRISK_TIMEOUT=f"{LONGER_THAN_A_TEST:.0f}")
    with started(place) as terminal:
        terminal.sees(words)
        terminal.quits()


def test_quitting_does_not_wait_for_a_response(place: Place, airisk: ForeignAIRisk) -> None:
    airisk.breaks("/api/ListUsers", "never_answers")
    quits_at_once(place, "Loading users")


def test_quitting_does_not_wait_for_a_connection(place: Place) -> None:
    with BrokenServer("black_hole") as server:
        place.reach(server)
        quits_at_once(place, "Signing in")


def test_quitting_does_not_wait_for_tls_to_say_goodbye(place: Place) -> None:
    with ForeignAIRisk(tls=True, faults={"/api/ListUsers": "never_answers"}) as server:
        place.reach(server)
        place.tell(AIRISK_CA_FILE=str(server.ca_file))
        quits_at_once(place, "Loading users")
