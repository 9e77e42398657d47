"""The JUnit XML report, for tools that show the tests of a pipeline.

It has a suite per endpoint and a test per cell. An unexpected cell fails. An inconclusive one is skipped because it
neither passed nor failed. Drift passes with a note because nothing forbids it, unless the run was set to fail on it.
What was not tested at all fails in a suite of its own, and so do waivers that are expired or no longer needed. Skipped
endpoints are skipped tests.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

from tui.access.matrix_document import Matrix
from tui.access.model import Cell, Row, RowKey, Verdict
from tui.access.reports.wording import (
    HOW_TO_SUGGESTED,
    SUGGESTED,
    cell_sentence,
    gap_sentence,
    suggestion_sentence,
    waiver_sentence,
    who,
)
from tui.access.suggestions import rules_file
from tui.text import clean, clean_lines


@dataclass(frozen=True, slots=True)
class _Test:
    """A test with its outcome: `failure`, `skipped`, or passed, with or without a note."""

    name: str
    outcome: Literal["failure", "skipped", "system-out", ""] = ""
    message: str = ""
    kind: str = ""
    milliseconds: int | None = None


def encode(matrix: Matrix) -> bytes:
    """Return XML as in Jenkins' junit-10.xsd, in UTF-8; texts are cleaned, so that XML can hold them."""
    written = io.BytesIO()
    xml = XMLGenerator(written, "utf-8", short_empty_elements=True)
    suites = dict(_suites(matrix))
    xml.startDocument()
    name = clean(f"Access matrix of {matrix.deployment}")
    counts = _counts([test for tests in suites.values() for test in tests])
    xml.startElement("testsuites", AttributesImpl({"name": name, **counts}))
    for name, tests in suites.items():
        xml.characters("\n")
        _write_suite(xml, matrix, name, tests)
    if matrix.audit:
        xml.characters("\n")
        _write_audit(xml, matrix)
    if matrix.suggestions:
        xml.characters("\n")
        _write_suggestions(xml, matrix)
    xml.characters("\n")
    xml.endElement("testsuites")
    xml.endDocument()
    return written.getvalue() + b"\n"


def _suites(matrix: Matrix) -> Iterator[tuple[str, list[_Test]]]:
    by_endpoint: dict[str, list[_Test]] = {column.name: [] for column in matrix.endpoints}
    rows, labels = matrix.rows(), {column.name: column.label for column in matrix.endpoints}
    for cell in matrix.cells:
        by_endpoint.setdefault(cell.endpoint, []).append(_cell_test(cell, matrix, rows))
    yield from ((labels.get(name, name), tests) for name, tests in by_endpoint.items())
    fail_on = matrix.parameters.fail_on
    others = {
        "Completeness": [
            _Test(
                gap.name, "failure" if "untested" in fail_on else "skipped", gap_sentence(gap), f"untested {gap.kind}"
            )
            for gap in matrix.gaps
        ],
        "Waivers": [
            _Test(
                use.name,
                "system-out" if not use.is_stale else "failure" if "stale-waivers" in fail_on else "skipped",
                waiver_sentence(use),
                f"waiver {use.state}",
            )
            for use in matrix.waivers
        ],
        "Coverage": [_Test(each.name, "skipped", each.reason) for each in matrix.coverage.skipped],
    }
    yield from ((name, tests) for name, tests in others.items() if tests)


def _cell_test(cell: Cell, matrix: Matrix, rows: Mapping[RowKey, Row]) -> _Test:
    name = who(rows.get(cell.row_key) or Row(cell.identity, cell.kind))
    if cell.finding:
        is_failure = cell.finding.replace(" ", "-") in matrix.parameters.fail_on
        message = f"{cell.finding}: {cell_sentence(cell)}"
        return _Test(name, "failure" if is_failure else "system-out", message, cell.finding, cell.milliseconds)
    if cell.verdict is Verdict.INCONCLUSIVE:
        return _Test(name, "skipped", cell.reason, milliseconds=cell.milliseconds)
    return _Test(name, "system-out" if cell.waiver else "", cell_sentence(cell), milliseconds=cell.milliseconds)


def _write_suite(xml: XMLGenerator, matrix: Matrix, name: str, tests: Sequence[_Test]) -> None:
    skipped = sum(test.outcome == "skipped" for test in tests)
    attributes = {"name": clean(name), "timestamp": clean(matrix.started), "skipped": str(skipped)}
    xml.startElement("testsuite", AttributesImpl(attributes | _counts(tests)))
    for test in tests:
        xml.characters("\n  ")
        _write_test(xml, clean(name), test)
    xml.characters("\n")
    xml.endElement("testsuite")


def _write_suggestions(xml: XMLGenerator, matrix: Matrix) -> None:
    """Write the suggested rules as the output of a suite without tests."""
    attributes = {"name": SUGGESTED, "timestamp": clean(matrix.started), "skipped": "0"}
    xml.startElement("testsuite", AttributesImpl(attributes | _counts(())))
    sentences = (clean(suggestion_sentence(each)) for each in matrix.suggestions)
    text = "\n".join([*sentences, HOW_TO_SUGGESTED, clean_lines(rules_file(matrix.suggestions))])
    _write_element(xml, "system-out", {}, text)
    xml.endElement("testsuite")


def _write_audit(xml: XMLGenerator, matrix: Matrix) -> None:
    attributes = {"name": "Audit trail", "timestamp": clean(matrix.started), "skipped": "0"}
    xml.startElement("testsuite", AttributesImpl(attributes | _counts([])))
    xml.startElement("properties", AttributesImpl({}))
    for head in matrix.audit:
        _write_element(xml, "property", {"name": clean(f"audit trail of {head.host}"), "value": clean(str(head))})
    xml.endElement("properties")
    xml.endElement("testsuite")


def _write_test(xml: XMLGenerator, suite: str, test: _Test) -> None:
    attributes = {"classname": suite, "name": clean(test.name)}
    if test.milliseconds is not None:
        attributes["time"] = f"{test.milliseconds / 1000:.3f}"
    xml.startElement("testcase", AttributesImpl(attributes))
    message = clean(test.message)
    if test.outcome == "failure":
        _write_element(xml, "failure", {"type": clean(test.kind), "message": message})
    elif test.outcome == "skipped":
        _write_element(xml, "skipped", {"message": message})
    elif test.outcome:
        _write_element(xml, test.outcome, {}, message)
    xml.endElement("testcase")


def _write_element(xml: XMLGenerator, name: str, attributes: dict[str, str], text: str = "") -> None:
    xml.startElement(name, AttributesImpl(attributes))
    if text:
        xml.characters(text)
    xml.endElement(name)


def _counts(tests: Sequence[_Test]) -> dict[str, str]:
    failed = sum(test.outcome == "failure" for test in tests)
    return {"tests": str(len(tests)), "failures": str(failed), "errors": "0"}
