"""A program that works without a pause, as another process: it becomes users, asks in their names, keeps its record."""

import asyncio
import random
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from tui.airisk.models import Draft, User
from tui.airisk.session import Session
from tui.audit.log import AuditLog
from tui.audit.recorder import AuditRecorder
from tui.config.keyring import Secret
from tui.config.settings import Settings
from tui.errors import AIRiskError
from tui.history.store import History

CHANGED = "/api/changed"
"""Below it lies all that is changed, each under a name of its own."""


def trail_path(state: Path) -> Path:
    """Where such a program keeps its record."""
    return state / "audit" / "audit.jsonl"


def history_path(state: Path) -> Path:
    """Where it keeps what it asked."""
    return state / "history.sqlite3"


def work_for_ever(state: Path, said: Connection, settings: Settings, secret: str, seed: int) -> None:
    """Work until somebody kills it; a byte is said once it is signed in, and at each answer."""
    asyncio.run(_work(state, settings, Secret(secret), random.Random(seed), said))


async def _work(state: Path, settings: Settings, secret: Secret, chance: random.Random, said: Connection) -> None:
    history = History(history_path(state))
    async with (
        AuditRecorder(AuditLog(trail_path(state)), settings) as recorder,
        Session(settings, secret, recorder) as session,
    ):
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
            if chance.random() < 0.5:
                await session.send(Draft("DELETE", f"{CHANGED}/{chance.randbytes(8).hex()}"), identity)
                said.send_bytes(b".")
            for _ in range(chance.randrange(4)):
                path = chance.choice(["/api/Chat/ListAgents", "/api/Chat/GetConversations", "/api/nowhere"])
                exchange = await session.send(Draft("GET", path), identity)
                await history.add(exchange, str(session.settings.origin))
                said.send_bytes(b".")
            if chance.random() < 0.3:
                await session.stop_acting()
