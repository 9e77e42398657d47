"""A list of users in pages is followed to its end, or said to be a part of it."""

from collections.abc import Callable

import pytest

from tests.kit.conversing import session_with
from tests.kit.deployment.dialect import SHORT_LIST_PATH, Dialect
from tests.kit.deployment.faults import Fault, answers
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.deployment.list_paging import CONVENTIONS, Convention, Paging
from tests.kit.deployment.messages import Received
from tests.kit.deployment.peer import Peer
from tests.kit.deployment.shapes import Person
from tui.airisk.models import UserList
from tui.airisk.users import fetch
from tui.errors import NoResponseError

CROWD = tuple(Person(f"u-{number:03}", "Person", str(number)) for number in range(300))
IDS = [person.identity for person in CROWD]

every_convention = pytest.mark.parametrize("convention", CONVENTIONS)


def crowded(paging: Paging, people: tuple[Person, ...] = CROWD) -> ForeignAIRisk:
    """A deployment whose list comes in pages."""
    return ForeignAIRisk(Dialect(people=people, list_paging=paging))


async def listed(
    server: ForeignAIRisk, on_progress: Callable[[UserList], None] | None = None, *, list_users: str = ""
) -> UserList:
    """What the session makes of it."""
    async with session_with(server, list_users=list_users) as session:
        return await session.users(on_progress)


def lists(server: ForeignAIRisk) -> list[Received]:
    """The requests for the list."""
    return [request for request in server.requests if request.path == SHORT_LIST_PATH]


@pytest.mark.parametrize("parameter", ["page", "pageNumber", "skip", "offset"])
@every_convention
async def test_every_convention_is_followed(convention: Convention, parameter: str) -> None:
    with crowded(Paging(convention=convention, parameter=parameter)) as server:
        found = await listed(server)
        assert [user.id for user in found.users] == IDS
        assert found.missing == ""
        assert found.total in {300, None}
        assert len(lists(server)) <= 15 + 2, "two guesses at most"


@pytest.mark.parametrize("parameter", ["$skip", "page"])
async def test_a_link_is_followed_also_with_a_host(parameter: str) -> None:
    with ForeignAIRisk(Dialect(people=CROWD)) as server:
        server.dialect = Dialect(
            people=CROWD, list_paging=Paging(convention="odata", parameter=parameter, links_to=server.url)
        )
        assert len((await listed(server)).users) == 300


async def test_what_came_is_seen_while_the_others_are_requested() -> None:
    seen: list[tuple[int, int | None]] = []
    with crowded(Paging(convention="total_count", size=100)) as server:
        await listed(server, lambda listing: seen.append((len(listing.users), listing.total)))
    assert seen == [(200, 300), (300, 300)]


@every_convention
async def test_a_list_of_one_page_is_requested_once(convention: Convention) -> None:
    with crowded(Paging(convention=convention, size=300)) as server:
        found = await listed(server)
        assert (len(found.users), found.missing, len(lists(server))) == (300, "", 1)


UNFOLLOWED: dict[Convention, str] = {
    "total_count": "it does not say how to request the next page",
    "x_total_count": "it does not say how to request the next page",
    "x_pagination": "it does not say how to request the next page",
    "odata": "the next page is at another address",
    "link": "the next page is at another address",
}


@every_convention
async def test_where_it_cannot_be_followed_it_is_said_to_be_a_part(convention: Convention) -> None:
    paging = Paging(convention=convention, parameter="", links_to="https://elsewhere.example")
    with crowded(paging) as server:
        found = await listed(server)
        assert [user.id for user in found.users] == IDS[:20]
        assert found.missing == UNFOLLOWED[convention]
        assert found.total == (None if convention == "link" else 300)
        assert len(lists(server)) <= 4
        assert server.thief.requests == []


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://elsewhere.example",
        "//elsewhere.example",
        "http://127.0.0.1:1",
        "http://somebody@127.0.0.1",
        "https://127.0.0.1:99999",
        "ftp://127.0.0.1",
        "javascript:alert(1)",
        "/\\elsewhere.example",
        "http://127.0.0.1.elsewhere.example",
    ],
)
async def test_a_token_never_follows_a_link_elsewhere(elsewhere: str) -> None:
    with crowded(Paging(convention="odata", parameter="", links_to=elsewhere)) as server:
        found = await listed(server)
        assert (len(found.users), found.total, bool(found.missing)) == (20, 300, True)


