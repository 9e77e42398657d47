"""Writing: many programs, one chain; whole whatever happens to those who write it."""

import asyncio
import os
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.trails import (
    SMALL_FILES,
    an_entry,
    entries_in,
)
from tui.audit.entry import LINE_CAP, NOTHING_BEFORE, AuditEntry, line_of
from tui.audit.log import AuditLog
from tui.audit.reader import EntryFilter, snapshot
from tui.audit.storage import AuditFiles
from tui.audit.verify import verify
from tui.errors import AuditError


async def test_each_entry_is_a_line_that_names_the_one_before(path):
    trail = AuditLog(path)
    first, second = [(await trail.append(an_entry(name)))[0] for name in ("one", "two")]
    assert entries_in(path) == [first, second]
    assert (first.sequence, first.previous) == (1, NOTHING_BEFORE)
    assert (second.sequence, second.previous) == (2, first.hash)
    assert verify(path).entries == 2


async def test_nobody_else_may_read_it(path):
    before = os.umask(0)
    try:
        path.parent.mkdir(parents=True, mode=0o755)
        path.touch(mode=0o644)
        await AuditLog(path).append(an_entry())
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()} == {0o600}


async def test_nothing_is_written_through_a_link_that_somebody_laid(path, tmp_path):
    path.parent.mkdir(parents=True)
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(AuditError, match="cannot be written"):
        await AuditLog(path).append(an_entry())
    assert not (tmp_path / "elsewhere").exists()


async def test_what_is_requested_at_once_is_written_in_that_order(path):
    trail = AuditLog(path)
    await asyncio.gather(*(trail.append(an_entry(str(index))) for index in range(20)))
    assert [entry.name for entry in entries_in(path)] == [str(index) for index in range(20)]


async def test_a_full_file_gets_a_number_and_none_is_ever_deleted(path):
    trail = AuditLog(path, file_size=SMALL_FILES)
    for index in range(50):
        await trail.append(an_entry(str(index)))
    finished = AuditFiles(path).finished()
    assert [number for number, _ in finished] == list(range(1, len(finished) + 1))
    assert len(finished) > 3
    assert all(SMALL_FILES <= file.stat().st_size < SMALL_FILES + LINE_CAP for _, file in finished)
    assert [entry.name for entry in EntryFilter().entries(path)] == [str(index) for index in range(50)]
    assert verify(path).entries == verify(finished[0][1]).entries == 50


async def test_reading_goes_on_undisturbed_while_files_are_renamed(path):
    trail = AuditLog(path, file_size=1)
    await trail.append(an_entry("before"))
    with snapshot(AuditFiles(path)) as taken:
        await trail.append(an_entry("after"), an_entry("after"))
        assert [line.content.count(b"before") for line in taken.lines()] == [1]


async def test_a_clock_that_goes_backwards_does_not_break_the_chain(path):
    trail = AuditLog(path)
    for time in ("2025-03-31T13:12:17.123Z", "2025-03-31T12:00:00.000Z", "1970-01-01T00:00:00.000Z"):
        await trail.append(an_entry(time=time))
    assert verify(path).entries == 3


async def test_each_entry_that_is_on_disk_is_handed_on_as_it_stands_there(path):
    copies: list[AuditEntry] = []
    trail = AuditLog(path, copy=copies.append)
    await trail.append(an_entry("one"), an_entry("two"))
    assert copies == entries_in(path)


any_text = st.text(st.characters(exclude_categories=()), max_size=40)
texts = st.fixed_dictionaries({}, optional=dict.fromkeys(("identity", "name", "path", "reason", "why"), any_text))


@given(told=st.lists(texts, min_size=1, max_size=4), data=st.data())
def test_whatever_is_reported_stands_there_as_plain_text_and_any_byte_changed_is_found(tmp_path_factory, told, data):
    path = tmp_path_factory.mktemp("told") / "audit.jsonl"
    written = AuditLog(path).write(*(an_entry(**texts) for texts in told))
    trail = path.read_bytes()
    assert all(byte == 10 or 32 <= byte < 127 for byte in trail)
    assert list(EntryFilter().entries(path)) == list(written)
    for texts, entry in zip(told, written, strict=True):
        for name, text in texts.items():
            assert getattr(entry, name) == text.encode("utf-8", "backslashreplace").decode()
    assert verify(path).entries == len(told)

    place = data.draw(st.integers(0, len(trail) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte != trail[place]))
    path.write_bytes(trail[:place] + bytes([other]) + trail[place + 1 :])
    assert verify(path).error


@pytest.mark.parametrize("character", ["x", "é", "\U0001f600", "\ud83d", "\x00", "\\"])
def test_texts_of_absurd_length_are_cut_so_that_a_line_fits_a_datagram(path, character):
    texts = dict.fromkeys(("why", "os_user", "os_host", "deployment", "client_id", "identity"), character * 100_000)
    more = dict.fromkeys(("name", "reason", "method", "path", "process"), character * 100_000)
    (written,) = AuditLog(path).write(an_entry(**texts | more))
    assert len(line_of(written)) <= LINE_CAP
    assert written.path.endswith("…")
    assert verify(path).entries == 1


def test_a_long_path_is_kept_and_a_long_name_is_cut(path):
    (written,) = AuditLog(path).write(an_entry("n" * 301, path="/" + "p" * 999, identity="i" * 1_000))
    assert written.name == "n" * 299 + "…"
    assert (len(written.path), len(written.identity)) == (1_000, 1_000)
    assert line_of(written) == path.read_bytes()
