"""Annotations: what GitHub shows of a matrix on the page of a job, and that no text can end or begin a command."""

from __future__ import annotations

import msgspec
import pytest

from tests.kit.matrices import crowd, hostile_texts, small, texts
from tests.unit.access.test_waivers import STALE, document, policy
from tui.access.matrix_document import Matrix
from tui.access.model import Column, Finding
from tui.cli.annotations import Annotation, annotations_of, are_wanted


def lines(matrix: Matrix, code: int = 1) -> list[str]:
    return [str(each) for each in annotations_of(matrix, code)]


def test_the_headline_comes_first_then_each_endpoint_with_a_finding_and_what_was_not_tested():
    result, *others = lines(small())
    assert result.startswith(
        "::error title=Access matrix::2 unexpected results: 1 allowed that should be denied, 1 den"
    )
    assert others == [
        (
            "::error title=Unexpected allow::POST /api/Chat/AskAgent as Grace Hopper · u-2: "
            "allowed, expected deny: 200 OK: success"
        ),
        (
            "::error title=Unexpected deny::POST /api/Chat/AskAgent as Ada Lovelace · u-1: "
            "denied, expected allow: 403 Forbidden: forbidden"
        ),
        "::error title=Not tested::u-4 was not tested: inconclusive at every endpoint (sign-in refused: 403).",
        (
            "::warning title=Drift::GET /api/ListUsers as Grace Hopper · u-2: "
            "differs, expected allow, baseline same: 200 OK: success"
        ),
    ]


def test_a_stale_waiver_is_an_error_and_a_success_a_notice():
    matrix = document(policy(STALE["not needed"][0], default="allow"))
    assert lines(matrix)[1].startswith("::error title=Stale waiver::Waiver 1 (“x”) of grace is no longer needed")
    (notice,) = lines(document(policy(default="allow")), 0)
    assert notice == "::notice title=Access matrix::4 cells tested, all as expected."


def test_a_crowd_of_endpoints_is_ten_lines_of_which_the_last_counts_the_rest():
    matrix = crowd(20)
    for place, cell in enumerate(matrix.cells):
        matrix.cells[place] = msgspec.structs.replace(
            cell, finding=Finding.UNEXPECTED_ALLOW, endpoint=f"GET /{place % 15}"
        )
    matrix.endpoints[:] = [Column(f"GET /{number}") for number in range(15)]
    told = lines(matrix)
    assert len(told) == 10
    assert told[-1] == "::error title=Access matrix::7 more, in the reports."
    assert " and 9 more: " in told[1]


@hostile_texts
def test_hostile_texts_end_no_line_and_begin_no_command(text):
    told = "\n".join(lines(texts(text)))
    assert {line[:8] for line in told.splitlines()} <= {"::error ", "::warnin", "::notice"}
    assert told.replace("\n", "").isprintable()


def test_what_separates_the_parts_of_a_command_is_escaped():
    annotation = Annotation("error", "a,b:c%", "100 %\nof a::b", "a:b,c.yaml", 7)
    assert str(annotation) == "::error file=a%3Ab%2Cc.yaml,line=7,title=a%2Cb%3Ac%25::100 %25⏎of a::b"


@pytest.mark.parametrize(
    ("when", "variable", "wanted"),
    [
        ("auto", "true", True),
        ("auto", "", False),
        ("auto", "false", False),
        ("never", "true", False),
        ("always", "", True),
    ],
)
def test_they_are_written_in_jobs_of_github_unless_said_otherwise(monkeypatch, when, variable, wanted):
    monkeypatch.setenv("GITHUB_ACTIONS", variable)
    assert are_wanted(when) is wanted
