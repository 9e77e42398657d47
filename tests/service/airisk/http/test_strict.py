"""A deployment that returns what a request accepts, or nothing: 406."""

import pytest

from tests.kit.conversing import ADA, session_with
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.deployment.messages import Received, Reply
from tui.airisk.endpoints.catalog import ENDPOINTS
from tui.airisk.models import Draft

ASK_AGENT = next(each for each in ENDPOINTS if each.title == "Ask agent")


class StrictAIRisk(ForeignAIRisk):
    """Streams the answer of an agent, to those that accept a stream."""

    def normal_reply(self, request: Received) -> Reply:
        """As usual, but for that."""
        accepted = request.header("Accept") or "*/*"
        if request.path == ASK_AGENT.path and "text/event-stream" not in accepted and "*/*" not in accepted:
            return Reply(406)
        return super().normal_reply(request)


@pytest.mark.parametrize(
    "draft",
    [
        Draft("POST", ASK_AGENT.path, headers=(("Content-Type", "application/json"),), body=b"{}"),
        ASK_AGENT.draft({"conversationID": "c-1", "text": "Hello"}),
    ],
    ids=["written freely", "by its form"],
)
async def test_an_agent_that_streams_is_asked_however_the_request_was_written(draft: Draft) -> None:
    with StrictAIRisk() as server:
        async with session_with(server) as session:
            exchange = await session.send(draft, await session.act_as(ADA))
    assert exchange.status != 406
