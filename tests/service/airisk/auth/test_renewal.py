"""A token that AIRisk no longer accepts: renewed once, and never round in circles."""

import asyncio
import threading

import pytest

from tests.kit.conversing import ADA, AGENTS, CREATE, ask, asked, either_way, session_with
from tests.kit.deployment.dialect import Dialect
from tests.kit.deployment.faults import Fault, answers
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.deployment.peer import Peer
from tests.kit.deployment.tokens import GENERIC as GENERIC_TOKEN
from tests.kit.patience import PATIENCE
from tui.airisk.auth.oauth import Token
from tui.airisk.models import Draft
from tui.errors import SignInRejectedError, UserListError


@either_way
async def test_a_token_that_was_revoked_is_renewed_and_a_safe_request_sent_again(is_streamed: bool) -> None:
    with ForeignAIRisk() as server:
        async with session_with(server) as session:
            ada = await session.act_as(ADA)
            server.revoke("u-1")
            assert await ask(session, AGENTS, ada, is_streamed=is_streamed) == 200
            assert server.issued == [GENERIC_TOKEN, "u-1", "u-1"]
            assert asked(server)[AGENTS.path] == 2


@either_way
async def test_an_unsafe_request_is_not_sent_again_but_the_next_one_succeeds(is_streamed: bool) -> None:
    with ForeignAIRisk() as server:
        async with session_with(server) as session:
            ada = await session.act_as(ADA)
            server.revoke("u-1")
            assert await ask(session, CREATE, ada, is_streamed=is_streamed) == 401
            assert asked(server)[CREATE.path] == 1
            assert await ask(session, CREATE, ada, is_streamed=is_streamed) == 200
            assert server.issued == [GENERIC_TOKEN, "u-1", "u-1"]


@either_way
@pytest.mark.parametrize("draft", [AGENTS, CREATE], ids=["safe", "unsafe"])
async def test_a_deployment_that_always_answers_401_is_not_asked_for_ever(draft: Draft, is_streamed: bool) -> None:
    with ForeignAIRisk(faults={draft.path: answers(401)}) as server:
        async with session_with(server) as session:
            ada = await session.act_as(ADA)
            assert await ask(session, draft, ada, is_streamed=is_streamed) == 401
            assert asked(server)[draft.path] == (2 if draft.is_safe else 1)
            assert len(server.issued) <= 3


async def test_a_list_that_always_answers_401_is_reported() -> None:
    with ForeignAIRisk(faults={"/api/ListUsers": answers(401)}) as server:
        async with session_with(server) as session:
            with pytest.raises(UserListError, match="returned 401"):
                await session.users()
            assert asked(server)["/api/ListUsers"] == 2


async def test_the_list_is_requested_again_with_a_new_generic_token() -> None:
    with ForeignAIRisk() as server:
        async with session_with(server) as session:
            await session.sign_in()
            server.revoke()
            assert len((await session.users()).users) == 3
            assert server.issued == [GENERIC_TOKEN] * 2


async def test_403_is_the_users_permissions_and_no_reason_to_renew() -> None:
    with ForeignAIRisk(faults={AGENTS.path: answers(403)}) as server:
        async with session_with(server) as session:
            exchange = await session.send(AGENTS, await session.act_as(ADA))
            assert (exchange.status, exchange.is_replayed, server.issued) == (403, False, [GENERIC_TOKEN, "u-1"])


async def test_twenty_requests_whose_token_is_refused_renew_it_once() -> None:
    with ForeignAIRisk() as server:
        async with session_with(server) as session:
            ada = await session.act_as(ADA)
            server.revoke("u-1")
            exchanges = await asyncio.gather(*(session.send(AGENTS, ada) for _ in range(20)))
            assert {exchange.status for exchange in exchanges} == {200}
            assert server.issued == [GENERIC_TOKEN, "u-1", "u-1"]


