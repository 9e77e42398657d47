"""The results of a matrix in words, for reports and the screen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import PurePath

from tui.access.live_matrix import LiveMatrix
from tui.access.matrix_document import Matrix
from tui.access.model import Cell, Column, Coverage, Finding, Gap, Row, Span, Verdict, WaiverUse
from tui.access.suggestions import Suggestion
from tui.airisk.users.remarks import part_words
from tui.format import ago, count, from_to, plural

MEANINGS = {
    Verdict.ALLOWED: "the identity has access",
    Verdict.SAME: "allowed, same content as the reference",
    Verdict.DIFFERS: "allowed, different content than the reference",
    Verdict.DENIED: "the identity has no access",
    Verdict.INCONCLUSIVE: "no response, server error, or sign-in failed",
}

_MOST_NAMES, _MOST_GAPS = 3, 20
_NO_EXPECTATIONS = "No policy or baseline applies, so this shows who can reach what, not whether they should."

MARKS = {Finding.UNEXPECTED_ALLOW: "!", Finding.UNEXPECTED_DENY: "!", Finding.DRIFT: "~"}
"""The character after the verdict's letter if there is a finding."""

DOUBT = "?"
"""The character after the letter of an access that may be a denial."""


def mark_of(cell: Cell, doubt: Suggestion | None) -> str:
    """Return the character after the verdict's letter: of its finding, `w` if that is waived, or of a doubt."""
    if cell.finding:
        return MARKS[cell.finding]
    return "w" if cell.waiver else DOUBT if doubt and cell.verdict.is_access else ""


def role_heading(role: str, *, is_users: bool) -> str:
    """Return the heading of the identities with a role; the application and anonymous have none."""
    return (role or "No role") if is_users else "Other identities"


def headline(board: LiveMatrix) -> str:
    """Return the whole result in one or two sentences. “As expected” is only what was tested."""
    incomplete = [gap_sentence(gap) for gap in board.other_gaps]
    more = f" ({count(len(incomplete) - 1)} more)." if len(incomplete) > 1 else "."
    return " ".join((_result(board), *(each.removesuffix(".") + more for each in incomplete[:1]), *_stale(board)))


def _stale(board: LiveMatrix) -> Iterator[str]:
    """Yield how many waivers are expired, and how many no longer needed."""
    states = Counter(use.state for use in board.waivers)
    if expired := states["expired"]:
        yield f"{plural(expired, 'waiver')} {'has' if expired == 1 else 'have'} expired."
    if unneeded := states["not needed"]:
        yield f"{_are(unneeded, 'waiver')} no longer needed."


def _result(board: LiveMatrix) -> str:
    allowed, denied, drifted = (board.summary.count(finding) for finding in Finding)
    tested, untested = _tested(board), _untested(board)
    if allowed or denied:
        parts = [f"{count(allowed)} allowed that should be denied"] if allowed else []
        parts += [f"{count(denied)} denied that should be allowed"] if denied else []
        return f"{plural(allowed + denied, 'unexpected result')}: {', '.join(parts)}. {tested}{untested}."
    if board.planned and not board.tested:
        return f"Nothing could be tested{untested}."
    if drifted:
        return f"{tested}, none unexpected, {count(drifted)} changed since the baseline{untested}."
    if not board.checked:
        return f"{tested}{untested}. {_NO_EXPECTATIONS}"
    others = "all others" if board.waived else "all"
    if board.checked < board.tested:
        return f"{tested}, {count(board.checked)} of them with an expectation, {others} as expected{untested}."
    return f"{tested}, {others} as expected{untested}."


def _tested(board: LiveMatrix) -> str:
    cells = plural(board.planned, "cell")
    tested = cells if board.tested == board.planned else f"{count(board.tested)} of {cells}"
    return f"{tested} tested" + (f", {count(board.waived)} waived" if board.waived else "")


