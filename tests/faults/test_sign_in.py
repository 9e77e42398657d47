"""Every fault of signing in at the service."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.faults.common import check_requests, check_secrets, hostile_environment, in_environment, settings_for
from tests.faults.service import failure_of
from tests.faults.sign_in import FAULTS, HALF_AN_HOUR, ODDITIES, Oddity, SignInFault
from tests.faults.table import every
from tests.kit.conversing import ADA, AGENTS, GRACE
from tests.kit.deployment.dialect import Dialect
from tests.kit.deployment.faults import for_users
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.shell import Place
from tui.airisk.identity import APPLICATION, Identity
from tui.airisk.session import Session
from tui.cli.session import open_session
from tui.config.settings import read


@asynccontextmanager
async def session_with(place: Place, server: ForeignAIRisk, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Session]:
    """Open a session as a command does; afterwards, check that nothing leaked."""
    caplog.set_level(logging.INFO)
    with in_environment(place, hostile_environment(place, server)):
        async with open_session(read(settings_for(server))) as session:
            yield session
    check_requests(place, server)
    check_secrets(place, server, caplog.text)


@every("fault", FAULTS)
async def test_fault_is_reported_and_changes_nothing(
    place: Place, caplog: pytest.LogCaptureFixture, fault: SignInFault
) -> None:
    with ForeignAIRisk() as server:
        async with session_with(place, server, caplog) as session:
            if not fault.is_of_users:
                server.breaks(fault.path, fault.how)
                assert await failure_of(session.users(), place, server) == (fault.at_start or fault.words, fault.code)
                assert session.token(APPLICATION) is None
                server.mends()
            assert len((await session.users()).users) == 3
            ada = await session.act_as(ADA)
            server.breaks(fault.path, for_users(fault.how))
            words = fault.words.replace("{who}", str(Identity.of(GRACE)))
            assert await failure_of(session.act_as(GRACE), place, server) == (words, fault.code)
            assert session.active is ada
            assert session.token(Identity.of(GRACE)) is None
            assert (await session.send(AGENTS, ada)).status == 200
            server.mends()
            assert (await session.act_as(GRACE)).id == "u-2"


@every("oddity", ODDITIES)
async def test_odd_response_is_understood(place: Place, caplog: pytest.LogCaptureFixture, oddity: Oddity) -> None:
    with ForeignAIRisk(Dialect(token_seconds=HALF_AN_HOUR)) as server:
        server.breaks(oddity.path, oddity.how)
        async with session_with(place, server, caplog) as session:
            assert len((await session.users()).users) == 3
            ada = await session.act_as(ADA)
            token = session.token(ada)
            assert token
            if oddity.token:
                assert token.seconds_left is not None
                assert HALF_AN_HOUR - 60 < token.seconds_left < HALF_AN_HOUR + 1
            else:
                assert token.seconds_left is None
            assert (await session.send(AGENTS, ada)).status == 200
