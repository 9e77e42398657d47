"""A streamed answer over a real wire: it grows while it comes, and ends in words however it ends."""

import asyncio
from collections.abc import Callable
from threading import Event

import pytest

from tests.kit.conversing import GRACE, session_with
from tests.kit.deployment.events import DONE, PATH, delta, event, says
from tests.kit.deployment.faults import Fault, answers
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.deployment.peer import Peer
from tests.kit.patience import PATIENCE
from tui.airisk.models import Draft, Exchange
from tui.airisk.responses.event_stream import STREAM_CAP, EventStreamExchange, rebuild_reply

ASK = Draft("POST", PATH, (), (("Accept", "text/event-stream"), ("Content-Type", "application/json")), b"{}")
HELLO = event("thread.message.created", {"id": "m-1"}) + delta("Hel") + delta("lo")


async def asked(
    fault: Fault, noted: Callable[[EventStreamExchange], object] = repr
) -> tuple[EventStreamExchange, Exchange]:
    """What came of asking, as a screen does it; at each event it is noted how far the stream has come."""
    with ForeignAIRisk(faults={PATH: fault}) as server:
        async with session_with(server) as session:
            identity = await session.act_as(GRACE)
            async with session.stream(ASK, identity) as incoming:
                streaming = EventStreamExchange(incoming, ASK, identity)
                assert streaming.is_of_events
                async for _ in streaming.events():
                    assert streaming.body
                    noted(streaming)
            return streaming, await streaming.exchange(session)


async def test_a_reply_is_an_exchange_in_the_end() -> None:
    streaming, exchange = await asked(says(HELLO, DONE))

    assert (streaming.reply.text, streaming.reply.state) == ("Hello", "done")
    assert (exchange.status, exchange.broken, exchange.identity.id) == (200, "", "u-2")
    assert exchange.body == HELLO + DONE
    assert exchange.timing
    assert exchange.timing.first_byte <= exchange.timing.total == exchange.seconds
    assert rebuild_reply(exchange.body).text == "Hello"


async def test_done_ends_it_though_the_connection_stays_open() -> None:
    streaming, exchange = await asked(says(HELLO, DONE, then=Peer.wait_until_gone))

    assert (streaming.reply.state, exchange.broken) == ("done", "")


async def test_a_byte_at_a_time_is_the_same() -> None:
    whole = HELLO + DONE
    streaming, exchange = await asked(says(*(whole[place : place + 1] for place in range(len(whole)))))

    assert (streaming.reply.text, streaming.reply.state, exchange.body) == ("Hello", "done", whole)


ENDS: dict[str, tuple[Fault, str, str]] = {
    "without done": (says(HELLO), "Hello", "ended before the reply was complete"),
    "in the middle of an event": (says(HELLO, b"event: thread.mess"), "Hello", "in the middle of an event"),
    "with a line of 10 MB": (says(HELLO, b"data: " + b"x" * 10_000_000), "Hello", "larger than 1 MB"),
    "with a line that never ends": (says(HELLO, *[b"x" * 65_536] * 400), "Hello", "larger than 1 MB"),
    "with an agent that stops": (says(HELLO, event("error", {"message": "Out of tokens"})), "Hello", "Out of tokens"),
    "with no UTF-8": (
        says(HELLO, b'event: thread.message.delta\ndata: {"delta": "\xff\xc3"}\n\n'),
        "Hello\ufffd\ufffd",
        "ended before the reply was complete",
    ),
}


@pytest.mark.parametrize(("fault", "text", "why"), ENDS.values(), ids=ENDS)
async def test_a_stream_that_breaks_off_is_kept_and_says_why(fault: Fault, text: str, why: str) -> None:
    streaming, exchange = await asked(fault)

    assert streaming.reply.text == text
    assert streaming.reply.state in {"broken off", "incomplete"}
    assert why in exchange.broken
    assert exchange.broken
    assert exchange.body.startswith(HELLO)


async def test_a_stream_that_is_reset_is_kept_as_far_as_it_came() -> None:
    is_read = Event()

    def reset_once_read(peer: Peer) -> None:
        assert is_read.wait(PATIENCE)
        peer.reset()

    def note(streaming: EventStreamExchange) -> None:
        if streaming.reply.text == "Hello":
            is_read.set()

    streaming, exchange = await asked(says(HELLO, then=reset_once_read), note)

    assert (streaming.reply.text, streaming.reply.state, exchange.body) == ("Hello", "broken off", HELLO)
    assert "was closed before the response was complete" in exchange.broken


async def test_a_stream_without_end_is_given_up_at_its_cap() -> None:
    def flood(peer: Peer) -> None:
        for _ in range(2 * STREAM_CAP // 65_536):
            peer.send(b": " + b"x" * 65_533 + b"\n")

    _, exchange = await asked(says(HELLO, then=flood))

    assert "Response larger than 16 MB" in exchange.broken
    assert len(exchange.body) < STREAM_CAP + 1_000_000


async def test_what_is_stopped_is_kept_and_is_no_fault_of_the_stream() -> None:
    with ForeignAIRisk(faults={PATH: says(HELLO, then=Peer.wait_until_gone)}) as server:
        async with session_with(server) as session:
            identity = await session.act_as(GRACE)
            async with session.stream(ASK, identity) as incoming:
                streaming = EventStreamExchange(incoming, ASK, identity)
                async for _ in streaming.events():
                    if streaming.reply.text == "Hello":
                        streaming.stop("stopped here")
                        break
            exchange = await streaming.exchange(session)
    assert (exchange.broken, exchange.body, streaming.is_over) == ("stopped here", HELLO, True)


async def test_a_refusal_is_read_whole_though_a_stream_was_asked_for() -> None:
    refusal = answers(403, b'{"title": "Forbidden"}', ("Content-Type", "application/problem+json"))
    with ForeignAIRisk(faults={PATH: refusal}) as server:
        async with session_with(server) as session:
            identity = await session.act_as(GRACE)
            async with session.stream(ASK, identity) as incoming:
                streaming = EventStreamExchange(incoming, ASK, identity)
                assert not streaming.is_of_events
                await streaming.whole()
            exchange = await streaming.exchange(session)
    assert (exchange.status, exchange.body, exchange.may_be_repeated) == (403, b'{"title": "Forbidden"}', False)


async def test_a_question_with_a_token_that_is_no_longer_good_may_be_repeated() -> None:
    with ForeignAIRisk() as server:
        async with session_with(server) as session:
            identity = await session.act_as(GRACE)
            server.revoke("u-2")
            async with session.stream(ASK, identity) as incoming:
                streaming = EventStreamExchange(incoming, ASK, identity)
                await streaming.whole()
            exchange = await streaming.exchange(session)
            assert (exchange.status, exchange.may_be_repeated) == (401, True)
            async with asyncio.timeout(PATIENCE), session.stream(ASK, identity) as incoming:
                assert incoming.status == 200
