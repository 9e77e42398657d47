"""Every fault of the network at the service."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, suppress
from functools import partial
from typing import TypeVar

import pytest

from tests.faults.common import (
    AGENTS_PATH,
    CREATE_PATH,
    LIST_PATHS,
    SHORT_TIMEOUT,
    TRIES,
    break_server,
    check_requests,
    check_secrets,
    fill_in,
    hostile_environment,
    in_environment,
    requests_for,
    settings_for,
)
from tests.faults.network import FAULTS, SILENT, NetworkFault, cut_to
from tests.faults.service import failure_of
from tests.faults.table import every
from tests.faults.unnoticed import UNCERTAIN, UNNOTICED, Unnoticed
from tests.kit.conversing import ADA, AGENTS, CREATE, ask
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.shell import Place
from tui.airisk.identity import Identity
from tui.airisk.session import Session
from tui.cli.session import open_session
from tui.config.settings import read
from tui.errors import NoResponseError
from tui.text import clean

Result = TypeVar("Result")


@pytest.fixture
def server(
    place: Place, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> Iterator[ForeignAIRisk]:
    """A deployment with TLS; afterwards, nothing leaked and nothing was printed."""
    caplog.set_level(logging.INFO)
    with ForeignAIRisk(tls=True) as server, in_environment(place, hostile_environment(place, server)):
        yield server
    check_requests(place, server)
    check_secrets(place, server, caplog.text)
    assert capsys.readouterr() == ("", "")


@every("fault", FAULTS)
async def test_fault_is_reported_and_changes_nothing(place: Place, server: ForeignAIRisk, fault: NetworkFault) -> None:
    async with open_session(read(settings_for(server))) as session:
        ada = await session.act_as(ADA)
        await all_is_well(session, ada)
        break_server(server, fault.how, *LIST_PATHS, AGENTS_PATH)
        listed = fill_in(fault.listed, server)
        line, code = await failure_of(session.users(), place, server)
        assert (cut_to(listed, line), code) == (listed, fault.code)
        answered = fault.answered.partition(" {facts}")[0] or f"✗ {listed}"
        assert await answer_of(session, ada, place, server) == answered
        assert session.active is ada
        server.mends()
        await all_is_well(session, ada)


async def test_deadline_ends_a_response_that_never_comes(place: Place) -> None:
    async def check(fault: NetworkFault, server: ForeignAIRisk) -> None:
        async with open_session(read(settings_for(server, AIRISK_TIMEOUT=SHORT_TIMEOUT))) as session:
            ada = await repeated(lambda: session.act_as(ADA))
            break_server(server, fault.how, *LIST_PATHS, AGENTS_PATH)
            both = session.users(), session.send(AGENTS, ada)
            failures = await asyncio.gather(*(failure_of(each, place, server) for each in both))
            assert failures == [(fill_in(fault.listed, server), fault.code)] * 2, fault.name
            server.mends()
            await repeated(lambda: all_is_well(session, ada))

    with ExitStack() as stack:
        servers = [stack.enter_context(ForeignAIRisk(tls=True)) for _ in SILENT]
        stack.enter_context(in_environment(place, hostile_environment(place, servers[0])))
        await asyncio.gather(*map(check, SILENT, servers))
        for server in servers:
            check_requests(place, server)


@every("fault", UNNOTICED)
async def test_fault_is_no_error(server: ForeignAIRisk, fault: Unnoticed) -> None:
    async with open_session(read(settings_for(server))) as session:
        ada = await session.act_as(ADA)
        break_server(server, fault.name, *LIST_PATHS, AGENTS_PATH)
        listing = await session.users()
        assert (len(listing.users), listing.unrecognized) == (fault.users, 0)
        exchange = await session.send(AGENTS, ada)
        assert f"{exchange.status} {exchange.reason} {{facts}}" == fault.answered


@pytest.mark.parametrize("fault", UNCERTAIN)
async def test_unsafe_request_is_sent_once(place: Place, server: ForeignAIRisk, fault: str) -> None:
    async with open_session(read(settings_for(server))) as session:
        ada = await session.act_as(ADA)
        for is_streamed in (False, True):
            post = partial(ask, session, CREATE, ada, is_streamed=is_streamed)
            before = requests_for(server, CREATE_PATH, "u-1")
            assert await post() == 200
            break_server(server, fault, CREATE_PATH)
            line, code = await failure_of(post(), place, server)
            assert " the response was complete. " in line or "invalid HTTP response. " in line
            assert code == 4
            server.mends()
            assert await post() == 200
            assert requests_for(server, CREATE_PATH, "u-1") == before + 3


async def answer_of(session: Session, identity: Identity, place: Place, server: ForeignAIRisk) -> str:
    """Return the status of a response, or the error."""
    try:
        exchange = await session.send(AGENTS, identity)
    except NoResponseError:
        line, code = await failure_of(session.send(AGENTS, identity), place, server)
        assert code == 4
        return f"✗ {line}"
    return clean(f"{exchange.status} {exchange.reason}".rstrip())


async def all_is_well(session: Session, identity: Identity) -> None:
    """Check that the users are listed, and that a request is answered."""
    assert len((await session.users()).users) == 3
    assert (await session.send(AGENTS, identity)).status == 200


async def repeated(request: Callable[[], Awaitable[Result]]) -> Result:
    """Repeat a request until its response is not too late."""
    for _ in range(TRIES):
        with suppress(NoResponseError):
            return await request()
    return await request()
