"""The CSV report: a cell a line, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io

from tests.kit.matrices import hostile_texts, small, texts
from tui.access.reports.csv_report import COLUMNS, encode


def lines(matrix):
    return list(csv.DictReader(io.StringIO(encode(matrix).decode(), newline=""), strict=True))


def test_each_cell_is_a_line_with_whose_it_is_and_why():
    read = lines(small())
    assert len(read) == len(small().cells) + 4
    assert read[6] == dict.fromkeys(COLUMNS, "") | {
        "identity": "u-2",
        "kind": "user",
        "name": "Grace Hopper",
        "role": "Monitor",
        "endpoint": "POST /api/Chat/AskAgent",
        "status": "200",
        "verdict": "allowed",
        "expected": "deny",
        "finding": "unexpected allow",
        "reason": "200 OK: success",
        "attempts": "2",
    }


def test_what_was_not_tested_follows_the_cells_and_then_the_skipped_endpoints():
    *_, untested, _, skipped, audit = lines(small())
    assert (audit["finding"], audit["reason"]) == ("audit trail", f"1234:{'9f' * 32} on desk")
    assert skipped == dict.fromkeys(COLUMNS, "") | {
        "endpoint": "GET /api/Reports/{id}",
        "finding": "skipped",
        "reason": "missing value: --value id=…",
    }
    assert untested == dict.fromkeys(COLUMNS, "") | {
        "finding": "untested identity",
        "reason": "u-4 was not tested: inconclusive at every endpoint (sign-in refused: 403).",
    }


def test_where_no_response_came_there_is_no_status():
    assert [line["status"] for line in lines(small()) if line["identity"] == "u-4"] == ["", ""]


@hostile_texts
def test_no_text_becomes_a_formula_a_line_or_a_control(text):
    written = encode(texts(text)).decode()
    assert len(written.splitlines()) == 6
    assert all(character.isprintable() for character in written if character != "\n")
    for line in lines(texts(text)):
        for value in line.values():
            assert not any(part.startswith(("=", "+", "-", "@")) for part in value.split(";"))
