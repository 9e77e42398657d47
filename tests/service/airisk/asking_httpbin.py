"""How a test asks httpbin, a server not written here."""

import json
from typing import Any

from tests.kit.deployment.httpbin import Httpbin
from tui.airisk.models import GENERIC, Draft, Exchange, Identity
from tui.airisk.origin import parse_origin
from tui.airisk.session import Session
from tui.airisk.settings import Settings
from tui.airisk.vault import Secret


def session_with(server: Httpbin, **changes: Any) -> Session:
    settings = Settings(origin=parse_origin(server.url), client_id="client", **{"timeout": 20.0} | changes)
    return Session(settings, Secret("a secret"))


async def sent(server: Httpbin, draft: Draft, identity: Identity = GENERIC) -> Exchange:
    async with session_with(server) as session:
        return await session.send(draft, identity)


async def said(server: Httpbin, draft: Draft, identity: Identity = GENERIC) -> Any:
    """What httpbin says of a request that it took."""
    exchange = await sent(server, draft, identity)
    assert exchange.status == 200
    return json.loads(exchange.body)
