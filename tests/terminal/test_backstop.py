"""A widget that forgot to clean its text: the terminal still gets none of it that acts."""

import sys

from tests.kit.pty import in_terminal
from tests.kit.shell import Place

PROGRAM = """if True:
    import sys
    from rich.segment import Segment
    from textual.app import App
    from textual.strip import Strip
    from textual.widget import Widget
    from textual.widgets import Static
    from tui.textual_ext.line_filter import line_filter

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


def drawn(place: Place, how: str) -> bytes:
    """What the program writes to its terminal from its start to its end."""
    command = (sys.executable, "-c", PROGRAM, how)
    with in_terminal(command, cwd=place.cwd, environment=place.environment) as terminal:
        terminal.until(lambda: b"all drawn" in terminal.output, "the last line")
        terminal.quits()
    return bytes(terminal.output)


def test_no_acting_byte_reaches_the_terminal(place: Place) -> None:
    written = drawn(place, "guarded")
    assert b"]52;c;aG9zdGlsZQ==" in written
    for hostile in (b"\x1b]52", b"\xc2\x9b2J", "\u202e".encode()):
        assert hostile not in written


def test_without_the_backstop_it_would(place: Place) -> None:
    assert b"\x1b]52;c;aG9zdGlsZQ==" in drawn(place, "unguarded")
