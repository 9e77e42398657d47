"""How a test opens a session with a deployment that listens on loopback."""

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

import pytest

from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.patience import ENOUGH
from tui.airisk.audit_sink import AuditSink
from tui.airisk.identity import Identity
from tui.airisk.models import Draft, User
from tui.airisk.session import Session
from tui.config.keyring import Secret
from tui.config.origin import parse_origin
from tui.config.settings import Settings

if TYPE_CHECKING:
    from tests.kit.deployment.breakable import BreakableServer
    from tests.kit.deployment.httpbin import Httpbin
    from tui.sandbox import Sandbox

    Served: TypeAlias = BreakableServer | Sandbox | Httpbin


def settings_for(server: "Served", **changes: object) -> Settings:
    """What an admin of that deployment would set."""
    settings = Settings(origin=parse_origin(server.url), client_id=_known(server, "client_id"), timeout=ENOUGH)
    return replace(settings, **changes)  # type: ignore[arg-type]


def session_with(server: "Served", record: AuditSink | None = None, *, secret: str = "", **changes: object) -> Session:
    """A session as the program opens it."""
    return Session(settings_for(server, **changes), Secret(secret or _known(server, "client_secret")), record)


def _known(server: "Served", name: str) -> str:
    """What a deployment knows its client by; not every one asks for it."""
    return str(getattr(getattr(server, "options", server), name, name))


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
