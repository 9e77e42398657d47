"""Readable colors in terminals with few: the nearest pairs with enough contrast."""

import functools
from collections.abc import Sequence
from colorsys import rgb_to_hsv
from dataclasses import dataclass

from rich.color import Color as RichColor
from rich.color_triplet import ColorTriplet
from rich.palette import Palette
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

READABLE = 4.5
"""WCAG 2.2, success criterion 1.4.3, level AA."""

_COLORED = 40
"""Difference between the strongest and the weakest part of a color, of 255, above which it is not gray."""

_SAME_HUE = 1 / 8


def _palette(colors: str) -> tuple[ColorTriplet, ...]:
    return tuple(ColorTriplet(*bytes.fromhex(color)) for color in colors.split())


XTERM = _palette(
    "000000 cd0000 00cd00 cdcd00 0000ee cd00cd 00cdcd e5e5e5 7f7f7f ff0000 00ff00 ffff00 5c5cff ff00ff 00ffff ffffff"
)
LINUX = _palette(
    "000000 aa0000 00aa00 aa5500 0000aa aa00aa 00aaaa aaaaaa 555555 ff5555 55ff55 ffff55 5555ff ff55ff 55ffff ffffff"
)
"""The first 16 colors of xterm and of the Linux console."""

_CUBE = (0, 95, 135, 175, 215, 255)
_FIXED = (
    *(ColorTriplet(red, green, blue) for red in _CUBE for green in _CUBE for blue in _CUBE),
    *(ColorTriplet(grey, grey, grey) for grey in range(8, 248, 10)),
)
"""The colors from 16 on, which are the same in every terminal with 256 colors."""


@dataclass(frozen=True)
class Colors:
    """Colors of one kind of terminal.

    Attributes:
        first: number of the first one.
        looks: their values in different terminals. Pairs are readable in all of these; the first decides what is near.
        grounds: which of them can be a background.
        brightens: whether bold may show one of the first eight as one of the next eight.
    """

    first: int
    looks: tuple[tuple[ColorTriplet, ...], ...]
    grounds: Sequence[int]
    brightens: bool


SIXTEEN = Colors(first=0, looks=(LINUX, XTERM), grounds=(0, 1, 2, 4, 6, 7), brightens=True)
"""Bright backgrounds blink in some terminals, no text is readable on every terminal's yellow, which may be brown, and
the themes have no magenta."""

MANY = Colors(first=16, looks=(_FIXED,), grounds=range(len(_FIXED)), brightens=False)
"""Those of the 256 colors that are the same everywhere."""


def contrast(ink: ColorTriplet, ground: ColorTriplet) -> float:
    """Return the contrast ratio of two colors, as WCAG defines it."""
    dark, light = sorted((_luminance(ink), _luminance(ground)))
    return (light + 0.05) / (dark + 0.05)


@functools.lru_cache(4096)
def _luminance(color: ColorTriplet) -> float:
    parts = [part / 255 for part in color]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


class FewColors(LineFilter):
    """Replaces each pair of colors with one of the terminal's that is as readable, up to `READABLE`.

    Rich would replace ink and ground independently with the nearest color: black on cyan became gray on cyan.
    """

    def __init__(self, colors: Colors) -> None:
        super().__init__()
        self._colors = colors
        self._style = functools.lru_cache(4096)(self._replaced)
        self._pair = functools.lru_cache(4096)(self._nearest_pair)

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 -- LineFilter's
        """Return `segments` with the terminal's colors."""
        return [Segment(text, style and self._style(style), control) for text, style, control in segments]

    def _replaced(self, style: Style) -> Style:
        ink, ground = (style.bgcolor, style.color) if style.reverse else (style.color, style.bgcolor)
        if not ground or not ground.triplet or (ink and not ink.triplet):  # a theme that uses the terminal's own colors
            return style
        return style + self._pair(ink and ink.triplet, ground.triplet, style.bold)

    def _nearest_pair(self, ink: ColorTriplet | None, ground: ColorTriplet, bold: bool | None) -> Style:  # noqa: FBT001
        """Return what replaces a pair. There are fewer pairs than styles: a style also names a row of a table."""
        below = _nearest(self._colors, self._colors.grounds, ground)
        on_it = Style(bgcolor=self._numbered(below), reverse=False)
        if not ink:  # blanks
            return on_it
        above, may_be_bold = self._nearest_ink(ink, below, min(contrast(ink, ground), READABLE))
        return on_it + Style(color=self._numbered(above), bold=bold and may_be_bold)

    def _numbered(self, number: int) -> RichColor:
        return RichColor.from_ansi(self._colors.first + number)

    def _nearest_ink(self, ink: ColorTriplet, ground: int, wanted: float) -> tuple[int, bool]:
        """Return the nearest ink that is readable on that ground, and whether it may be bold."""
        every = range(len(self._colors.looks[0]))
        readable = [each for each in every if self._contrast(each, ground) >= wanted]
        if not readable:
            best = max(self._contrast(each, ground) for each in every)
            readable = [each for each in every if self._contrast(each, ground) == best]
        number = _nearest(self._colors, readable, ink)
        is_dark = self._colors.brightens and number < len(every) // 2
        return number, not is_dark or self._contrast(number + len(every) // 2, ground) >= wanted

    def _contrast(self, ink: int, ground: int) -> float:
        return min(contrast(look[ink], look[ground]) for look in self._colors.looks)


def _nearest(colors: Colors, numbers: Sequence[int], color: ColorTriplet) -> int:
    """Return the nearest of these colors: of the same hue, else gray."""
    look = colors.looks[0]
    like = [number for number in numbers if _is_alike(look[number], color)]
    among = like or [number for number in numbers if _hue(look[number]) is None] or numbers
    return among[Palette([look[number] for number in among]).match(color)]


def _is_alike(one: ColorTriplet, other: ColorTriplet) -> bool:
    hue, wanted = _hue(one), _hue(other)
    if hue is None or wanted is None:
        return hue is wanted
    return min((hue - wanted) % 1, (wanted - hue) % 1) <= _SAME_HUE


@functools.lru_cache(4096)
def _hue(color: ColorTriplet) -> float | None:
    """Return the hue of a color as a fraction of a turn, None for gray."""
    return None if max(color) - min(color) < _COLORED else rgb_to_hsv(*color)[0]


@functools.cache
def color_filter(system: str) -> LineFilter:
    """Return the single filter for a color system, `standard` or `256`: Textual caches lines by filter."""
    return FewColors({"standard": SIXTEEN, "256": MANY}[system])
