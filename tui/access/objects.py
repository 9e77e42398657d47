"""Who sees what: columns that are objects, one for each agent or conversation that anybody's list returned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from tui.access.evaluation import Expectations
from tui.access.live_matrix import LiveMatrix
from tui.access.matrix_document import Matrix
from tui.access.model import Cell, Column, Gap, ObjectKind, Row, Verdict
from tui.access.object_lists import listed_kind
from tui.format import plural

MOST_COLUMNS = 200
"""Maximum objects of one kind that get a column: those that most identities see."""


def evaluated_with_objects(
    rows: Sequence[Row],
    columns: Sequence[Column],
    expectations: Expectations,
    cells: Iterable[Cell],
    kinds: Sequence[ObjectKind],
    *,
    known: Iterable[Cell] = (),
    **options: Any,
) -> LiveMatrix:
    """Create and flush a matrix with a column for each listed object.

    Takes a second for 100,000 cells: call it off the event loop.

    Args:
        rows: the identities.
        columns: the endpoints.
        expectations: what to evaluate against.
        cells: the cells of the endpoints.
        kinds: the kinds of objects; without any, the matrix has only endpoints.
        known: cells of objects that were evaluated already; an equal result keeps its expectation.
        options: the options of `LiveMatrix`.
    """
    cells = [*cells]
    board = LiveMatrix.evaluated(rows, columns, expectations, cells, **options)
    if not kinds:
        return board
    objects, gaps = [], [*board.other_gaps]
    for kind in kinds:
        found = [*_objects(board, kind, expectations.baseline)]
        objects += sorted(found[:MOST_COLUMNS], key=lambda column: column.name)
        if len(found) > MOST_COLUMNS:
            rest = plural(len(found) - MOST_COLUMNS, kind)
            gaps.append(Gap("object", rest, f"have no column, only the {MOST_COLUMNS} that most identities see"))
    if expectations.policy and not board.shard:  # the other shards may have these objects
        gaps += expectations.policy.unmatched_objects(objects)
    before = {cell.key: cell for cell in known}
    more = [_kept(cell, before.get(cell.key)) for cell in _cells(board, objects)]
    return LiveMatrix.evaluated(
        board.rows, [*columns, *objects], expectations, [*cells, *more], **{**options, "gaps": gaps}
    )


def _objects(board: LiveMatrix, kind: ObjectKind, baseline: Matrix | None) -> Iterator[Column]:
    """Yield a column for each object that any list returned, now or in the baseline, the most seen first."""
    seen: Counter[str] = Counter()
    names: dict[str, str] = {}
    for column in _lists(board, kind):
        for place in range(len(board.rows)):
            cell = board.cell(place, column)
            for identifier, name in cell.listed.objects if cell and cell.listed else ():
                seen[identifier] += 1
                names[identifier] = names.get(identifier) or name
    found = [Column(f"{kind}:{each}", names[each], kind=kind) for each, _ in seen.most_common()]
    yield from found
    known = {column.name for column in found}
    earlier = baseline.endpoints if baseline else ()
    yield from (column for column in earlier if column.kind == kind and column.name not in known)


def _lists(board: LiveMatrix, kind: str) -> list[int]:
    return [place for place, column in enumerate(board.columns) if listed_kind(column) == kind]


def _cells(board: LiveMatrix, objects: Sequence[Column]) -> Iterator[Cell]:
    lists: dict[str, list[int]] = {column.kind: _lists(board, column.kind) for column in objects}
    for place in range(len(board.rows)):
        known: dict[str, list[Cell]] = {}
        holders: dict[str, dict[str, Cell]] = {}
        for kind, columns in lists.items():
            known[kind] = [cell for column in columns if (cell := board.cell(place, column))]
            holders[kind] = {}
            for cell in known[kind]:
                for identifier, _ in cell.listed.objects if cell.listed else ():
                    holders[kind].setdefault(identifier, cell)
        for column in objects:
            cells, holder = known[column.kind], holders[column.kind].get(column.name.partition(":")[2])
            if cells:
                yield _cell(column, cells, holder, is_complete=len(cells) == len(lists[column.kind]))


def _cell(column: Column, lists: Sequence[Cell], holder: Cell | None, *, is_complete: bool) -> Cell:
    """Return the cell of an object for one identity: from all its lists, and the first that has the object."""
    doubtful = next((cell for cell in lists if _why_unsure(cell)), None)
    if holder:
        verdict, reason, source = Verdict.ALLOWED, f"listed by {holder.endpoint}", holder
    elif doubtful or not is_complete:
        source = doubtful or lists[0]
        verdict, reason = Verdict.INCONCLUSIVE, _why_unsure(source) or "a list was not tested"
    else:
        source = lists[0]
        why = f" ({source.reason})" if source.verdict is Verdict.DENIED else ""
        verdict, reason = Verdict.DENIED, f"not listed by {source.endpoint}{why}"
    return Cell(
        identity=source.identity,
        kind=source.kind,
        endpoint=column.name,
        status=source.status,
        verdict=verdict,
        expected=None,
        reason=reason,
        at=source.at,
    )


def _why_unsure(cell: Cell) -> str:
    """Return why a list does not show whether an object is in it; empty if it does."""
    if cell.verdict is Verdict.INCONCLUSIVE:
        return f"the list is inconclusive ({cell.reason})"
    if cell.verdict is Verdict.DENIED:
        return ""
    if cell.listed is None:
        return f"the response of {cell.endpoint} is not a list"
    return "" if cell.listed.is_whole else f"{cell.endpoint} returned a part of its list; request longer pages"


def _kept(cell: Cell, before: Cell | None) -> Cell:
    """Return the cell as it was evaluated before, if its verdict is the same."""
    if before is None or before.verdict is not cell.verdict:
        return cell
    return msgspec.structs.replace(before, reason=cell.reason, status=cell.status, at=cell.at)
