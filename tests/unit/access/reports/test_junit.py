"""The JUnit report: the unexpected fails, and what cannot be told is skipped."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec
import xmlschema

from tests.kit.matrices import hostile_texts, small, texts
from tui.access.matrix_document import Matrix
from tui.access.reports.junit import encode

SCHEMA = xmlschema.XMLSchema(str(Path(__file__).parent / "schemas" / "junit-10.xsd"))


def suites(matrix: Matrix) -> dict[str, ET.Element]:
    return {suite.attrib["name"]: suite for suite in ET.fromstring(encode(matrix))}


def test_it_is_what_pipelines_read_as_junit():
    SCHEMA.validate(encode(small()).decode())


def test_each_endpoint_is_a_suite_that_counts_its_cells():
    told = suites(small())
    assert list(told) == ["GET /api/ListUsers", "POST /api/Chat/AskAgent", "Completeness", "Coverage", "Audit trail"]
    counted = {name: told["POST /api/Chat/AskAgent"].attrib[name] for name in ("tests", "failures", "skipped")}
    assert counted == {"tests": "5", "failures": "2", "skipped": "2"}


def test_skipped_endpoints_are_skipped_tests():
    tests = {test.attrib["name"]: test[0] for test in suites(small())["Coverage"]}
    assert {name: (outcome.tag, outcome.attrib["message"]) for name, outcome in tests.items()} == {
        "DELETE /api/Users/{id}": ("skipped", "may change data, and was not chosen"),
        "GET /api/Reports/{id}": ("skipped", "missing value: --value id=…"),
    }


def test_the_end_of_the_audit_trail_is_a_property():
    (property_,) = suites(small())["Audit trail"].iter("property")
    assert property_.attrib == {"name": "audit trail of desk", "value": f"1234:{'9f' * 32}"}


def test_only_what_is_unexpected_or_untested_fails_and_drift_is_a_note():
    root = ET.fromstring(encode(small()))
    failed = [test.attrib["name"] for test in root.iter("testcase") if test.find("failure") is not None]
    assert failed == ["Ada Lovelace · u-1 (Admin)", "Grace Hopper · u-2 (Monitor)", "u-4"]
    assert root.attrib["failures"] == "3"
    assert [note.text for note in root.iter("system-out")] == [
        "drift: differs, expected allow, baseline same: 200 OK: success"
    ]


def test_drift_fails_where_the_person_said_so():
    matrix = small()
    parameters = msgspec.structs.replace(matrix.parameters, fail_on=("unexpected-allow", "drift"))
    strict = msgspec.structs.replace(matrix, parameters=parameters)
    root = ET.fromstring(encode(strict))
    assert root.attrib["failures"] == "2"
    assert next(failure.attrib["type"] for failure in root.iter("failure")) == "drift"
    notes = [note.text for note in root.iter("system-out")]
    assert notes == ["unexpected deny: denied, expected allow: 403 Forbidden: forbidden"]


@hostile_texts
def test_hostile_texts_are_texts(text):
    written = encode(texts(text)).decode()
    SCHEMA.validate(written)
    names = [element.tag for element in ET.fromstring(written).iter()]
    failed, skipped = ["testcase", "failure"], ["testcase", "skipped"]
    audit = ["testsuite", "properties", "property"]
    assert names == ["testsuites", "testsuite", *failed, *skipped, "testsuite", *failed, "testsuite", *skipped, *audit]
