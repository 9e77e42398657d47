"""Above the matrix: the findings, the gravest first, and counts that add up."""

from __future__ import annotations

from tests.kit.matrices import ADA, ASK, GRACE, LIST, cell, small
from tui.access.live_matrix import LiveMatrix
from tui.access.model import EMPTY, Column, Finding, Row, Verdict
from tui.access.reports.wording import headline
from tui.access.requests import MatrixRequest
from tui.airisk.models import Draft
from tui.panes.matrix.formatting import cell_words, count_words, finding_words, mark, summary_words
from tui.panes.matrix.rows import GroupRow
from tui.screens.matrix.cell import CellDetails, fact_lines


def test_the_counts_of_the_verdicts_add_up_and_name_the_unexpected_ones():
    words = count_words(LiveMatrix.of(small())).plain
    assert words == (
        "A 2 allowed (1 unexpected)   ≠ 1 differs   = 2 same   D 3 denied (1 unexpected)   ? 3 inconclusive"
        "   (≠~ 1 drift)   · 1 not tested"
    )


def test_a_waived_result_has_its_mark_and_is_counted_apart():
    rows = [Row("u-3"), Row("u-4"), Row("u-5"), Row("u-6")]
    waived = [
        cell(rows[0], LIST, 200, Verdict.ALLOWED, "", expected="deny", waiver="Waiver 1"),
        cell(rows[1], LIST, 403, Verdict.DENIED, "", expected="allow", waiver="Waiver 2"),
        cell(rows[2], LIST, 200, Verdict.DIFFERS, "", expected="deny", waiver="Waiver 1"),
        cell(rows[3], LIST, 200, Verdict.ALLOWED, "", expected="allow"),
    ]
    assert [mark(each).plain for each in waived] == [" Aw ", " Dw ", " ≠w ", "A"]
    words = count_words(LiveMatrix.evaluated(rows, [LIST], None, waived)).plain
    assert words == "A 2 allowed   ≠ 1 differs   D 1 denied   (w 3 waived)"


def test_a_waived_cell_names_its_waiver():
    waived = cell(ADA, ASK, 200, Verdict.ALLOWED, "", expected="deny", waiver="Waiver 1 (“\x1b[2J”)")
    request = MatrixRequest.of(ASK.name, Draft("POST", ASK.path))
    details = CellDetails(row=ADA, column=ASK, cell=waived, request=request, against={"policy": "who.yaml"})
    (line,) = (line.plain for line in fact_lines(details, 120) if line.plain.startswith("expected"))
    assert line.split("  ")[-1].strip() == "deny by who.yaml · accepted by Waiver 1 (“␛[2J”)"


def test_the_cell_under_the_cursor_names_its_endpoint_in_full_and_which_of_them_it_is():
    row = GroupRow(LiveMatrix.of(small()), [0])
    named = ["GET /api/ListUsers · List users (1 of 2)", "POST /api/Chat/AskAgent?now=1 · Ask agent (2 of 2)"]
    assert [cell_words(row, place).plain.splitlines()[0].partition(" at ")[2] for place in range(2)] == named


def test_findings_are_a_line_for_each_column_the_gravest_first():
    assert finding_words(LiveMatrix.of(small()), 8).plain.splitlines() == [
        "A! POST /api/Chat/AskAgent · 1 identity allowed, but should be denied",
        "D! POST /api/Chat/AskAgent · 1 identity denied, but should be allowed",
        "≠~ GET /api/ListUsers · 1 identity changed since the baseline",
    ]


def test_of_more_findings_than_there_is_room_for_the_rest_is_counted():
    board = LiveMatrix.of(small())
    assert finding_words(board, 2).plain.splitlines()[1] == "and 2 more findings in 2 columns; n goes to the next"
    assert len(finding_words(board, 3).plain.splitlines()) == 3
    assert finding_words(board, 0).plain == ""


def test_what_may_be_a_denial_is_counted_marked_and_asked_about_and_a_finding_keeps_its_mark():
    rows = [Row(f"u-{number}") for number in range(5)]
    data, nothing = {"rule": "success", "shape": "[]"}, {"rule": EMPTY, "shape": "[0]"}
    page = {"rule": "HTML page", "content_type": "text/html"}
    unexpected = {"expected": "deny", "finding": Finding.UNEXPECTED_ALLOW}
    cells = [
        cell(rows[0], LIST, 200, Verdict.ALLOWED, "", **data),
        cell(rows[1], LIST, 200, Verdict.ALLOWED, "", **nothing),
        cell(rows[2], LIST, 200, Verdict.ALLOWED, "", **nothing, **unexpected),
        cell(rows[3], LIST, 200, Verdict.ALLOWED, "", **nothing, expected="deny", waiver="Waiver 1"),
        cell(rows[4], LIST, 200, Verdict.INCONCLUSIVE, "", **page),
    ]
    board = LiveMatrix.evaluated(rows, [LIST], None, cells)
    assert [mark(each, board.suggestion_for(each)).plain for each in board.cells] == ["A", " A? ", " A! ", " Aw ", "?"]
    assert count_words(board).plain == (
        "A 4 allowed (1 unexpected, 3 may be denials)   D 0 denied   ? 1 inconclusive (1 may be a denial)"
        "   (w 1 waived)"
    )
    assert finding_words(board, 8).plain.splitlines() == [
        "A! GET /api/ListUsers · 1 identity allowed, but should be denied",
        "A? 4 responses may be denials (200 with an empty list and 1 other kind): y copies the rules",
    ]
    assert finding_words(board, 0).plain.startswith("A? 4 responses")
    assert summary_words(board).plain == headline(board)


def test_warnings_are_below_the_headline():
    board = LiveMatrix.evaluated([ADA], [LIST], None, [cell(ADA, LIST, 200, Verdict.ALLOWED, "")], shard=(2, 8))
    first, second = summary_words(board).plain.splitlines()
    assert first == headline(board)
    assert second == "This is shard 2 of 8. Merge the reports of all shards."


def test_a_finding_that_is_gone_is_no_longer_among_them():
    unexpected = cell(ADA, ASK, 200, Verdict.ALLOWED, "", expected="deny", finding=Finding.UNEXPECTED_ALLOW)
    board = LiveMatrix.evaluated([ADA, GRACE], [LIST, ASK, Column("GET /c")], None, [unexpected])
    assert len(board.found) == 1
    board.on_cell(cell(ADA, ASK, 403, Verdict.DENIED, "", expected="deny"))
    for _ in board.flush():
        pass
    assert board.found == []
    assert "unexpected" not in count_words(board).plain
