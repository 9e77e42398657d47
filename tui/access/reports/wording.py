"""The results of a matrix in words, for reports and the screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import PurePath

import msgspec

from tui.access.document import Matrix
from tui.access.live_matrix import LiveMatrix, MixedResponses
from tui.access.model import Cell, Finding, Row, Span, Verdict
from tui.access.shapes import names_of
from tui.airisk.models import RESERVED_NAMES
from tui.airisk.users.remarks import part_words
from tui.format import ago, count, from_to

MEANINGS = {
    Verdict.ALLOWED: "let in",
    Verdict.SAME: "let in, to the same content as what it is compared with",
    Verdict.DIFFERS: "let in, to other content than what it is compared with",
    Verdict.DENIED: "turned away",
    Verdict.INCONCLUSIVE: "cannot be told: no answer, an error of the server, or no sign-in",
}

MARKS = {Finding.UNEXPECTED_ALLOW: "!", Finding.UNEXPECTED_DENY: "!", Finding.DRIFT: "~"}
"""The character after the verdict's letter if there is a finding."""


def headline(board: LiveMatrix) -> str:
    """Return the whole result in one sentence."""
    allowed, denied, drifted = (board.summary.count(finding) for finding in Finding)
    if allowed or denied:
        parts = [f"{count(allowed)} let in that should be denied"] if allowed else []
        parts += [f"{count(denied)} denied that should be let in"] if denied else []
        return f"{_are(allowed + denied, 'cell')} not as expected: {' and '.join(parts)}."
    if drifted:
        return f"Nothing forbidden was found, but {_are(drifted, 'cell')} not as in the baseline."
    if not board.has_expectations:
        return "This says who can reach what, not who should: no policy and no baseline was given."
    return "Everything that could be told is as expected."


def warnings(board: LiveMatrix, *, counts_follow: bool = False) -> Iterator[str]:
    """Yield what limits the headline, one uncleaned sentence each.

    With `counts_follow`, for the screen, it leaves out the missing cells and the suggested rule.
    """
    planned, known, unsure = board.planned, board.summary.cells, board.summary.count(Verdict.INCONCLUSIVE)
    if unsure:
        yield f"{count(unsure)} of {plural(known, 'cell')} ({share(unsure, known)}) could not be told."
    if (missing := max(0, planned - known)) and not counts_follow:
        yield f"{count(missing)} of {plural(planned, 'cell')} ({share(missing, planned)}) were not asked."
    if board.unauthorized_everywhere:
        users = plural(board.unauthorized_everywhere, "user")
        yield f"{users} got 401 everywhere though signing in worked: {_TURNED_AWAY}"
    if board.empty_responses:
        yield f"{_are(board.empty_responses, 'cell')} let in but shown nothing, where others are shown something."
    yield from _mixed_words(board.mixed, has_rule=not counts_follow)
    if board.listed:
        yield f"Only {part_words(board.listed)} were listed: the others are not in it."
    if board.shard:
        which, of = board.shard
        yield f"This is part {which} of {of}: the other parts have their own reports."


def _mixed_words(mixed: Sequence[MixedResponses], *, has_rule: bool) -> Iterator[str]:
    for each in mixed[:_MOST_MIXED]:
        shapes = " and ".join(f"{count(number)} to {shape}" for shape, number in each.shapes)
        rule = f", such as {msgspec.json.encode(suggested_rule(each)).decode()}" if has_rule else ""
        yield f"{each.endpoint} lets in {shapes}: if one is a refusal, say so by a rule{rule}."
    if len(mixed) > _MOST_MIXED:
        yield f"So do {count(len(mixed) - _MOST_MIXED)} more endpoints."


def suggested_rule(mixed: MixedResponses) -> dict[str, object]:
    """Return a rule, as in a rules file, that treats the rarest shape other than a list as a denial."""
    shapes = [shape for shape, _ in mixed.shapes]
    refusal = next(shape for shape in reversed(shapes) if shape != "[]")
    others = {name for shape in shapes if shape != refusal for name in names_of(shape)}
    own = [name for name in names_of(refusal) if name not in others]
    fits: dict[str, object] = {"body": r"^\s*[^\s\[{]"}
    if own:
        fits = {"json": "$" + "".join(f"['{step}']" for step in own[0].split("."))}
    return {
        "name": "refused here",
        "endpoint": mixed.endpoint,
        "status": "2xx",
        **fits,
        "verdict": "denied",
        "witness": True,
    }


_MOST_MIXED = 3
_TURNED_AWAY = "nothing here is open to them, or AIRisk does not accept their tokens here at all."


def meaning(finding: Finding, matrix: Matrix) -> str:
    """Describe a finding and the file that it was checked against."""
    against = PurePath(matrix.terms.policy or matrix.terms.baseline).name or "what was expected"
    return {
        Finding.UNEXPECTED_ALLOW: f"Let in, where {against} says deny.",
        Finding.UNEXPECTED_DENY: f"Denied, where {against} says allow.",
        Finding.DRIFT: "Not as in the baseline, though nothing that was expected forbids it.",
    }[finding]


def cell_sentence(cell: Cell) -> str:
    """Return a cell's result in words: `allowed, deny was expected: 200 OK: let in`."""
    parts = [cell.verdict.value]
    if cell.expected:
        parts.append(f"{cell.expected} was expected")
    if cell.before:
        parts.append(f"{cell.before} in the baseline")
    return f"{', '.join(parts)}: {cell.reason}"


def who(row: Row) -> str:
    """Return an identity with its role: `Grace Hopper · u-000127 (Monitor)`."""
    return f"{named(row)} ({row.role})" if row.role else named(row)


def named(row: Row) -> str:
    """Return an identity in words; a nameless user whose id means another identity is marked as a user."""
    is_mistakable = row.kind == "user" and not row.name and row.id in RESERVED_NAMES
    return f"user {row.id}" if is_mistakable else str(row.identity)


def asked_words(span: Span, now: datetime) -> str:
    """Return `asked 17:51–17:52, 3 min ago`, or an empty text without requests."""
    if not span.first:
        return ""
    try:
        first, last = (datetime.fromisoformat(at).astimezone(now.tzinfo) for at in (span.first, span.last))
    except (ValueError, OverflowError):  # the file of a run was edited
        return ""
    return f"asked {from_to(first, last, now)}, {ago((now - last).total_seconds())}"


def plural(number: int, noun: str) -> str:
    """Return a number with its noun: `1 cell`, `2,000 cells`, `3 identities`."""
    if number == 1:
        return f"1 {noun}"
    return f"{count(number)} {noun[:-1]}ies" if noun.endswith("ty") else f"{count(number)} {noun}s"


def share(part: int, whole: int) -> str:
    """Return a share in percent that is never rounded to 0 % or 100 %."""
    percent = 100 * part / whole if whole else 0.0
    if 0 < percent < 0.1:
        return "under 0.1 %"
    return "over 99.9 %" if 99.9 < percent < 100 else f"{percent:.1f} %"


def _are(number: int, noun: str) -> str:
    return f"{plural(number, noun)} {'is' if number == 1 else 'are'}"
