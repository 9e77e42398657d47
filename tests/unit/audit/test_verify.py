"""A trail that somebody laid hands on: the first line that is not as it was written is named, and stays named."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.kit.trails import SMALL_FILES, an_entry
from tui.audit.entry import LINE_CAP, parse, sign
from tui.audit.log import AuditLog
from tui.audit.storage import AuditFiles
from tui.audit.verify import verify

Lines = list[bytes]


@pytest.fixture
def trail(path) -> AuditLog:
    """Ten entries."""
    trail = AuditLog(path)
    trail.write(*(an_entry(f"entry {number}") for number in range(1, 11)))
    return trail


def edited(lines: Lines) -> Lines:
    lines[4] = lines[4].replace(b"u-127", b"u-128")
    return lines


def exchanged(lines: Lines) -> Lines:
    lines[3], lines[4] = lines[4], lines[3]
    return lines


def hashed_anew(lines: Lines, name: str, index: int = 4) -> Lines:
    entry = parse(lines[index])
    assert entry
    _, lines[index] = sign(an_entry(name), entry.sequence, entry.previous)
    return lines


BY_HAND: dict[str, tuple[Callable[[Lines], Lines], int, str]] = {
    "edited": (edited, 5, "modified: hash mismatch"),
    "edited and hashed anew": (lambda lines: hashed_anew(lines, "Eve"), 6, "chain broken"),
    "the last one hashed anew": (lambda lines: hashed_anew(lines, "Eve", 9), 10, "replaced"),
    "one removed": (lambda lines: lines[:4] + lines[5:], 5, "entry 5 is missing before it"),
    "three removed": (lambda lines: lines[:4] + lines[7:], 5, "entries 5 to 7 are missing before it"),
    "the first removed": (lambda lines: lines[1:], 1, "entry 1 is missing before it"),
    "two exchanged": (exchanged, 4, "out of order: found entry 5, expected entry 4"),
    "one moved to the end": (
        lambda lines: [*lines[:4], *lines[5:], lines[4]],
        5,
        "out of order: found entry 6, expected entry 5",
    ),
    "one repeated": (
        lambda lines: [*lines[:5], lines[4], *lines[5:]],
        6,
        "out of order: found entry 5, expected entry 6",
    ),
    "the end cut": (lambda lines: lines[:9], 9, "the end after it was cut off: entry 10 is missing"),
    "more of the end cut": (lambda lines: lines[:6], 6, "the end after it was cut off: entries 7 to 10 are missing"),
    "all cut": (lambda _: [], 0, "the end after it was cut off: entries 1 to 10 are missing"),
    "cut in the middle of the last line": (
        lambda lines: [*lines[:9], lines[9][:50]],
        9,
        "the end after it was cut off: entry 10 is missing",
    ),
    "two lines in one": (lambda lines: [*lines[:4], lines[4].rstrip(), *lines[5:]], 5, "not an entry"),
    "one line in two": (lambda lines: [*lines[:4], lines[4][:50], b"\n", lines[4][50:], *lines[5:]], 5, "not an entry"),
    "a word added": (lambda lines: [*lines[:4], b"hello\n", *lines[4:]], 5, "not an entry"),
    "an empty line added": (lambda lines: [*lines[:4], b"\n", *lines[4:]], 5, "not an entry"),
    "another object added": (lambda lines: [*lines[:4], b'{"hash": 1}\n', *lines[4:]], 5, "not an entry"),
    "no text at all": (lambda lines: [*lines[:4], b"\xff\xfe\x00\n", *lines[4:]], 5, "not an entry"),
    "a deep nest": (lambda lines: [*lines[:4], b"[" * 50_000 + b"\n", *lines[4:]], 5, "not an entry"),
    "a line without end": (lambda lines: [*lines, b"x" * (LINE_CAP * 3)], 11, "not an entry"),
    "blanks added": (
        lambda lines: [*lines[:4], lines[4].replace(b",", b", "), *lines[5:]],
        5,
        "modified: hash mismatch",
    ),
    "Windows' line feeds": (
        lambda lines: [line.replace(b"\n", b"\r\n") for line in lines],
        1,
        "modified: hash mismatch",
    ),
}


@pytest.mark.parametrize("hand", BY_HAND)
def test_by_hand(trail, path, hand):
    change, number, words = BY_HAND[hand]
    path.write_bytes(b"".join(change(path.read_bytes().splitlines(keepends=True))))
    fault = verify(path).error
    assert fault is not None
    assert (fault.file, fault.number) == (path, number)
    assert words in fault.words

    trail.write(an_entry("what is written later does not hide it"))
    later = verify(path).error
    assert later is not None
    assert later.number >= min(number, 1)


def test_a_line_feed_cut_from_the_end_is_named_and_put_back_by_the_next_to_write(trail, path):
    before = path.read_bytes()
    path.write_bytes(before[:-1])
    assert "entry 10 is missing" in str(verify(path).error)
    trail.write(an_entry("next"))
    assert path.read_bytes().startswith(before)
    assert verify(path).entries == 11


@pytest.mark.parametrize("what", [b"", b"not a head", b"[" * 200])
def test_without_a_head_the_end_is_vouched_for_by_nobody_for_good(trail, path, what):
    head = path.with_suffix(".head")
    head.write_bytes(what) if what else head.unlink()
    assert "audit.head" in str(verify(path).error)
    trail.write(an_entry("a new head, and the break in the chain stays"))
    assert verify(path).error


def test_the_end_and_the_head_removed_together_are_missed(trail, path):
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:5]))
    path.with_suffix(".head").unlink()
    trail.write(an_entry("as if nothing had been"))
    assert verify(path).error


@pytest.mark.parametrize("number", [1, 2, 3, "last", "growing"])
def test_a_file_removed_is_missed(path, number):
    trail = AuditLog(path, file_size=SMALL_FILES)
    for index in range(40):
        trail.write(an_entry(str(index)))
    files = AuditFiles(path)
    finished = [file for _, file in files.finished()]
    removed: Path = {"last": finished[-1], "growing": path}.get(number) or finished[number - 1]
    removed.unlink()
    assert "missing" in str(verify(path).error)
    trail.write(an_entry("as if nothing had been"))
    assert "missing" in str(verify(path).error)


def test_a_line_in_a_full_file_is_named_with_its_file(path):
    trail = AuditLog(path, file_size=SMALL_FILES)
    for index in range(40):
        trail.write(an_entry(str(index)))
    second = AuditFiles(path).numbered(2)
    second.write_bytes(second.read_bytes().replace(b'"status":200', b'"status":404', 1))
    assert str(verify(path).error) == f"{second}, line 1: modified: hash mismatch."


def test_where_nothing_was_written_nothing_is_wrong(path):
    assert verify(path).entries == 0
    assert verify(path).error is None
    assert not path.parent.exists()
