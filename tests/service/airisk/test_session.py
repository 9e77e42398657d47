"""A conversation in which things go wrong: the identity stays what it was, and nothing goes round in circles."""

import asyncio

import pytest

from tests.kit.conversing import ADA, AGENTS, CREATE, GRACE, ask, either_way, session_with
from tests.kit.deployment.faults import Fault, answers, answers_json
from tests.kit.deployment.foreign import AUTHORIZE_PATH, TOKEN_PATH, ForeignAIRisk
from tests.kit.deployment.peer import Peer
from tests.kit.deployment.tokens import GENERIC as GENERIC_TOKEN
from tests.kit.patience import ENOUGH
from tests.service.airisk.asking import SHORT
from tui.airisk.audit_sink import AuditSink
from tui.airisk.identity import ANONYMOUS, APPLICATION, Identity
from tui.airisk.models import Draft, User
from tui.errors import (
    AIRiskError,
    ChangesNotAllowedError,
    ClientSecretRejectedError,
    RequestRejectedError,
    SignInRejectedError,
    UnexpectedSignInResponseError,
)

# Switching

BREAKS = ("refused", "never_answers", "closes_before_answer", "captive_portal", "gzip_bomb", "redirects_307")


@pytest.mark.parametrize("path", [AUTHORIZE_PATH, TOKEN_PATH])
@pytest.mark.parametrize("name", BREAKS)
async def test_a_switch_that_fails_leaves_everything_as_it_was(name: str, path: str) -> None:
    with ForeignAIRisk() as server:
        async with session_with(server) as session:
            await session.act_as(GRACE)
            before = await session.act_as(ADA)
            tokens = [session.token(identity) for identity in (APPLICATION, before)]
            server.breaks(path, answers(403) if name == "refused" else name)
            session._client._seconds = SHORT if name == "never_answers" else ENOUGH
            with pytest.raises(AIRiskError) as failed:
                await session.act_as(User("u-3", "Edsger Dijkstra"))

            session._client._seconds = ENOUGH
            assert failed.value.advice
            assert session.active is before
            assert session.previous == Identity.of(GRACE)
            assert [session.token(identity) for identity in (APPLICATION, before)] == tokens
            assert (await session.send(AGENTS, session.active)).identity == Identity.of(ADA)
            server.mends(path)
            assert (await session.act_as(User("u-3", "Edsger Dijkstra"))).id == "u-3"


async def test_a_user_deleted_since_the_list_was_read_is_named_in_the_refusal() -> None:
    with ForeignAIRisk() as server:
        async with session_with(server) as session:
            users = (await session.users()).users
            server.remove_user("u-2")
            with pytest.raises(
                SignInRejectedError, match=r"would not sign in as Grace Hopper · u-2 \(400 Invalid userid\)"
            ):
                await session.act_as(users[1])
            assert session.active == APPLICATION


async def test_leaving_after_the_code_and_before_the_token_adopts_nobody() -> None:
    with ForeignAIRisk() as server:
        async with session_with(server) as session:
            before = await session.act_as(ADA)
            token_asked = asyncio.Event()
            loop = asyncio.get_running_loop()

            def never_answer(peer: Peer) -> None:
                loop.call_soon_threadsafe(token_asked.set)
                peer.wait_until_gone()

            server.breaks(TOKEN_PATH, Fault(never_answer))
            switching = asyncio.create_task(session.act_as(GRACE))
            await token_asked.wait()
            switching.cancel()
            with pytest.raises(asyncio.CancelledError):
                await switching
            assert session.active is before
            assert session.token(Identity.of(GRACE)) is None
            server.mends(TOKEN_PATH)
            assert (await session.act_as(GRACE)).id == "u-2"


async def test_pressing_enter_twice_signs_in_once() -> None:
    with ForeignAIRisk() as server:
        async with session_with(server) as session:
            await session.sign_in()
            first, second = await asyncio.gather(session.act_as(ADA), session.act_as(ADA))
            assert first == second == session.active
            assert server.issued == [GENERIC_TOKEN, "u-1"]


async def test_a_token_that_is_being_requested_is_not_dropped() -> None:
    with ForeignAIRisk() as server:
        async with session_with(server) as session:
            await session.sign_in()
            first = asyncio.create_task(session.act_as(ADA))
            for _ in range(5):
                await asyncio.sleep(0)
            session.forget(Identity.of(ADA))
            assert await session.act_as(ADA) == await first
            assert server.issued == [GENERIC_TOKEN, "u-1"]


async def test_coming_back_needs_no_network() -> None:
    with ForeignAIRisk() as server:
        async with session_with(server) as session:
            await session.act_as(ADA)
            server.breaks("*", "never_answers")
            asked_before = len(server.requests)
            await session.stop_acting()
            assert (session.active, session.previous, session.act) == (APPLICATION, Identity.of(ADA), None)
            assert len(server.requests) == asked_before


async def test_a_wrong_secret_is_reported_as_such_also_where_only_a_user_signs_in() -> None:
    with ForeignAIRisk() as server:
        for single_user in (False, True):
            async with session_with(server, secret="wrong", single_user=single_user, user_id="u-1") as session:
                with pytest.raises(ClientSecretRejectedError, match="rejected the client secret"):
                    await session.act_as(ADA)
                assert session.active == APPLICATION


