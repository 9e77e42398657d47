"""How a cell looks: a letter and a colour, and what stands out around the letter, so that no colour is needed."""

from __future__ import annotations

from textual.content import Content

from tui.access.model import Cell, Finding, Verdict

STYLES = {
    Verdict.ALLOWED: "$text-success",
    Verdict.SAME: "$text-success",
    Verdict.DIFFERS: "$text-accent",
    Verdict.DENIED: "$text-primary",
    Verdict.INCONCLUSIVE: "$text-warning",
}

_AROUND = {
    Finding.UNEXPECTED_ALLOW: (" {}!", "bold $background on $error"),
    Finding.UNEXPECTED_DENY: (" {}!", "bold $background on $warning"),
    Finding.DRIFT: (" {}~", "bold $text-secondary"),
}
"""As in reports: a mark behind the letter; a colour behind both where it is not as expected."""

UNKNOWN = Content.styled("·", "$foreground-disabled")
"""What was not asked yet."""


def mark(cell: Cell | None) -> Content:
    """What stands in a cell's place, three columns wide where something stands out."""
    if cell is None:
        return UNKNOWN
    if cell.finding:
        around, style = _AROUND[cell.finding]
        return Content.styled(around.format(cell.verdict.letter), style)
    return Content.styled(cell.verdict.letter, f"{'bold ' if cell.verdict.is_access else ''}{STYLES[cell.verdict]}")


def sign(which: Verdict | Finding) -> Content:
    """The same, to explain it: `A`, `A!`."""
    if isinstance(which, Verdict):
        return Content.styled(which.letter, f"bold {STYLES[which]}")
    letter = {Finding.UNEXPECTED_ALLOW: "A", Finding.UNEXPECTED_DENY: "D", Finding.DRIFT: "≠"}[which]
    around, style = _AROUND[which]
    return Content.styled(around.format(letter).strip(), style)
