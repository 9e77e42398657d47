"""What a test sees in a pseudo-terminal is what a person sees: whole frames, each key and click where it belongs."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.kit.pty import Terminal, frames, in_terminal

RAW = "import sys, tty; tty.setraw(0); write = lambda text: print(text, end='', flush=True)\n"


@contextmanager
def running(tmp_path: Path, program: str) -> Iterator[Terminal]:
    """A few lines of Python in a terminal that hands each key on as it comes."""
    with in_terminal([sys.executable, "-c", RAW + program], cwd=tmp_path, environment={}) as terminal:
        yield terminal


HALF_A_FRAME = r"""
write("\x1b[?2026$p")
assert sys.stdin.read(len("\x1b[?2026;1$y")).endswith("y")
write("\x1b[?2026hthe first frame\x1b[?2026l")
write("\x1b[?2026h\x1b[2J\x1b[Hthe sec")
sys.stdin.read(1)
write("ond frame\x1b[?2026l")
sys.stdin.read(1)
"""


def test_half_a_frame_is_not_seen(tmp_path: Path) -> None:
    with running(tmp_path, HALF_A_FRAME) as terminal:
        terminal.until(lambda: b"the sec" in terminal.output, "half of the second frame")
        assert terminal.screen.strip() == "the first frame"
        terminal.press("space")
        terminal.sees("the second frame")
        terminal.press("space")
        assert terminal.ended() == 0
    assert [frame[0].strip() for frame in frames(terminal.output)] == ["the first frame", "the second frame"]


TWO_SCREENS = r"write('before'); sys.stdin.read(1); write('\x1b[2J\x1b[Hafter'); sys.stdin.read(1)"


def test_words_of_two_screens_are_not_seen_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.kit.patience.PATIENCE", 0.5)
    with running(
        tmp_path, r"write('before'); sys.stdin.read(1); write('\x1b[2J\x1b[Hafter'); sys.stdin.read(1)"
    ) as person:
        person.sees("before")
        person.press("space")
        with pytest.raises(AssertionError, match="'before', 'after'"):
            person.sees("before", "after")


def test_a_program_that_ends_is_not_waited_for(tmp_path: Path) -> None:
    with (
        running(tmp_path, "write('last words')") as person,
        pytest.raises(AssertionError, match="has ended\nlast words"),
    ):
        person.sees("what never comes")


ECHO_KEYS = r"""
write("山田 [OK]")
while (key := sys.stdin.read(1)) != "q":
    write(repr(key)[1:-1].replace("\\x1b", "ESC"))
"""


def test_a_click_goes_to_the_cell_where_the_words_stand(tmp_path: Path) -> None:
    with running(tmp_path, ECHO_KEYS) as person:
        person.sees("[OK]")
        person.click("[OK]")
        person.sees("ESC[<0;8;1MESC[<0;8;1m")
        person.press("f5", "escape", "ctrl+a", "x")
        person.sees("ESC[15~ESC[27u\\x01x")
        with pytest.raises(AssertionError, match="Enter"):
            person.press("Enter")


UNTIDY = r"write('\x1b[?1049h\x1b[>1u\x1b[?25l')"


def test_what_a_program_leaves_switched_is_reported(tmp_path: Path) -> None:
    with running(tmp_path, UNTIDY) as terminal:
        assert terminal.ended() == 0
        assert terminal.unrestored() == ["?1049", "?25", "keyboard protocol", "line discipline"]