# What is sent in whose name


@either_way
async def test_each_identity_sends_its_own_token_and_nobody_none(is_streamed: bool) -> None:
    with ForeignAIRisk() as server:
        async with session_with(server) as session:
            grace = await session.act_as(GRACE)
            async with session.temporary_identity(Identity.of(ADA)) as ada:
                for identity in (ada, ANONYMOUS, grace, APPLICATION, ada):
                    await ask(session, CREATE, identity, is_streamed=is_streamed)
        sent = [(request.identity, request.header("Authorization") is None) for request in server.requests]
        whose = [each for each, request in zip(sent, server.requests, strict=True) if request.path == CREATE.path]
        assert whose == [("u-1", False), (None, True), ("u-2", False), (GENERIC_TOKEN, False), ("u-1", False)]
        assert server.cookies_received == []


@either_way
async def test_nothing_is_sent_in_the_name_of_somebody_who_is_not_acted_as(is_streamed: bool) -> None:
    with ForeignAIRisk() as server:
        async with session_with(server) as session:
            ada = await session.act_as(ADA)
            async with session.temporary_identity(ada) as also:
                await session.act_as(GRACE)
                assert await ask(session, AGENTS, also, is_streamed=is_streamed) == 200
            before = len(server.requests)
            for identity in (ada, Identity.of(User("u-3"))):
                with pytest.raises(RequestRejectedError, match="You are not acting as"):
                    await ask(session, AGENTS, identity, is_streamed=is_streamed)
            await session.stop_acting()
            with pytest.raises(RequestRejectedError, match="You are not acting as Grace Hopper · u-2"):
                await ask(session, AGENTS, Identity.of(GRACE), is_streamed=is_streamed)
            assert len(server.requests) == before


@either_way
async def test_read_only_refuses_what_could_change_anything_before_it_leaves(is_streamed: bool) -> None:
    with ForeignAIRisk() as server:
        async with session_with(server, read_only=True) as session:
            ada = await session.act_as(ADA)
            before = len(server.requests)
            for method in ("POST", "PUT", "PATCH", "DELETE", "post", "X"):
                with pytest.raises(RequestRejectedError, match="read-only"):
                    await ask(session, Draft(method, "/api/x"), ada, is_streamed=is_streamed)
            assert len(server.requests) == before
            assert await ask(session, AGENTS, ada, is_streamed=is_streamed) == 200


@either_way
async def test_each_acting_session_begins_read_only_until_changes_are_allowed(is_streamed: bool) -> None:
    with ForeignAIRisk() as server:
        async with session_with(server, act_read_only=True) as session:

            async def is_refused(identity: Identity) -> bool:
                try:
                    await ask(session, CREATE, identity, is_streamed=is_streamed)
                except ChangesNotAllowedError:
                    return True
                return False

            assert not await is_refused(APPLICATION)
            ada = await session.act_as(ADA)
            assert await is_refused(ada)
            assert await ask(session, AGENTS, ada, is_streamed=is_streamed) == 200
            await session.allow_changes()
            assert not await is_refused(ada)
            async with session.temporary_identity(Identity.of(GRACE)) as grace:
                assert await is_refused(grace)
            async with session.temporary_identity(Identity.of(GRACE), allows_changes=True) as grace:
                assert not await is_refused(grace)
            assert await is_refused(await session.act_as(GRACE))
            assert await is_refused(await session.act_as(ADA))


async def test_changes_allowed_while_the_user_switches_are_allowed_for_nobody() -> None:
    with ForeignAIRisk() as server:

        class Slow(AuditSink):
            async def changes_allowed(self, identity: Identity) -> None:  # noqa: ARG002 - the sink's signature
                await session.act_as(GRACE)

        async with session_with(server, Slow(), act_read_only=True) as session:
            await session.act_as(ADA)
            await session.allow_changes()
            assert session.active == Identity.of(GRACE)
            assert session.is_read_only(session.active)


async def test_a_value_of_half_a_character_is_refused() -> None:
    with ForeignAIRisk() as server:
        async with session_with(server) as session:
            with pytest.raises(RequestRejectedError, match="invalid Unicode"):
                await session.send(Draft("GET", "/api/x", (("q", "\ud800"),)), ANONYMOUS)
        assert server.requests == []


async def test_a_page_of_a_megabyte_instead_of_a_code_is_reported_as_what_it_is() -> None:
    page = answers(200, b"<html>" + b" " * (1 << 20), ("Content-Type", "text/html"))
    with ForeignAIRisk(faults={AUTHORIZE_PATH: page}) as server:
        async with session_with(server) as session:
            with pytest.raises(UnexpectedSignInResponseError, match=r"returned 200 \(text/html\)"):
                await session.sign_in()


async def test_a_token_of_a_megabyte_is_no_usable_token() -> None:
    with ForeignAIRisk(faults={TOKEN_PATH: answers_json(b'{"access_token": "' + b"t" * (1 << 20) + b'"}')}) as server:
        async with session_with(server) as session:
            with pytest.raises(UnexpectedSignInResponseError, match="no usable token"):
                await session.sign_in()
