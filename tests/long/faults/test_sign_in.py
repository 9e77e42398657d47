"""Every fault of signing in at every door."""

import pytest

from tests.faults import commands, stories
from tests.faults.doors import Door, at_each_door, in_terminal
from tests.faults.sign_in import FAULTS, ODDITIES, Oddity, SignInFault
from tests.faults.table import every
from tests.kit.deployment.foreign import AUTHORIZE_PATH, TOKEN_PATH
from tests.kit.shell import Place

pytestmark = pytest.mark.fault("signing in")


@at_each_door
@every("fault", FAULTS)
async def test_sign_in_fault(place: Place, door: Door, fault: SignInFault) -> None:
    await stories.sign_in_fault(door, place, fault)


@every("fault", FAULTS)
def test_sign_in_fault_of_a_command(place: Place, fault: SignInFault) -> None:
    commands.sign_in_fault(place, fault)


@at_each_door
@every("oddity", ODDITIES)
async def test_odd_sign_in(place: Place, door: Door, oddity: Oddity) -> None:
    await stories.odd_sign_in(door, place, oddity)


@every("oddity", ODDITIES)
def test_odd_sign_in_of_a_command(place: Place, oddity: Oddity) -> None:
    commands.odd_sign_in(place, oddity)


@pytest.mark.parametrize("path", [AUTHORIZE_PATH, TOKEN_PATH])
async def test_canceled_sign_in(place: Place, path: str) -> None:
    await stories.canceled_sign_in(in_terminal, place, path)


@pytest.mark.parametrize("hours", [-1, 1])
async def test_clock_skew(place: Place, hours: int) -> None:
    await stories.clock_skew(in_terminal, place, hours * 3600)


async def test_deleted_user(place: Place) -> None:
    await stories.deleted_user(in_terminal, place)
