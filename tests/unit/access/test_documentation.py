"""The reference of the JSON format names all that a document can hold, and its examples are understood."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from tui.access.field_values import values_problems
from tui.access.matrix_document import VERSION, Matrix, RunParameters, Summary
from tui.access.model import Cell, Column, Coverage, Finding, Gap, Row, SkippedEndpoint, Verdict, WaiverUse
from tui.access.policy import read_policy
from tui.access.rules import read_rules
from tui.access.structured_file import StructuredFile
from tui.airisk.endpoints.catalog import ENDPOINTS
from tui.airisk.models import AuditHead

DOCS = Path(__file__).parents[3] / "docs"
REFERENCE = (DOCS / "matrix-json.md").read_text()
GUIDE = (DOCS / "matrix.md").read_text()


@pytest.mark.parametrize(
    "kind", [Matrix, Row, Column, Cell, Gap, Coverage, SkippedEndpoint, WaiverUse, AuditHead, RunParameters, Summary]
)
def test_every_member_is_documented(kind):
    missing = [name for name in msgspec.structs.fields(kind) if f"`{name.encode_name}`" not in REFERENCE]
    assert missing == []


def test_every_verdict_finding_and_the_version_are_documented():
    assert [value for value in (*Verdict, *Finding) if f"`{value}`" not in REFERENCE] == []
    assert f"version {VERSION}" in REFERENCE.splitlines()[0]


def test_the_example_of_values_fits_the_catalog(tmp_path):
    (example,) = re.findall(r"```yaml\n(version: 1\nvalues:.*?)```", GUIDE, re.DOTALL)
    (tmp_path / "values.yaml").write_text(example)
    assert values_problems(StructuredFile.read(tmp_path / "values.yaml"), ENDPOINTS) == []


@pytest.mark.parametrize(("heading", "read"), [("Write a policy", read_policy), ("Write verdict rules", read_rules)])
def test_the_example_of_each_file_is_understood(tmp_path, heading, read):
    (section,) = re.findall(rf"^## {heading}\n(.*?)^## ", GUIDE, re.DOTALL | re.MULTILINE)
    example, *_ = re.findall(r"```yaml\n(.*?)```", section, re.DOTALL)
    path = tmp_path / "example.yaml"
    path.write_text(example)
    assert len(read(path).rules) > 1
