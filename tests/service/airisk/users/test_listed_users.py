"""Users of a list as they come over real sockets, and are sent as they were given."""

import pytest

from tests.kit.conversing import session_with
from tests.kit.deployment.dialect import Dialect
from tests.kit.deployment.faults import CATALOG, answers, answers_json
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.deployment.shapes import (
    AWKWARD_PEOPLE,
    NUMERIC_PEOPLE,
    ListStyle,
    Person,
)
from tui.airisk.identity import APPLICATION
from tui.airisk.models import Draft, User
from tui.errors import RequestRejectedError, ServiceBusyError, UserListError


@pytest.mark.parametrize("people", [AWKWARD_PEOPLE, NUMERIC_PEOPLE], ids=["signs", "numbers"])
async def test_each_id_is_sent_exactly_as_it_was_given(people: tuple[Person, ...]) -> None:
    with ForeignAIRisk(Dialect(people=people)) as server:
        async with session_with(server) as session:
            for user, person in zip((await session.users()).users, people, strict=True):
                await session.act_as(user)
                await session.send(Draft("GET", "/api/Chat/ListAgents"), session.active)
                authorize, token, request = server.requests[-3:]
                assert dict(authorize.query)["userid"] == person.identity
                assert (authorize.path, token.path) == ("/api/oauth2", "/api/oauth2/Token")
                assert request.identity == person.identity
        assert server.issued[1:] == [person.identity for person in people]


async def test_half_a_character_in_an_id_is_refused_before_anything_is_sent() -> None:
    with ForeignAIRisk(faults={"/api/ListUsers": answers_json(b'[{"id": "u-\\ud800", "name": "Half"}]')}) as server:
        async with session_with(server) as session:
            (user,) = (await session.users()).users
            asked = len(server.requests)
            with pytest.raises(RequestRejectedError, match="invalid Unicode"):
                await session.act_as(user)
            assert (session.active, len(server.requests)) == (APPLICATION, asked)


async def test_204_is_an_empty_list() -> None:
    with ForeignAIRisk(Dialect(list_style=ListStyle(is_no_content=True))) as server:
        async with session_with(server) as session:
            assert list((await session.users()).users) == []


@pytest.mark.parametrize("name", ["utf16_body", "bom_body", *(each for each in CATALOG if "charset" in each)])
async def test_any_unicode_encoding_is_read_whatever_is_said_of_it(name: str) -> None:
    with ForeignAIRisk(faults={"/api/ListUsers": name}) as server:
        async with session_with(server) as session:
            assert list((await session.users()).users) == [User("u-1", "Zoë")]


@pytest.mark.parametrize("name", ["captive_portal", "truncated_json", "deep_nest"])
async def test_a_response_that_is_no_list_is_reported_by_the_session(name: str) -> None:
    with ForeignAIRisk(faults={"/api/ListUsers": name}) as server:
        async with session_with(server) as session:
            with pytest.raises(
                UserListError, match=r"not JSON \(text/html\)" if name == "captive_portal" else "not JSON"
            ):
                await session.users()


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 503])
async def test_a_refusal_says_what_to_do(status: int) -> None:
    refusing = answers(status)
    with ForeignAIRisk(faults={"/api/ListUsers": refusing, "/api/Users/ListUsers": refusing}) as server:
        async with session_with(server) as session:
            with pytest.raises(
                ServiceBusyError if status in {429, 503} else UserListError, match=str(status)
            ) as refused:
                await session.users()
            assert refused.value.advice