def _untested(board: LiveMatrix) -> str:
    """Return the number of untested cells, and the names of endpoints and identities without a tested cell."""
    untested = board.planned - board.tested
    gaps = [gap for gap in board.gaps if gap.kind in {"endpoint", "identity"}]
    endpoints = sum(gap.kind == "endpoint" for gap in gaps)
    identities = len(gaps) - endpoints
    cells_of_them = endpoints * len(board.rows) + identities * (len(board.columns) - endpoints)
    names = [gap.name for gap in gaps]
    more = f" and {count(len(names) - _MOST_NAMES)} more" if len(names) > _MOST_NAMES else ""
    begins = ": all of" if cells_of_them >= untested else ", among them all of"  # A canceled run leaves others, too.
    named = f"{begins} {', '.join(names[:_MOST_NAMES])}{more}" if names else ""
    return f"; {count(untested)} untested{named}" if untested > 0 else ""


def waiver_sentence(use: WaiverUse) -> str:
    """Return what became of a waiver as a sentence."""
    cells = plural(use.cells, "cell")
    happened = {
        "in use": f"accepts {plural(use.waived, 'unexpected result')} until {use.expires}",
        "expired": f"expired on {use.expires}",
        "not needed": f"is no longer needed: {cells} tested, none unexpected",
        "not tested": f"was not tested: {count(use.tested)} of {cells} tested",
    }[use.state]
    return f"{use.name} of {use.owner} {happened} ({use.what}; {use.reason.removesuffix('.')})."


def coverage_sentence(coverage: Coverage) -> str:
    """Return `2 of 14 endpoints of swagger.json requested`, or an empty text if it is unknown."""
    if not coverage.endpoints:
        return ""
    of = f" of {PurePath(coverage.source).name}" if coverage.source else ""
    known = plural(coverage.endpoints, "endpoint" if of else "known endpoint")
    return f"{count(coverage.requested)} of {known}{of} requested"


def skipped_by_reason(coverage: Coverage) -> list[tuple[str, list[str]]]:
    """Return each reason with the names of the skipped endpoints, the most common first."""
    groups: dict[str, list[str]] = {}
    for each in coverage.skipped:
        groups.setdefault(each.reason, []).append(each.name)
    return sorted(groups.items(), key=lambda each: -len(each[1]))


def gap_sentence(gap: Gap) -> str:
    """Return a gap as a sentence."""
    reason = gap.reason.removesuffix(".")
    return {
        "endpoint": f"{gap.name} was not tested: inconclusive for every identity ({reason}).",
        "identity": f"{gap.name} was not tested: inconclusive at every endpoint ({reason}).",
    }.get(gap.kind, f"{gap.name} {reason}.")


def warnings(board: LiveMatrix, *, counts_follow: bool = False) -> Iterator[str]:
    """Yield what limits the headline, one uncleaned sentence each.

    With `counts_follow`, for the screen, it omits what the headline and the counts say, and the suggested rules.
    """
    planned, known, unsure = board.planned, board.summary.cells, board.summary.count(Verdict.INCONCLUSIVE)
    if unsure and not counts_follow:
        verb = "is" if unsure == 1 else "are"
        yield f"{count(unsure)} of {plural(known, 'cell')} ({share(unsure, known)}) {verb} inconclusive."
    if (missing := max(0, planned - known)) and not counts_follow:
        verb = "has" if missing == 1 else "have"
        yield f"{count(missing)} of {plural(planned, 'cell')} ({share(missing, planned)}) {verb} no result."
    gaps = board.other_gaps[1:] if counts_follow else board.gaps  # the headline says the first
    yield from map(gap_sentence, gaps[:_MOST_GAPS])
    stale = [] if counts_follow else [use for use in board.waivers if use.is_stale]
    yield from map(waiver_sentence, stale)
    if len(gaps) > _MOST_GAPS:
        yield f"And {plural(len(gaps) - _MOST_GAPS, 'more gap')}, in the JSON report."
    if board.unauthorized_everywhere:
        users = plural(board.unauthorized_everywhere, "user")
        yield f"{users} got 401 on every endpoint although sign-in succeeded. {_REJECTED}"
    if not counts_follow:
        yield from map(suggestion_sentence, board.suggestions)
    if board.listed:
        yield f"Only {part_words(board.listed)} were listed. The others were not tested."
    if board.shard:
        which, of = board.shard
        yield f"This is shard {which} of {of}. Merge the reports of all shards."