async def test_a_link_that_leads_round_in_a_circle_ends() -> None:
    with crowded(Paging(convention="odata", parameter="")) as server:
        found = await listed(server)
        assert (len(found.users), found.missing) == (20, "the next page repeats this one")


async def test_a_list_without_end_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "MOST_PAGES", 5)
    with crowded(Paging(convention="link")) as server:
        found = await listed(server)
        assert (len(found.users), found.missing) == (100, "there are more than 5 pages")


@pytest.mark.parametrize("status", [400, 404, 500])
async def test_a_page_that_fails_leaves_those_before_it(status: int) -> None:
    with crowded(Paging(convention="link")) as server:
        server.breaks(SHORT_LIST_PATH, from_the(3, answers(status)))
        found = await listed(server)
        assert (len(found.users), found.missing) == (40, f"the next page returned {status}")


async def test_a_line_that_breaks_ends_the_list_as_it_ends_any() -> None:
    with crowded(Paging(convention="link")) as server:
        server.breaks(SHORT_LIST_PATH, from_the(3, Fault(lambda peer: peer.reset())))
        with pytest.raises(NoResponseError):
            await listed(server)


def from_the(nth: int, fault: Fault) -> Fault:
    """Well at first, and broken from the nth request on."""
    asked = 0

    def act(peer: Peer) -> None:
        nonlocal asked
        asked += 1
        peer.answer_normally() if asked < nth else fault.act(peer)

    return Fault(act)


@pytest.mark.parametrize("convention", [each for each in CONVENTIONS if each != "link"])
async def test_a_list_that_ends_too_early_is_a_part(convention: Convention) -> None:
    with crowded(Paging(convention=convention, claimed=301)) as server:
        found = await listed(server)
        assert (len(found.users), found.part) == (300, (300, 301))
        assert found.missing


async def test_a_total_on_the_first_page_only_is_enough_to_find_everybody() -> None:
    with crowded(Paging(convention="x_total_count", counts_once=True)) as server:
        found = await listed(server)
        assert [user.id for user in found.users] == IDS
        assert (found.total, found.missing) == (300, "")


async def test_an_empty_first_page_that_promises_more_is_followed_too() -> None:
    with crowded(Paging(convention="link", parameter="skip")) as server:
        empty = answers(200, b"[]", ("Link", f"<{SHORT_LIST_PATH}>; rel=next"))
        server.breaks(SHORT_LIST_PATH, empty, times=1)
        found = await listed(server, list_users=f"{SHORT_LIST_PATH}?first=true")
        assert (len(found.users), found.columns, found.missing) == (300, ("User groups",), "")


async def test_a_guess_that_is_never_answered_costs_no_user() -> None:
    with crowded(Paging(convention="x_total_count", parameter="")) as server:
        server.breaks(SHORT_LIST_PATH, from_the(2, Fault(lambda peer: peer.reset())))
        found = await listed(server)
        assert (len(found.users), found.part) == (20, (20, 300))


async def test_a_user_on_two_pages_is_one() -> None:
    twice = (*CROWD[:20], CROWD[19], *CROWD[20:39])
    with crowded(Paging(convention="x_total_count"), twice) as server:
        found = await listed(server)
        assert [user.id for user in found.users] == IDS[:39]
        assert (found.total, found.missing) == (40, "")


async def test_the_columns_are_those_of_the_first_page() -> None:
    people = (*CROWD[:20], Person("u-020", "Grace", "Hopper", "Admin", ("navy", "staff")))
    with crowded(Paging(convention="x_total_count"), people) as server:
        found = await listed(server)
        assert found.columns == ("User groups",)
        assert found.users[20].more == ("navy, staff",)


async def test_a_query_of_ones_own_goes_along_and_names_the_page() -> None:
    paging = Paging(convention="x_total_count", parameter="skip")
    path = f"{SHORT_LIST_PATH}?active=true&skip=0"
    with crowded(paging) as server:
        assert len((await listed(server, list_users=path)).users) == 300
        assert {dict(request.query)["active"] for request in lists(server)} == {"true"}
        assert len(lists(server)) == 15
