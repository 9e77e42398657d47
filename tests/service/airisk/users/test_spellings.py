"""A deployment that takes any spelling of an id: nobody protected is acted as by another one."""

import pytest

from tests.kit.conversing import AGENTS, ask, either_way, session_with
from tests.kit.deployment.dialect import Dialect
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.deployment.shapes import GUID, GUID_PEOPLE, GUID_SPELLINGS
from tui.airisk.identity import APPLICATION, Identity, SubjectCheck
from tui.airisk.models import User
from tui.errors import RequestRejectedError, UnexpectedSignInResponseError

ANY_SPELLING = Dialect(people=GUID_PEOPLE, is_spelling_free=True, token_form="jwt")
ADA = GUID_PEOPLE[0].identity

every_spelling = pytest.mark.parametrize("spelling", GUID_SPELLINGS.values(), ids=GUID_SPELLINGS)


@every_spelling
async def test_a_protected_user_is_not_even_signed_in_by_another_spelling(spelling: str) -> None:
    with ForeignAIRisk(ANY_SPELLING) as server:
        async with session_with(server, protected_users=frozenset({GUID})) as session:
            for act in (session.act_as(User(spelling)), session.sign_in(Identity("user", spelling))):
                with pytest.raises(RequestRejectedError, match="is protected: airisk-tui will not act"):
                    await act
        assert server.requests == []


@either_way
@every_spelling
async def test_nor_is_a_request_sent_in_that_name(spelling: str, is_streamed: bool) -> None:
    with ForeignAIRisk(ANY_SPELLING) as server:
        async with session_with(server, protected_users=frozenset({GUID})) as session:
            with pytest.raises(RequestRejectedError, match="is protected"):
                await ask(session, AGENTS, Identity("user", spelling, "Grace"), is_streamed=is_streamed)
        assert server.requests == []


@every_spelling
async def test_protected_by_another_spelling_is_protected(spelling: str) -> None:
    with ForeignAIRisk(ANY_SPELLING) as server:
        async with session_with(server, protected_users=frozenset({spelling})) as session:
            with pytest.raises(RequestRejectedError, match="is protected"):
                await session.act_as(User(GUID))


@every_spelling
async def test_the_token_confirms_the_user_in_any_spelling_and_the_id_is_sent_as_it_was_given(spelling: str) -> None:
    with ForeignAIRisk(ANY_SPELLING) as server:
        async with session_with(server) as session:
            identity = await session.act_as(User(spelling))
            assert (identity.id, identity.subject_check) == (spelling, SubjectCheck.CONFIRMED)
            authorize = next(request for request in server.requests if "userid" in dict(request.query))
            assert dict(authorize.query)["userid"] == spelling


async def test_a_token_of_a_protected_user_is_never_sent() -> None:
    with ForeignAIRisk(Dialect(people=GUID_PEOPLE, token_form="jwt", token_subject=GUID.upper())) as server:
        async with session_with(server, protected_users=frozenset({GUID})) as session:
            with pytest.raises(
                RequestRejectedError, match=f"a token for {GUID.upper()}, who is protected. The token was discarded"
            ):
                await session.act_as(User(ADA))
            assert (session.active, session.token(Identity("user", ADA))) == (APPLICATION, None)
        assert {request.identity for request in server.requests} <= {None, "(generic)"}


async def test_an_act_ends_no_better_when_the_renewed_token_is_a_protected_users() -> None:
    subjects = [ADA]
    with ForeignAIRisk(Dialect(people=GUID_PEOPLE, token_form="jwt", token_subject=subjects)) as server:
        async with session_with(server, protected_users=frozenset({GUID})) as session:
            ada = await session.act_as(User(ADA))
            subjects[:] = [GUID]
            server.revoke(ADA)
            with pytest.raises(RequestRejectedError, match="who is protected"):
                await session.send(AGENTS, ada)
            sent = [request for request in server.requests if request.path == AGENTS.path]
            assert [request.status for request in sent] == [401]


async def test_a_token_that_names_somebody_else_beside_the_user_is_refused() -> None:
    with ForeignAIRisk(Dialect(token_form="jwt", subject_claim="uid", other_claims={"sub": "u-2"})) as server:
        async with session_with(server) as session:
            with pytest.raises(
                UnexpectedSignInResponseError, match=r"a token for u-1 and for u-2, not for Ada · u-1 alone"
            ):
                await session.act_as(User("u-1", "Ada"))
