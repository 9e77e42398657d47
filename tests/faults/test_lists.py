"""Every response that is no list of users, or an unusual one, at the service."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.faults.common import LIST_PATHS, break_server, check_requests, check_secrets, in_environment, settings_for
from tests.faults.lists import NO_LISTS, ODD_LISTS, NoList, OddList
from tests.faults.service import failure_of
from tests.faults.table import every
from tests.kit.deployment.faults import answers_json
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.shell import Place
from tui.airisk.session import Session
from tui.cli.session import open_session
from tui.config.settings import read


@asynccontextmanager
async def session_with(place: Place, server: ForeignAIRisk, body: bytes) -> AsyncIterator[Session]:
    """Open a session as a command does, with a deployment that returns this body for the list."""
    break_server(server, answers_json(body), *LIST_PATHS)
    with in_environment(place, {}):
        async with open_session(read(settings_for(server))) as session:
            yield session
    check_requests(place, server)
    check_secrets(place, server)


@every("fault", NO_LISTS)
async def test_fault_is_reported(place: Place, fault: NoList) -> None:
    with ForeignAIRisk() as server:
        async with session_with(place, server, fault.body) as session:
            assert await failure_of(session.users(), place, server) == (fault.words, 1)
            server.mends()
            assert len((await session.users()).users) == 3


@every("odd", ODD_LISTS)
async def test_odd_list_is_read(place: Place, odd: OddList) -> None:
    with ForeignAIRisk() as server:
        async with session_with(place, server, odd.body) as session:
            listing = await session.users()
    assert tuple(user.id for user in listing.users) == odd.ids
    assert bool(listing.unrecognized) == (odd.kind == "strangers")
