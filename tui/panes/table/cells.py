"""A cell as text that fills its place exactly, whatever is in it."""

from collections.abc import Callable

from rich.text import Text
from textual.content import Content
from textual.style import Style

from tui.panes.table.columns import Align

Cell = str | Text | Content
"""What a row holds for one column; a `str` is shown literally, never read as markup."""

_ON_ONE_LINE = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029], " ")
"""Line breaks and control characters have no width of their own: each would shift the columns after it."""

_LONGEST_GRAPHEME = 8
"""Code points per terminal cell that are kept of an endless text, so that measuring it costs nothing."""


def as_text(cell: Cell, parse_style: Callable[[str | Style], Style]) -> Text:
    """Return `cell` in the form that is drawn; `parse_style` knows the theme's names in the styles of Content."""
    if isinstance(cell, str):
        return Text(cell)
    if isinstance(cell, Text):
        return cell
    pieces = cell.render(end="", parse_style=parse_style)
    return Text.assemble(*((plain, style.rich_style) for plain, style in pieces))


def fitted(text: Text, width: int, align: Align) -> Text:
    """Return `text` as exactly `width` terminal cells on one line, cut with … where it is longer."""
    if width <= 0:
        return Text()
    longest = width * _LONGEST_GRAPHEME
    fit = text[:longest] if len(text) > longest else text.copy()
    fit.plain = fit.plain.translate(_ON_ONE_LINE)
    if len(text) > longest:
        fit.append("…")
    fit.truncate(width, overflow="ellipsis")
    fit.align(align, width)
    return fit


def fitted_text(text: str, width: int, align: Align) -> str:
    """The same for plain text; most of it is as wide as it is long, and need not be measured."""
    if not (text.isascii() and text.isprintable()):
        return fitted(Text(text), width, align).plain
    if len(text) > width:
        return f"{text[: width - 1]}…" if width > 0 else ""
    blank = width - len(text)
    before = {"left": 0, "center": blank // 2, "right": blank}[align]
    return f"{' ' * before}{text}{' ' * (blank - before)}"
