"""What was planted is found exactly: in the headline, in every report, and by the exit code."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from xml.etree import ElementTree as ET

import msgspec
import pytest
from bs4 import BeautifulSoup

from tests.kit.planted import DRIFTS, VIOLATIONS, planted
from tui.access.live_matrix import LiveMatrix
from tui.access.matrix_document import Matrix, RunParameters, decode, encode
from tui.access.reports import csv_report, html, junit, markdown, sarif
from tui.access.reports.wording import headline
from tui.cli.annotations import annotations_of
from tui.cli.matrix_report import exit_code


@pytest.fixture(scope="module", name="planted")
def _planted() -> Matrix:
    return planted()


def test_in_the_headline(planted):
    words = headline(LiveMatrix.of(planted))
    assert words.startswith(
        "10 unexpected results: 10 allowed that should be denied. 320 of 400 cells tested, 1 waived;"
    )
    assert "80 untested: all of GET /8, GET /9." in words
    assert "(4 more)" in words
    assert "1 waiver has expired. 2 waivers are no longer needed." in words


def test_in_json(planted):
    found = decode(encode(planted))
    findings = {(each.identity, each.endpoint): each.finding for each in found.findings()}
    assert findings == dict.fromkeys(VIOLATIONS, "unexpected allow") | dict.fromkeys(DRIFTS, "drift")
    assert Counter(gap.kind for gap in found.gaps) == {"endpoint": 2, "policy": 5}
    assert [use.state for use in found.waivers] == ["expired", "not needed", "not needed", "in use"]


def test_in_csv(planted):
    lines = csv.DictReader(io.StringIO(csv_report.encode(planted).decode()))
    counted = Counter(line["finding"] for line in lines)
    assert {name: number for name, number in counted.items() if name} == {
        "unexpected allow": 10,
        "drift": 10,
        "untested endpoint": 2,
        "untested policy": 5,
        "stale waiver": 3,
    }


def test_in_junit(planted):
    failures = Counter(failure.attrib["type"] for failure in ET.fromstring(junit.encode(planted)).iter("failure"))
    assert failures == {
        "unexpected allow": 10,
        "drift": 10,
        "untested endpoint": 2,
        "untested policy": 5,
        "waiver expired": 1,
        "waiver not needed": 2,
    }


def test_in_sarif(planted):
    run = json.loads(sarif.encode(planted))["runs"][0]
    live = Counter(result["ruleId"] for result in run["results"] if "suppressions" not in result)
    assert live == {"unexpected-allow": 10, "drift": 10}
    assert sum("suppressions" in result for result in run["results"]) == 1
    notices = Counter(each["descriptor"]["id"] for each in run["invocations"][0]["toolExecutionNotifications"])
    del notices["inconclusive"]
    assert notices == {"untested-endpoint": 2, "untested-policy": 5, "stale-waiver": 3}


def test_in_html_and_markdown(planted):
    page = BeautifulSoup(html.encode(planted), "html.parser")
    assert [each.get_text(" ", strip=True) for each in page.select(".finding h3")] == [
        "! Unexpected allow · 10 cells",
        "~ Drift · 10 cells",
    ]
    assert len(page.select(".waivers .alarm")) == 3
    assert [each.get_text() for each in page.select(".cells td > b")].count("Aw") == 1
    written = markdown.encode(planted).decode()
    for text in (page.get_text(), written.replace("&#42;", "*").replace("&#58;", ":")):
        assert text.count(" was not tested: inconclusive for every identity") == 2
        in_vain = sum(text.count(words) for words in ("no known endpoint", "matches no user"))
        assert in_vain == 5 + 1, "each of them, and the first again in the headline"
    assert "### Unexpected allow: 10 cells" in written
    assert "### Drift: 10 cells" in written


def test_by_the_exit_code_and_in_annotations(planted):
    assert exit_code(planted, tolerated=100) == 1
    lenient = msgspec.structs.replace(planted, parameters=RunParameters(fail_on=("untested",)))
    assert exit_code(lenient, tolerated=100) == 6
    errors = [str(each) for each in annotations_of(planted, 1)]
    assert len(errors) == 10
    assert sum("title=Unexpected allow" in each for each in errors) == 4
