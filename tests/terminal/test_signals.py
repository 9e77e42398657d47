"""However the program is ended, the terminal is as it was, and nothing keeps it waiting."""

import os
import signal
import sys
from contextlib import contextmanager

import pytest

from tests.kit.deployment.broken import BrokenServer
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.pty import in_terminal
from tests.kit.shell import COMMAND

pytestmark = pytest.mark.fault("terminal and process")


CTRL_Q = "\x11"
AT_ONCE = 10.0  # seconds: two are allowed, and half a one is usual; the rest is for a busy machine


@contextmanager
def opened(place):
    with in_terminal(COMMAND, cwd=place.cwd, environment=place.environment) as terminal:
        yield terminal


def quit_tidily(terminal):
    terminal.type(CTRL_Q)
    assert terminal.ended() == 0
    assert terminal.unrestored() == []


ENDINGS = {signal.SIGTERM: 143, signal.SIGHUP: 129, signal.SIGINT: 130}


@pytest.mark.parametrize(("number", "code"), ENDINGS.items(), ids=lambda each: str(int(each)))
def test_a_signal_ends_it_tidily(place, airisk, number, code):
    with opened(place) as terminal:
        terminal.wait_for("Grace Hopper")
        os.kill(terminal.process.pid, number)
        assert terminal.ended(within=AT_ONCE) == code
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


def test_ctrl_c_before_there_is_a_screen_is_no_fault_of_the_program(place, airisk):
    command = (sys.executable, "-c", INTERRUPTED_WHILE_A_CLASS_IS_MADE)
    with in_terminal(command, cwd=place.cwd, environment=place.environment) as terminal:
        assert terminal.ended() == 130
        assert terminal.output == b""


def test_a_closed_window_ends_it(place, airisk):
    with opened(place) as terminal:
        terminal.wait_for("Grace Hopper")
        terminal.type("jk" * 300)  # and so it is drawing when there is nothing left to draw on
        terminal.close_window()
        assert terminal.process.wait(AT_ONCE) == 129


DEAF = """
import os, signal, sys
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGHUP])
os.execv(sys.argv[1], sys.argv[1:])
"""


@pytest.mark.parametrize("keys", ["", "jk" * 300], ids=["waiting", "drawing"])
def test_a_closed_window_ends_it_before_anybody_says_so(place, airisk, keys):
    command = (sys.executable, "-c", DEAF, *COMMAND)
    with in_terminal(command, cwd=place.cwd, environment=place.environment) as terminal:
        terminal.wait_for("Grace Hopper")
        terminal.type(keys)
        terminal.close_window()
        assert terminal.process.wait(AT_ONCE) == 129


def test_stopped_and_continued_from_outside_it_goes_on_and_leaves_the_terminal_as_it_was(place, airisk):
    with opened(place) as terminal:
        terminal.wait_for("Grace Hopper")
        for _ in range(3):
            os.kill(terminal.process.pid, signal.SIGSTOP)
            os.waitpid(terminal.process.pid, os.WUNTRACED)
            before = len(terminal.output)
            os.kill(terminal.process.pid, signal.SIGCONT)
            terminal.wait_until(lambda: b"Grace Hopper" in terminal.output[before:])  # noqa: B023
        terminal.type("?")
        terminal.wait_for("Esc closes")
        quit_tidily(terminal)


def test_put_aside_it_gives_the_terminal_back_and_takes_it_again_when_called(place, airisk):
    with opened(place) as terminal:
        terminal.wait_for("Grace Hopper")
        for _ in range(3):
            before = len(terminal.output)
            os.kill(terminal.process.pid, signal.SIGTSTP)
            terminal.wait_until(lambda: b"\x1b[?1049l" in terminal.output[before:])  # noqa: B023
            os.waitpid(terminal.process.pid, os.WUNTRACED)
            terminal.settle()
            assert terminal.unrestored() == []
            before = len(terminal.output)
            os.kill(terminal.process.pid, signal.SIGCONT)
            terminal.wait_until(lambda: b"Grace Hopper" in terminal.output[before:])  # noqa: B023
        quit_tidily(terminal)


def test_stopped_and_continued_in_the_middle_of_a_frame_it_goes_on(place, airisk):
    with opened(place) as terminal:
        terminal.wait_for("Grace Hopper")
        for _ in range(60):
            before = len(terminal.output)
            terminal.type("jk")
            terminal.wait_until(lambda: len(terminal.output) > before)  # noqa: B023
            os.kill(terminal.process.pid, signal.SIGSTOP)
            os.kill(terminal.process.pid, signal.SIGCONT)
        before = len(terminal.output)
        terminal.type("?")
        terminal.wait_until(lambda: b"Esc closes" in terminal.output[before:])
        quit_tidily(terminal)


NOT_TEXT = {"never": b"\xff\xfe", "begun": b"\xc3", "overlong": b"\xc0\xaf", "surrogate": b"\xed\xa0\x80"}


@pytest.mark.parametrize("typed", NOT_TEXT.values(), ids=NOT_TEXT)
def test_bytes_that_are_not_text_cost_no_key(place, airisk, typed):
    with opened(place) as terminal:
        terminal.wait_for("Grace Hopper")
        terminal.type(typed)
        terminal.wait_until_read()
        terminal.type("?")
        terminal.wait_for("Esc closes")
        terminal.type(typed + CTRL_Q.encode())
        assert terminal.ended() == 0
        assert terminal.unrestored() == []
        assert b"Traceback" not in terminal.output


def quits_at_once(place, words: str) -> None:
    with opened(place) as terminal:
        terminal.wait_for(words)
        terminal.type(CTRL_Q)
        assert terminal.ended(within=AT_ONCE) == 0
        assert terminal.unrestored() == []


def test_quitting_does_not_wait_for_an_answer(place, airisk):
    airisk.breaks("/api/ListUsers", "never_answers")
    quits_at_once(place, "Asking for the users")


def test_quitting_does_not_wait_for_a_connection(place):
    with BrokenServer("black_hole") as server:
        place.reach(server)
        quits_at_once(place, "Signing in")


def test_quitting_does_not_wait_for_tls_to_say_goodbye(place):
    with ForeignAIRisk(tls=True, faults={"/api/ListUsers": "never_answers"}) as server:
        place.reach(server)
        place.tell(AIRISK_CA_FILE=str(server.ca_file))
        quits_at_once(place, "Asking for the users")
