"""A trail to write into, and programs of their own that write into it."""

import os
import re
import resource
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from tests.kit.conversing import CREATE
from tests.kit.patience import ENOUGH
from tui.airisk.identity import Identity, SubjectCheck
from tui.audit import storage
from tui.audit.entry import AuditEntry, parse
from tui.audit.log import AuditLog
from tui.audit.recorder import AuditRecorder
from tui.clocks import timestamp
from tui.config.origin import Origin
from tui.config.settings import Settings
from tui.errors import AIRiskError

SETTINGS = Settings(Origin("https", "demo.aicrisk.com"), "client-1")
GRACE = Identity("user", "u-127", "Grace Hopper", SubjectCheck.CONFIRMED)
ADA = Identity("user", "u-1", "Ada Lovelace", SubjectCheck.NOT_CONFIRMED)

SMALL_FILES = 4_000
"""Bytes: a file is full after about eight entries."""


RFC_5424 = re.compile(
    rb"<(\d{1,3})>1 "  # priority, version
    rb"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) "  # time
    rb"([!-~]{1,255}) ([!-~]{1,48}) ([!-~]{1,128}) ([!-~]{1,32}) "  # host, program, process, kind of message
    rb"- (\{.*\})"  # no structured data; the entry
)
"""The form of a message to a collector."""


def an_entry(name: str = "", **told) -> AuditEntry:
    """A request that was answered, in the name of Grace unless told otherwise."""
    usual: dict[str, Any] = {
        "time": timestamp(),
        "event": "request",
        "kind": "user",
        "identity": "u-127",
        "subject_check": SubjectCheck.CONFIRMED,
        "method": "GET",
        "path": "/api/Chat/ListAgents",
        "status": 200,
        "milliseconds": 84,
        "bytes": 12_400,
    }
    return AuditEntry(name=name, **usual | told)


def entries_in(path: Path, *, is_torn: bool = False) -> list[AuditEntry]:
    """All that stands in the file that grows, each line an entry; `is_torn`: the last one may be a part of one."""
    lines = path.read_bytes().splitlines(keepends=True)
    if is_torn and lines and not lines[-1].endswith(b"\n"):
        lines.pop()
    entries = [parse(line) for line in lines]
    assert all(entries)
    return [entry for entry in entries if entry]


# What other programs do.


def write_for_ever(path: Path, said: Connection) -> None:
    """Write entry after entry, every fourth a long one; a byte is said for each that is on disk."""
    storage._LOCK_SECONDS = ENOUGH
    trail = AuditLog(path, file_size=SMALL_FILES)
    for index in count():
        trail.write(an_entry("for ever", reason="\U0001f600" * 300 * (index % 4 == 3)))
        said.send_bytes(b".")


def write_some(path: Path, said: Connection, name: str, number: int) -> None:
    """Write some entries of that name."""
    storage._LOCK_SECONDS = ENOUGH
    trail = AuditLog(path, file_size=SMALL_FILES)
    for index in range(number):
        trail.write(an_entry(f"{name} {index}"))
    said.send_bytes(b".")


def write_on_a_full_disk(path: Path, said: Connection, room: int) -> None:
    """Write until no file may grow beyond `room` bytes, and say what became of that."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    said.send(_write_until_refused(path))


def write_as_nobody(path: Path, said: Connection) -> None:
    """Write as a person who may not, and say what became of that."""
    if os.geteuid() == 0:
        os.setuid(65534)
    said.send(_write_until_refused(path))


def act_for_ever(path: Path, said: Connection) -> None:
    """Act as Grace, and never come back."""
    import asyncio

    storage._LOCK_SECONDS = ENOUGH

    async def act() -> None:
        recorder = await AuditRecorder(AuditLog(path), SETTINGS).open()
        await recorder.acting_started(GRACE, "TICKET-7")
        said.send_bytes(b".")
        await asyncio.Event().wait()

    asyncio.run(act())


def intend_for_ever(path: Path, said: Connection) -> None:
    """Record that something is about to be changed in Grace's name, and get no further."""
    import asyncio

    async def intend() -> None:
        recorder = await AuditRecorder(AuditLog(path), SETTINGS).open()
        await recorder.intended(CREATE, GRACE)
        said.send_bytes(b".")
        await asyncio.Event().wait()

    asyncio.run(intend())


def _write_until_refused(path: Path) -> tuple[int, str]:
    trail = AuditLog(path)
    written = 0
    while True:
        try:
            trail.write(an_entry("until refused"))
        except AIRiskError as error:
            return written, f"{error.message} {error.advice}"
        written += 1


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An audit trail in which nobody has written yet."""
    return tmp_path / "state" / "audit" / "audit.jsonl"
