"""A matrix: each user signed in, then asking ten endpoints, beside the same requests in a bare httpx loop.

Both have the same number of requests under way at once, on the same server, each in a process of its own. They take
turns, a part of the users each.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

from benchmarks.measuring import Row, amount_beside, beside, not_run
from tui.airisk.session import Session
from tui.config.keyring import Secret
from tui.config.settings import RawSettings
from tui.sandbox import ChildSandbox, Options, start_child

USERS, PARTS, AT_ONCE = 2_000, 20, 8
SECONDS = 100.0
"""Then it is enough: on a slow machine not everybody is asked."""

PATHS = (
    "/api/Chat/ListAgents",
    "/api/Chat/GetConversations?results=1",
    "/api/Chat/GetConversations?results=2",
    "/api/Chat/GetConversations/agent-0",
    "/api/Chat/GetConversation/c-000000-00",
    "/api/Chat/GetConversation/c-000001-00",
    "/api/Chat/ListAgents?again=1",
    "/api/Chat/ListAgents?again=2",
    "/api/Chat/ListAgents?again=3",
    "/api/Chat/ListAgents?again=4",
)


def asking(rounds: int) -> Iterator[Row]:
    """Ask 2,000 users × 10 endpoints once: pairs of a hundred users each, whose first does not count."""
    del rounds
    what, peer = f"matrix, {USERS:,} users × {len(PATHS)} endpoints", "a bare httpx loop"
    with start_child(Options(users=2 * USERS)) as sandbox:
        ids = asyncio.run(_active(sandbox))
        with _side("bare", sandbox, ids) as bare, _side("ours", sandbox, ids) as ours:
            end = time.monotonic() + SECONDS
            pairs = list[tuple[float, float]]()
            while len(pairs) < PARTS and time.monotonic() < end:
                pairs.append((_seconds(bare), _seconds(ours)))
            peaks = _peak(bare), _peak(ours)
    users = USERS * len(pairs) // PARTS
    seconds = len(pairs) * median(theirs for theirs, _ in pairs[1:])
    ratio = median(mine / theirs for theirs, mine in pairs[1:])
    yield beside(what, peer, seconds, seconds * ratio, 1 / 0.9)
    if users == USERS:
        yield amount_beside(f"{what}: peak of memory", peer, *peaks, most=2, unit="MiB")
    else:
        yield not_run(f"{what}: peak of memory", peer, "≤ 2 ×", f"{users:,} users in {SECONDS:g} s")


async def _active(sandbox: ChildSandbox) -> list[str]:
    secret = Secret(sandbox.options.client_secret)
    settings = RawSettings({"AIRISK_URL": sandbox.url, "CLIENT_ID": sandbox.options.client_id}, secret).settings()
    async with Session(settings, secret) as session:
        return [user.id for user in (await session.users()).users if "active" in user.more][:USERS]


Side = subprocess.Popen[str]


@contextmanager
def _side(name: str, sandbox: ChildSandbox, ids: list[str]) -> Iterator[Side]:
    """A process that is ready to ask."""
    told = {
        "url": sandbox.url,
        "client_id": sandbox.options.client_id,
        "client_secret": sandbox.options.client_secret,
        "ids": ids,
        "paths": PATHS,
        "at_once": AT_ONCE,
    }
    command = [sys.executable, "-m", "benchmarks.matrix_worker", name]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as side:
        try:
            _tell(side, json.dumps(told))
            yield side
        finally:
            side.kill()


def _tell(side: Side, line: str) -> None:
    assert side.stdin
    side.stdin.write(f"{line}\n")
    side.stdin.flush()


def _seconds(side: Side) -> float:
    """Have it ask the next part of the users."""
    assert side.stdout
    _tell(side, str(USERS // PARTS))
    return float(side.stdout.readline())


def _peak(side: Side) -> float:
    assert side.stdin
    assert side.stdout
    side.stdin.close()
    return float(side.stdout.readline())
