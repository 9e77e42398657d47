"""Columns that stretch, shrink or are dropped to fit the table's width; text that fills a cell exactly."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len
from rich.text import Text
from textual.content import Content
from textual.style import Style

Align = Literal["left", "center", "right"]

_READABLE = 8
"""Minimum terminal cells of a stretching column."""


@dataclass(frozen=True, slots=True)
class Column:
    """Column of a table; all measures are terminal cells, without padding.

    Attributes:
        label: Its heading, shown literally.
        key: Its name in messages, unique in a table.
        width: Its preferred width, or None to stretch over the remaining room.
        minimum: The width it can shrink to; None means `width`, or enough for the label if it stretches.
        weight: Its share of the remaining room, relative to the other stretching columns.
        priority: The lowest is dropped first if there is no room for every minimum, the rightmost of equals first.
        align: The alignment of shorter text.
    """

    label: str
    key: str
    width: int | None = None
    minimum: int | None = None
    weight: int = 1
    priority: int = 0
    align: Align = "left"

    @property
    def narrowest(self) -> int:
        """The minimum width."""
        if self.minimum is not None:
            return self.minimum
        return self.width if self.width is not None else max(cell_len(self.label), _READABLE)


def share_width(columns: Iterable[Column], room: int, padding: int) -> list[tuple[Column, int]]:
    """Return the columns that fit and their widths, to which `padding` cells are added; at least one column stays."""
    shown = list(columns)
    while len(shown) > 1 and sum(column.narrowest + padding for column in shown) > room:
        shown.remove(min(reversed(shown), key=lambda column: column.priority))
    if len(shown) == 1:
        only = shown[0]
        widest = max(1, room - padding)
        return [(only, widest if only.width is None else min(only.width, widest))]
    widths = [column.narrowest for column in shown]
    spare = room - sum(widths) - padding * len(shown)
    for position, column in enumerate(shown):
        if column.width is not None:
            growth = min(spare, column.width - widths[position])
            widths[position] += growth
            spare -= growth
    _stretch(shown, widths, spare)
    return list(zip(shown, widths, strict=True))


def _stretch(columns: list[Column], widths: list[int], spare: int) -> None:
    """Divide `spare` among the stretching columns by weight, to the last cell."""
    weight_left = sum(column.weight for column in columns if column.width is None)
    for position, column in enumerate(columns):
        if column.width is None and weight_left:
            share = spare * column.weight // weight_left
            widths[position] += share
            spare -= share
            weight_left -= column.weight


# Cell contents

Cell = str | Text | Content
"""The content of a cell; a `str` is shown literally, never parsed as markup."""

_ON_ONE_LINE = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029], " ")
"""Line breaks and control characters have no width: each would shift the columns after it."""

_LONGEST_GRAPHEME = 8
"""Code points per terminal cell after which a very long text is cut, so that measuring it is cheap."""


def as_text(cell: Cell, parse_style: Callable[[str | Style], Style]) -> Text:
    """Return `cell` as Rich text; `parse_style` resolves the theme's names in the styles of Content."""
    if isinstance(cell, str):
        return Text(cell)
    if isinstance(cell, Text):
        return cell
    pieces = cell.render(end="", parse_style=parse_style)
    return Text.assemble(*((plain, style.rich_style) for plain, style in pieces))


def fitted(text: Text, width: int, align: Align) -> Text:
    """Return `text` as exactly `width` terminal cells on one line, cut with … if it is longer."""
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
    """Return plain text as exactly `width` terminal cells, like `fitted`. Printable ASCII need not be measured."""
    if not (text.isascii() and text.isprintable()):
        return fitted(Text(text), width, align).plain
    if len(text) > width:
        return f"{text[: width - 1]}…" if width > 0 else ""
    blank = width - len(text)
    before = {"left": 0, "center": blank // 2, "right": blank}[align]
    return f"{' ' * before}{text}{' ' * (blank - before)}"
