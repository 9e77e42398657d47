"""Texts and marks of a matrix: cells, findings, progress of the run, and the plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.content import Content

from tui.access.live_matrix import LiveMatrix
from tui.access.model import Cell, Column, Finding, Gap, Row, Verdict
from tui.access.plan import Plan
from tui.access.reports.wording import DOUBT, MARKS, cell_sentence, gap_sentence, headline, mark_of, warnings, who
from tui.access.runner import Progress
from tui.access.suggestions import Suggestion
from tui.airisk.models import Part
from tui.airisk.users.remarks import part_words
from tui.format import count, countdown, duration, plural, size
from tui.key_labels import format_keys
from tui.panes.matrix.rows import GroupRow, RoleHeader
from tui.text import clean

STYLES = {
    Verdict.ALLOWED: "$text-primary",
    Verdict.SAME: "$text-primary",
    Verdict.DIFFERS: "$text-primary",
    Verdict.DENIED: "$foreground-muted",
    Verdict.INCONCLUSIVE: "$text-warning",
}
"""Colors as in the HTML report: blue for access, gray for none, yellow for neither."""

_FOUND = {
    Finding.UNEXPECTED_ALLOW: "bold $background on $error",
    Finding.UNEXPECTED_DENY: "bold $background on $warning",
    Finding.DRIFT: "bold $text-secondary",
}
"""Styles of findings: with a background if unexpected."""

_DOUBTFUL = "bold $text-warning"
"""Style of an access that may be a denial."""

UNKNOWN = Content.styled("·", "$foreground-disabled")
"""The mark of a cell that was not tested yet."""


def mark(cell: Cell | None, doubt: Suggestion | None = None) -> Content:
    """Return the mark of a cell as in reports, with a blank on each side if a character follows its letter."""
    if cell is None:
        return UNKNOWN
    after = mark_of(cell, doubt)
    plain = f"{'bold ' if cell.verdict.is_access else ''}{STYLES[cell.verdict]}"
    style = _FOUND[cell.finding] if cell.finding else _DOUBTFUL if after == DOUBT else plain
    return Content.styled(f" {cell.verdict.letter}{after} " if after else cell.verdict.letter, style)


def sign(which: Verdict | Finding) -> Content:
    """Return the mark of a verdict or finding for the legend, such as `A` or `A!`."""
    if isinstance(which, Verdict):
        return Content.styled(which.letter, f"bold {STYLES[which]}")
    letter = {Finding.UNEXPECTED_ALLOW: "A", Finding.UNEXPECTED_DENY: "D", Finding.DRIFT: "≠"}[which]
    return Content.styled(letter + MARKS[which], _FOUND[which])


# A cell


def cell_words(entry: RoleHeader | GroupRow | None, place: int | None) -> Content:
    """Return the identity and the endpoint of a cell, and below them the result."""
    if not isinstance(entry, GroupRow):
        return Content("")
    first = Content.styled(_named(entry), "bold")
    if place is None:
        return first + Content("\n") + _row_words(entry)
    columns = entry.board.columns
    first += Content.assemble(" at ", *_column_words(columns[place]), f" ({place + 1} of {len(columns)})")
    cell = entry.cell(place)
    if cell is None:
        return first + Content.styled("\nNot tested yet.", "$foreground-muted")
    example = "" if entry.is_one else f"{_short(entry.first)}: "
    doubt = entry.doubt(place)
    result = Content.assemble(mark(cell, doubt), f" {example}{clean(cell_sentence(cell, doubt), limit=200)}")
    return Content("\n").join([first, result + Content.styled(facts(cell), "$foreground-muted")])


def facts(cell: Cell) -> str:
    """Return details of a cell, such as ` · 84 ms · 12.4 kB · application/json · sent 2 times`."""
    known = (
        duration(cell.milliseconds / 1000) if cell.milliseconds is not None else "",
        size(cell.bytes) if cell.bytes is not None else "",
        clean(cell.content_type, limit=40),
        f"sent {cell.attempts} times" if cell.attempts > 1 else "",
    )
    return "".join(f" · {fact}" for fact in known if fact)


def _named(entry: GroupRow) -> str:
    if entry.is_one:
        return clean(who(entry.first), limit=80)
    return f"{plural(entry.size, 'user')} with identical results"


def _short(row: Row) -> str:
    return clean(row.name or row.id, limit=30)


def _row_words(entry: GroupRow) -> Content:
    row = entry.first
    if not entry.is_one:
        return Content.styled(format_keys("Press {open_cell|Enter} to unfold."), "$foreground-muted")
    if row.error:
        return Content.styled(clean(row.error, limit=200), "$text-warning")
    groups = f"in {clean(', '.join(row.groups), limit=100)}" if row.groups else ""
    return Content.styled(" · ".join(filter(None, (row.subject_check.words, groups))), "$foreground-muted")


def _column_words(column: Column) -> Iterator[tuple[str, str]]:
    """Yield the object, or what is sent and the title of the endpoint, each with a style."""
    sent = column.label if column.is_object else f"{column.method} {column.target or column.path}"
    yield clean(sent, limit=120), "bold"
    if column.title and not column.is_object:
        yield f" · {clean(column.title, limit=60)}", ""


# The matrix, and the progress of its run

_NARROW, _WIDE = 8, 30
"""Minimum and maximum columns of the progress bar."""


def summary_words(matrix: LiveMatrix) -> Content:
    """Return the headline, and below it the warnings."""
    gravest = next((finding for finding in Finding if matrix.summary.count(finding)), None)
    colour = {Finding.UNEXPECTED_ALLOW: "$text-error", Finding.UNEXPECTED_DENY: "$text-warning"}
    first = Content.styled(clean(headline(matrix)), f"bold {colour.get(gravest, '') if gravest else ''}".strip())
    rest = Content.styled(clean("  ".join(warnings(matrix, counts_follow=True))), "$foreground-muted")
    return Content("\n").join(filter(None, (first, rest)))


def first_lines(words: Content, width: int, most: int) -> Content:
    """Return what fits into `most` lines of `width` columns, with an ellipsis if that is not all."""
    lines = words.wrap(width)
    if len(lines) <= most:
        return words
    last = Content.assemble(lines[most - 1].rstrip(), " …")
    return Content("\n").join([*lines[: most - 1], last.truncate(width, ellipsis=True)])


def finding_words(matrix: LiveMatrix, most: int) -> Content:
    """Return the findings, the gravest first, a line for each column, and below them what may be a denial.

    If there are more findings than `most` lines, the last one counts the rest.
    """
    found = matrix.found
    shown = found if len(found) <= most else found[: max(most - 1, 0)]
    lines = [_finding_line(*each) for each in shown]
    if left := found[len(shown) :]:
        cells = sum(number for _, _, number in left)
        words = (
            f"and {plural(cells, 'more finding')} in {plural(len({column.name for _, column, _ in left}), 'column')}; "
        )
        lines.append(Content.styled(words + format_keys("{next_finding|n} goes to the next"), "$foreground-muted"))
    return Content("\n").join([*lines[:most], *_questions(matrix)])


def _finding_line(finding: Finding, column: Column, number: int) -> Content:
    said = {
        Finding.UNEXPECTED_ALLOW: "allowed, but should be denied",
        Finding.UNEXPECTED_DENY: "denied, but should be allowed",
        Finding.DRIFT: "changed since the baseline",
    }[finding]
    where = (clean(column.label, limit=80), "bold")
    return Content.assemble(sign(finding), " ", where, f" · {plural(number, 'identity')} {said}")


def _questions(matrix: LiveMatrix) -> Iterator[Content]:
    """Yield what may be a denial, if anything, with its mark and the key that copies the rules for it."""
    if not matrix.suggestions:
        return
    number, (most, *others) = sum(map(matrix.doubtful, Verdict)), matrix.suggestions
    more = f" and {plural(len(others), 'other kind')}" if others else ""
    asked = f" {plural(number, 'response')} {_may_be(number)} ({clean(most.what, limit=40)}{more}): "
    doubtful = next(verdict for verdict in Verdict if matrix.doubtful(verdict))
    sign = (doubtful.letter + (DOUBT if doubtful.is_access else ""), _DOUBTFUL)
    yield Content.assemble(sign, (asked + format_keys("{copy_rules|y} copies the rules"), "$text-warning"))


def _may_be(number: int) -> str:
    return "may be a denial" if number == 1 else "may be denials"


def count_words(matrix: LiveMatrix) -> Content:
    """Return the number of each verdict as a legend: together all cells, with the unexpected and doubtful of each."""
    return Content("   ").join(_counts(matrix))


def _counts(matrix: LiveMatrix) -> Iterator[Content]:
    for verdict in Verdict:
        number = matrix.summary.count(verdict)
        if number or verdict in {Verdict.ALLOWED, Verdict.DENIED}:
            notes = Content(", ").join(_notes(matrix, verdict))
            yield Content.assemble(sign(verdict), f" {count(number)} {verdict}", *((" (", notes, ")") if notes else ()))
    if drifted := matrix.summary.count(Finding.DRIFT):
        yield Content.assemble("(", sign(Finding.DRIFT), f" {count(drifted)} drift)")
    if waived := matrix.summary.waived:
        yield Content.assemble("(", ("w", "bold"), f" {count(waived)} waived)")
    missing = matrix.planned - matrix.summary.cells
    if missing > 0:
        yield UNKNOWN + Content(f" {count(missing)} not tested")


def _notes(matrix: LiveMatrix, verdict: Verdict) -> Iterator[Content]:
    """Yield how many cells with a verdict are unexpected, and how many may be denials."""
    unexpected, doubtful = matrix.unexpected(verdict), matrix.doubtful(verdict)
    if unexpected:
        yield Content.styled(f"{count(unexpected)} unexpected", "bold")
    if doubtful:
        yield Content.styled(f"{count(doubtful)} {_may_be(doubtful)}", _DOUBTFUL)


def progress_words(progress: Progress, room: int) -> Content:
    """Return the progress bar and text, with the keys to pause and cancel if `room` columns suffice."""
    words, keys = _how_far(progress)
    if len(words.plain) + len(keys) + _NARROW <= room:
        words += Content(keys)
    wide = min(max(room - len(words.plain), _NARROW), _WIDE)
    full = int((progress.done / progress.total if progress.total else 1.0) * wide)
    return Content.assemble(("━" * full, "$primary"), ("─" * (wide - full), "$foreground-disabled"), words)


def _how_far(progress: Progress) -> tuple[Content, str]:
    far = f" {count(progress.done)} of {plural(progress.total, 'cell')}"
    if progress.is_paused:
        paused = Content.assemble((" PAUSED", "bold $text-warning"), far)
        return paused, format_keys(" · {pause|Space} resumes, {back|Esc} cancels")
    held = f" · AIRisk asked to wait {progress.held:.0f} s" if progress.held > 1 else ""
    left = f" · {countdown(progress.seconds_left)} left" if progress.done else " · signing in"
    going = Content.assemble((far, "bold"), left, (held, "$text-warning"))
    return going, format_keys(" · {pause|Space} pauses, {back|Esc} cancels")


# The plan

_LISTED = 3
"""Skipped items that are listed; the rest are counted."""


def plan_lines(plan: Plan, host: str, listed: Part | None = None) -> list[Content]:
    """Return the matrix's size and host, the remaining requests and their duration, and which users are listed."""
    kinds = ", ".join(f"{count(number)} {method}" for method, number in plan.by_method.items())
    size = f"{plural(len(plan.rows), 'identity')} × {plural(len(plan.requests), 'endpoint')}"
    first = Content.assemble((size, "bold"), " at ", (clean(host, limit=60), "bold"))
    sign_ins = f"{kinds}, plus {plural(plan.sign_ins, 'sign-in request')}: about {countdown(max(plan.seconds, 1))}"
    requests = sign_ins if kinds else "Nothing to send: every cell is done."
    part = [Content.styled(f"Only {part_words(listed)} are listed.", "$text-warning")] if listed else []
    return [first, Content(requests), *part]


def unmatched_lines(gaps: Sequence[Gap]) -> Iterator[Content]:
    """Yield what a policy names in vain."""
    for gap in gaps[:_LISTED]:
        yield Content.styled(clean(gap_sentence(gap), limit=120), "$text-warning")
    if len(gaps) > _LISTED:
        more = f"and {plural(len(gaps) - _LISTED, 'more part')} of the policy that match nothing"
        yield Content.styled(more, "$text-warning")


def skipped_lines(plan: Plan) -> Iterator[Content]:
    """Yield the items that the plan skips, and why."""
    for each in plan.skipped[:_LISTED]:
        yield Content(f"skipped {clean(each.name, limit=60)}: {clean(each.reason, limit=100)}")
    if len(plan.skipped) > _LISTED:
        yield Content(f"skipped: {count(len(plan.skipped) - _LISTED)} more")
