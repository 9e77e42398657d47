"""Where the time of an exchange goes, and how far a body has gone out: told from the wire itself."""

import asyncio
import os
import random
from pathlib import Path

import pytest

from tests.kit.conversing import GRACE, session_with
from tests.kit.deployment.broken import BrokenServer
from tests.kit.deployment.faults import Fault
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.deployment.narrow import narrow_line
from tests.kit.deployment.peer import Peer
from tests.service.airisk.asking import wire_to
from tui.airisk.errors import NoAnswer, Refused
from tui.airisk.models import Draft, Upload
from tui.airisk.origin import parse_origin
from tui.airisk.outgoing import Request
from tui.airisk.settings import Settings
from tui.airisk.stopwatch import Stopwatch
from tui.airisk.uploads import read_upload, size_of_upload
from tui.airisk.wire import Wire

# Timing


def slowly(peer: Peer) -> None:
    """A head after a while, and its body after another."""
    peer.pause(0.1)
    peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n")
    peer.pause(0.1)
    peer.send(b"[]")
    peer.is_reusable = True


async def test_the_time_is_told_apart_and_a_kept_connection_takes_none() -> None:
    with BrokenServer(Fault(slowly)) as server:
        async with wire_to(server, timeout=20.0) as wire:
            first = (await wire.ask(Request("GET", "/"))).timing
            second = (await wire.ask(Request("GET", "/"))).timing

    assert 0 < first.connect <= first.first_byte
    assert 0.1 <= first.first_byte <= first.total - 0.09
    assert second.connect == 0
    assert second.first_byte >= 0.1


async def test_over_tls_connecting_is_the_handshake_too() -> None:
    with BrokenServer(Fault(slowly), tls=True) as server:
        async with wire_to(server, timeout=20.0, ca_file=server.ca_file) as wire:
            timing = (await wire.ask(Request("GET", "/"))).timing

    assert 0 < timing.connect < timing.first_byte - 0.09


async def test_a_watch_that_heard_nothing_tells_no_more_than_it_knows() -> None:
    timing = Stopwatch().read()

    assert timing.connect == 0
    assert timing.first_byte <= timing.total


async def test_the_time_of_a_whole_exchange_holds_no_signing_in() -> None:
    with ForeignAIRisk() as server:
        async with session_with(server) as session:
            identity = await session.act_as(GRACE)
            exchange = await session.send(Draft("GET", "/api/Chat/ListAgents"), identity)

    assert exchange.timing
    assert exchange.seconds == exchange.timing.total


# Uploading


@pytest.mark.parametrize("size", [0, 1, 70_000, 5_000_000])
async def test_it_is_told_how_far_a_file_has_gone_out(size: int) -> None:
    content = random.Random(1).randbytes(size)
    told: list[tuple[int, int]] = []
    with ForeignAIRisk() as server:
        async with session_with(server, timeout=30.0) as session:
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
        async with wire_to(server, timeout=20.0) as wire:
            files = (("a.bin", "a.bin", b"x" * 30_000_000),)
            sending = asyncio.create_task(wire.ask(Request("POST", "/", files=files, progress=note)))
            await begun.wait()
            sending.cancel()
            with pytest.raises(asyncio.CancelledError):
                await sending
    assert told[-1] < 30_000_000


async def test_a_large_file_may_take_longer_than_the_time_out_as_long_as_it_goes_out() -> None:
    with ForeignAIRisk() as server, narrow_line(server, rate=10_000_000) as line:
        wire = Wire(Settings(parse_origin(line.url), "client", timeout=1.2))
        try:
            answer = await wire.ask(Request("POST", "/", files=(("a.bin", "a.bin", bytes(24_000_000)),)))
        finally:
            await wire.close()
    assert answer.status == 404
    assert answer.timing.total > 1.2


async def test_a_file_that_goes_no_further_is_given_up_in_time() -> None:
    with ForeignAIRisk() as server, narrow_line(server, room=100_000) as line:
        wire = Wire(Settings(parse_origin(line.url), "client", timeout=0.7))
        try:
            with pytest.raises(NoAnswer, match="within"):
                await wire.ask(Request("POST", "/", files=(("a.bin", "a.bin", bytes(24_000_000)),)))
        finally:
            await wire.close()


# Files


def test_a_regular_file_is_read_and_named_after_itself(tmp_path: Path) -> None:
    file = tmp_path / "Q3 report.pdf"
    file.write_bytes(b"%PDF-1.7")

    assert read_upload(str(file)) == Upload("Q3 report.pdf", "Q3 report.pdf", b"%PDF-1.7")
    assert read_upload(str(file), "document") == Upload("document", "Q3 report.pdf", b"%PDF-1.7")
    assert size_of_upload(str(file)) == 8


def test_what_is_no_regular_file_is_refused_in_words(tmp_path: Path) -> None:
    socket_like = tmp_path / "pipe"
    os.mkfifo(socket_like)
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for path in (tmp_path, socket_like, tmp_path / "none", tmp_path / "loop", "/dev/zero", "a\0b", "x" * 5000):
        for look in (read_upload, size_of_upload):
            with pytest.raises(Refused) as refused:
                look(str(path))
            assert refused.value.advice
