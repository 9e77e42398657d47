"""Evaluate cells against other identities, a baseline and a policy, and group rows with identical results.

A cell is classified alone when its response arrives. Its final verdict also depends on other cells, so cells are
evaluated one by one, and again if a new cell affects them. A row moves to another group when its results change; the
cost of that does not depend on the number of rows.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import msgspec

from tui.access.matrix_document import Matrix
from tui.access.model import Cell, Column, Expected, Finding, Row, RowKey, Verdict
from tui.access.policy import Policy
from tui.access.shapes import NOTHING, is_alike
from tui.access.waivers import Waivers

_OTHERS_ALLOWED = ", but others are allowed"
_NOBODY_ALLOWED = ", as for every other identity; it may not exist"
_OTHERS_GET_DATA = ", but others get other data"
_NOBODY_GETS_DATA = ", as for every other identity; it may be the usual response"

_CACHED = 20_000
"""Rows whose expectations are cached."""


_Hidden = tuple[bool, str]
"""A possible denial: whether its status is a success, and its shape."""


@dataclass(frozen=True, slots=True)
class Expectations:
    """What cells are evaluated against.

    Args:
        policy: who may call what; with a policy, a baseline run only shows drift.
        baseline: an earlier run.
        compared_with: the key of the row to compare the others with; ignored if there is a baseline run.
        keeps: cells keep their expectation if there is neither a policy nor a baseline.
    """

    policy: Policy | None = None
    baseline: Matrix | None = None
    compared_with: RowKey | None = None
    keeps: bool = False


class Evaluator:
    """Evaluates the cells of one matrix against those registered so far.

    Args:
        expectations: what to evaluate against.
        rows: the identities by their keys.
        columns: the endpoints.
    """

    def __init__(self, expectations: Expectations, rows: Mapping[RowKey, Row], columns: Sequence[Column]) -> None:
        self._expectations = expectations
        self._rows = rows
        self._columns = columns
        self._earlier = {cell.key: cell for cell in expectations.baseline.cells} if expectations.baseline else {}
        self._keeps = expectations.keeps and not (expectations.policy or expectations.baseline)
        self._allowed: dict[str, dict[str | RowKey, str]] = {}
        self._shapes: dict[str, Counter[str]] = {}
        self._witnessed: dict[str, dict[_Hidden, bool]] = {}
        self._models: dict[str, Cell] = {}
        self._expected_by_rules: dict[tuple[int, ...], Mapping[str, Expected | None]] = {}
        self._policy_of = lru_cache(maxsize=_CACHED)(self._expected_of)
        self.waivers = Waivers(expectations.policy, columns)

    def register(self, cell: Cell) -> bool:
        """Register a classified cell; return True if other cells of its endpoint must be evaluated again."""
        is_new = self._take_witness(cell)
        hidden = self._witnessed.setdefault(cell.endpoint, {})
        if cell.needs_witness:
            hidden.setdefault(_hidden(cell), self._has_witness(cell))
        before = dict(hidden) if is_new else hidden
        if is_new:
            hidden.update({each: self._is_witnessed(cell.endpoint, each) for each in hidden})
        is_model = cell.row_key == self._expectations.compared_with and not self._expectations.baseline
        if is_model:
            self._models[cell.endpoint] = cell
        return is_model or before != hidden

    def evaluate(self, cell: Cell) -> Cell:
        """Return the cell with its final verdict, expectation and finding."""
        before = self._earlier.get(cell.key)
        model = before if self._expectations.baseline else self._models.get(cell.endpoint)
        verdict = _verdict(
            cell, None if model is cell else model, has_witness=cell.needs_witness and self._has_witness(cell)
        )
        expected = self._expected(cell, before) or (cell.expected if self._keeps else None)
        earlier = before.verdict if before else cell.baseline if self._keeps else None
        finding = _finding(verdict, expected, earlier)
        waiver = self._waiver(cell, finding)
        changes = {
            "verdict": verdict,
            "expected": expected,
            "baseline": earlier,
            "finding": None if waiver else finding,
            "waiver": waiver,
            "reason": _reason(cell, verdict) if cell.needs_witness else cell.reason,
        }
        is_as_before = all(getattr(cell, name) == value for name, value in changes.items())
        return cell if is_as_before else msgspec.structs.replace(cell, **changes)

    def _waiver(self, cell: Cell, finding: Finding | None) -> str:
        """Return the name of the waiver because of which a finding is none, or an empty text."""
        row = self._rows.get(cell.row_key)
        if finding is None or finding is Finding.DRIFT or row is None:
            return ""
        return cell.waiver if self._keeps else self.waivers.name_for(row, cell.endpoint, finding)

    def _take_witness(self, cell: Cell) -> bool:
        """Store the shape of an allowed response; return True if the set of shapes at its endpoint changed."""
        allowed = self._allowed.setdefault(cell.endpoint, {})
        shapes = self._shapes.setdefault(cell.endpoint, Counter())
        # A user's id needs no extra memory; the tuples of other identities cannot collide with it.
        key = cell.identity if cell.kind == "user" else cell.row_key
        old, new = allowed.pop(key, None), cell.shape if cell.verdict.is_access else None
        if new is not None:
            allowed[key] = new
        if old == new:
            return False
        if old is not None:
            shapes[old] -= 1
        is_new = new is not None and not shapes[new]
        if new is not None:
            shapes[new] += 1
        if old is not None and not shapes[old]:
            del shapes[old]
            is_new = True
        return is_new

    def _has_witness(self, cell: Cell) -> bool:
        return self._is_witnessed(cell.endpoint, _hidden(cell))

    def _is_witnessed(self, endpoint: str, hidden: _Hidden) -> bool:
        """Return whether an identity is allowed at the endpoint, for a hidden success with another shape."""
        is_success, shape = hidden
        shapes = self._shapes.get(endpoint, ())
        return any(each != NOTHING and not is_alike(shape, each) for each in shapes) if is_success else bool(shapes)

    def _expected(self, cell: Cell, before: Cell | None) -> Expected | None:
        if self._expectations.policy:
            return self._policy_of(cell.row_key).get(cell.endpoint)
        if before is None or before.verdict is Verdict.INCONCLUSIVE:
            return None
        return "allow" if before.verdict.is_access else "deny"

    def _expected_of(self, key: RowKey) -> Mapping[str, Expected | None]:
        row, policy = self._rows.get(key), self._expectations.policy
        if row is None or policy is None:
            return {}
        applying = policy.applying(row)
        return self._expected_by_rules.get(applying) or self._expected_by_rules.setdefault(
            applying, policy.expected(applying, self._columns)
        )


def _hidden(cell: Cell) -> _Hidden:
    return _is_success(cell), cell.shape


def _is_success(cell: Cell) -> bool:
    return cell.status is not None and 200 <= cell.status < 300


def _verdict(cell: Cell, model: Cell | None, *, has_witness: bool) -> Verdict:
    """Return the final verdict, given the cell to compare with and whether a witness exists."""
    if cell.needs_witness:
        return Verdict.DENIED if has_witness else Verdict.INCONCLUSIVE
    if cell.verdict.is_access and model and model.verdict.is_access and model.digest and cell.digest:
        return Verdict.SAME if model.digest == cell.digest else Verdict.DIFFERS
    return cell.verdict


def _reason(cell: Cell, verdict: Verdict) -> str:
    """Return the cell's reason with one ending about the other identities; an earlier ending is replaced."""
    endings = (_OTHERS_GET_DATA, _NOBODY_GETS_DATA) if _is_success(cell) else (_OTHERS_ALLOWED, _NOBODY_ALLOWED)
    reason = cell.reason.removesuffix(endings[0]).removesuffix(endings[1])
    return reason + endings[verdict is not Verdict.DENIED]


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


