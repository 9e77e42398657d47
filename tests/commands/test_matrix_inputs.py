"""On a fresh machine, the command gets its endpoints from a description, and their values from a file."""

from __future__ import annotations

import json

from tests.commands.matrix_stage import FAST, cells_of
from tests.kit.deployment.faults import answers

REPORTS = "GET /api/Reports/{id}"
NUMBER = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
DESCRIPTION = json.dumps(
    {
        "openapi": "3.0.0",
        "info": {"title": "Reports"},
        "paths": {
            "/api/Reports": {"get": {}, "delete": {}},
            "/api/Reports/{id}": {"get": {"parameters": [NUMBER]}},
        },
    }
)


def test_a_description_in_a_file_gives_endpoints_and_a_file_their_values(place, airisk):
    for path in ("/api/Reports", "/api/Reports/7", "/api/Reports/8"):
        airisk.breaks(path, answers(200, b"[]"))
    (place.cwd / "airisk.json").write_text(DESCRIPTION)
    (place.cwd / "values.yaml").write_text("values: {id: [7, 8]}\n")
    given = ("matrix", "--as", "u-1", "--openapi", "airisk.json", "--values", "values.yaml", *FAST)
    done = place.run(*given, "--format", "json")
    assert {endpoint for _, endpoint in cells_of(done)} >= {
        "GET /api/Reports",
        "GET /api/Reports/7",
        "GET /api/Reports/8",
    }
    left = json.loads(done.out)["coverage"]["skipped"]
    assert {"name": "DELETE /api/Reports", "reason": "may change data, and was not chosen"} in left
    done = place.run(*given, "--endpoint", REPORTS, "--value", "id=8")
    assert f"  1  {REPORTS}\n" in done.text
    assert "1 of 18 endpoints of airisk.json requested; 17 skipped, named in the reports." in done.text


def test_a_description_of_the_deployment_is_read_from_its_path(place, airisk):
    airisk.breaks("/docs/api.json", answers(200, DESCRIPTION.encode()))
    done = place.run("matrix", "--as", "u-1", "--openapi", "/docs/api.json", "--dry-run")
    assert (done.code, f"skipped {REPORTS}: missing value: --value id=…" in done.err) == (0, True)
    done = place.run("matrix", "--as", "u-1", "--openapi", "/docs/none.json", "--dry-run")
    assert done.code == 2
    assert "there is no file /docs/none.json, and the deployment returned 404 for this path" in done.line


def test_a_value_that_fits_nothing_is_refused_before_anything_is_sent(place, airisk):
    done = place.run("matrix", "--all", "--value", "agentsid=agent-0")
    assert (done.code, done.line) == (
        2,
        "--value agentsid: no known endpoint has this field; did you mean “agentid”?",
    )
    assert airisk.requests == []


def test_values_that_fit_nothing_are_refused_with_their_line_before_anything_is_sent(place, airisk):
    (place.cwd / "airisk.json").write_text(DESCRIPTION)
    (place.cwd / "values.yaml").write_text("values:\n  id: seven\n")
    done = place.run("matrix", "--all", "--openapi", "airisk.json", "--values", "values.yaml")
    assert (done.code, airisk.requests) == (2, [])
    assert done.line.startswith("values.yaml, line 2: id must be a whole number.")
