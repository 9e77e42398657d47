"""A request that is not answered: one that may have been done is not to be sent again without a look."""

import pytest

from tests.kit.conversing import ADA, AGENTS, CREATE, ask, either_way, session_with
from tests.kit.deployment.breakable import EVERY_PATH
from tests.kit.deployment.faults import sends
from tests.kit.deployment.foreign import ForeignAIRisk
from tui.errors import NoResponseError

LOOK_FIRST = "AIRisk may have processed it. Check before you resend it."


@either_way
@pytest.mark.parametrize("fault", [sends(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"), sends(b"noise\r\n\r\n")])
async def test_a_change_without_a_response_may_have_been_done(fault, is_streamed: bool) -> None:
    with ForeignAIRisk(faults={CREATE.path: fault, AGENTS.path: fault}) as server:
        async with session_with(server) as session:
            ada = await session.act_as(ADA)
            with pytest.raises(NoResponseError) as unanswered:
                await ask(session, CREATE, ada, is_streamed=is_streamed)
            assert unanswered.value.advice == LOOK_FIRST
            with pytest.raises(NoResponseError) as unanswered:
                await ask(session, AGENTS, ada, is_streamed=is_streamed)
            assert unanswered.value.advice == "Try again. If it keeps happening, contact the deployment's operator."


@either_way
async def test_one_that_never_reached_it_was_not(is_streamed: bool) -> None:
    with ForeignAIRisk() as server:
        async with session_with(server) as session:
            ada = await session.act_as(ADA)
            server.breaks(EVERY_PATH, "refuses")
            with pytest.raises(NoResponseError) as unanswered:
                await ask(session, CREATE, ada, is_streamed=is_streamed)
            assert unanswered.value.advice == "Check AIRISK_URL and the network, then try again."
