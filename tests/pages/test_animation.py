"""The recording of the README shows one frame after the other, in the colours that a terminal has."""

import re

import pyte

from tools.pages.animation import Frame, Line, animated
from tui.app.themes import DARK

RED = "\x1b[38;2;255;0;0m"


def _lines(*texts: str) -> list[Line]:
    screen = pyte.Screen(20, len(texts))
    pyte.Stream(screen).feed("\r\n".join(texts))
    return [tuple(screen.buffer[row][column] for column in range(20)) for row in range(len(texts))]


FRAMES = (
    Frame(_lines("APPLICATION", "a < b & c"), 1),
    Frame(_lines("APPLICATION", f"{RED}\x1b[1mno\x1b[0m \x1b[7myes\x1b[0m"), 2),
    Frame(_lines("APPLICATION", "over"), 1),
)


def test_each_frame_is_seen_when_the_one_before_is_over() -> None:
    picture = animated(FRAMES, "a walk")
    moments = [re.findall(r"([\d.]+)% { visibility: (\w+) }", each) for each in picture.split("@keyframes")[1:]]
    assert moments == [
        [("0.000", "visible"), ("25.000", "hidden")],
        [("0.000", "hidden"), ("25.000", "visible"), ("75.000", "hidden")],
        [("0.000", "hidden"), ("75.000", "visible")],
    ]
    assert "4s step-end infinite" in picture
    assert "prefers-reduced-motion: reduce) { .frame { animation: none } #f2 { visibility: visible }" in picture


def test_a_line_that_stays_is_drawn_once_and_looks_as_in_the_terminal() -> None:
    picture = animated(FRAMES, "a walk")
    assert picture.count(">APPLICATION<") == 1
    assert picture.count('href="#l0"') == len(FRAMES)
    assert ">a &lt; b &amp; c<" in picture
    assert 'fill="#ff0000" font-weight="bold">no<' in picture
    assert f'fill="{DARK.background}">yes<' in picture
