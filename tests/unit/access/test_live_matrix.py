"""A matrix while it comes says at each moment what the whole of it says when it is weighed at once."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.kit.matrices import cell, matrix_of
from tui.access.evaluation import Evaluator, Expectations
from tui.access.live_matrix import LiveMatrix
from tui.access.matrix_document import Matrix
from tui.access.model import ANONYMOUS_ROW, APPLICATION_ROW, EMPTY, Cell, Column, Row, Verdict
from tui.access.policy import Policy, PolicyRule
from tui.background import run_now

ROWS = [
    APPLICATION_ROW,
    ANONYMOUS_ROW,
    *(Row(f"u-{number}", role=("Admin", "", "User")[number % 3]) for number in range(6)),
]
ROWS.append(Row("application", name="somebody whose id is a word"))
COLUMNS = [Column(f"GET /{name}") for name in ("a", "b", "c")]
POLICY = Policy(
    default="none", rules=[PolicyRule(deny="GET /a", users="u-*"), PolicyRule(allow="GET /b", roles="User")]
)
JUDGED: list[dict[str, Any]] = [
    {"status": 200, "verdict": Verdict.ALLOWED, "digest": "1", "rule": "success", "shape": "[]"},
    {"status": 200, "verdict": Verdict.ALLOWED, "digest": "2"},
    {"status": 200, "verdict": Verdict.ALLOWED, "rule": "empty"},
    {"status": 403, "verdict": Verdict.DENIED},
    {"status": 401, "verdict": Verdict.DENIED},
    {"status": 404, "verdict": Verdict.INCONCLUSIVE, "needs_witness": True},
    {"status": 503, "verdict": Verdict.INCONCLUSIVE},
]


def baseline() -> Matrix:
    cells = [cell(row, COLUMNS[0], 200, Verdict.ALLOWED, "", digest="1") for row in ROWS]
    return matrix_of(ROWS, COLUMNS, cells)


SCALES = [
    Expectations(),
    Expectations(POLICY),
    Expectations(compared_with=("user", "u-1")),
    Expectations(baseline=baseline()),
]
SCALES.append(Expectations(POLICY, baseline()))

come = st.tuples(st.sampled_from(ROWS), st.sampled_from(COLUMNS), st.sampled_from(JUDGED)).map(
    lambda told: cell(told[0], told[1], reason="", **told[2])
)


def looked_at(board: LiveMatrix, expectations: Expectations, come: dict[tuple[str, str, str], Cell]) -> None:
    """Compare it with all that came, weighed at once, and with a plain count."""
    evaluator = Evaluator(expectations, {row.key: row for row in ROWS}, COLUMNS)
    for each in come.values():
        evaluator.register(each)
    keys = ((*row.key, column.name) for row in ROWS for column in COLUMNS)
    whole = [evaluator.evaluate(come[key]) for key in keys if key in come]
    assert board.cells == whole
    verdicts, findings = board.summary.verdicts, board.summary.findings
    assert Counter({name: number for name, number in verdicts.items() if number}) == Counter(c.verdict for c in whole)
    assert Counter({name: number for name, number in findings.items() if number}) == Counter(
        c.finding for c in whole if c.finding
    )
    assert board.has_expectations is any(c.expected for c in whole)
    statuses = [[c.status for c in whole if c.row_key == row.key] for row in ROWS if row.kind == "user"]
    assert board.unauthorized_everywhere == sum(bool(each) and set(each) == {401} for each in statuses)
    again = LiveMatrix.evaluated(ROWS, COLUMNS, None, whole)
    assert board.suggestions == again.suggestions
    doubtful = [c for c in whole if board.suggestion_for(c)]
    assert doubtful == [c for c in whole if again.suggestion_for(c)]
    assert len(doubtful) == sum(each.cells for each in board.suggestions) == sum(map(board.doubtful, Verdict))
    assert grouped(board) == grouped(again) == sorted(said_alike(whole, doubtful).values())


def grouped(board: LiveMatrix) -> list[list[tuple[str, str]]]:
    return sorted(
        [board.rows[place].key for place in group.places] for _, _, them in board.grouping.roles() for group in them
    )


def said_alike(whole: list[Cell], doubtful: list[Cell]) -> dict[object, list[tuple[str, str]]]:
    """The rows of one kind and role whose cells say the same, and are as doubtful."""
    alike: dict[object, list[tuple[str, str]]] = {}
    for row in ROWS:
        said = [(c.endpoint, c.verdict, c.finding, c.expected, c in doubtful) for c in whole if c.row_key == row.key]
        alike.setdefault((row.kind, row.role, *said), []).append(row.key)
    return alike


@given(
    known=st.lists(come, max_size=12),
    waves=st.lists(st.lists(come, max_size=8), max_size=3),
    expectations=st.sampled_from(SCALES),
    others=st.sampled_from(SCALES),
    steps=st.integers(0, 5),
)
def test_whatever_comes_in_whatever_order(known, waves, expectations, others, steps):
    so_far = {each.key: each for each in known}
    board = LiveMatrix(ROWS, COLUMNS, expectations, list(so_far.values()))
    for wave in waves:
        for each in wave:
            so_far[each.key] = each
            board.on_cell(each)
        work = board.flush()  # is left in the middle, as when the screen has to draw something else
        for _ in range(steps):
            next(work, None)
    run_now(board.flush())
    looked_at(board, expectations, so_far)
    board.reevaluate(Evaluator(others, {row.key: row for row in ROWS}, COLUMNS))
    run_now(board.flush())
    looked_at(board, others, so_far)


def test_a_row_leaves_its_group_when_another_response_makes_its_own_doubtful():
    rows = [Row("u-0", role="User"), Row("u-1", role="User")]
    board = LiveMatrix(rows, COLUMNS[:1], Expectations())
    for row, told in zip(rows, ({"rule": EMPTY, "shape": "[0]"}, {"rule": "success", "shape": "[]"}), strict=True):
        board.on_cell(cell(row, COLUMNS[0], 200, Verdict.ALLOWED, "", **told))
        run_now(board.flush())
    assert grouped(board) == [[rows[0].key], [rows[1].key]]
    board.on_cell(cell(rows[1], COLUMNS[0], 200, Verdict.ALLOWED, "", rule=EMPTY, shape="[0]"))
    run_now(board.flush())
    assert grouped(board) == [[row.key for row in rows]]


def test_a_cell_costs_as_much_among_ten_thousand_rows_as_among_ten():
    rows = [Row(f"u-{number}", role="User") for number in range(10_000)]
    board = LiveMatrix(rows, COLUMNS, Expectations(POLICY))
    run_now(board.flush())
    board.on_cell(cell(rows[7], COLUMNS[0], 403, Verdict.DENIED, ""))
    assert sum(1 for _ in board.flush()) <= 2
