"""A person looks for a file to send: what can be sent is listed, the latest first."""

import os
from pathlib import Path

import pytest

from tui import files
from tui.errors import RequestRejectedError
from tui.files import Entry, list_directory


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for name, age in (("old.pdf", 300), ("new.pdf", 100), ("older.pdf", 500)):
        (tmp_path / name).write_bytes(b"x" * age)
        os.utime(tmp_path / name, (1_700_000_000 - age, 1_700_000_000 - age))
    for name in ("zoo", "Archive"):
        (tmp_path / name).mkdir()
    return tmp_path


def names(entries: tuple[Entry, ...]) -> list[str]:
    return [entry.path.name for entry in entries]


def test_files_come_latest_first_and_then_directories_by_name(home: Path) -> None:
    entries = list_directory(home)
    assert names(entries) == ["new.pdf", "old.pdf", "older.pdf", "Archive", "zoo"]
    assert [entry.size for entry in entries[:3]] == [100, 300, 500]
    assert entries[0].changed == 1_700_000_000 - 100
    assert [entry.is_directory for entry in entries] == [False] * 3 + [True] * 2


def test_what_has_no_end_and_what_leads_nowhere_is_left_out(home: Path) -> None:
    os.mkfifo(home / "pipe")
    (home / "nowhere").symlink_to(home / "gone")
    (home / "device").symlink_to("/dev/zero")
    (home / "link.pdf").symlink_to(home / "new.pdf")
    assert names(list_directory(home)) == ["link.pdf", "new.pdf", "old.pdf", "older.pdf", "Archive", "zoo"]


def test_files_of_the_same_time_come_by_name(tmp_path: Path) -> None:
    for name in "fbdCeA":
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (1_700_000_000, 1_700_000_000))
    assert names(list_directory(tmp_path)) == [*"AbCdef"]


def test_of_a_directory_with_very_many_files_some_are_listed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_MOST_ENTRIES", 4)
    assert len(list_directory(home)) == 4


@pytest.mark.parametrize("place", ["gone", "new.pdf", "nul\0"])
def test_what_cannot_be_listed_is_refused_in_words(home: Path, place: str) -> None:
    with pytest.raises(RequestRejectedError, match="cannot be read") as refusal:
        list_directory(home / place)
    assert refusal.value.advice == "Check the path and its permissions."
