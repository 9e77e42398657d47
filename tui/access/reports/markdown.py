"""The Markdown report, for the page of a CI job: the result, its findings, and access by role."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tui.access.live_matrix import LiveMatrix
from tui.access.matrix_document import Matrix
from tui.access.model import Coverage, Finding, Verdict
from tui.access.reports.grouping import RoleSection, group_findings, inconclusive_reasons, sections
from tui.access.reports.html import facts, heat, run_details, section_title
from tui.access.reports.wording import (
    HOW_TO_SUGGESTED,
    MEANINGS,
    SUGGESTED,
    coverage_sentence,
    headline,
    meaning,
    skipped_by_reason,
    warnings,
)
from tui.access.suggestions import rules_file
from tui.format import count, plural
from tui.text import clean, clean_lines

_MOST_PLACES, _MOST_ROWS, _MOST_ROLES, _MOST_NAMES = 30, 60, 10, 5
_LONGEST = 600
_SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|~@&$]|://|(?<=www)\.")


def encode(matrix: Matrix) -> bytes:
    """Return Markdown as GitHub and GitLab read it, in UTF-8; outside text is cleaned and escaped."""
    board = LiveMatrix.of(matrix)
    parts = [
        _result(matrix, board),
        _findings(matrix),
        _inconclusive(matrix),
        _roles(board),
        _waivers(matrix),
        _coverage(matrix.coverage),
        _details(matrix),
    ]
    return ("\n\n".join("\n".join(lines) for part in parts if (lines := list(part))) + "\n").encode()


def escaped(text: str) -> str:
    """Return a text that is shown as it is: no markup, no link, no mention, no new line."""
    return _SPECIAL.sub(lambda found: "".join(f"&#{ord(each)};" for each in found[0]), clean(text, limit=_LONGEST))


def _result(matrix: Matrix, board: LiveMatrix) -> Iterator[str]:
    host = matrix.deployment.partition("://")[2] or matrix.deployment
    yield f"## Access matrix of {escaped(host)}"
    yield ""
    yield f"**{escaped(headline(board))}**"
    yield ""
    yield from (f"- {escaped(warning)}" for warning in warnings(board))
    yield ""
    yield from _suggested(board)
    yield escaped(" · ".join(facts(matrix)))
    yield ""
    yield "| verdict | cells | meaning |"
    yield "|---|--:|---|"
    for verdict in Verdict:
        if number := matrix.summary.count(verdict):
            yield f"| {verdict} | {count(number)} | {MEANINGS[verdict]} |"


def _suggested(board: LiveMatrix) -> Iterator[str]:
    if suggestions := board.suggestions:
        yield f"<details><summary>{SUGGESTED}</summary>"
        yield ""
        yield HOW_TO_SUGGESTED
        yield ""
        # Indented, so that no text can end the block. A line never gets longer than a path.
        yield from (f"    {line}" for line in clean_lines(rules_file(suggestions)).split("\n"))
        yield ""
        yield "</details>"
        yield ""


def _findings(matrix: Matrix) -> Iterator[str]:
    found = group_findings(matrix)
    for finding in Finding:
        places = [each for each in found if each.finding == finding]
        if not places:
            continue
        yield f"### {finding.capitalize()}: {plural(matrix.summary.count(finding), 'cell')}"
        yield ""
        yield escaped(meaning(finding, matrix))
        yield ""
        yield "| endpoint | identities | result |"
        yield "|---|---|---|"
        for place in places[:_MOST_PLACES]:
            for happened, rows in place.alike:
                names = ", ".join(escaped(row.label) for row in rows[:_MOST_NAMES])
                more = f" and {count(len(rows) - _MOST_NAMES)} more" if len(rows) > _MOST_NAMES else ""
                yield f"| {escaped(place.column.label)} | {names}{more} | {escaped(happened)} |"
        yield ""
        if len(places) > _MOST_PLACES:
            yield f"And at {plural(len(places) - _MOST_PLACES, 'more endpoint')}, in the other reports."
            yield ""


def _inconclusive(matrix: Matrix) -> Iterator[str]:
    reasons = list(inconclusive_reasons(matrix))
    if reasons:
        yield "### Why cells are inconclusive"
        yield ""
        for each in reasons[:_MOST_ROWS]:
            where = f"{plural(each.identities, 'identity')} at {plural(each.endpoints, 'endpoint')}"
            yield f"- {escaped(each.reason)}: {plural(each.cells, 'cell')} of {where}"


def _roles(board: LiveMatrix) -> Iterator[str]:
    by_role = sections(board)
    if not (by_role and board.columns):
        return
    shown = by_role[:_MOST_ROLES]
    columns = [list(heat(section, len(board.columns))) for section in shown]
    yield "### Allowed, by role"
    yield ""
    yield f"| endpoint | {' | '.join(map(_heading, shown))} |"
    yield f"|---|{'---|' * len(shown)}"
    for place, column in enumerate(board.columns[:_MOST_ROWS]):
        cells = (cells[place] for cells in columns)
        words = (f"{cell.words} **!**" if cell.unexpected else cell.words for cell in cells)
        yield f"| {escaped(column.label)} | {' | '.join(words)} |"
    left = [(len(by_role) - len(shown), "more role"), (len(board.columns) - _MOST_ROWS, "more endpoint")]
    yield from (f"\n{plural(number, noun)} in the other reports." for number, noun in left if number > 0)


def _waivers(matrix: Matrix) -> Iterator[str]:
    if not matrix.waivers:
        return
    yield f"### {plural(len(matrix.waivers), 'waiver')}"
    yield ""
    yield "| waiver | state | accepts | until | owner | reason |"
    yield "|---|---|---|---|---|---|"
    for use in matrix.waivers[:_MOST_ROWS]:
        state = f"**{use.state}**" if use.is_stale else use.state
        accepted = f"{state}: {plural(use.waived, 'cell')}" if use.waived else state
        texts = (use.what, use.expires, use.owner, use.reason)
        yield f"| {escaped(use.name)} | {accepted} | {' | '.join(map(escaped, texts))} |"
    if len(matrix.waivers) > _MOST_ROWS:
        yield f"\n{plural(len(matrix.waivers) - _MOST_ROWS, 'more waiver')} in the other reports."


def _coverage(coverage: Coverage) -> Iterator[str]:
    if not (coverage.skipped or coverage.problems):
        return
    yield f"### Coverage: {escaped(coverage_sentence(coverage))}"
    yield ""
    groups = skipped_by_reason(coverage)
    for reason, names in groups[:_MOST_ROWS]:
        shown = ", ".join(map(escaped, names[:_MOST_NAMES]))
        more = f" and {count(len(names) - _MOST_NAMES)} more" if len(names) > _MOST_NAMES else ""
        yield f"- skipped, {escaped(reason)}: {shown}{more}"
    if len(groups) > _MOST_ROWS:
        yield f"- and for {plural(len(groups) - _MOST_ROWS, 'other reason')}, in the JSON report"
    if coverage.problems:
        yield f"- {plural(len(coverage.problems), 'part')} of the description not fully understood, in the JSON report"


def _heading(section: RoleSection) -> str:
    return f"{escaped(section_title(section))} ({count(sum(len(line.rows) for line in section.lines))})"


def _details(matrix: Matrix) -> Iterator[str]:
    known: Sequence[tuple[str, str]] = [(name, value) for name, value in run_details(matrix) if value]
    yield "<details><summary>Run details</summary>"
    yield ""
    yield from (f"- {name}: {escaped(value)}" for name, value in known)
    yield ""
    yield "</details>"
