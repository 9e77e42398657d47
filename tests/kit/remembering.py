"""Exchanges to remember, a program that remembers them until it is killed, and the bytes on the disk."""

import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.kit.patience import PATIENCE
from tui.airisk.identity import Identity, SubjectCheck
from tui.airisk.models import Draft, Exchange
from tui.history.store import History

AIRISK = "https://demo.aicrisk.com"
ELSEWHERE = "https://other.example"
GRACE = Identity("user", "u-000127", "Grace Hopper", SubjectCheck.CONFIRMED)
EDWARD = Identity("user", "u-000431", "Edward Hopper", SubjectCheck.NOT_CONFIRMED)


def exchange(path: str = "/api/Chat/ListAgents", *, identity: Identity = GRACE, **changes: Any) -> Exchange:
    """A request that was sent and answered; `changes` are of the draft (`draft_…`) or the answer."""
    draft = {name.removeprefix("draft_"): changes.pop(name) for name in list(changes) if name.startswith("draft_")}
    answer: dict[str, Any] = {
        "status": 200,
        "reason": "OK",
        "headers": (("Content-Type", "application/json"),),
        "body": b'{"what": "came back"}',
        "seconds": 0.084,
        "at": datetime(2025, 3, 31, 13, 12, 17, 123000, UTC),
    }
    return Exchange(draft=Draft(**{"method": "GET", "path": path} | draft), identity=identity, **answer | changes)


def bytes_on_disk(path: Path) -> bytes:
    """Everything that lies beside the history and in it."""
    return b"".join(file.read_bytes() for file in sorted(path.parent.iterdir()))


def without_entries(file: bytes) -> bytes:
    """A history whose tables are there, and nothing in them can be read."""
    return file[:4096] + b"\xff" * (len(file) - 4096)


async def paths(history: History) -> list[str]:
    """What was asked of AIRISK, newest first."""
    return [past.draft.path for past in await history.search("", AIRISK, limit=10_000)]


def another_program(path: Path, count: int, name: str = "other", *, most: int = 10_000) -> Sequence[str]:
    """The command of a program that remembers `count` exchanges, telling of each when it is on the disk."""
    return (sys.executable, "-W", "error", "-c", _PROGRAM, str(path), str(count), name, str(most))


def begin(*command: str, **options: Any) -> subprocess.Popen[bytes]:
    """Start a program without waiting for it."""
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)


def errors_of(program: subprocess.Popen[bytes]) -> bytes:
    """What the program had to say when it ended."""
    return program.communicate(timeout=PATIENCE)[1]


_PROGRAM = """
import asyncio, sys
from pathlib import Path
from tests.kit.patience import ENOUGH
from tests.kit.remembering import AIRISK, exchange
from tui.history import database
from tui.history.store import History

database.BUSY_SECONDS = ENOUGH
path, count, name, most = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], int(sys.argv[4])

async def main():
    async with History(path, most=most) as history:
        for number in range(count):
            await history.add(exchange(f"/api/{name}/{number}"), AIRISK)
            print(number, flush=True)

asyncio.run(main())
"""
