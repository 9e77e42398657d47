"""A token that is no longer valid, in a real terminal."""

import pytest

from tests.faults import renewal
from tests.faults.common import AGENTS_PATH, requests_for
from tests.faults.doors import in_terminal
from tests.faults.renewal import RENEWALS, Renewal, acting_as_ada, still_ada
from tests.faults.table import every
from tests.kit.deployment.faults import expires_within
from tests.kit.deployment.foreign import TOKEN_PATH
from tests.kit.shell import Place

pytestmark = pytest.mark.fault("signing in")


@every("case", RENEWALS)
async def test_refused_token(place: Place, case: Renewal) -> None:
    await renewal.refused_token(in_terminal, place, case)


async def test_expired_token(place: Place) -> None:
    async with acting_as_ada(in_terminal, place) as (person, server):
        server.revoke("u-1")
        server.breaks(TOKEN_PATH, expires_within(4.0))
        await person.press("f5")
        await person.until(lambda: "token renewed, resent" in person.answer, "a response with the new token")
        await person.bar_says(" token 0:00 ")
        server.mends()
        requests, tokens = requests_for(server, AGENTS_PATH, "u-1"), server.issued.count("u-1")
        await person.press("f5")
        await person.until(lambda: "sent again" not in person.answer, "the next response")
        await person.until(lambda: "token 0:00" not in person.bar, "a new token")
        assert requests_for(server, AGENTS_PATH, "u-1") == requests + 1
        assert server.issued.count("u-1") == tokens + 1
        await still_ada(person)


async def test_refused_generic_token(place: Place) -> None:
    await renewal.refused_generic_token(in_terminal, place)


async def test_deleted_user(place: Place) -> None:
    await renewal.deleted_user(in_terminal, place)


async def test_unsafe_request(place: Place) -> None:
    await renewal.unsafe_request(in_terminal, place)


async def test_refused_secret(place: Place) -> None:
    await renewal.refused_secret(in_terminal, place)
