"""The HTML report for screen and print: self-contained, without scripts.

The template cleans, cuts and escapes every value that it writes. Should that ever fail, the page's content security
policy keeps a browser from running or loading anything.
"""

from __future__ import annotations

import base64
import functools
import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from tui.access.live_matrix import LiveMatrix
from tui.access.matrix_document import Matrix
from tui.access.model import Cell, Column, Finding, Row, Verdict
from tui.access.reports import wording
from tui.access.reports.grouping import (
    GroupedRows,
    RoleSection,
    group_findings,
    inconclusive_reasons,
    limit_groups,
    merge_similar,
    sections,
)
from tui.access.reports.wording import mark_of, who
from tui.access.suggestions import Suggestion, rules_file
from tui.format import count, duration, plural, size
from tui.text import clean, clean_lines

ACROSS = 14
"""Endpoints side by side that are legible on A4; more of them start another table below."""

MOST_CELLS = 3_000
"""Maximum cells of the matrix, grouped rows counted once: a page of about 1 MB."""

LEGIBLE = 1_000
"""Cells beyond which lines that differ only in inconclusive cells are merged."""

LONGEST = 300
"""Columns at which a text is cut."""

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class ColumnBand:
    """Endpoints or objects side by side; `first` is the index of the first, `part` says which of how many they are."""

    first: int
    columns: Sequence[Column]
    part: str = ""

    @property
    def is_objects(self) -> bool:
        """Whether the columns are objects."""
        return self.columns[0].is_object

    @property
    def last(self) -> int:
        """The index of the last one."""
        return self.first + len(self.columns) - 1


def encode(matrix: Matrix) -> bytes:
    """Return the page in UTF-8."""
    return _template().render(_variables(matrix)).encode()


def _variables(matrix: Matrix) -> dict[str, Any]:
    style = (_HERE / "page.css").read_text(encoding="utf-8")
    board = LiveMatrix.of(matrix)
    by_role = sections(board)
    most = max(40, MOST_CELLS // max(1, len(matrix.endpoints)))
    is_merged = sum(len(section.lines) for section in by_role) * len(matrix.endpoints) > LEGIBLE
    shown, skipped = limit_groups([merge_similar(section) for section in by_role] if is_merged else by_role, most)
    return {
        "matrix": matrix,
        "board": board,
        "host": matrix.deployment.partition("://")[2] or matrix.deployment,
        # Not escaped: it is our own file, without values of the matrix.
        "style": Markup(style),  # noqa: S704
        "style_hash": base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        "tone": _tone(board),
        # Cleaned, but not cut: half a rule would be none.
        "suggested": escape(clean_lines(rules_file(board.suggestions))) if board.suggestions else "",
        "facts": facts(matrix),
        "details": run_details(matrix),
        "found": group_findings(matrix),
        "inconclusive": list(inconclusive_reasons(matrix)),
        "bands": [*_bands(matrix.endpoints)],
        "sections": [_shown_section(section, board) for section in shown],
        "doubtful": sum(map(board.doubtful, Verdict)),
        "heat": [_shown_heat(section, len(matrix.endpoints)) for section in by_role],
        "is_merged": is_merged,
        "skipped": skipped,
    }


def _bands(columns: Sequence[Column]) -> Iterator[ColumnBand]:
    """Yield the bands: endpoints first, then objects."""
    endpoints = sum(not column.is_object for column in columns)
    for start, end, what in ((0, endpoints, "endpoints"), (endpoints, len(columns), "objects")):
        for first in range(start, end, ACROSS):
            band = columns[first : min(first + ACROSS, end)]
            numbers = f"{what} {first - start + 1} to {first - start + len(band)} of {end - start}"
            yield ColumnBand(first, band, numbers if end - start > ACROSS else "")


def _tone(board: LiveMatrix) -> str:
    """Return the overall tone: `bad`, `doubtful`, `good`, or `plain` without expectations."""
    if board.summary.count(Finding.UNEXPECTED_ALLOW) or board.summary.count(Finding.UNEXPECTED_DENY):
        return "bad"
    if board.summary.count(Finding.DRIFT) or next(wording.warnings(board), None):
        return "doubtful"
    return "good" if board.has_expectations else "plain"


def section_title(section: RoleSection) -> str:
    """Return the heading of a role."""
    return wording.role_heading(section.role, is_users=section.is_users)


def _shown_section(section: RoleSection, board: LiveMatrix) -> tuple[str, list[ReportRow]]:
    return section_title(section), [report_row(line, board) for line in section.lines]


def _shown_heat(section: RoleSection, endpoints: int) -> tuple[str, int, list[HeatCell]]:
    return section_title(section), sum(len(line.rows) for line in section.lines), list(heat(section, endpoints))


@functools.cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_visible,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"count": count, "plural": plural, "breakable": _breakable}
    environment.globals |= {
        "wording": wording,
        "verdicts": list(Verdict),
        "finding_kinds": list(Finding),
    }
    return environment.get_template("page.html.jinja")


