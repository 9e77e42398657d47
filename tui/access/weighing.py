"""Cells in the light of the others: of those who were let in, of a baseline, and of what is expected.

A cell is judged by itself when its answer comes. What follows needs the whole matrix, and can be done again whenever
more of it is known, or when parts of it are merged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from tui.access.cells import Cell, Column, Expected, Finding, Row, Verdict
from tui.access.document import Matrix
from tui.access.policy import Policy


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
    compared_with: tuple[str, str] | None = None
    keeps: bool = False

    def weigh(self, rows: Iterable[Row], columns: Sequence[Column], cells: Sequence[Cell]) -> list[Cell]:
        """The cells with their final verdicts, expectations and findings."""
        open_to_some = {cell.endpoint for cell in cells if cell.verdict.is_access}
        models = {cell.endpoint: cell for cell in cells if cell.row_key == self.compared_with}
        earlier = {cell.key: cell for cell in self.baseline.cells} if self.baseline else {}
        keeps = self.keeps and not (self.policy or self.baseline)
        expectations = _Expectations(self.policy, columns, {row.key: row for row in rows})
        weighed = []
        for cell in cells:
            before = earlier.get(cell.key)
            model = before if self.baseline else models.get(cell.endpoint)
            told = {
                "verdict": _verdict(cell, None if model is cell else model, is_open=cell.endpoint in open_to_some),
                "expected": expectations.of(cell, before) or (cell.expected if keeps else None),
                "before": before.verdict if before else cell.before if keeps else None,
            }
            weighed.append(_with_finding(msgspec.structs.replace(cell, **told)))
        return weighed


@dataclass(slots=True)
class _Expectations:
    """What is expected of a cell: a row's are found together, for cells of a row come together."""

    policy: Policy | None
    columns: Sequence[Column]
    rows: Mapping[tuple[str, str], Row]
    _key: tuple[str, str] | None = None
    _said: Mapping[str, Expected | None] = field(default_factory=dict)

    def of(self, cell: Cell, before: Cell | None) -> Expected | None:
        if self.policy:
            if cell.row_key != self._key:
                self._key, row = cell.row_key, self.rows.get(cell.row_key)
                self._said = self.policy.row(row, self.columns) if row else {}
            return self._said.get(cell.endpoint)
        if before is None or before.verdict is Verdict.INCONCLUSIVE:
            return None
        return "allow" if before.verdict.is_access else "deny"


def _verdict(cell: Cell, model: Cell | None, *, is_open: bool) -> Verdict:
    """The verdict, once it is known who else was let in, and to what."""
    if cell.hidden:
        return Verdict.DENIED if is_open else Verdict.INCONCLUSIVE
    if cell.verdict.is_access and model and model.verdict.is_access and model.digest and cell.digest:
        return Verdict.SAME if model.digest == cell.digest else Verdict.DIFFERS
    return cell.verdict


def _with_finding(cell: Cell) -> Cell:
    finding = None
    is_access, is_known = cell.verdict.is_access, cell.verdict is not Verdict.INCONCLUSIVE
    if cell.expected == "deny" and is_access:
        finding = Finding.UNEXPECTED_ALLOW
    elif cell.expected == "allow" and is_known and not is_access:
        finding = Finding.UNEXPECTED_DENY
    elif is_known and cell.before not in {None, Verdict.INCONCLUSIVE}:
        is_drift = cell.verdict is Verdict.DIFFERS or cell.before.is_access is not is_access
        finding = Finding.DRIFT if is_drift else None
    return msgspec.structs.replace(cell, finding=finding)