CellSignature = tuple[Verdict, Finding | None, Expected | None, bool]
"""The result in a cell, without its evidence, and whether it may be a denial."""

RowSignature = tuple[CellSignature | None, ...]
"""The result of a row at each endpoint; None without a request."""

_Role = tuple[bool, bool, str]
"""Whether the rows are users, whether they lack a role, and the role; this is also the sort order."""


def signature_of(cells: Iterable[Cell | None], suggestion_for: Callable[[Cell], object | None]) -> RowSignature:
    """Return the signature of a row: verdict, finding, expectation and doubt of each cell."""
    return tuple(
        (cell.verdict, cell.finding, cell.expected, suggestion_for(cell) is not None) if cell else None
        for cell in cells
    )


class RowGroup:
    """Rows of one role with identical results; `places` are their indexes among all rows, ascending."""

    def __init__(self, pattern: RowSignature) -> None:
        self.pattern = pattern
        self.places: list[int] = []

    @cached_property
    def gravity(self) -> int:
        """The gravity of the worst finding: 3 for an unexpected allow, 0 without a finding."""
        return max((finding.gravity for _, finding, *_ in filter(None, self.pattern) if finding), default=0)

    @cached_property
    def is_doubtful(self) -> bool:
        """Whether any cell may be a denial."""
        return any(is_doubtful for *_, is_doubtful in filter(None, self.pattern))

    @cached_property
    def allowed(self) -> int:
        """The number of endpoints where the rows are allowed."""
        return sum(signature[0].is_access for signature in self.pattern if signature)

    @cached_property
    def unsure(self) -> int:
        """The number of endpoints that are inconclusive or missing."""
        return sum(signature is None or signature[0] is Verdict.INCONCLUSIVE for signature in self.pattern)

    @cached_property
    def words(self) -> frozenset[Verdict | Finding]:
        """The verdicts and findings that occur."""
        return frozenset(word for signature in self.pattern if signature for word in signature[:2] if word)


class RowGrouping:
    """Groups rows with identical results.

    Args:
        rows: the identities, all without results at first.
    """

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows
        self._groups: list[RowGroup | None] = [None] * len(rows)
        self._roles: dict[_Role, dict[tuple[str, RowSignature], RowGroup]] = {}

    def put(self, place: int, pattern: RowSignature) -> None:
        """Move the row at this place to the group with this pattern."""
        row, group = self._rows[place], self._groups[place]
        if group and group.pattern == pattern:
            return
        is_user = row.kind == "user"
        # Application and anonymous are never grouped, even with identical results.
        groups = self._roles.setdefault((is_user, is_user and not row.role, row.role), {})
        if group:
            del group.places[bisect_left(group.places, place)]
            if not group.places:
                del groups[row.kind, group.pattern]
        key = (row.kind, pattern)
        joined = groups.get(key) or groups.setdefault(key, RowGroup(pattern))
        insort(joined.places, place)
        self._groups[place] = joined

    def roles(self) -> Iterator[tuple[str, bool, list[RowGroup]]]:
        """Yield each role, whether it is one of users, and its groups: non-users first, users without a role last."""
        for (is_users, _, role), groups in sorted(self._roles.items(), key=lambda each: each[0]):
            if groups:
                yield role, is_users, list(groups.values())
