"""One fault of each kind at the screen in this process."""

import pytest

from tests.faults import lists, network, sign_in, stories
from tests.faults.doors import on_screen
from tests.faults.table import one_of_each
from tests.faults.unnoticed import UNCERTAIN, UNNOTICED, Unnoticed
from tests.kit.deployment.foreign import AUTHORIZE_PATH, TOKEN_PATH
from tests.kit.shell import Place


@one_of_each("fault", network.FAULTS)
async def test_network_fault(place: Place, fault: network.NetworkFault) -> None:
    await stories.network_fault(on_screen, place, fault)


async def test_deadline(place: Place) -> None:
    await stories.deadline(on_screen, place, network.SILENT[0])


@one_of_each("fault", UNNOTICED)
async def test_unnoticed_fault(place: Place, fault: Unnoticed) -> None:
    await stories.unnoticed_fault(on_screen, place, fault)


async def test_unsafe_request(place: Place) -> None:
    await stories.unsafe_request(on_screen, place, UNCERTAIN[0])


@one_of_each("fault", sign_in.FAULTS)
async def test_sign_in_fault(place: Place, fault: sign_in.SignInFault) -> None:
    await stories.sign_in_fault(on_screen, place, fault)


@one_of_each("oddity", sign_in.ODDITIES)
async def test_odd_sign_in(place: Place, oddity: sign_in.Oddity) -> None:
    await stories.odd_sign_in(on_screen, place, oddity)


@pytest.mark.parametrize("path", [AUTHORIZE_PATH, TOKEN_PATH])
async def test_cancelled_sign_in(place: Place, path: str) -> None:
    await stories.cancelled_sign_in(on_screen, place, path)


@pytest.mark.parametrize("hours", [-1, 1])
async def test_clock_skew(place: Place, hours: int) -> None:
    await stories.clock_skew(on_screen, place, hours * 3600)


async def test_deleted_user(place: Place) -> None:
    await stories.deleted_user(on_screen, place)


@one_of_each("fault", lists.NO_LISTS)
async def test_no_list(place: Place, fault: lists.NoList) -> None:
    await stories.no_list(on_screen, place, fault)


@one_of_each("odd", lists.ODD_LISTS)
async def test_odd_list(place: Place, odd: lists.OddList) -> None:
    await stories.odd_list(on_screen, place, odd)


async def test_changed_list(place: Place) -> None:
    await stories.changed_list(on_screen, place)
