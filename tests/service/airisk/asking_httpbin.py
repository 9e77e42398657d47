"""How a test asks httpbin, a server not written here."""

import json
from typing import Any

from tests.kit.conversing import session_with
from tests.kit.deployment.httpbin import Httpbin
from tui.airisk.identity import APPLICATION, Identity
from tui.airisk.models import Draft, Exchange


async def sent(server: Httpbin, draft: Draft, identity: Identity = APPLICATION) -> Exchange:
    async with session_with(server) as session:
        return await session.send(draft, identity)


async def said(server: Httpbin, draft: Draft, identity: Identity = APPLICATION) -> Any:
    """What httpbin says of a request that it took."""
    exchange = await sent(server, draft, identity)
    assert exchange.status == 200
    return json.loads(exchange.body)
