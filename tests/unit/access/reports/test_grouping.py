"""Rows that say the same are one line, and what stands out is never among them."""

from __future__ import annotations

from tests.kit.matrices import ASK, cell, crowd, small
from tui.access.live_matrix import LiveMatrix
from tui.access.model import ANONYMOUS_ROW, APPLICATION_ROW, Column, Finding, Row, Verdict
from tui.access.reports.grouping import limit_groups, merge_similar, sections


def shape(told):
    return [(section.role, [[row.id for row in line.rows] for line in section.lines]) for section in told]


def test_rows_stand_by_role_those_without_one_last_and_the_gravest_first():
    assert shape(sections(LiveMatrix.of(small()))) == [
        ("", [["application"], ["anonymous"]]),
        ("Admin", [["u-1"]]),
        ("Monitor", [["u-2"], ["u-3"]]),
        ("", [["u-4"]]),
    ]


def test_a_thousand_users_who_say_the_same_are_one_line():
    rows = [Row(f"u-{number}", role="User") for number in range(1_000)]
    cells = [cell(row, ASK, 403, Verdict.DENIED, "forbidden") for row in rows]
    (section,) = sections(LiveMatrix.evaluated(rows, [ASK], None, cells))
    assert [len(line.rows) for line in section.lines] == [1_000]
    assert len(section.lines[0].cells[0]) == 1_000


def test_who_could_not_be_decided_joins_who_agrees_but_never_a_finding():
    rows = [Row("u-1"), Row("u-2"), Row("u-3"), Row("u-4")]
    other = Column("GET /api/ListUsers")
    asked = [(200, Verdict.ALLOWED, Finding.UNEXPECTED_ALLOW), (503, Verdict.INCONCLUSIVE, None)]
    asked += [(403, Verdict.DENIED, None), (403, Verdict.DENIED, None)]
    cells = [
        cell(row, ASK, status, verdict, "", finding=finding)
        for row, (status, verdict, finding) in zip(rows, asked, strict=True)
    ]
    cells += [cell(row, other, 200, Verdict.ALLOWED, "") for row in rows]
    (section,) = sections(LiveMatrix.evaluated(rows, [ASK, other], None, cells))
    assert shape([merge_similar(section)]) == [("", [["u-1"], ["u-3", "u-4", "u-2"]])]
    assert [each.verdict for each in merge_similar(section).lines[1].cells[0]].count(Verdict.INCONCLUSIVE) == 1


def test_nobody_is_lost_when_lines_are_put_together_or_left_out():
    told = sections(LiveMatrix.of(crowd(500, findings=2)))
    everybody = sum(len(line.rows) for section in told for line in section.lines)
    together = [merge_similar(section) for section in told]
    assert everybody == sum(len(line.rows) for section in together for line in section.lines) == 500
    shown, skipped = limit_groups(told, 4)
    assert sum(len(line.rows) for section in shown for line in section.lines) + skipped == 500
    assert sum(line.gravity == 3 for section in shown for line in section.lines) == 2


def test_the_application_and_nobody_are_lines_of_their_own_though_both_are_denied():
    rows = [APPLICATION_ROW, ANONYMOUS_ROW]
    cells = [cell(row, ASK, 403, Verdict.DENIED, "") for row in rows]
    (section,) = sections(LiveMatrix.evaluated(rows, [ASK], None, cells))
    assert shape([section, merge_similar(section)]) == [("", [["application"], ["anonymous"]])] * 2


def test_who_was_not_asked_is_unlike_who_was():
    cells = [cell(Row("u-1"), ASK, 403, Verdict.DENIED, "")]
    (section,) = sections(LiveMatrix.evaluated([Row("u-1"), Row("u-2")], [ASK], None, cells))
    assert [len(line.cells[0]) for line in section.lines] == [1, 0]
