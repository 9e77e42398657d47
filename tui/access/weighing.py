"""Cells in the light of the others: of those who were let in, of a baseline, and of what is expected.

A cell is judged by itself when its answer comes. What follows needs the others: cells are weighed one by one, and
those for which a new one changes something are weighed anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import msgspec

from tui.access.cells import Cell, Column, Expected, Finding, Row, RowKey, Verdict
from tui.access.document import Matrix
from tui.access.policy import Policy

_OTHERS_LET_IN = ", though others are let in"
_NOBODY_LET_IN = ", nor for anybody who was asked as: it may not exist at all"

_REMEMBERED = 20_000
"""Rows whose expectations are at hand."""


@dataclass(frozen=True, slots=True)
class Scales:
    """What cells are weighed against.

    Args:
        policy: who may call what; with one, a baseline run only tells what has drifted.
        baseline: an earlier run.
        compared_with: the key of the row whose answers the others' are compared with, unless there is a baseline run.
        keeps: cells keep the expectation that they have, where neither a policy nor a baseline gives another.
    """

    policy: Policy | None = None
    baseline: Matrix | None = None
    compared_with: RowKey | None = None
    keeps: bool = False

    def weigh(self, rows: Iterable[Row], columns: Sequence[Column], cells: Sequence[Cell]) -> list[Cell]:
        """The cells with their final verdicts, expectations and findings."""
        weighing = Weighing(self, {row.key: row for row in rows}, columns)
        for cell in cells:
            weighing.note(cell)
        return [weighing.weigh(cell) for cell in cells]


class Weighing:
    """Weighs the cells of one matrix, of which it knows what it was told of.

    Args:
        scales: what to weigh against.
        rows: the identities by their keys.
        columns: the endpoints.
    """

    def __init__(self, scales: Scales, rows: Mapping[RowKey, Row], columns: Sequence[Column]) -> None:
        self._scales = scales
        self._rows = rows
        self._columns = columns
        self._earlier = {cell.key: cell for cell in scales.baseline.cells} if scales.baseline else {}
        self._keeps = scales.keeps and not (scales.policy or scales.baseline)
        self._let_in: dict[str, set[str | RowKey]] = {}
        self._models: dict[str, Cell] = {}
        self._said: dict[tuple[int, ...], Mapping[str, Expected | None]] = {}
        self._policy_of = lru_cache(maxsize=_REMEMBERED)(self._said_of)

    def note(self, cell: Cell) -> bool:
        """Take a cell into account, as it was judged by itself; whether that gives others at its endpoint a meaning."""
        let_in = self._let_in.setdefault(cell.endpoint, set())
        was_open = bool(let_in)
        # A user's id costs nothing more; those who are no users cannot be taken for one.
        (let_in.add if cell.verdict.is_access else let_in.discard)(
            cell.identity if cell.kind == "user" else cell.row_key
        )
        is_model = cell.row_key == self._scales.compared_with and not self._scales.baseline
        if is_model:
            self._models[cell.endpoint] = cell
        return is_model or was_open is not bool(let_in)

    def weigh(self, cell: Cell) -> Cell:
        """The cell with its final verdict, expectation and finding."""
        before = self._earlier.get(cell.key)
        model = before if self._scales.baseline else self._models.get(cell.endpoint)
        verdict = _verdict(cell, None if model is cell else model, is_open=bool(self._let_in.get(cell.endpoint)))
        expected = self._expected(cell, before) or (cell.expected if self._keeps else None)
        earlier = before.verdict if before else cell.before if self._keeps else None
        told = {
            "verdict": verdict,
            "expected": expected,
            "before": earlier,
            "finding": _finding(verdict, expected, earlier),
            "reason": _reason(cell, verdict) if cell.hidden else cell.reason,
        }
        is_as_before = all(getattr(cell, name) == value for name, value in told.items())
        return cell if is_as_before else msgspec.structs.replace(cell, **told)

    def _expected(self, cell: Cell, before: Cell | None) -> Expected | None:
        if self._scales.policy:
            return self._policy_of(cell.row_key).get(cell.endpoint)
        if before is None or before.verdict is Verdict.INCONCLUSIVE:
            return None
        return "allow" if before.verdict.is_access else "deny"

    def _said_of(self, key: RowKey) -> Mapping[str, Expected | None]:
        row, policy = self._rows.get(key), self._scales.policy
        if row is None or policy is None:
            return {}
        applying = policy.applying(row)
        return self._said.get(applying) or self._said.setdefault(applying, policy.expected(applying, self._columns))


def _verdict(cell: Cell, model: Cell | None, *, is_open: bool) -> Verdict:
    """The verdict, once it is known who else was let in, and to what."""
    if cell.hidden:
        return Verdict.DENIED if is_open else Verdict.INCONCLUSIVE
    if cell.verdict.is_access and model and model.verdict.is_access and model.digest and cell.digest:
        return Verdict.SAME if model.digest == cell.digest else Verdict.DIFFERS
    return cell.verdict


def _reason(cell: Cell, verdict: Verdict) -> str:
    """What follows from the others, behind what the answer says; once, however often a cell is weighed."""
    words = cell.reason.removesuffix(_OTHERS_LET_IN).removesuffix(_NOBODY_LET_IN)
    return words + (_OTHERS_LET_IN if verdict is Verdict.DENIED else _NOBODY_LET_IN)


def _finding(verdict: Verdict, expected: Expected | None, before: Verdict | None) -> Finding | None:
    is_access, is_known = verdict.is_access, verdict is not Verdict.INCONCLUSIVE
    if expected == "deny" and is_access:
        return Finding.UNEXPECTED_ALLOW
    if expected == "allow" and is_known and not is_access:
        return Finding.UNEXPECTED_DENY
    if is_known and before not in {None, Verdict.INCONCLUSIVE}:
        is_drift = verdict is Verdict.DIFFERS or before.is_access is not is_access
        return Finding.DRIFT if is_drift else None
    return None
