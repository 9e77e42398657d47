"""How the files of a trail grow. Whoever calls these holds the lock of its head.

A program killed in the middle of a line leaves its beginning. That was never an entry, and nobody was told that it
was one: it is moved to `audit.torn`, so that the trail itself holds nothing but entries.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import BinaryIO

from tui.journal.chain import Chain
from tui.journal.entries import LINE_CAP, unseal
from tui.journal.files import Files, open_private, sync_directory
from tui.journal.head import Head, read_head, write_head


def find_end(files: Files, descriptor: int) -> Head:
    """Where the next entry goes; the head is brought up to it where it had fallen behind.

    A trail that was cut is continued as if it had not been, and one whose head is gone as if it were empty, so that
    the break stays for all to see.
    """
    told = read_head(descriptor)
    finished = max((number for number, _ in files.finished()), default=0)
    with _opened(files) as file:
        size = file.seek(0, os.SEEK_END)
        if told is None:
            told = Head() if finished == 0 and _has_at_most_one_line(file) else Head(finished=finished, size=size)
        chain = told.chain
        if finished >= told.finished:
            _follow_finished(files, told, finished, chain)
            file.seek(told.size if finished == told.finished else 0)
            _catch_up(files, file, chain)
            size = file.seek(0, os.SEEK_END)
    end = Head(chain.sequence, chain.hash, finished, size)
    if end.sequence != told.sequence:
        write_head(descriptor, end)
    return end


def is_joined(files: Files, end: Head) -> bool:
    """Whether the last line that stands there is the entry that the next one continues.

    Elsewhere the trail or its head was cut, replaced or put back, and what is written from now on cannot mend that.
    """
    if not (end.size or end.finished):
        return end.sequence == 0
    try:
        descriptor = open_private(files.current if end.size else files.numbered(end.finished), os.O_RDONLY)
    except FileNotFoundError:
        return False
    with os.fdopen(descriptor, "rb") as file:
        file.seek(max(file.seek(0, os.SEEK_END) - LINE_CAP - 1, 0))
        last = unseal(file.read().removesuffix(b"\n").rpartition(b"\n")[2])
    return last is not None and (last.sequence, last.hash) == (end.sequence, end.hash)


def begin_next_file(files: Files, descriptor: int, end: Head) -> Head:
    """Give the growing file, which is full, its number.

    From here on the head is believed to have known all of it: so it must be on disk first.
    """
    os.fsync(descriptor)
    number = end.finished + 1
    while os.path.lexists(files.numbered(number)):  # something that is no file of ours
        number += 1
    files.current.rename(files.numbered(number))
    sync_directory(files.current.parent)
    return Head(end.sequence, end.hash, number)


def add_lines(files: Files, lines: bytes) -> int:
    """Bring whole lines to disk, or leave the file as it was; return its size."""
    descriptor = open_private(files.current, os.O_RDWR | os.O_CREAT | os.O_APPEND)
    try:
        before = os.fstat(descriptor).st_size
        if before and os.pread(descriptor, 1, before - 1) != b"\n":
            lines = b"\n" + lines  # somebody cut a line in two: ours stays whole
        try:
            _write_all(descriptor, lines)
            os.fsync(descriptor)
        except OSError:
            with suppress(OSError):
                os.ftruncate(descriptor, before)
            raise
        if before == 0:
            sync_directory(files.current.parent)
        return before + len(lines)
    finally:
        os.close(descriptor)


def _opened(files: Files) -> BinaryIO:
    return os.fdopen(open_private(files.current, os.O_RDWR | os.O_CREAT), "r+b")


def _has_at_most_one_line(file: BinaryIO) -> bool:
    """What a program leaves that was ended before it had made the first head."""
    file.seek(0)
    file.readline(LINE_CAP + 1)
    return not file.readline(LINE_CAP + 1).endswith(b"\n")


def _catch_up(files: Files, file: BinaryIO, chain: Chain) -> None:
    """Follow what the head has not heard of; stop where it is not ours."""
    while line := file.readline(LINE_CAP + 1):
        if len(line) <= LINE_CAP and not line.endswith(b"\n"):
            _set_aside(files, file, line)
        elif chain.follow(line):
            return


def _follow_finished(files: Files, told: Head, finished: int, chain: Chain) -> None:
    """Follow through the files that got their number since: a head that was put back may be older than they are."""
    for number in range(told.finished + 1, finished + 1):
        with suppress(FileNotFoundError), os.fdopen(open_private(files.numbered(number), os.O_RDONLY), "rb") as file:
            file.seek(told.size if number == told.finished + 1 else 0)
            while (line := file.readline(LINE_CAP + 1)) and not chain.follow(line):
                pass


def _set_aside(files: Files, file: BinaryIO, torn: bytes) -> None:
    descriptor = open_private(files.torn, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    try:
        _write_all(descriptor, torn + b"\n")
    finally:
        os.close(descriptor)
    file.truncate(file.tell() - len(torn))


def _write_all(descriptor: int, data: bytes) -> None:
    """A full disk takes a part of the data, and says so only when asked again."""
    while data:
        data = data[os.write(descriptor, data) :]
