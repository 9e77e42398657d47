"""Text that a widget forgot to clean: what acts on a terminal is taken out of each line."""

from rich.control import Control
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from tui.textual_ext.line_filter import ControlCharacterFilter, line_filter

ACTING = [*range(0x20), *range(0x7F, 0xA0), 0x061C, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A)]
BLACK = Color(0, 0, 0)
BOLD = Style(bold=True)


def test_what_acts_is_taken_out_and_the_rest_and_its_style_stay():
    text = "".join(f"{chr(code)}x" for code in ACTING)
    (segment,) = ControlCharacterFilter().apply([Segment(text, BOLD)], BLACK)
    assert segment == Segment("x" * len(ACTING), BOLD)


def test_ordinary_lines_and_the_programs_own_controls_pass_untouched():
    segments = [Segment("plain 山田 👍 ⏎"), Control.move_to(1, 2).segment]
    assert ControlCharacterFilter().apply(segments, BLACK) is segments
    *_, control = ControlCharacterFilter().apply([Segment("\x1b"), segments[-1]], BLACK)
    assert control == segments[-1]


def test_there_is_one_for_textual_to_remember_lines_by():
    assert line_filter() is line_filter()
