"""The SARIF report: a result for each finding, which code scanning can follow from run to run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import msgspec

from tests.kit.matrices import crowd, hostile_texts, small, texts
from tui.access.matrix_document import Matrix
from tui.access.reports.sarif import encode

_SCHEMA = json.loads((Path(__file__).parent / "schemas" / "sarif-2.1.0-rtm.5.json").read_text())
VALIDATOR = jsonschema.Draft4Validator(_SCHEMA, format_checker=jsonschema.FormatChecker())


def run(matrix: Matrix) -> dict[str, Any]:
    log = json.loads(encode(matrix))
    VALIDATOR.validate(log)
    (told,) = log["runs"]
    return dict(told)


def test_each_finding_is_a_result_the_gravest_first():
    told = run(small())["results"]
    assert [(result["ruleId"], result["level"]) for result in told] == [
        ("unexpected-allow", "error"),
        ("unexpected-deny", "warning"),
        ("drift", "note"),
    ]
    assert told[0]["message"]["text"] == (
        "Grace Hopper · u-2 (Monitor) at POST /api/Chat/AskAgent: allowed, expected deny: 200 OK: success"
    )
    place = told[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert place == "https://demo.aicrisk.com/api/Chat/AskAgent?now=1"


def test_the_end_of_the_audit_trail_is_a_property_of_the_run():
    assert run(small())["properties"] == {"auditTrail": [f"1234:{'9f' * 32} on desk"]}


def test_drift_is_an_error_where_the_person_said_so():
    matrix = small()
    strict = msgspec.structs.replace(matrix, parameters=msgspec.structs.replace(matrix.parameters, fail_on=("drift",)))
    assert (
        run(strict)["results"][2]["level"] == run(strict)["tool"]["driver"]["rules"][2]["defaultConfiguration"]["level"]
    )
    assert run(strict)["results"][2]["level"] == "error"


def test_rules_say_against_what_a_cell_was_held():
    rules = run(small())["tool"]["driver"]["rules"]
    assert rules[0]["fullDescription"]["text"] == "Allowed, but policy.yaml says deny."


def test_what_is_inconclusive_is_a_note_of_the_run_and_no_result():
    notes = run(small())["invocations"][0]["toolExecutionNotifications"]
    assert [note["message"]["text"] for note in notes] == [
        "POST /api/Chat/AskAgent: 2 of 5 cells inconclusive.",
        "GET /api/ListUsers: 1 of 6 cells inconclusive.",
        "u-4 was not tested: inconclusive at every endpoint (sign-in refused: 403).",
        "DELETE /api/Users/{id} was skipped: may change data, and was not chosen.",
        "GET /api/Reports/{id} was skipped: missing value: --value id=….",
    ]


def test_a_finding_keeps_its_fingerprint_from_run_to_run_and_shares_it_with_none():
    first, later = (
        [result["partialFingerprints"]["cell/v1"] for result in run(matrix)["results"]]
        for matrix in (small(), msgspec.structs.replace(small(), started="2027-01-01T00:00:00Z"))
    )
    assert first == later
    assert len(set(first)) == len(first)


def test_three_among_thousands_are_three_results():
    assert len(run(crowd(1_000, findings=3))["results"]) == 3


@hostile_texts
def test_hostile_texts_are_texts(text):
    assert len(run(texts(text))["results"]) == 1
    assert encode(texts(text)).decode().replace("\n", "").isprintable()
