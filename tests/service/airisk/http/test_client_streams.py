"""An answer that is read while it is still coming."""

import pytest

from tests.kit.deployment.broken import BrokenServer
from tests.kit.deployment.faults import Fault
from tests.kit.deployment.peer import Peer
from tests.service.airisk.asking import SHORT, TOO_LATE, client_to, question
from tui.airisk.http.client import HttpClient
from tui.airisk.http.request import Request
from tui.errors import NoResponseError

EVENTS = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n\r\n"


async def everything_said(client: HttpClient, request: Request) -> list[bytes]:
    async with client.open(request) as incoming:
        return [chunk async for chunk in incoming.chunks]


async def test_an_event_stream_that_falls_silent_is_reported() -> None:
    def fall_silent(peer: Peer) -> None:
        peer.send(EVENTS + b"data: 1\n\n")
        peer.wait_until_gone()

    with BrokenServer(Fault(fall_silent)) as server:
        async with client_to(server, timeout=SHORT) as client:
            with pytest.raises(NoResponseError, match=TOO_LATE):
                await everything_said(client, question("POST"))


@pytest.mark.parametrize("fault", [TimeoutError("mine"), BrokenPipeError("mine"), UnicodeError("mine")])
async def test_the_fault_of_whoever_reads_a_stream_is_not_laid_to_the_network(fault: Exception) -> None:
    with BrokenServer("bom_body") as server:
        async with client_to(server) as client:
            with pytest.raises(type(fault), match="mine"):
                async with client.open(question()):
                    raise fault
