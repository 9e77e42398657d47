"""How well what is drawn stands out from its ground, by WCAG 2.2."""

from rich.segment import Segment
from textual.color import Color

DISCERNIBLE = 3
"""Criterion 1.4.11: what is no text."""

READABLE = 4.5
"""Criterion 1.4.3, level AA: text that is active has to differ from its ground at least that much."""


def contrast(one: Color, other: Color) -> float:
    """How much two colors differ: from 1 to 21."""
    lighter, darker = sorted(map(_luminance, (one, other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def colours(segment: Segment) -> tuple[Color, Color]:
    """The colors of a text and of its ground."""
    style = segment.style
    assert style
    assert style.color
    assert style.bgcolor
    assert not style.dim, segment
    assert not style.blink, segment
    pair = Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor)
    return (pair[1], pair[0]) if style.reverse else pair


def _luminance(colour: Color) -> float:
    """Relative luminance, as WCAG defines it."""
    parts = [part / 255 for part in colour.rgb]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
