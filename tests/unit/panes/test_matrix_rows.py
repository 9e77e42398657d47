"""Findings of a matrix are found one after the other, whatever is folded."""

from collections.abc import Iterator

from tests.kit.matrices import ASK, FORBIDDEN, LIST, OK, cell, matrix_of, small
from tui.access.live_matrix import LiveMatrix
from tui.access.matrix_document import Matrix
from tui.access.model import EMPTY, Finding, Row, Verdict
from tui.panes.matrix.rows import GroupRow, MatrixRows, MatrixView, RowList


def lines_of(matrix: Matrix, view: MatrixView) -> RowList:
    """The lines of a matrix."""
    return MatrixRows(LiveMatrix.of(matrix)).lines(view)


def tour(lines: RowList, columns: int, step: int, start: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """Where one comes from there until a place comes again."""
    seen = set[tuple[int, int]]()
    while (found := lines.find_finding(*start, columns, step)) and found not in seen:
        seen.add(found)
        yield found
        start = found


def test_each_finding_is_found_once_and_backward_in_the_opposite_order() -> None:
    matrix = small()
    lines = lines_of(matrix, MatrixView())
    forward = [*tour(lines, 2, 1, (0, -1))]
    told = set()
    for index, column in forward:
        line = lines[index]
        assert isinstance(line, GroupRow)
        told.add((line.first.id, matrix.endpoints[column].name))
    assert told == {(cell.identity, cell.endpoint) for cell in matrix.findings()}
    assert [*tour(lines, 2, -1, (0, -1))] == forward[::-1]


def test_a_group_has_its_finding_once_folded_or_unfolded() -> None:
    rows = [Row(f"u-{number}", role="User") for number in range(4)]
    should = [{"expected": "deny", "finding": Finding.UNEXPECTED_ALLOW}] * 3 + [{"expected": "allow"}]
    cells = [cell(row, LIST, 200, Verdict.ALLOWED, OK, **told) for row, told in zip(rows, should, strict=True)]
    cells.append(cell(rows[2], ASK, 403, Verdict.DENIED, FORBIDDEN))
    matrix = matrix_of(rows, [LIST, ASK], cells)
    folded = lines_of(matrix, MatrixView())
    (group,) = (line for line in folded if isinstance(line, GroupRow) and not line.is_one)
    unfolded = lines_of(matrix, MatrixView(unfolded=frozenset([group.key])))
    assert len(unfolded) == len(folded) + group.size
    for lines in (folded, unfolded):
        start = lines.find(group.key) or 0
        (alone,) = (place for place, line in enumerate(lines) if isinstance(line, GroupRow) and line.rows == [rows[2]])
        assert [*tour(lines, 2, 1, (start, -1))] == [(start, 0), (alone, 0)]


def test_users_with_a_cell_that_may_be_a_denial_are_not_folded_with_others_and_it_is_found() -> None:
    rows = [Row(f"u-{number}", role="User") for number in range(5)]
    shapes = ["[]", "[0]", "[]", "[0]", "[]"]
    cells = [
        cell(row, LIST, 200, Verdict.ALLOWED, OK, rule=EMPTY if shape == "[0]" else "success", shape=shape)
        for row, shape in zip(rows, shapes, strict=True)
    ]
    cells += [cell(row, ASK, 200, Verdict.ALLOWED, OK, rule="success", shape="[]") for row in rows]
    lines = lines_of(matrix_of(rows, [LIST, ASK], cells), MatrixView())
    assert [line.rows for line in lines if isinstance(line, GroupRow)] == [[rows[1], rows[3]], [*rows[::2]]]
    assert [*tour(lines, 2, 1, (1, 0))] == [(0, 0)]


def test_where_no_row_has_a_finding_there_is_none() -> None:
    lines = lines_of(small(), MatrixView(text="anonymous"))
    assert len(lines)
    assert lines.find_finding(0, 0, 2, 1) is None
    assert RowList(()).find_finding(0, -1, 2, 1) is None
