"""A report's kind follows its file's name, and a report is written whole or not at all."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tests.kit.matrices import crowd, small
from tui.access.matrix_document import decode, encode, read_matrix
from tui.access.reports import check, write
from tui.errors import SettingsError

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("name", ["matrix.csv", "matrix.xml", "matrix.sarif"])
def test_a_small_matrix_is_reported_as_it_always_was(tmp_path, name):
    write(read_matrix(GOLDEN / "matrix.json"), tmp_path / name)
    assert (tmp_path / name).read_text() == (GOLDEN / name).read_text()


def test_json_is_read_again_as_it_was_and_written_again_byte_for_byte(tmp_path):
    write(small(), tmp_path / "matrix.json")
    assert read_matrix(tmp_path / "matrix.json") == small()
    golden = (GOLDEN / "matrix.json").read_bytes()
    assert encode(decode(golden)) == golden


@pytest.mark.parametrize("name", ["a.json", "a.CSV", "a.b.html", "a.xml", "a.sarif"])
def test_a_report_is_for_its_owner_and_replaces_the_last_one(tmp_path, name):
    path = tmp_path / name
    path.write_text("the last one")
    write(small(), path)
    assert path.read_text() != "the last one"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", ["report", "report.pdf", ".json", "json"])
def test_a_name_that_tells_no_kind_is_refused_before_anything_is_asked(tmp_path, name):
    with pytest.raises(SettingsError, match="unknown report format") as refused:
        check(tmp_path / name)
    assert ".json, .csv, .html, .md, .xml or .sarif" in refused.value.advice


def test_a_directory_that_is_not_there_is_reported_before_anything_is_asked(tmp_path):
    with pytest.raises(SettingsError, match="is not a directory"):
        check(tmp_path / "nowhere" / "report.html")


def test_ten_thousand_users_who_are_nearly_alike_make_a_short_page(tmp_path):
    write(crowd(10_000, findings=3), tmp_path / "report.html")
    assert (tmp_path / "report.html").stat().st_size < 150_000
