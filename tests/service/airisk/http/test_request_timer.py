"""Where the time of an exchange goes, and how far a body has gone out: told from the wire itself."""

import asyncio
import random

import pytest

from tests.kit.conversing import GRACE, session_with
from tests.kit.deployment.broken import BrokenServer
from tests.kit.deployment.faults import Fault
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.deployment.listener import HOST
from tests.kit.deployment.narrow import narrow_line
from tests.kit.deployment.peer import Peer
from tests.service.airisk.asking import SHORT, TOO_LATE, client_to
from tui.airisk.http.request import Request
from tui.airisk.models import Draft, Upload
from tui.config.origin import Origin, parse_origin
from tui.errors import NoResponseError

# Timing


def slowly(peer: Peer) -> None:
    """A head after a while, and its body after another."""
    peer.pause(0.1)
    peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n")
    peer.pause(0.1)
    peer.send(b"[]")
    peer.is_reusable = True


async def test_the_time_is_distinguished_and_a_kept_connection_takes_none() -> None:
    with BrokenServer(Fault(slowly)) as server:
        async with client_to(server) as client:
            first = (await client.send(Request("GET", "/"))).timing
            second = (await client.send(Request("GET", "/"))).timing

    assert 0 < first.connect <= first.first_byte - 0.1
    assert first.first_byte <= first.total
    assert second.connect == 0
    assert 0.1 <= second.first_byte <= second.total


async def test_over_tls_connecting_is_the_handshake_too() -> None:
    with BrokenServer(Fault(slowly), tls=True) as server, narrow_line(server, rate=2_000) as line:
        origin = Origin("https", HOST, parse_origin(line.url).port)
        async with client_to(server, ca_file=server.ca_file, origin=origin) as client:
            timing = (await client.send(Request("GET", "/"))).timing

    # The handshake is 400 bytes at the least, which take as long on this line.
    assert 0.2 <= timing.connect <= timing.first_byte - 0.1


async def test_the_time_of_a_whole_exchange_holds_no_signing_in() -> None:
    with ForeignAIRisk() as server:
        async with session_with(server) as session:
            identity = await session.act_as(GRACE)
            exchange = await session.send(Draft("GET", "/api/Chat/ListAgents"), identity)

    assert exchange.timing
    assert exchange.seconds == exchange.timing.total


# Uploading


@pytest.mark.parametrize("size", [0, 1, 70_000, 5_000_000])
async def test_it_is_reported_how_far_a_file_has_gone_out(size: int) -> None:
    content = random.Random(1).randbytes(size)
    told: list[tuple[int, int]] = []
    with ForeignAIRisk() as server:
        async with session_with(server) as session:
            identity = await session.act_as(GRACE)
            draft = Draft("POST", "/api/Chat/AddFile", files=(Upload("a.bin", "a.bin", content),))
            await session.send(draft, identity, lambda sent, whole: told.append((sent, whole)))
        received = server.requests[-1]

    sizes = [sent for sent, _ in told]
    assert content in received.body
    assert sizes == sorted(sizes)
    assert told[-1] == (len(received.body), len(received.body))
    assert len(told) >= 1 + size // 65_536


async def test_what_is_given_up_half_way_sends_no_more() -> None:
    def read_nothing(peer: Peer) -> None:
        peer.wait_until_gone()

    told: list[int] = []
    begun = asyncio.Event()

    def note(sent: int, _: int) -> None:
        told.append(sent)
        begun.set()

    with BrokenServer(Fault(read_nothing)) as server:
        async with client_to(server) as client:
            files = (("a.bin", "a.bin", b"x" * 30_000_000),)
            sending = asyncio.create_task(client.send(Request("POST", "/", files=files, progress=note)))
            await begun.wait()
            sending.cancel()
            with pytest.raises(asyncio.CancelledError):
                await sending
    assert told[-1] < 30_000_000


async def test_a_file_that_goes_no_further_is_given_up_in_time() -> None:
    files = (("a.bin", "a.bin", bytes(24_000_000)),)
    with ForeignAIRisk() as server, narrow_line(server, room=100_000) as line:
        async with client_to(server, origin=parse_origin(line.url), timeout=SHORT) as client:
            with pytest.raises(NoResponseError, match=TOO_LATE):
                await client.send(Request("POST", "/", files=files))
