"""The JUnit XML report, for tools that show the tests of a pipeline.

It has a suite per endpoint and a test per cell. An unexpected cell fails. An inconclusive one is skipped because it
neither passed nor failed. Drift passes with a note because nothing forbids it, unless the run was set to fail on it.
What was not tested at all fails in a suite of its own. Skipped endpoints are skipped tests.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

from tui.access.document import Matrix
from tui.access.model import Cell, Row, Verdict
from tui.access.reports.wording import cell_sentence, gap_sentence, who
from tui.text import clean


def encode(matrix: Matrix) -> bytes:
    """Return XML as in Jenkins' junit-10.xsd, in UTF-8; texts are cleaned, so that XML can hold them."""
    written = io.BytesIO()
    xml = XMLGenerator(written, "utf-8", short_empty_elements=True)
    suites: dict[str, list[Cell]] = {column.name: [] for column in matrix.endpoints}
    for cell in matrix.cells:
        suites.setdefault(cell.endpoint, []).append(cell)
    rows = matrix.rows()
    xml.startDocument()
    name = clean(f"Access matrix of {matrix.deployment}")
    counts = _counts(matrix.cells, matrix, len(matrix.gaps), len(matrix.coverage.skipped))
    xml.startElement("testsuites", AttributesImpl({"name": name, **counts}))
    for endpoint, cells in suites.items():
        xml.characters("\n")
        _write_suite(xml, matrix, endpoint, cells, rows)
    if matrix.gaps:
        xml.characters("\n")
        _write_gaps(xml, matrix)
    if matrix.coverage.skipped:
        xml.characters("\n")
        _write_skipped(xml, matrix)
    xml.characters("\n")
    xml.endElement("testsuites")
    xml.endDocument()
    return written.getvalue() + b"\n"


def _write_suite(
    xml: XMLGenerator, matrix: Matrix, endpoint: str, cells: Sequence[Cell], rows: Mapping[tuple[str, str], Row]
) -> None:
    skipped = sum(_outcome(cell, matrix) == "skipped" for cell in cells)
    attributes = {"name": clean(endpoint), "timestamp": clean(matrix.started), "skipped": str(skipped)}
    xml.startElement("testsuite", AttributesImpl(attributes | _counts(cells, matrix)))
    for cell in cells:
        xml.characters("\n  ")
        _write_test(xml, matrix, cell, rows.get(cell.row_key) or Row(cell.identity, cell.kind))
    xml.characters("\n")
    xml.endElement("testsuite")


def _write_gaps(xml: XMLGenerator, matrix: Matrix) -> None:
    outcome = _gap_outcome(matrix)
    skipped = len(matrix.gaps) if outcome == "skipped" else 0
    attributes = {"name": "Completeness", "timestamp": clean(matrix.started), "skipped": str(skipped)}
    xml.startElement("testsuite", AttributesImpl(attributes | _counts((), matrix, len(matrix.gaps))))
    for gap in matrix.gaps:
        xml.characters("\n  ")
        xml.startElement("testcase", AttributesImpl({"classname": "Completeness", "name": clean(gap.name)}))
        _write_element(xml, outcome, {"type": f"untested {gap.kind}", "message": clean(gap_sentence(gap))})
        xml.endElement("testcase")
    xml.characters("\n")
    xml.endElement("testsuite")


def _write_skipped(xml: XMLGenerator, matrix: Matrix) -> None:
    skipped = matrix.coverage.skipped
    attributes = {"name": "Coverage", "timestamp": clean(matrix.started), "skipped": str(len(skipped))}
    xml.startElement("testsuite", AttributesImpl(attributes | _counts((), matrix, skipped=len(skipped))))
    for each in skipped:
        xml.characters("\n  ")
        xml.startElement("testcase", AttributesImpl({"classname": "Coverage", "name": clean(each.name)}))
        _write_element(xml, "skipped", {"message": clean(each.reason)})
        xml.endElement("testcase")
    xml.characters("\n")
    xml.endElement("testsuite")


def _write_test(xml: XMLGenerator, matrix: Matrix, cell: Cell, row: Row) -> None:
    attributes = {"classname": clean(cell.endpoint), "name": clean(who(row))}
    if cell.milliseconds is not None:
        attributes["time"] = f"{cell.milliseconds / 1000:.3f}"
    xml.startElement("testcase", AttributesImpl(attributes))
    outcome = _outcome(cell, matrix)
    if outcome == "skipped":
        _write_element(xml, outcome, {"message": clean(cell.reason)})
    elif outcome == "failure":
        kind = cell.finding.value if cell.finding else ""
        _write_element(xml, outcome, {"type": kind, "message": clean(f"{kind}: {cell_sentence(cell)}")})
    elif cell.finding:
        _write_element(xml, "system-out", {}, clean(f"{cell.finding}: {cell_sentence(cell)}"))
    xml.endElement("testcase")


def _write_element(xml: XMLGenerator, name: str, attributes: dict[str, str], text: str = "") -> None:
    xml.startElement(name, AttributesImpl(attributes))
    if text:
        xml.characters(text)
    xml.endElement(name)


def _counts(cells: Sequence[Cell], matrix: Matrix, gaps: int = 0, skipped: int = 0) -> dict[str, str]:
    failed = sum(_outcome(cell, matrix) == "failure" for cell in cells)
    failed += gaps if _gap_outcome(matrix) == "failure" else 0
    return {"tests": str(len(cells) + gaps + skipped), "failures": str(failed), "errors": "0"}


def _outcome(cell: Cell, matrix: Matrix) -> str:
    """Return the name of the outcome's element: `failure`, `skipped`, or an empty text if the cell passed."""
    if cell.finding and cell.finding.replace(" ", "-") in matrix.parameters.fail_on:
        return "failure"
    return "skipped" if cell.verdict is Verdict.INCONCLUSIVE else ""


def _gap_outcome(matrix: Matrix) -> str:
    return "failure" if "untested" in matrix.parameters.fail_on else "skipped"
