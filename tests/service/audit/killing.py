"""Programs that are killed while they write into one trail."""

import random
import select
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from tests.kit.shell import another_program
from tests.kit.trails import an_entry, write_for_ever
from tui.audit.log import AuditLog
from tui.audit.reader import snapshot
from tui.audit.storage import AuditFiles
from tui.audit.verify import VerifyResult, verify

KILLS_OF_A_TRAIL = 10


@dataclass
class Met:
    """Moments that kills came in: an entry on disk and its head not yet, or trails with a file that had been full."""

    heads_behind: int = 0
    files_changed: int = 0


def kill_writers(folder: Path, *, trails: int, seed: int = 20250331) -> Met:
    """Kill ten programs of each trail, two at a time: it is whole each time, and all is there that was said to be."""
    chance, met = random.Random(seed), Met()
    for path in (folder / f"trail {number}" / "audit.jsonl" for number in range(trails)):
        said = 0
        for _ in range(KILLS_OF_A_TRAIL // 2):
            with another_program(write_for_ever, path) as one, another_program(write_for_ever, path) as other:
                for program, heard in (one, other):
                    said += len(heard.recv_bytes())
                    select.select([], [], [], chance.uniform(0, 0.004))  # the moment is what is random here
                    program.kill()
                    said += _said_before_the_end(heard)
                    verdict = verify(path)
                    assert verdict.error is None, str(verdict.error)
                    assert verdict.entries >= said
                    met.heads_behind += _is_head_behind(path, verdict)
        met.files_changed += bool(AuditFiles(path).finished())
        AuditLog(path).write(an_entry("and on it goes"))
        assert verify(path) == VerifyResult(verify(path).entries)
    return met


def _is_head_behind(path: Path, verdict: VerifyResult) -> bool:
    with snapshot(AuditFiles(path)) as taken:
        return taken.head is None or taken.head.sequence < verdict.entries


def _said_before_the_end(connection: Connection) -> int:
    said = 0
    while True:
        try:
            said += len(connection.recv_bytes())
        except EOFError:
            return said
