"""How a test opens a session with a deployment that listens on loopback."""

from collections import Counter
from dataclasses import replace

import pytest

from tests.kit.deployment.breakable import BreakableServer
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.patience import ENOUGH
from tui.airisk.models import Draft, Identity, User
from tui.airisk.origin import parse_origin
from tui.airisk.session import Session
from tui.airisk.settings import Settings
from tui.airisk.vault import Secret


def settings_for(server: BreakableServer, **changes: object) -> Settings:
    """What an admin of that deployment would set."""
    client_id = getattr(server, "client_id", "client")
    settings = Settings(origin=parse_origin(server.url), client_id=client_id, timeout=ENOUGH)
    return replace(settings, **changes)  # type: ignore[arg-type]


def session_with(server: BreakableServer, *, secret: str = "", **changes: object) -> Session:
    """A session as the program opens it."""
    return Session(settings_for(server, **changes), Secret(secret or getattr(server, "client_secret", "a secret")))


AGENTS = Draft("GET", "/api/Chat/ListAgents")
BODY = b'{"title": "T", "agentId": "agent-0", "metadata": []}'
CREATE = Draft("POST", "/api/Chat/CreateConversation", headers=(("Content-Type", "application/json"),), body=BODY)
ADA, GRACE = User("u-1", "Ada Lovelace"), User("u-2", "Grace Hopper")


def asked(server: ForeignAIRisk) -> Counter[str]:
    """How often each path was asked."""
    return Counter(request.path for request in server.requests)


either_way = pytest.mark.parametrize("is_streamed", [False, True], ids=["sent", "streamed"])


async def ask(session: Session, draft: Draft, identity: Identity, *, is_streamed: bool) -> int:
    """The status, however it is asked for."""
    if not is_streamed:
        return (await session.send(draft, identity)).status
    async with session.stream(draft, identity) as incoming:
        async for _ in incoming.chunks:
            pass
        return incoming.status
