"""One fault of each kind at the screen in this process, one after the other in one program."""

import pytest

from tests.faults import lists, network, sign_in, stories
from tests.faults.doors import on_screen
from tests.faults.table import first_of_each_kind, one_of_each
from tests.faults.unnoticed import UNCERTAIN, UNNOTICED
from tests.kit.deployment.foreign import AUTHORIZE_PATH, TOKEN_PATH
from tests.kit.shell import Place


async def test_network_faults(place: Place) -> None:
    await stories.network_fault(on_screen, place, *first_of_each_kind(network.FAULTS))


async def test_deadline(place: Place) -> None:
    await stories.deadline(on_screen, place, network.SILENT[0])


async def test_unnoticed_faults(place: Place) -> None:
    await stories.unnoticed_fault(on_screen, place, *first_of_each_kind(UNNOTICED))


async def test_unsafe_request(place: Place) -> None:
    await stories.unsafe_request(on_screen, place, UNCERTAIN[0])


async def test_sign_in_faults(place: Place) -> None:
    await stories.sign_in_fault(on_screen, place, *first_of_each_kind(sign_in.FAULTS))


@one_of_each("oddity", sign_in.ODDITIES)
async def test_odd_sign_in(place: Place, oddity: sign_in.Oddity) -> None:
    await stories.odd_sign_in(on_screen, place, oddity)


async def test_canceled_sign_in(place: Place) -> None:
    await stories.canceled_sign_in(on_screen, place, AUTHORIZE_PATH, TOKEN_PATH)


@pytest.mark.parametrize("hours", [-1, 1])
async def test_clock_skew(place: Place, hours: int) -> None:
    await stories.clock_skew(on_screen, place, hours * 3600)


async def test_deleted_user(place: Place) -> None:
    await stories.deleted_user(on_screen, place)


async def test_no_lists(place: Place) -> None:
    await stories.no_list(on_screen, place, *first_of_each_kind(lists.NO_LISTS))


async def test_odd_lists(place: Place) -> None:
    await stories.odd_list(on_screen, place, *first_of_each_kind(lists.ODD_LISTS))


async def test_changed_list(place: Place) -> None:
    await stories.changed_list(on_screen, place)
