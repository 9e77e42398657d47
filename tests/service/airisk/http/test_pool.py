"""Connections: as many as requests are under way, used again afterwards, and never lost, whatever goes wrong."""

import asyncio
import gc
from threading import Event

import pytest

from tests.kit.conversing import AGENTS, session_with
from tests.kit.deployment.broken import BrokenServer
from tests.kit.deployment.faults import Fault
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.deployment.peer import Peer
from tests.kit.patience import comes_true
from tui.airisk.http.pool import MOST
from tui.airisk.identity import ANONYMOUS
from tui.errors import NoResponseError


async def test_one_after_the_other_needs_one_connection():
    with ForeignAIRisk() as server:
        async with session_with(server) as session:
            for _ in range(10):
                await session.send(AGENTS, ANONYMOUS)
        assert len(server.connections) == 1


async def test_five_at_once_need_five_and_use_them_again():
    with ForeignAIRisk() as server:
        async with session_with(server) as session:
            for _ in range(4):
                await asyncio.gather(*(session.send(AGENTS, ANONYMOUS) for _ in range(5)))
        assert len(server.connections) == 5


async def test_no_connection_is_lost_to_what_goes_wrong():
    with ForeignAIRisk(faults={"/api/Chat/ListAgents": "garbage_status_line"}) as server:
        async with session_with(server) as session:
            for _ in range(MOST + 5):
                with pytest.raises(NoResponseError):
                    await session.send(AGENTS, ANONYMOUS)
            server.mends("/api/Chat/ListAgents")
            assert (await session.send(AGENTS, ANONYMOUS)).status == 401


async def test_nor_to_who_no_longer_waits():
    with ForeignAIRisk(faults={"/api/Chat/ListAgents": "never_answers"}) as server:
        async with session_with(server) as session:
            for _ in range(3):
                tasks = [asyncio.create_task(session.send(AGENTS, ANONYMOUS)) for _ in range(MOST // 2)]
                await comes_true(lambda: len(server.requests) == MOST // 2, "all of them have asked")
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                server.requests.clear()
            server.mends("/api/Chat/ListAgents")
            assert (await session.send(AGENTS, ANONYMOUS)).status == 401


@pytest.mark.parametrize("turns", range(8))
async def test_nor_to_who_gives_up_twice(turns):
    """The second time while what the first began is still being cleared away."""
    with ForeignAIRisk(faults={"/api/Chat/ListAgents": "drips_body"}) as server:
        async with session_with(server) as session:
            for _ in range(3):
                task = asyncio.create_task(session.send(AGENTS, ANONYMOUS))
                await comes_true(lambda: bool(server.requests), "the request", meanwhile=lambda _: asyncio.sleep(0))
                assert not task.done()
                for _ in range(5 * turns):
                    await asyncio.sleep(0)
                task.cancel()
                for _ in range(turns):
                    await asyncio.sleep(0)
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
                server.requests.clear()
            server.mends("/api/Chat/ListAgents")
            assert (await session.send(AGENTS, ANONYMOUS)).status == 401


async def test_a_handshake_that_is_given_up_leaves_no_connection_open() -> None:
    is_closed = Event()

    def never_shake_hands(peer: Peer) -> None:
        peer.wait_until_gone()
        is_closed.set()

    with BrokenServer(Fault(never_shake_hands, is_at_connection=True), tls=True) as server:
        async with session_with(server, ca_file=server.ca_file, timeout=0.7) as session:
            gc.disable()  # which would close it some time
            try:
                with pytest.raises(NoResponseError, match="did not respond within"):
                    await session.send(AGENTS, ANONYMOUS)
                await comes_true(is_closed.is_set, "the connection closed")
            finally:
                gc.enable()
