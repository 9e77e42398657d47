"""Assemble a matrix from the file of a run, or merge the parts that several machines ran."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence

import msgspec

from tui.access.coverage import merge_coverage
from tui.access.evaluation import Expectations
from tui.access.matrix_document import Matrix, RunParameters
from tui.access.model import Cell, Gap, Row, RowKey, Verdict
from tui.access.objects import evaluated_with_objects
from tui.access.policy import Policy, object_kind
from tui.access.run_file import RunFile
from tui.access.waivers import merge_waivers
from tui.airisk.models import AuditHead, Part
from tui.errors import MatrixFileError
from tui.format import plural


def assemble(
    run: RunFile,
    expectations: Expectations,
    *,
    is_over: bool = False,
    policy: str = "",
    baseline: str = "",
    gaps: Iterable[Gap] = (),
    audit: AuditHead | None = None,
) -> Matrix:
    """Assemble and evaluate a run's matrix so far. Takes a second for 100,000 cells: call it off the event loop.

    Args:
        run: the file of a run that was started.
        expectations: what to evaluate against.
        is_over: whether the run has ended, which it did with its last cell.
        policy: the name of the policy's file.
        baseline: the name of the baseline's file.
        gaps: what is known to be missing.
        audit: the last entry of the audit trail.

    Raises:
        MatrixFileError: no run was started.
    """
    head = run.head
    if head is None:
        raise MatrixFileError("No run was started.", advice="Start one without --resume.")
    compared = expectations.compared_with
    rows = [run.rows.get(row.key, row) for row in head.rows]
    if not head.parameters.shard:  # the other shards may have these cells
        gaps = [*gaps, *baseline_gaps(expectations.baseline, run.cells, head.parameters.objects)]
    board = evaluated_with_objects(
        rows,
        head.columns,
        expectations,
        run.cells.values(),
        head.parameters.objects,
        gaps=gaps,
        shard=head.parameters.shard,
    )
    return board.document(
        deployment=head.deployment,
        client_id=head.client_id,
        started=head.started,
        finished=(max((cell.at for cell in run.cells.values()), default="") or head.started) if is_over else "",
        coverage=head.coverage,
        audit=[audit] if audit else [],
        parameters=msgspec.structs.replace(
            head.parameters,
            policy=policy,
            policy_digest=expectations.policy.digest if expectations.policy else "",
            baseline=baseline,
            compared_with=compared[1] if compared else "",
        ),
    )


def baseline_gaps(
    baseline: Matrix | None, cells: Collection[tuple[str, str, str]], objects: Collection[str] = ()
) -> Iterator[Gap]:
    """Yield the endpoints at which the baseline has conclusive cells that a run has not.

    Objects of a kind that the run has columns for are none of them: an object that is gone is no longer listed.
    """
    earlier = baseline.cells if baseline else ()
    missing = Counter(
        cell.endpoint
        for cell in earlier
        if cell.key not in cells
        and cell.verdict is not Verdict.INCONCLUSIVE
        and object_kind(cell.endpoint) not in objects
    )
    for endpoint, number in missing.items():
        yield Gap("baseline", endpoint, f"has {plural(number, 'cell')} in the baseline that this run did not test")


def merge(parts: Sequence[Matrix], expectations: Expectations, gaps: Iterable[Gap] = ()) -> Matrix:
    """Merge matrices; where two have a cell, a conclusive one wins, then the newer.

    Args:
        parts: the matrices, usually the shards of one run.
        expectations: what to evaluate against.
        gaps: what is known to be missing. What the parts say of a policy stays, unless another one is given.

    Raises:
        MatrixFileError: they are of different deployments or clients, or there are none.
    """
    _check(parts)
    first = parts[0]
    rows = _best_rows(parts)
    columns = {column.name: column for part in parts for column in part.endpoints}
    endpoints = [column for column in columns.values() if not column.is_object]
    best: dict[tuple[str, str, str], Cell] = {}
    for cell in (cell for part in parts for cell in part.cells):
        known = best.get(cell.key)
        best[cell.key] = cell if known is None or _rank(cell) > _rank(known) else known
    kept = {gap: None for part in parts for gap in part.gaps if gap.kind == "policy" and not expectations.policy}
    waivers = [] if expectations.policy else merge_waivers(part.waivers for part in parts)
    missing = [
        *shard_gaps(parts, expectations.policy),
        *kept,
        *gaps,
        *baseline_gaps(expectations.baseline, best, first.parameters.objects),
    ]
    board = evaluated_with_objects(
        rows,
        endpoints,
        expectations,
        [cell for cell in best.values() if not columns[cell.endpoint].is_object],
        first.parameters.objects,
        known=[cell for cell in best.values() if columns[cell.endpoint].is_object],
        gaps=missing,
        waivers=waivers,
    )
    return board.document(
        deployment=first.deployment,
        client_id=first.client_id,
        started=min(part.started for part in parts),
        finished=max(part.finished for part in parts) if all(part.finished for part in parts) else "",
        audit=list({each: None for part in parts for each in part.audit}),
        coverage=merge_coverage([part.coverage for part in parts]),
        parameters=msgspec.structs.replace(
            first.parameters,
            shard=None,
            listed=_least_listed(parts),
            policy_digest=expectations.policy.digest if expectations.policy else first.parameters.policy_digest,
        ),
    )


def _least_listed(parts: Iterable[Matrix]) -> Part | None:
    """Return the smallest `listed` of the parts, or None if every user list was complete."""
    return min(
        (part.parameters.listed for part in parts if part.parameters.listed), key=lambda each: each[0], default=None
    )


def _check(parts: Sequence[Matrix]) -> None:
    if not parts:
        raise MatrixFileError("No reports to merge.", advice="Name the .json reports of the shards.")
    first = parts[0]
    for part in parts[1:]:
        if (part.deployment, part.client_id) != (first.deployment, first.client_id):
            raise MatrixFileError(
                f"The reports are of different runs: {first.deployment} and {part.deployment}, or another client ID.",
                advice="Merge the shards of one run.",
            )


def shard_gaps(parts: Sequence[Matrix], policy: Policy | None = None) -> Iterator[Gap]:
    """Yield the shards that are missing, doubled, unfinished, or not of the same run as the first report.

    With a policy it does not matter against which ones the parts were checked.
    """
    shards = Counter(part.parameters.shard for part in parts if part.parameters.shard)
    totals = sorted({of for _, of in shards})
    if len(totals) > 1:
        yield Gap("shard", "The reports", f"are of runs with {' and '.join(map(str, totals))} shards")
    for which in missing_parts(parts):
        yield Gap("shard", f"Shard {which} of {totals[-1]}", "is missing")
    for (which, of), number in shards.items():
        if number > 1:
            yield Gap("shard", f"Shard {which} of {of}", f"is there {number} times")
    for number, part in enumerate(parts, start=1):
        name = f"Shard {part.parameters.shard[0]}" if part.parameters.shard else f"Report {number}"
        yield from (Gap("shard", name, reason) for reason in _differences(part, parts[0], policy))


def _differences(part: Matrix, first: Matrix, policy: Policy | None) -> Iterator[str]:
    """Yield why a part does not belong to the first one."""
    ours, theirs = part.parameters, first.parameters
    if ours.rules_digest != theirs.rules_digest:
        yield "was judged by other rules than the first report"
    if not policy and ours.policy_digest != theirs.policy_digest:
        yield "was checked against another policy than the first report"
    if not ours.shard:
        return
    if _listed_by(ours) != _listed_by(theirs):
        yield "is of other users than the first report: another sample, filter or role"
    # Which objects there are is another thing in each shard, as its users' lists are.
    names, others = ([each.name for each in matrix.endpoints if not each.is_object] for matrix in (part, first))
    if names != others:
        yield "has other endpoints than the first report"
    if ours.objects != theirs.objects:
        yield "has columns for other objects than the first report"
    sent = frozenset(names)
    if unknown := len(part.identities) * len(names) - sum(cell.endpoint in sent for cell in part.cells):
        yield f"is unfinished: {plural(unknown, 'cell')} without a result"


def _listed_by(parameters: RunParameters) -> tuple[object, ...]:
    return parameters.sample, parameters.seed, parameters.filter, parameters.roles


def missing_parts(parts: Iterable[Matrix]) -> list[int]:
    """Return the numbers of the missing shards, as far as the shards present say how many there were."""
    shards = [part.parameters.shard for part in parts if part.parameters.shard]
    there = {which for which, _ in shards}
    return [which for which in range(1, max((of for _, of in shards), default=0) + 1) if which not in there]


def _best_rows(parts: Sequence[Matrix]) -> list[Row]:
    """Return each row once, in the run's order if the parts have places, which are reset once no part is missing."""
    best: dict[RowKey, Row] = {}
    for row in (row for part in parts for row in part.identities):
        known = best.get(row.key)
        best[row.key] = row if known is None or (known.error and not row.error) else known
    rows = list(best.values())
    if not all(row.place for row in rows):
        return rows
    rows.sort(key=lambda row: row.place)
    return rows if missing_parts(parts) else [msgspec.structs.replace(row, place=0) for row in rows]


def _rank(cell: Cell) -> tuple[bool, str]:
    return cell.verdict is not Verdict.INCONCLUSIVE or cell.needs_witness, cell.at
