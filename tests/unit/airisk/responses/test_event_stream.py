"""Which requests ask for events, and a stream that falls silent."""

from unittest.mock import patch

import pytest

from tests.kit.deployment.events import delta
from tests.kit.memory import traced
from tests.kit.time_lapse import TimeLapse, answers, in_no_time
from tests.kit.trails import SETTINGS
from tui.airisk.identity import ANONYMOUS
from tui.airisk.models import Draft
from tui.airisk.responses.event_stream import EventStreamExchange, rebuild_reply, wants_events
from tui.airisk.session import Session
from tui.config.keyring import Secret

ASK = Draft("POST", "/api/Chat/AskAgent", headers=(("Accept", "text/event-stream"),))


def test_a_stream_that_falls_silent_is_kept_and_says_so() -> None:
    async def story(lapse: TimeLapse) -> tuple[str, str, str]:
        session = Session(SETTINGS, Secret("a secret"))
        session._client._transport = answers(
            (29.0, delta("Hel")), (29.0, delta("lo")), (31.0, b""), headers={"Content-Type": "text/event-stream"}
        )
        with patch("tui.airisk.http.client.time", lapse):
            async with session.stream(ASK, ANONYMOUS) as incoming:
                streaming = EventStreamExchange(incoming, ASK, ANONYMOUS)
                async for _ in streaming.events():
                    pass
            exchange = await streaming.exchange(session)
        return streaming.reply.text, streaming.reply.state, exchange.broken

    text, state, broken = in_no_time(story)
    assert (text, state) == ("Hello", "broken off")
    assert "did not respond within 30 s" in broken


def test_which_requests_ask_for_events() -> None:
    assert wants_events(ASK)
    assert wants_events(Draft("GET", "/", (), (("ACCEPT", "application/json, Text/Event-Stream;q=0.9"),)))
    assert not wants_events(Draft("GET", "/", (), (("Accept", "application/json"),)))


@pytest.mark.parametrize("line", [b":\n", b"\n", b":x\n\n", b"id:\n"])
def test_lines_that_mean_nothing_take_no_memory(line: bytes) -> None:
    body = line * (250_000 // len(line))
    with traced() as peak:
        reply = rebuild_reply(body)
        assert peak() < 8 * len(body)
    assert reply.count == 0
