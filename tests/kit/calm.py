"""Whether a terminal was only drawn on: no text acted on it, and nothing on it has moved."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.kit.pty import Terminal

# What the program itself sends: colours, places, modes that it takes and gives back, the shape of the mouse's pointer,
# and before it leaves the screen, that it clears it.
_OWN = re.compile(
    r"\x1b\[m\x1b\[H\x1b\[2J(?=(?:\x1b\[[\d<>?]*[a-z])*\x1b\[\?1049l)|\x1b\[[\d;]*[mH]|\x1b\]22;[a-z-]*\x07|\x1b\[[<>]\d*u|\x1b\[\?u|\x1b\[\?(?:2026|2048)\$p"
    r"|\x1b\[\?(?:7|25|1000|1003|1004|1006|1015|1016|1049|2004|2026|2048)[hl]"
)
COPIED = re.compile(r"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07")
"""Text that goes to the clipboard, where a person copies."""

_ACTING = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def acts(written: str) -> str:
    """The first of what is written that a terminal would act on and that is not the program's own, or nothing."""
    rest = _OWN.sub("", written)
    found = _ACTING.search(rest)
    return repr(rest[max(found.start() - 40, 0) :][:80]) if found else ""


@dataclass(frozen=True)
class Frame:
    """A frame by its corners, and where its sides are not."""

    top: int
    left: int
    bottom: int
    right: int
    gaps: tuple[tuple[int, int], ...] = ()

    def holds(self, row: int, column: int) -> bool:
        """Whether this place is in it."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right

    def lies_before(self, other: "Frame") -> bool:
        """Whether it hides part of the other, as a dialog does."""
        is_inside = other.holds(self.top, self.left) and other.holds(self.bottom, self.right)
        holds_all = self.holds(other.top, other.left) and self.holds(other.bottom, other.right)
        return not self.gaps and not holds_all and not is_inside


def askew(terminal: Terminal) -> list[Frame]:
    """The frames whose sides do not stand below their corners, but for what a dialog hides."""
    frames = list(_frames(terminal.cells))
    return [frame for frame in frames if not all(_is_hidden(gap, frame, frames) for gap in frame.gaps)]


def _is_hidden(gap: tuple[int, int], frame: Frame, frames: list[Frame]) -> bool:
    return any(other.lies_before(frame) and other.holds(*gap) for other in frames)


def _frames(cells: list[list[str]]) -> Iterator[Frame]:
    for top, line in enumerate(cells):
        for left in (column for column, cell in enumerate(line) if cell == "╭"):
            right = next((column for column in range(left, len(line)) if line[column] == "╮"), left)
            bottoms = (row for row in range(top, len(cells)) if cells[row][left] == "╰" or cells[row][right] == "╯")
            bottom = next(bottoms, top)  # below a dialog there may be none
            sides = [(row, column) for row in range(top + 1, bottom) for column in (left, right)]
            gaps = [(row, column) for row, column in sides if cells[row][column] not in "│├┤"]
            yield Frame(top, left, bottom, right, tuple(gaps))
