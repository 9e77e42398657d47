"""Responses that may be a denial are asked about, with a rule that a file of rules can hold."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

import msgspec
import pytest

from tests.kit.matrices import matrix_of
from tui.access.classifier import ClassifiedResponse, Classifier
from tui.access.evaluation import Expectations
from tui.access.live_matrix import LiveMatrix
from tui.access.matrix_document import Matrix
from tui.access.model import APPLICATION_ROW, Cell, Column, Row, Verdict
from tui.access.reports import csv_report, html, junit, markdown, sarif
from tui.access.reports.wording import suggestion_sentence
from tui.access.rules import Rules, default_rules, read_rules
from tui.access.suggestions import rules_file
from tui.cli.matrix_report import _table

LIST, OBJECT = b'[{"id": 1}]', b'{"id": 1, "title": "Budget", "text": "a"}'
Response = tuple[int, bytes] | tuple[int, bytes, str]


def cells(endpoint: str, responses: Iterable[Response], rules: Rules | None = None) -> Iterator[Cell]:
    """A cell for each response, each to another user."""
    classifier = Classifier(rules or default_rules())
    for number, (status, body, *content_type) in enumerate(responses):
        headers = (("Content-Type", "".join(content_type) or "application/json"),)
        response = ClassifiedResponse(status=status, reason="", headers=headers, endpoint=endpoint, body=body)
        said = classifier.classify(response)
        yield Cell(
            identity=f"u-{number}",
            endpoint=endpoint,
            status=status,
            expected=None,
            **{name: getattr(said, name) for name in ("verdict", "reason", "rule", "needs_witness", "shape")},
        )


def board(*responses: Response, endpoint: str = "GET /a", rules: Rules | None = None) -> LiveMatrix:
    rows = [Row(f"u-{number}") for number in range(len(responses))]
    return LiveMatrix.evaluated(rows, [Column(endpoint)], Expectations(), cells(endpoint, responses, rules))


QUESTIONS: dict[str, tuple[tuple[Response, ...], str]] = {
    "an empty list": (((200, LIST), (200, b"[]")), "1 response of GET /a was 200 with an empty list where others got"),
    "an empty list inside": (
        ((200, b'{"ok": true, "data": [1]}'), (200, b'{"ok": true, "data": []}')),
        "an empty list",
    ),
    "a page of nothing": (((200, b'{"items": [1], "page": 1}'), (200, b'{"items": [], "page": 1}')), "an empty list"),
    "nothing inside": (
        ((200, b'{"ok": true, "data": {"a": 1}}'), (200, b'{"ok": true, "data": null}')),
        "an empty res",
    ),
    "no content": (((200, LIST), (204, b"")), "204 with no content"),
    "other words": (((200, OBJECT), (200, b'{"meldung": "nein"}')), "a success with meldung"),
    "less of an object": (((200, OBJECT), (200, b'{"id": 1}')), "a success without text"),
    "a text": (((200, OBJECT), (200, b"nein")), "a success with a text"),
    "a page": (((200, LIST), (200, b"<html>", "text/html")), "200 with an HTML page"),
    "a page of another type": (((200, LIST), (200, b"<html>")), "200 with an HTML page"),
    "a redirect": (((200, LIST), (302, b"")), "a redirect (302)"),
    "an invalid request": (((200, LIST), (400, b"")), "a client error (400)"),
    "nothing for anyone": (((200, b"[]"), (200, b"[]")), "All 2 responses of GET /a were 200 with an empty list"),
}


@pytest.mark.parametrize(("responses", "words"), QUESTIONS.values(), ids=QUESTIONS)
def test_what_may_be_a_denial_is_asked_about_and_is_one_with_the_suggested_rule(tmp_path, responses, words):
    asked = board(*responses)
    (suggestion,) = asked.suggestions
    assert words in suggestion_sentence(suggestion)
    path = tmp_path / "rules.yaml"
    path.write_text(rules_file([suggestion]))
    answered = board(*responses, rules=read_rules(path))
    verdicts = [cell.verdict for cell in answered.cells]
    assert verdicts[-1] == "denied"
    assert verdicts[0] == ("allowed" if suggestion.others else "denied")
    assert answered.suggestions == []
    path.write_text(rules_file([suggestion]).replace('verdict: "denied"', 'verdict: "allowed"'))
    contradicted = board(*responses, rules=read_rules(path))
    assert {cell.verdict for cell in contradicted.cells} == {"allowed"}
    assert contradicted.suggestions == []


@pytest.mark.parametrize(("responses", "words"), QUESTIONS.values(), ids=QUESTIONS)
def test_the_cells_that_a_suggestion_is_about_are_those_that_it_counts(responses, words):
    asked = board(*responses)
    (suggestion,) = asked.suggestions
    doubtful = [cell for cell in asked.cells if asked.suggestion_for(cell) is suggestion]
    assert len(doubtful) == suggestion.cells == sum(map(asked.doubtful, Verdict))
    assert asked.cells[-1] in doubtful
    assert (asked.cells[0] in doubtful) is not suggestion.others


def test_a_response_is_asked_about_once_though_the_other_identity_alone_gets_data():
    first, *others = cells("GET /a", ((200, LIST), (200, b"[]"), (200, b"[]")))
    first = msgspec.structs.replace(first, identity=APPLICATION_ROW.id, kind=APPLICATION_ROW.kind)
    rows = [APPLICATION_ROW, Row("u-1"), Row("u-2")]
    asked = LiveMatrix.evaluated(rows, [Column("GET /a")], Expectations(), [first, *others])
    assert [(each.cells, each.others) for each in asked.suggestions] == [(2, True)]


PLAIN: dict[str, tuple[str, tuple[Response, ...]]] = {
    "the same for all": ("GET /a", ((200, LIST), (200, b'[{"id": 2}, {"id": 3}]'))),
    "a member more or less": ("GET /a", ((200, OBJECT), (200, b'{"id": 1, "title": "Budget"}'))),
    "no body, as HEAD has it": ("HEAD /a", ((200, b""), (200, b""))),
    "no content after a change": ("POST /a", ((204, b""), (204, b""))),
    "empty for all who are not denied": ("GET /a", ((200, b"[]"), (200, b"[]"), (403, b""))),
    "one who was asked alone": ("GET /a", ((200, b"[]"),)),
    "an error of the server": ("GET /a", ((200, LIST), (500, b""))),
    "too many requests": ("GET /a", ((200, LIST), (429, b""))),
    "a request that took too long": ("GET /a", ((200, LIST), (408, b""))),
}


@pytest.mark.parametrize(("endpoint", "responses"), PLAIN.values(), ids=PLAIN)
def test_what_is_no_denial_is_not_asked_about(endpoint, responses):
    assert board(*responses, endpoint=endpoint).suggestions == []


def asking() -> Matrix:
    """A matrix with a question."""
    found = [*cells("GET /a", ((200, LIST), (200, b"[]")))]
    return matrix_of([Row("u-0"), Row("u-1")], [Column("GET /a")], found)


WRITERS = {
    "HTML": lambda matrix: html.encode(matrix).decode(),
    "Markdown": lambda matrix: markdown.encode(matrix).decode(),
    "JUnit": lambda matrix: junit.encode(matrix).decode(),
    "the terminal": lambda matrix: "\n".join(_table(matrix)),
}


GRIDS = {
    "HTML": (WRITERS["HTML"], '<td class="allowed doubt"', '<b aria-hidden="true">A?</b>'),
    "the terminal": (WRITERS["the terminal"], "A?   u-1", "A?   u-1"),
}


@pytest.mark.parametrize(("written", "style", "mark"), GRIDS.values(), ids=GRIDS)
def test_what_may_be_a_denial_is_marked_in_the_grid_of_a_report(written, style, mark):
    report = written(asking())
    assert report.count(style) == report.count(mark) == 1


def test_the_html_report_says_at_the_cell_why_it_is_doubtful():
    why = "allowed, may be a denial (200 with an empty list where others got data) — "
    assert WRITERS["HTML"](asking()).count(f'title="{why}') == 1


@pytest.mark.parametrize("written", WRITERS.values(), ids=WRITERS)
def test_the_rule_can_be_pasted_from_every_report_for_people(written):
    report = written(asking()).replace("&#34;", '"')
    assert "is that a denial?" in report
    for line in rules_file(asking().suggestions).splitlines():
        assert line in report


def test_the_rule_is_in_every_report_for_programs():
    (suggestion,) = asking().suggestions
    assert msgspec.json.decode(msgspec.json.encode(asking()))["suggestions"][0]["rule"] == suggestion.rule
    notes = json.loads(sarif.encode(asking()))["runs"][0]["invocations"][0]["toolExecutionNotifications"]
    assert '"empty":true' in notes[-1]["message"]["text"]
    assert ",suggested rule,," in csv_report.encode(asking()).decode()
