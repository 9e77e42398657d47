"""The head of a trail: what vouches for its end, and the lock that lets several programs write one chain.

It names the last entry by number and hash, so that an end that was cut is missed. It is overwritten in place, all in
one write of one length: at any moment it is the old one or the new one, and a full disk cannot refuse it.
The entry is on disk before the head speaks of it. A trail that is ahead of its head is therefore what a program
leaves that was ended between the two, or a machine that lost power, and is no fault; a trail behind it was cut.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import msgspec

from tui.errors import AuditError
from tui.files import make_private_directory, take_lock
from tui.journal.chain import Chain
from tui.journal.entries import NOTHING_BEFORE
from tui.journal.files import Files, open_private

_LENGTH = 200
_LOCK_SECONDS = 5.0


_Count = Annotated[int, msgspec.Meta(ge=0, le=1 << 53)]


class Head(msgspec.Struct, frozen=True):
    """The last entry, the number of the last full file, and the size of the growing one in bytes."""

    sequence: _Count = 0
    hash: str = NOTHING_BEFORE
    finished: _Count = 0
    size: _Count = 0

    @property
    def chain(self) -> Chain:
        """A chain that stands at the last entry."""
        return Chain(self.sequence, self.hash)


@contextmanager
def locked_for_writing(files: Files) -> Iterator[int]:
    """The head, made where it is missing, while nobody else reads its place or writes."""
    make_private_directory(files.current.parent)
    descriptor = open_private(files.head, os.O_RDWR | os.O_CREAT)
    try:
        _lock(descriptor)
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def locked_for_reading(files: Files) -> Iterator[Head | None]:
    """What the head says, while nobody writes; None without a head."""
    try:
        descriptor = open_private(files.head, os.O_RDONLY)
    except FileNotFoundError:
        yield None
        return
    try:
        _lock(descriptor, is_shared=True)
        yield read_head(descriptor)
    finally:
        os.close(descriptor)


def read_head(descriptor: int) -> Head | None:
    """What the head says; None where it says nothing that can be understood."""
    try:
        return msgspec.json.decode(os.pread(descriptor, _LENGTH, 0), type=Head)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def write_head(descriptor: int, head: Head) -> None:
    """Let the head speak of another end; the first time, on disk too, so that no trail stands without one."""
    is_first = os.fstat(descriptor).st_size == 0
    line = msgspec.json.encode(head).ljust(_LENGTH - 1) + b"\n"
    if os.pwrite(descriptor, line, 0) != len(line):
        raise OSError("The head could not be written whole.")
    if is_first:
        os.fsync(descriptor)


def _lock(descriptor: int, *, is_shared: bool = False) -> None:
    if not take_lock(descriptor, is_shared=is_shared, seconds=_LOCK_SECONDS):
        raise AuditError(
            "Another program holds the audit trail and does not let go of it.",
            advice="Is an airisk-tui suspended (`jobs`, `fg`)? End it or let it go on, and try again.",
        )
