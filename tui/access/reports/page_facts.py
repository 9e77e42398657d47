"""What a page tells about the run as such: what was asked, when, and under which terms."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import PurePath

from tui.access.document import Matrix
from tui.access.reports.words import plural
from tui.format import duration


def facts(matrix: Matrix) -> Iterator[str]:
    """What was asked, and when."""
    yield f"{plural(len(matrix.identities), 'identity')} × {plural(len(matrix.endpoints), 'endpoint')}"
    yield plural(matrix.summary.cells, "cell")
    started, finished = _moment(matrix.started), _moment(matrix.finished)
    if started is None:
        yield matrix.started
    elif finished is None:
        yield f"begun {started:%-d %B %Y, %H:%M} UTC, not finished"
    else:
        yield f"{started:%-d %B %Y, %H:%M} UTC, within {duration((finished - started).total_seconds())}"


def terms(matrix: Matrix) -> Iterator[tuple[str, str]]:
    """How it was asked, each with its name."""
    told = matrix.terms
    yield "Deployment", matrix.deployment
    yield "Application", matrix.client_id
    yield "Users", f"a random {told.sample} (seed {told.seed})" if told.sample else ""
    yield "Filter", told.filter
    yield "Policy", PurePath(told.policy).name
    yield "Baseline", PurePath(told.baseline).name
    yield "Rules for verdicts", PurePath(told.rules).name or "the program's own"
    yield "Answers compared with", told.compared_with
    pace = f"at most {told.rate:g} requests a second" if told.rate else "as fast as answers came"
    yield "Pace", f"{told.concurrency} at a time, {pace}" if told.concurrency else ""
    yield "Part", f"{told.shard[0]} of {told.shard[1]}" if told.shard else ""
    yield "Reason", told.reason
    yield "Written by", matrix.program


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
