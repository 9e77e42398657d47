"""How terminals show colors, and how well one is read on another."""

from collections.abc import Mapping

import pyte
from textual.color import Color

from tests.kit.contrast import contrast

_NAMES = ("black", "red", "green", "brown", "blue", "magenta", "cyan", "white")
"""What pyte calls the first eight."""

XTERM = (
    "000000 cd0000 00cd00 cdcd00 0000ee cd00cd 00cdcd e5e5e5 7f7f7f ff0000 00ff00 ffff00 5c5cff ff00ff 00ffff ffffff"
)
CONSOLE = (
    "000000 aa0000 00aa00 aa5500 0000aa aa00aa 00aaaa aaaaaa 555555 ff5555 55ff55 ffff55 5555ff ff55ff 55ffff ffffff"
)
"""The first 16 colors of xterm, and of the Linux console."""


def palette(colors: str) -> dict[str, str]:
    """The first 16 colors of a terminal, by the names that pyte gives them."""
    names = (*_NAMES, *(f"bright{name}" for name in _NAMES))
    return dict(zip(names, colors.split(), strict=True))


def contrast_of(cell: pyte.screens.Char, colors: Mapping[str, str], *, brightens: bool = False) -> float:
    """How well a cell is read; where bold brightens, it makes a dark ink a bright one, as xterm does."""
    assert "default" not in (cell.fg, cell.bg), cell
    ink = f"bright{cell.fg}" if brightens and cell.bold and cell.fg in _NAMES else cell.fg
    seen = [Color.parse(f"#{colors.get(each, each)}") for each in (ink, cell.bg)]
    return contrast(*seen)