def suggestion_sentence(suggestion: Suggestion) -> str:
    """Return a suggestion as a question, and the name of the rule that answers it."""
    names = suggestion.endpoints
    more = f" and {plural(len(names) - _MOST_NAMES, 'more endpoint')}" if len(names) > _MOST_NAMES else ""
    of = f"{plural(suggestion.cells, 'response')} of {', '.join(names[:_MOST_NAMES])}{more}"
    was = f"{'was' if suggestion.cells == 1 else 'were'} {suggestion.what}"
    said = f"{of} {was} where others got data" if suggestion.others else f"All {of} {was}"
    return f"{said}: is that a denial? Add the suggested rule “{suggestion.rule['name']}”."


SUGGESTED = "Suggested rules"
HOW_TO_SUGGESTED = (
    "Save them in a file for --rules, or add them to the one you have. "
    "Where it is no denial, write “allowed” instead of “denied”."
)
"""The heading of the suggested rules, and what to do with them."""

_REJECTED = "Their tokens may not be accepted by this API."


def meaning(finding: Finding, matrix: Matrix) -> str:
    """Describe a finding and the file that it was checked against."""
    against = PurePath(matrix.parameters.policy or matrix.parameters.baseline).name or "the expectation"
    return {
        Finding.UNEXPECTED_ALLOW: f"Allowed, but {against} says deny.",
        Finding.UNEXPECTED_DENY: f"Denied, but {against} says allow.",
        Finding.DRIFT: "Different from the baseline, but not forbidden.",
    }[finding]


def doubt_words(doubt: Suggestion) -> str:
    """Return why a cell is doubtful: `may be a denial (200 with an empty list where others got data)`."""
    return f"may be a denial ({doubt.what} {'where others got data' if doubt.others else 'for every user'})"


def cell_sentence(cell: Cell, doubt: Suggestion | None = None) -> str:
    """Return a cell's result in words: `allowed, expected deny: 200 OK: success`."""
    parts = [cell.verdict.value]
    if cell.expected:
        parts.append(f"expected {cell.expected}")
    if cell.baseline:
        parts.append(f"baseline {cell.baseline}")
    if cell.waiver:
        parts.append(f"accepted by {cell.waiver[:1].lower()}{cell.waiver[1:]}")
    if doubt:
        parts.append(doubt_words(doubt))
    return f"{', '.join(parts)}: {cell.reason}"


def size_words(identities: int, columns: Sequence[Column]) -> str:
    """Return the size of a matrix: `40 identities × 5 endpoints and 8 agents`."""
    return f"{plural(identities, 'identity')} × {columns_words(columns)}"


def columns_words(columns: Sequence[Column]) -> str:
    """Return the number of columns: `5 endpoints and 8 agents`."""
    counted = Counter[str](column.kind for column in columns)
    objects = [plural(number, kind) for kind, number in counted.items() if kind != "endpoint"]
    *others, last = [plural(counted["endpoint"], "endpoint"), *objects]
    return f"{', '.join(others)} and {last}" if others else last


def who(row: Row) -> str:
    """Return an identity with its role: `Grace Hopper · u-000127 (Monitor)`."""
    return f"{row.label} ({row.role})" if row.role else row.label


def tested_words(span: Span, now: datetime) -> str:
    """Return `tested 17:51–17:52, 3 min ago`, or an empty text without requests."""
    if not span.first:
        return ""
    try:
        first, last = (datetime.fromisoformat(at).astimezone(now.tzinfo) for at in (span.first, span.last))
    except (ValueError, OverflowError):  # the file of a run was edited
        return ""
    return f"tested {from_to(first, last, now)}, {ago((now - last).total_seconds())}"


def share(part: int, whole: int) -> str:
    """Return a share in percent that is never rounded to 0 % or 100 %."""
    percent = 100 * part / whole if whole else 0.0
    if 0 < percent < 0.1:
        return "under 0.1 %"
    return "over 99.9 %" if 99.9 < percent < 100 else f"{percent:.1f} %"


def _are(number: int, noun: str) -> str:
    return f"{plural(number, noun)} {'is' if number == 1 else 'are'}"
