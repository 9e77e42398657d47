"""How a test asks one question over the wire, with a canary in every part of it that nobody may read."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.kit.conversing import settings_for
from tests.kit.deployment.breakable import BreakableServer
from tests.kit.leaks import told_by
from tests.kit.patience import PATIENCE
from tui.airisk.http.client import HttpClient
from tui.airisk.http.request import Request
from tui.airisk.http.response import Response
from tui.config.keyring import Secret
from tui.errors import NoResponseError

CANARY = "c4nary"
TARGET = f"/api/question?secret={CANARY}-query"
SHORT = 0.7
"""The time-out, in seconds, where nothing is to come."""
TOO_LATE = r"did not respond within 0\.7 s|the connection timed out"
"""What is then said; on a busy machine even the connection may take as long."""


def question(method: str = "GET") -> Request:
    """A request whose query, token and body are nobody's business."""
    body = b"" if method == "GET" else f"{CANARY}-body".encode()
    return Request(method, TARGET, body=body, bearer=Secret(f"{CANARY}-token"))


@asynccontextmanager
async def client_to(server: BreakableServer, **changes: object) -> AsyncIterator[HttpClient]:
    """A wire, closed afterwards."""
    client = HttpClient(settings_for(server, **changes))
    try:
        async with asyncio.timeout(PATIENCE):
            yield client
    finally:
        await client.close()


async def answer_of(server: BreakableServer, method: str = "GET", **changes: object) -> Response:
    """What one question is answered with."""
    async with client_to(server, **changes) as client:
        return await client.send(question(method))


async def failure_of(server: BreakableServer, method: str = "GET", **changes: object) -> NoResponseError:
    """The error that one question ends with; it gives nothing away."""
    async with client_to(server, **changes) as client:
        with pytest.raises(NoResponseError) as failed:
            await client.send(question(method))
    assert CANARY not in told_by(failed.value)
    assert failed.value.advice
    return failed.value
