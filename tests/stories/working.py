"""A program that works without a pause, as another process: it becomes users, asks in their names, keeps its record."""

import asyncio
import multiprocessing
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from tui.airisk.errors import AIRiskError
from tui.airisk.models import Draft, User
from tui.airisk.session import Session
from tui.airisk.settings import Settings
from tui.airisk.vault import Secret
from tui.journal.history import History
from tui.journal.recorder import Recorder
from tui.journal.trail import Trail

_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload([__name__])


@contextmanager
def a_busy_program(state: Path, settings: Settings, secret: str, seed: int) -> Iterator[tuple[BaseProcess, Connection]]:
    """One that works until it is killed; a byte is heard once it is signed in, and at each answer."""
    heard, said = _PROCESSES.Pipe(duplex=False)
    program = _PROCESSES.Process(target=_work_for_ever, args=(state, settings, secret, seed, said), daemon=True)
    program.start()
    said.close()
    try:
        yield program, heard
    finally:
        program.kill()
        program.join()
        program.close()
        heard.close()


def trail_path(state: Path) -> Path:
    """Where such a program keeps its record."""
    return state / "audit" / "audit.jsonl"


def history_path(state: Path) -> Path:
    """Where it keeps what it asked."""
    return state / "history.sqlite3"


def _work_for_ever(state: Path, settings: Settings, secret: str, seed: int, said: Connection) -> None:
    asyncio.run(_work(state, settings, Secret(secret), random.Random(seed), said))


async def _work(state: Path, settings: Settings, secret: Secret, chance: random.Random, said: Connection) -> None:
    history = History(history_path(state))
    async with Recorder(Trail(trail_path(state)), settings) as recorder, Session(settings, secret, recorder) as session:
        users = (await session.users()).users
        said.send_bytes(b".")
        await asyncio.gather(*(_visit(session, history, said, users[place::3], chance) for place in range(3)))


async def _visit(
    session: Session, history: History, said: Connection, users: Sequence[User], chance: random.Random
) -> None:
    """Become one after the other, and ask in between."""
    while True:
        with suppress(AIRiskError):
            identity = await session.act_as(chance.choice(users))
            for _ in range(chance.randrange(4)):
                path = chance.choice(["/api/Chat/ListAgents", "/api/Chat/GetConversations", "/api/nowhere"])
                exchange = await session.send(Draft("GET", path), identity)
                await history.add(exchange, str(session.settings.origin))
                said.send_bytes(b".")
            if chance.random() < 0.3:
                await session.stop_acting()
