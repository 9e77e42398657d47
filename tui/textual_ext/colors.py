"""Colors that can be read in a terminal that has few: the nearest of its pairs that have enough contrast."""

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
"""How far the strongest part of a color is from its weakest, of 255, where it is no longer a kind of grey."""

_SAME_HUE = 1 / 8


def _palette(colors: str) -> tuple[ColorTriplet, ...]:
    return tuple(ColorTriplet(*bytes.fromhex(color)) for color in colors.split())


XTERM = _palette(
    "000000 cd0000 00cd00 cdcd00 0000ee cd00cd 00cdcd e5e5e5 7f7f7f ff0000 00ff00 ffff00 5c5cff ff00ff 00ffff ffffff"
)
LINUX = _palette(
    "000000 aa0000 00aa00 aa5500 0000aa aa00aa 00aaaa aaaaaa 555555 ff5555 55ff55 ffff55 5555ff ff55ff 55ffff ffffff"
)
"""The first 16 colors, as xterm and as the Linux console show them."""

_CUBE = (0, 95, 135, 175, 215, 255)
_FIXED = (
    *(ColorTriplet(red, green, blue) for red in _CUBE for green in _CUBE for blue in _CUBE),
    *(ColorTriplet(grey, grey, grey) for grey in range(8, 248, 10)),
)
"""The colors from 16 on, which are the same in every terminal that has 256."""


@dataclass(frozen=True)
class Colors:
    """The colors of a kind of terminal.

    Attributes:
        first: number of the first one.
        looks: how terminals show them; what is chosen can be read in all of these. The first one says what is near.
        grounds: which of them can be a background.
        brightens: whether bold may show one of the first eight as one of the next eight.
    """

    first: int
    looks: tuple[tuple[ColorTriplet, ...], ...]
    grounds: Sequence[int]
    brightens: bool


SIXTEEN = Colors(first=0, looks=(LINUX, XTERM), grounds=(0, 1, 2, 4, 6, 7), brightens=True)
"""A bright background blinks in some terminals; on yellow, which may be brown, no text can be read everywhere, and
magenta is nowhere in the themes."""

MANY = Colors(first=16, looks=(_FIXED,), grounds=range(len(_FIXED)), brightens=False)
"""Those of 256 that are the same everywhere."""


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
    """Replaces each pair of colors by one that the terminal has, and that can be read as well, up to `READABLE`.

    Rich would replace ink and ground each by itself, by whatever is nearest: black on cyan became grey on cyan.
    """

    def __init__(self, colors: Colors) -> None:
        super().__init__()
        self._colors = colors
        self._style = functools.lru_cache(4096)(self._replaced)
        self._ink = functools.lru_cache(4096)(self._nearest_ink)

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 -- LineFilter's
        """Return `segments` in such colors."""
        return [Segment(text, style and self._style(style), control) for text, style, control in segments]

    def _replaced(self, style: Style) -> Style:
        ink, ground = (style.bgcolor, style.color) if style.reverse else (style.color, style.bgcolor)
        if not ground or not ground.triplet or (ink and not ink.triplet):  # a theme that uses the terminal's own
            return style
        below = _nearest(self._colors, self._colors.grounds, ground.triplet)
        on_it = Style(bgcolor=self._numbered(below), reverse=False)
        if not ink or not ink.triplet:  # blanks
            return style + on_it
        above, is_bold = self._ink(ink.triplet, below, min(contrast(ink.triplet, ground.triplet), READABLE))
        return style + on_it + Style(color=self._numbered(above), bold=style.bold and is_bold)

    def _numbered(self, number: int) -> RichColor:
        return RichColor.from_ansi(self._colors.first + number)

    def _nearest_ink(self, ink: ColorTriplet, ground: int, wanted: float) -> tuple[int, bool]:
        """Return the ink that is nearest of those that can be read on that ground, and whether it may be bold."""
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
    """Return which of these colors is the nearest to that one: of the same hue, else grey."""
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
    """Return the hue of a color as part of a turn, None for what looks grey."""
    return None if max(color) - min(color) < _COLORED else rgb_to_hsv(*color)[0]


@functools.cache
def color_filter(system: str) -> LineFilter:
    """Return the one filter for a terminal of a color system, `standard` or `256`: Textual caches lines by filter."""
    return FewColors({"standard": SIXTEEN, "256": MANY}[system])
