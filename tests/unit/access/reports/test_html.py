"""The page: what a manager reads first, and that nothing in it acts."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest
from bs4 import BeautifulSoup

from tests.kit.matrices import ADA, LIST, cell, crowd, hostile_texts, matrix_of, small, texts
from tui.access.matrix_document import Matrix, RunParameters
from tui.access.model import Column, Row, Verdict
from tui.access.reports.html import encode

LOADING = {"src", "href", "srcset", "data", "action", "formaction", "poster", "background", "ping", "style"}


def page(matrix: Matrix) -> BeautifulSoup:
    return BeautifulSoup(encode(matrix), "html.parser")


def text(element) -> str:
    return " ".join(element.get_text(" ").split())


def skeleton(matrix: Matrix) -> list[tuple[str, tuple[str, ...]]]:
    """Elements and the names of their attributes, in their order; where a path may break does not matter."""
    return [(each.name, tuple(each.attrs)) for each in page(matrix).find_all() if each.name != "wbr"]


def endpoints(names: list[str]) -> Matrix:
    columns = [Column(name) for name in names]
    cells = [cell(ADA, column, 200, Verdict.ALLOWED, "success") for column in columns]
    return matrix_of([ADA], columns, cells, parameters=RunParameters(shard=(2, 8)))


def test_findings_come_first_in_words():
    told = page(small())
    assert text(told.find(class_="headline")) == (
        "2 unexpected results: 1 allowed that should be denied, 1 denied that should be allowed. "
        "8 of 12 cells tested; 4 untested, among them all of u-4."
    )
    assert "3 of 11 cells (27.3 %) are inconclusive." in text(told.find(class_="result"))
    assert "1 of 12 cells (8.3 %) has no result." in text(told.find(class_="result"))
    assert [text(each) for each in told.select(".finding h3")] == [
        "! Unexpected allow · 1 cell",
        "! Unexpected deny · 1 cell",
        "~ Drift · 1 cell",
    ]
    first = text(told.find(class_="finding"))
    assert "Allowed, but policy.yaml says deny." in first
    assert "1 identity: 1 Monitor Grace Hopper · u-2 allowed, expected deny: 200 OK: success" in first


def test_each_cell_has_a_letter_a_status_and_its_evidence():
    told = page(small())
    (row,) = told.select(".cells tr:has(.unexpected-allow)")
    assert text(row).startswith("Grace Hopper u-2 ≠~ drift: differs 200 A! unexpected allow: allowed 200")
    letters = {text(each) for each in told.select(".cells tbody td > b")}
    assert letters == {"A", "D", "=", "?", "·", "A!", "D!", "≠~"}
    title = told.select(".cells td.inconclusive")[0]["title"]
    assert title == "inconclusive, expected deny — 503: server error"


def test_roles_are_summed_up_as_a_heat_map():
    rows = {text(row.th): [text(cell) for cell in row.find_all("td")] for row in page(small()).select(".heat tbody tr")}
    assert rows == {
        "Other identities 2 identities": ["1 of 2", "none"],
        "Admin 1 identity": ["all", "none !"],
        "Monitor 2 identities": ["all", "all ! 1 ?"],
        "No role 1 identity": ["?", "?"],
    }


def test_coverage_names_what_was_skipped_and_why():
    shown = page(small())
    assert "2 of 4 endpoints of swagger.json requested" in text(shown.find(class_="facts"))
    (section,) = shown.select("section[aria-labelledby=coverage]")
    assert [text(each) for each in section.select(".places > li")] == [
        "1 endpoint skipped, may change data, and was not chosen DELETE /api/Users/{id}",
        "1 endpoint skipped, missing value: --value id=… GET /api/Reports/{id}",
    ]


def test_the_end_of_the_audit_trail_is_among_the_details():
    details = page(small()).select("dl.details")[0]
    assert f"Audit trail 1234:{'9f' * 32} on desk" in text(details)


@pytest.mark.parametrize(
    ("matrix", "words"),
    [
        (matrix_of([], [], []), "No policy or baseline applies"),
        (crowd(20), "190 of 200 cells tested, all as expected; 10 untested."),
    ],
)
def test_where_nothing_stands_out_it_says_so(matrix, words):
    told = page(matrix)
    assert words in text(told.find(class_="headline"))
    assert told.find(class_="finding") is None


def test_a_crowd_with_a_thousand_findings_stays_short_and_says_what_it_leaves_out():
    (said,) = page(crowd(3_000, findings=1_000)).select(".whom li")
    assert text(said).startswith("User 0 · u-0, User 1 · u-1, ")
    assert text(said).endswith("and 970 more, in the JSON and CSV reports allowed, expected deny: 200 OK: success")


def test_why_cells_could_not_be_decided_is_said_once_whomever_it_names():
    rows = [Row(f"u-{number}", name=f"User {number}") for number in range(40)]
    cells = [cell(row, LIST, None, Verdict.INCONCLUSIVE, f"{row.identity} is suspended.") for row in rows]
    told = page(matrix_of(rows, [LIST], cells))
    assert [text(each) for each in told.select(".inconclusive-reasons li")] == [
        "… is suspended. — 40 cells of 40 identities at 1 endpoint"
    ]


def test_more_endpoints_than_fit_on_paper_are_tables_below_each_other():
    names = [f"GET /api/{number}" for number in range(30)]
    told = page(endpoints(names))
    assert [text(each) for each in told.select(".cells caption")] == [
        "Who can reach what, endpoints 1 to 14 of 30",
        "Who can reach what, endpoints 15 to 28 of 30",
        "Who can reach what, endpoints 29 to 30 of 30",
    ]
    assert [each["title"] for each in told.select(".cells th.endpoint")] == names


def test_a_part_of_a_run_says_that_it_is_one():
    assert "This is shard 2 of 8" in text(page(endpoints(["GET /api/1"])).find(class_="result"))


def test_it_loads_nothing_and_its_policy_lets_a_browser_apply_only_its_own_style():
    told = page(small())
    assert not told.find_all(["script", "link", "img", "iframe", "object", "embed", "base", "form", "svg", "a"])
    assert not [each for each in told.find_all() if LOADING & set(each.attrs)]
    (style,) = (each.decode_contents() for each in told.find_all("style"))
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    (policy,) = told.select("meta[http-equiv=Content-Security-Policy]")
    assert str(policy["content"]).startswith(f"default-src 'none'; style-src 'sha256-{digest}';")
    assert not re.search(r"url\(|@import|https?:", style)


@hostile_texts
def test_hostile_texts_are_texts(text):
    assert skeleton(texts(text)) == skeleton(texts("harmless"))
    written = encode(texts(text)).decode()
    assert all(character.isprintable() or character in "\n\u2009" for character in written)
    assert len(written) < 50_000
