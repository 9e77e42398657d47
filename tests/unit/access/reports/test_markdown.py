"""The Markdown report: what a reader of a job's page needs, first what is wrong; and outside text is text."""

from __future__ import annotations

from tests.kit.matrices import crowd, hostile_texts, small, texts
from tui.access.reports.markdown import encode, escaped


def test_the_result_comes_first_then_what_is_missing_then_the_findings():
    written = encode(small()).decode()
    lines = written.splitlines()
    assert lines[0] == "## Access matrix of demo.aicrisk.com"
    assert lines[2].startswith(
        "**2 unexpected results: 1 allowed that should be denied, 1 denied that should be allowed."
    )
    assert "- u-4 was not tested: inconclusive at every endpoint (sign-in refused: 403)." in lines
    allow = lines.index("### Unexpected allow: 1 cell")
    assert lines[allow + 2] == "Allowed, but policy.yaml says deny."
    result = "allowed, expected deny: 200 OK: success"
    assert lines[allow + 6] == f"| POST /api/Chat/AskAgent | Grace Hopper · u-2 | {result} |"
    assert allow < lines.index("### Unexpected deny: 1 cell") < lines.index("### Drift: 1 cell")


def test_access_by_role_is_a_table_with_an_endpoint_a_line():
    lines = encode(small()).decode().splitlines()
    first = lines.index("### Allowed, by role") + 2
    assert lines[first] == "| endpoint | Other identities (2) | Admin (1) | Monitor (2) | No role (1) |"
    assert lines[first + 2 : first + 4] == [
        "| GET /api/ListUsers | 1 of 2 | all | all | ? |",
        "| POST /api/Chat/AskAgent | none | none **!** | all **!** | ? |",
    ]


def test_coverage_names_what_was_skipped_and_why():
    lines = encode(small()).decode().splitlines()
    first = lines.index("### Coverage: 2 of 4 endpoints of swagger.json requested") + 2
    assert lines[first : first + 2] == [
        "- skipped, may change data, and was not chosen: DELETE /api/Users/&#123;id&#125;",
        "- skipped, missing value: --value id=…: GET /api/Reports/&#123;id&#125;",
    ]


def test_the_end_of_the_audit_trail_is_among_the_details():
    assert f"- Audit trail: 1234:{'9f' * 32} on desk" in encode(small()).decode().splitlines()


def test_a_crowd_stays_short():
    assert len(encode(crowd(1_000, findings=900))) < 60_000


@hostile_texts
def test_hostile_texts_are_texts(text):
    written = encode(texts(text)).decode()
    assert all(character.isprintable() for character in written if character != "\n")
    assert not any(mark in written for mark in ("<script", "<img", "](http", "javascript:"))


def test_nothing_in_a_text_is_markup_a_link_or_a_mention():
    text = "@admin #7 [x](http://e) `a` *b* <b> | www.e.example $x$"
    assert not set(escaped(text).replace("&#", "")) & set("@[]`*<>|$")
    assert "://" not in escaped(text)
    assert "www." not in escaped(text)
