"""A widget that forgot to clean its text: the terminal still gets none of it that acts."""

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios

import pytest
from rich.control import Control
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from tests.kit.patience import PATIENCE
from tui.backstop import Backstop, line_filter

ACTING = [*range(0x20), *range(0x7F, 0xA0), 0x061C, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A)]
BLACK = Color(0, 0, 0)
BOLD = Style(bold=True)

PROGRAM = """if True:
    import sys
    from rich.segment import Segment
    from textual.app import App
    from textual.strip import Strip
    from textual.widget import Widget
    from textual.widgets import Static
    from tui.backstop import line_filter

    HOSTILE = "\\x1b]52;c;aG9zdGlsZQ==\\x07\\x9b2J\\u202e"

    class Careless(Widget):
        def render_line(self, y):
            return Strip([Segment(HOSTILE + "careless")])

    class Forgetful(App):
        CSS = "Careless { height: 1 }"

        def compose(self):
            yield Static(HOSTILE + "static", markup=False)
            yield Careless()
            yield Static("all drawn")
        def get_line_filters(self):
            return [*super().get_line_filters(), *([line_filter()] if sys.argv[1] == "guarded" else [])]

    Forgetful().run()
"""


def test_what_acts_is_taken_out_and_the_rest_and_its_style_stay():
    text = "".join(f"{chr(code)}x" for code in ACTING)
    (segment,) = Backstop().apply([Segment(text, BOLD)], BLACK)
    assert segment == Segment("x" * len(ACTING), BOLD)


def test_ordinary_lines_and_the_programs_own_controls_pass_untouched():
    segments = [Segment("plain 山田 👍 ⏎"), Control.move_to(1, 2).segment]
    assert Backstop().apply(segments, BLACK) is segments
    *_, control = Backstop().apply([Segment("\x1b"), segments[-1]], BLACK)
    assert control == segments[-1]


def test_there_is_one_for_textual_to_remember_lines_by():
    assert line_filter() is line_filter()


@pytest.fixture
def drawn():
    """What a program writes to its terminal from start to end, as bytes."""
    terminal, its_end = pty.openpty()
    fcntl.ioctl(its_end, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))

    def run(*arguments: str) -> bytes:
        command = [sys.executable, "-c", PROGRAM, *arguments]
        environment = os.environ | {"TERM": "xterm-256color"}
        with subprocess.Popen(command, stdin=its_end, stdout=its_end, stderr=its_end, env=environment) as program:
            os.close(its_end)
            try:
                return read_until_quit(terminal)
            finally:
                program.kill()

    yield run
    os.close(terminal)


def read_until_quit(terminal: int) -> bytes:
    """Press Ctrl+Q once everything is drawn, and read what comes until the program is gone."""
    written, has_quit = b"", False
    while select.select([terminal], [], [], PATIENCE)[0]:
        try:
            written += os.read(terminal, 65_536)
        except OSError:  # Linux's way of saying that the other end is closed
            return written
        if not has_quit and b"all drawn" in written:
            os.write(terminal, b"\x11")
            has_quit = True
    pytest.fail("the program did not end")


@pytest.mark.parametrize("hostile", [b"\x1b]52", b"\xc2\x9b2J", "\u202e".encode()])
def test_no_acting_byte_reaches_the_terminal(drawn, hostile):
    written = drawn("guarded")
    assert b"]52;c;aG9zdGlsZQ==" in written
    assert hostile not in written


def test_without_the_backstop_it_would(drawn):
    assert b"\x1b]52;c;aG9zdGlsZQ==" in drawn("unguarded")
