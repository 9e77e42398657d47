"""The file of a run: what was known is known again, whatever happened to the file."""

from __future__ import annotations

import os
import stat

import msgspec
import pytest

from tests.unit.access.runs import ADA, BOB, HEAD, cell
from tui.access.evaluation import Expectations
from tui.access.matrix_document import RunParameters
from tui.access.merge import assemble
from tui.access.model import Verdict
from tui.access.run_file import RunFile, directory_of, forget_runs
from tui.airisk.identity import SubjectCheck
from tui.errors import RunFileError


@pytest.fixture
def path():
    return directory_of("https://a.example") / "k.jsonl"


@pytest.fixture
def begun(path):
    """A file with three cells: one let in, one that could not be told, one that is not shown."""
    run = RunFile.open(path)
    run.start(HEAD)
    run.on_row(msgspec.structs.replace(ADA, subject_check=SubjectCheck.CONFIRMED))
    run.on_cell(cell(ADA, "GET /a", Verdict.ALLOWED))
    run.on_cell(cell(ADA, "GET /b", Verdict.INCONCLUSIVE))
    run.on_cell(cell(BOB, "GET /a", Verdict.INCONCLUSIVE, needs_witness=True))
    run.flush()
    run.close()
    return path


def test_it_is_read_again_and_what_could_not_be_decided_is_open(begun):
    run = RunFile.open(begun)
    assert run.head == HEAD
    assert run.rows[ADA.key].subject_check == "confirmed"
    assert len(run.cells) == 3
    assert run.known() == {ADA.key: frozenset({"GET /a"}), BOB.key: frozenset({"GET /a"})}
    assert run.tested() == {ADA.key: frozenset({"GET /a", "GET /b"}), BOB.key: frozenset({"GET /a"})}
    run.on_cell(cell(ADA, "GET /b", Verdict.DENIED))
    run.close()
    again = RunFile.open(begun)
    assert again.cells[cell(ADA, "GET /b", Verdict.DENIED).key].verdict is Verdict.DENIED
    assert len(again.cells) == 3
    again.close()


def test_nobody_else_may_read_it(begun):
    assert stat.S_IMODE(begun.stat().st_mode) == 0o600
    assert stat.S_IMODE(begun.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_cut_anywhere_nothing_false_is_believed_and_more_can_be_added(begun, cut):
    whole = begun.read_bytes()
    begun.write_bytes(whole[:-cut])
    run = RunFile.open(begun)
    assert len(run.cells) == 2
    run.on_cell(cell(BOB, "GET /b", Verdict.DENIED))
    run.close()
    again = RunFile.open(begun)
    assert len(again.cells) == 3
    again.close()


@pytest.mark.parametrize("content", [b"", b"nonsense\n", b"\xff\xfe\n", b'{"version": 99}\n', b"{}"])
def test_what_is_no_run_is_begun_again(path, content):
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    run = RunFile.open(path)
    assert run.head is None
    run.start(HEAD)
    run.close()
    again = RunFile.open(path)
    assert again.head == HEAD
    again.close()


def test_a_line_of_nonsense_takes_no_other_with_it(begun):
    lines = begun.read_bytes().splitlines(keepends=True)
    begun.write_bytes(b"".join([*lines[:2], b"nonsense\n", b"\xff\n", *lines[2:]]))
    run = RunFile.open(begun)
    assert len(run.cells) == 3
    run.close()


def test_two_cannot_hold_it(begun):
    run = RunFile.open(begun)
    with pytest.raises(RunFileError, match="in use by another airisk-tui"):
        RunFile.open(begun)
    run.close()
    RunFile.open(begun).close()


def test_nothing_is_written_through_a_link_that_somebody_laid(path, tmp_path):
    path.parent.mkdir(parents=True)
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(RunFileError, match="cannot be saved"):
        RunFile.open(path)
    assert not (tmp_path / "elsewhere").exists()


def test_a_full_disk_ends_the_run_in_words(begun):
    run = RunFile.open(begun)
    full = os.open("/dev/full", os.O_WRONLY)
    os.dup2(full, run._descriptor)
    os.close(full)
    run.on_cell(cell(BOB, "GET /b", Verdict.DENIED))
    with pytest.raises(RunFileError, match="No space left"):
        run.flush()
    with pytest.raises(RunFileError, match="No space left"):
        run.on_cell(cell(BOB, "GET /b", Verdict.DENIED))
    run.close()


def test_forgotten_nothing_is_left(begun):
    assert forget_runs("https://another.example") == 0
    assert forget_runs("https://a.example") == 1
    assert not begun.exists()


def test_the_report_says_whom_answers_are_compared_with_this_time(path):
    run = RunFile.open(path)
    run.start(msgspec.structs.replace(HEAD, parameters=RunParameters(compared_with="u-2")))
    run.on_cell(cell(ADA, "GET /a", Verdict.ALLOWED))
    assert assemble(run, Expectations(compared_with=ADA.key)).parameters.compared_with == "u-1"
    assert assemble(run, Expectations()).parameters.compared_with == ""
    run.close()


def test_a_run_ended_with_its_last_cell_however_late_its_report_is_written(path):
    run = RunFile.open(path)
    run.start(HEAD)
    assert assemble(run, Expectations(), is_over=True).finished == HEAD.started
    for row, at in (ADA, "2026-11-26T10:00:02.000Z"), (BOB, "2026-11-26T10:00:01.000Z"):
        run.on_cell(msgspec.structs.replace(cell(row, "GET /a", Verdict.ALLOWED), at=at))
    assert assemble(run, Expectations(), is_over=True).finished == "2026-11-26T10:00:02.000Z"
    assert assemble(run, Expectations()).finished == ""
    run.close()
