"""The list of users is documented at two paths: the second is tried wherever the first shows no list."""

import pytest

from tests.kit.conversing import asked, session_with
from tests.kit.deployment.dialect import CUSTOM_LIST_PATH, LONG_LIST_PATH, SHORT_LIST_PATH, Dialect
from tests.kit.deployment.faults import Fault, answers, answers_json
from tests.kit.deployment.foreign import ForeignAIRisk
from tui.errors import ServiceBusyError, UserListError

NO_LIST: dict[str, tuple[Fault | str, str]] = {
    "a page of a single-page app": ("captive_portal", "is not JSON (text/html)"),
    "a page that claims to be JSON": (answers_json(b"<html></html>"), "is not JSON"),
    "JSON without a list": (answers_json(b'{"status": "ok"}'), "contains no list"),
    "a list of something else": (answers_json(b'["a", "b"]'), "contains a list, but no users"),
    **{f"{status}": (answers(status), f"returned {status}") for status in (302, 400, 401, 403, 404, 405, 500)},
}

every_way = pytest.mark.parametrize(("first", "found"), NO_LIST.values(), ids=NO_LIST)


@every_way
async def test_the_second_path_is_tried_and_asked_first_from_then_on(first: Fault | str, found: str) -> None:
    with ForeignAIRisk(Dialect(list_path=LONG_LIST_PATH), faults={SHORT_LIST_PATH: first}) as server:
        async with session_with(server) as session:
            assert len((await session.users()).users) == 3
            before = asked(server)[SHORT_LIST_PATH]
            assert len((await session.users()).users) == 3
            assert (asked(server)[SHORT_LIST_PATH], asked(server)[LONG_LIST_PATH]) == (before, 2)


@every_way
async def test_where_neither_shows_a_list_it_is_said_what_each_returned(first: Fault | str, found: str) -> None:
    with ForeignAIRisk(faults={SHORT_LIST_PATH: first, LONG_LIST_PATH: answers(403)}) as server:
        async with session_with(server) as session:
            with pytest.raises(UserListError) as refused:
                await session.users()
    words = f"Not a user list: {SHORT_LIST_PATH} {found}, {LONG_LIST_PATH} returned 403."
    assert refused.value.message == words
    assert refused.value.advice


@pytest.mark.parametrize("status", [429, 503])
async def test_a_deployment_that_is_busy_is_not_asked_elsewhere(status: int) -> None:
    with ForeignAIRisk(Dialect(list_path=LONG_LIST_PATH), faults={SHORT_LIST_PATH: answers(status)}) as server:
        async with session_with(server) as session:
            with pytest.raises(ServiceBusyError, match=f"^The user list request returned {status}.$"):
                await session.users()
            assert asked(server)[LONG_LIST_PATH] == 0


async def test_a_path_of_ones_own_is_the_only_one() -> None:
    with ForeignAIRisk(faults={CUSTOM_LIST_PATH: answers(404)}) as server:
        async with session_with(server, list_users=CUSTOM_LIST_PATH) as session:
            with pytest.raises(UserListError, match=f"^Not a user list: {CUSTOM_LIST_PATH} returned 404.$") as refused:
                await session.users()
            assert refused.value.advice == "Set AIRISK_LIST_USERS to the path of the user list."
            assert asked(server)[SHORT_LIST_PATH] == 0


async def test_a_token_that_neither_path_accepts_is_renewed_once() -> None:
    refusing = answers(401)
    with ForeignAIRisk(faults={SHORT_LIST_PATH: refusing, LONG_LIST_PATH: refusing}) as server:
        async with session_with(server) as session:
            with pytest.raises(UserListError, match=r"returned 401, .* returned 401"):
                await session.users()
            assert server.issued == ["(generic)"] * 2
            assert (asked(server)[SHORT_LIST_PATH], asked(server)[LONG_LIST_PATH]) == (2, 1)
