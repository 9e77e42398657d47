"""The SARIF 2.1.0 report for code scanning: a result per finding, suppressed if waived, and notes on the rest."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

import msgspec

from tui.access.matrix_document import Matrix
from tui.access.model import Cell, Column, Finding, Row, Verdict
from tui.access.object_lists import listed_kind
from tui.access.reports.wording import (
    cell_sentence,
    gap_sentence,
    meaning,
    suggestion_sentence,
    waiver_sentence,
    who,
)
from tui.format import count, plural
from tui.text import clean

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

_LEVELS = {Finding.UNEXPECTED_ALLOW: "error", Finding.UNEXPECTED_DENY: "warning", Finding.DRIFT: "note"}
_TAGS = {
    Finding.UNEXPECTED_ALLOW: ["security", "external/cwe/cwe-862"],
    Finding.UNEXPECTED_DENY: ["reliability"],
    Finding.DRIFT: ["drift"],
}
_IN_URI = "/:?#[]@!$&'()*+,;=-._~%"  # characters that RFC 3986 allows unescaped


def encode(matrix: Matrix) -> bytes:
    """Return SARIF in UTF-8; texts are cleaned because they will be shown."""
    columns = {column.name: column for column in matrix.endpoints}
    rows = matrix.rows()
    version = matrix.program.rpartition(" ")[2]
    run = {
        "tool": {"driver": {"name": "airisk-tui", "version": clean(version), "rules": [*_rules(matrix)]}},
        "automationDetails": {"id": "airisk-tui/matrix/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(matrix)],
        "properties": {"auditTrail": [clean(f"{head} on {head.host}") for head in matrix.audit]},
        "results": [_result(cell, matrix, columns, rows) for cell in (*matrix.findings(), *_waived(matrix))],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return msgspec.json.format(msgspec.json.encode(log), indent=2) + b"\n"


def _rules(matrix: Matrix) -> Iterator[dict[str, Any]]:
    for finding in Finding:
        properties: dict[str, Any] = {"tags": _TAGS[finding], "precision": "high"}
        if finding is Finding.UNEXPECTED_ALLOW:
            properties["security-severity"] = "8.0"
        yield {
            "id": _rule_id(finding),
            "name": finding.title().replace(" ", ""),
            "shortDescription": {"text": finding.capitalize()},
            "fullDescription": {"text": clean(meaning(finding, matrix))},
            "defaultConfiguration": {"level": _level(finding, matrix)},
            "properties": properties,
        }


def _result(
    cell: Cell, matrix: Matrix, columns: Mapping[str, Column], rows: Mapping[tuple[str, str], Row]
) -> dict[str, Any]:
    waived = Finding.UNEXPECTED_ALLOW if cell.verdict.is_access else Finding.UNEXPECTED_DENY
    finding = cell.finding or waived
    column = columns.get(cell.endpoint) or Column(cell.endpoint)
    identity = rows.get(cell.row_key) or Row(cell.identity, cell.kind)
    lists = (each for each in matrix.endpoints if listed_kind(each) == column.kind)
    requested = next(lists, column) if column.is_object else column
    address = quote(matrix.deployment + (requested.target or requested.path), safe=_IN_URI, errors="replace")
    result: dict[str, Any] = {
        "ruleId": _rule_id(finding),
        "ruleIndex": [*Finding].index(finding),
        "level": _level(finding, matrix),
        "message": {"text": clean(f"{who(identity)} at {column.label}: {cell_sentence(cell)}")},
        "locations": [_location(column.label, address)],
        "partialFingerprints": {"cell/v1": _fingerprint(cell, finding, matrix)},
        "webRequest": {"method": clean(requested.method), "target": address},
        "properties": {
            "identity": clean(cell.identity),
            "verdict": cell.verdict,
            "expected": cell.expected,
            "reason": clean(cell.reason),
        },
    }
    if cell.waiver:
        use = next((use for use in matrix.waivers if use.name == cell.waiver), None)
        words = waiver_sentence(use) if use else cell.waiver
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": clean(words)}]
    if cell.status is None:
        return result
    return result | {"webResponse": {"statusCode": cell.status}}


def _waived(matrix: Matrix) -> Iterator[Cell]:
    """Yield the waived cells, which are suppressed results."""
    return (cell for cell in matrix.cells if cell.waiver)


def _location(endpoint: str, address: str) -> dict[str, Any]:
    # Code scanning shows no result without a file and a line; an endpoint has a URL but no line.
    place = {"artifactLocation": {"uri": address}, "region": {"startLine": 1}}
    return {
        "physicalLocation": place,
        "logicalLocations": [{"fullyQualifiedName": clean(endpoint), "kind": "resource"}],
    }


def _invocation(matrix: Matrix) -> dict[str, Any]:
    unsure = Counter(cell.endpoint for cell in matrix.cells if cell.verdict is Verdict.INCONCLUSIVE)
    tested = Counter(cell.endpoint for cell in matrix.cells)
    notes = [
        {
            "level": "warning",
            "descriptor": {"id": "inconclusive"},
            "message": {
                "text": clean(f"{endpoint}: {count(number)} of {plural(tested[endpoint], 'cell')} inconclusive.")
            },
        }
        for endpoint, number in unsure.items()
    ]
    notes += [
        {
            "level": "error",
            "descriptor": {"id": f"untested-{gap.kind}"},
            "message": {"text": clean(gap_sentence(gap))},
        }
        for gap in matrix.gaps
    ]
    notes += [
        {
            "level": "warning",
            "descriptor": {"id": "suggested-rule"},
            "message": {"text": clean(f"{suggestion_sentence(each)} Rule: {msgspec.json.encode(each.rule).decode()}")},
        }
        for each in matrix.suggestions
    ]
    notes += [
        {
            "level": "error" if "stale-waivers" in matrix.parameters.fail_on else "warning",
            "descriptor": {"id": "stale-waiver"},
            "message": {"text": clean(waiver_sentence(use))},
        }
        for use in matrix.waivers
        if use.is_stale
    ]
    notes += [
        {
            "level": "note",
            "descriptor": {"id": "skipped-endpoint"},
            "message": {"text": clean(f"{each.name} was skipped: {each.reason}.")},
        }
        for each in matrix.coverage.skipped
    ]
    invocation = {"executionSuccessful": not matrix.gaps, "toolExecutionNotifications": notes}
    times = (("startTimeUtc", matrix.started), ("endTimeUtc", matrix.finished))
    return invocation | {name: clean(time) for name, time in times if time}


def _fingerprint(cell: Cell, finding: Finding, matrix: Matrix) -> str:
    """Return a fingerprint that stays the same for a cell's finding across runs, waived or not."""
    return hashlib.sha256(msgspec.json.encode([matrix.deployment, *cell.key, finding])).hexdigest()


def _level(finding: Finding, matrix: Matrix) -> str:
    return "error" if finding is Finding.DRIFT and "drift" in matrix.parameters.fail_on else _LEVELS[finding]


def _rule_id(finding: Finding) -> str:
    return finding.replace(" ", "-")