def _breakable(path: str) -> Markup:
    """Return a cleaned and escaped path that a browser may break before each slash."""
    return Markup("<wbr>/").join(clean(path, limit=LONGEST).split("/"))


def _visible(value: object) -> object:
    """Return a template value as it is shown: texts are cleaned and cut, our own markup is not."""
    return clean(value, limit=LONGEST) if isinstance(value, str) and not isinstance(value, Markup) else value


NAMED = 100
"""Identities of a line that are listed by name; the rest is counted."""

_REASONS = 3

_STYLES = {Finding.UNEXPECTED_ALLOW: "unexpected-allow", Finding.UNEXPECTED_DENY: "unexpected-deny"}


@dataclass(frozen=True, slots=True)
class CellMark:
    """A cell as shown: its letter, the text below it, its style, and its evidence."""

    letter: str
    below: str
    style: str
    verdict: str
    expected: str
    evidence: Sequence[str]

    @property
    def tip(self) -> str:
        """The whole cell in words."""
        return f"{self.verdict}{self.expected} — {'; '.join(self.evidence)}"


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A line as shown: its title, its members, and its cells."""

    title: str
    subtitle: str
    members: Sequence[str]
    more: int
    marks: Sequence[CellMark]


def report_row(line: GroupedRows, board: LiveMatrix) -> ReportRow:
    """Return a line as the page shows it."""
    title, subtitle = _heading(line.rows)
    members = [who(row) for row in line.rows[:NAMED]]
    marks = [_mark(cells, board.suggestion_for(cells[0]) if cells else None) for cells in line.cells]
    return ReportRow(title, subtitle, members, len(line.rows) - len(members), marks)


def _heading(rows: Sequence[Row]) -> tuple[str, str]:
    row = rows[0]
    if len(rows) > 1:
        others = "" if len(rows) == 2 else ", …"
        return f"{count(len(rows))} users like this", f"{', '.join(each.name or each.id for each in rows[:2])}{others}"
    if row.kind == "user":
        return row.name or row.id, " · ".join(filter(None, (row.id if row.name else "", row.subject_check.words)))
    return ("Application", "generic token") if row.kind == "application" else ("Anonymous", "no token")


def _mark(cells: Sequence[Cell], doubt: Suggestion | None) -> CellMark:
    if not cells:
        return CellMark("·", "", "untested", "not tested", "", ["no request was sent"])
    cell = cells[0]
    style = _STYLES.get(cell.finding, cell.verdict.value) if cell.finding else cell.verdict.value
    after = mark_of(cell, doubt)
    if cell.finding is Finding.DRIFT:
        style += " drift"
    elif after == wording.DOUBT:
        style += " doubt"
    expected = f", expected {cell.expected}" if cell.expected else ""
    expected += f", accepted by {cell.waiver}" if cell.waiver else ""
    finding = f"{cell.finding}: " if cell.finding else ""
    expected += f", {wording.doubt_words(doubt)}" if doubt else ""
    return CellMark(
        cell.verdict.letter + after, _below(cells), style, f"{finding}{cell.verdict}", expected, [*_evidence(cells)]
    )


def _below(cells: Sequence[Cell]) -> str:
    """Return `N ?` if some cells are inconclusive, `…` for several statuses, `—` for none, else the status."""
    unsure = sum(cell.verdict is Verdict.INCONCLUSIVE for cell in cells)
    if 0 < unsure < len(cells):
        return f"{count(unsure)} ?"
    statuses = {cell.status for cell in cells}
    if len(statuses) > 1:
        return "…"
    status = statuses.pop()
    return "—" if status is None else str(status)


def _evidence(cells: Sequence[Cell]) -> Iterator[str]:
    """Yield the most common reasons; for a single cell also its measurements."""
    counted = Counter(cell.reason for cell in cells).most_common()
    for reason, number in counted[:_REASONS]:
        yield f"{count(number)} × {reason}" if len(cells) > 1 else reason
    if len(counted) > _REASONS:
        yield f"and {plural(len(counted) - _REASONS, 'other reason')}"
    if len(cells) == 1:
        yield from _measured(cells[0])


def _measured(cell: Cell) -> Iterator[str]:
    parts = [
        f"rule {cell.rule}" if cell.rule else "",
        f"baseline {cell.baseline}" if cell.baseline and cell.baseline is not cell.verdict else "",
        duration(cell.milliseconds / 1_000) if cell.milliseconds is not None else "",
        size(cell.bytes) if cell.bytes is not None else "",
        cell.content_type,
        f"sent {cell.attempts} times" if cell.attempts > 1 else "",
        cell.at,
    ]
    if any(parts):
        yield ", ".join(filter(None, parts))


def facts(matrix: Matrix) -> Iterator[str]:
    """Yield the size of the matrix, and when it was run."""
    yield wording.size_words(len(matrix.identities), matrix.endpoints)
    yield plural(matrix.summary.cells, "cell")
    if covered := wording.coverage_sentence(matrix.coverage):
        yield covered
    started, finished = _moment(matrix.started), _moment(matrix.finished)
    if started is None:
        yield matrix.started
    elif finished is None:
        yield f"started {started:%-d %B %Y, %H:%M} UTC, not finished"
    else:
        yield f"{started:%-d %B %Y, %H:%M} UTC, took {duration((finished - started).total_seconds())}"


def run_details(matrix: Matrix) -> Iterator[tuple[str, str]]:
    """Yield the name and value of each term of the run."""
    parameters = matrix.parameters
    yield "Deployment", matrix.deployment
    yield "Application", matrix.client_id
    yield "Users", f"random sample of {parameters.sample} (seed {parameters.seed})" if parameters.sample else ""
    yield "Filter", parameters.filter
    yield "Role", " or ".join(parameters.roles)
    yield "Policy", PurePath(parameters.policy).name
    yield "Baseline", PurePath(parameters.baseline).name
    yield "Rules", PurePath(parameters.rules).name or "built-in"
    yield "Reference", parameters.compared_with
    pace = f"at most {parameters.rate:g} requests per second" if parameters.rate else "no rate limit"
    yield "Pace", f"{parameters.concurrency} concurrent, {pace}" if parameters.concurrency else ""
    yield "Shard", f"{parameters.shard[0]} of {parameters.shard[1]}" if parameters.shard else ""
    yield "Reason", parameters.reason
    yield from (("Audit trail", f"{head} on {head.host}") for head in matrix.audit)
    yield "Written by", matrix.program


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


@dataclass(frozen=True, slots=True)
class HeatCell:
    """The numbers of identities of one role by result, at one endpoint."""

    allowed: int
    denied: int
    unsure: int
    unexpected: int

    @property
    def conclusive(self) -> int:
        """The number of conclusive cells."""
        return self.allowed + self.denied

    @property
    def words(self) -> str:
        """The share of access in words: `all`, `none`, or `N of M` conclusive cells."""
        if not self.conclusive:
            return "?" if self.unsure else "·"
        if not self.denied:
            return "all"
        return f"{count(self.allowed)} of {count(self.conclusive)}" if self.allowed else "none"

    @property
    def degree(self) -> int:
        """From 0 (none) to 4 (all), with thirds in between; -1 without a conclusive cell."""
        if not self.conclusive:
            return -1
        if self.allowed in {0, self.conclusive}:
            return 4 if self.allowed else 0
        return min(3, 1 + 3 * self.allowed // self.conclusive)


def heat(section: RoleSection, endpoints: int) -> Iterator[HeatCell]:
    """Yield the heat of one role at each endpoint."""
    for place in range(endpoints):
        yield _heat([cell for line in section.lines for cell in line.cells[place]])


def _heat(cells: Sequence[Cell]) -> HeatCell:
    verdicts = Counter(cell.verdict for cell in cells)
    unsure, denied = verdicts[Verdict.INCONCLUSIVE], verdicts[Verdict.DENIED]
    unexpected = sum(cell.finding is not None and cell.finding.gravity > 1 for cell in cells)
    return HeatCell(len(cells) - unsure - denied, denied, unsure, unexpected)
