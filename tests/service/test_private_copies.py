"""Copies for other programs: each is gone with its program, or with the next start."""

import os

import pytest

from tui.screens.private_copies import copy_of, nameless_copy_of, remove_leftovers


@pytest.fixture(autouse=True)
def state(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path / "airisk-tui" / "copies"


def test_a_copy_is_there_for_as_long_as_it_is_read(state):
    with copy_of("half \udcff a character\r\n", ".txt") as copy:
        assert copy.read_bytes() == b"half \xff a character\r\n"
        remove_leftovers()
        assert copy.exists(), "another program that starts leaves it"
    assert list(state.iterdir()) == []


def test_a_copy_that_is_only_read_has_no_name(state):
    with nameless_copy_of("half \udcff a character\r\n") as copy:
        assert copy.read() == b"half \xff a character\r\n"
        assert list(state.iterdir()) == []


def test_what_nobody_holds_is_removed_and_nothing_else(state, tmp_path):
    (state / "left").mkdir(parents=True)
    (state / "left" / "text.json").write_text("{}")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept").touch()
    (state / "link").symlink_to(elsewhere)
    os.mkfifo(state / "pipe")
    remove_leftovers()
    assert not (state / "left").exists()
    assert (elsewhere / "kept").exists()


def test_where_there_are_none_nothing_is_made(state):
    remove_leftovers()
    assert not state.exists()