async def test_a_late_401_does_not_renew_the_token_that_replaced_the_refused_one() -> None:
    with ForeignAIRisk() as server:
        async with session_with(server) as session:
            ada = await session.act_as(ADA)
            server.revoke("u-1")
            is_asked, is_renewed, loop = asyncio.Event(), threading.Event(), asyncio.get_running_loop()

            def answer_once_renewed(peer: Peer) -> None:
                loop.call_soon_threadsafe(is_asked.set)
                assert is_renewed.wait(PATIENCE)
                peer.answer_normally()

            server.breaks("/api/Chat/GetConversations", Fault(answer_once_renewed), times=1)
            slow = asyncio.create_task(session.send(Draft("GET", "/api/Chat/GetConversations"), ada))
            await is_asked.wait()
            assert (await session.send(AGENTS, ada)).status == 200
            is_renewed.set()
            assert (await slow).status == 200
            assert server.issued == [GENERIC_TOKEN, "u-1", "u-1"]


async def test_if_the_renewal_fails_all_hear_of_it_and_nobody_is_asked_in_another_name() -> None:
    with ForeignAIRisk() as server:
        async with session_with(server) as session:
            ada = await session.act_as(ADA)
            server.remove_user("u-1")
            ended = await asyncio.gather(*(session.send(AGENTS, ada) for _ in range(5)), return_exceptions=True)
            assert [type(each) for each in ended] == [SignInRejectedError] * 5
            assert session.active is ada
            assert {request.identity for request in server.requests if request.path == AGENTS.path} == {"u-1"}


async def test_the_generic_token_is_renewed_when_it_is_refused_while_a_users_token_is_requested() -> None:
    for step in ("authorize", "token", "both"):
        with ForeignAIRisk(Dialect(generic_bearer=step)) as server:
            async with session_with(server) as session:
                await session.sign_in()
                server.revoke()
                await session.act_as(ADA)
                assert server.issued == [GENERIC_TOKEN, GENERIC_TOKEN, "u-1"]


@pytest.mark.parametrize("step", ["authorize", "token", "both"])
async def test_a_single_user_falls_back_to_the_generic_bearer_where_it_is_wanted(step: str) -> None:
    with ForeignAIRisk(Dialect(generic_bearer=step)) as server:  # type: ignore[arg-type]
        async with session_with(server, single_user=True, user_id="u-1") as session:
            await session.act_as(ADA)
        assert server.issued == [GENERIC_TOKEN, "u-1"]
    with ForeignAIRisk() as server:
        async with session_with(server, single_user=True, user_id="u-1") as session:
            await session.act_as(ADA)
        assert server.issued == ["u-1"]


@pytest.mark.parametrize("hours", [-1, 1])
async def test_a_clock_that_is_off_makes_no_token_look_dead_and_none_immortal(hours: int) -> None:
    with ForeignAIRisk(Dialect(clock_skew_seconds=hours * 3600.0)) as server:
        async with session_with(server) as session:
            ada = await session.act_as(ADA)
            for _ in range(3):
                assert (await session.send(AGENTS, ada)).status == 200
            assert server.issued == [GENERIC_TOKEN, "u-1"]
            token = session.token(ada)
            assert isinstance(token, Token)
            assert token.is_live(margin=3500)
            assert not token.is_live(margin=3700)


async def test_a_token_that_opens_one_request_is_renewed_for_each_and_the_program_goes_on() -> None:
    with ForeignAIRisk(Dialect(user_token_uses=1)) as server:
        async with session_with(server) as session:
            ada = await session.act_as(ADA)
            assert [(await session.send(AGENTS, ada)).status for _ in range(3)] == [200] * 3


async def test_a_user_who_is_not_allowed_is_no_reason_to_renew_the_generic_token() -> None:
    with ForeignAIRisk(Dialect(forbidden_users=frozenset({"u-1"}))) as server:
        async with session_with(server) as session:
            with pytest.raises(SignInRejectedError, match="403"):
                await session.act_as(ADA)
            assert server.issued == [GENERIC_TOKEN]
