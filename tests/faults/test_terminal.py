"""One fault of each kind in a real terminal, one after the other in one program."""

from tests.faults import lists, network, settings, sign_in, startup, stories
from tests.faults.doors import in_terminal
from tests.faults.table import first_of_each_kind, one_of_each
from tests.faults.unnoticed import UNCERTAIN, UNNOTICED
from tests.kit.shell import Place


async def test_network_faults(place: Place) -> None:
    await stories.network_fault(in_terminal, place, *first_of_each_kind(network.FAULTS))


async def test_deadline(place: Place) -> None:
    await stories.deadline(in_terminal, place, network.SILENT[0])


async def test_unnoticed_faults(place: Place) -> None:
    await stories.unnoticed_fault(in_terminal, place, *first_of_each_kind(UNNOTICED))


async def test_unsafe_request(place: Place) -> None:
    await stories.unsafe_request(in_terminal, place, UNCERTAIN[0])


async def test_sign_in_faults(place: Place) -> None:
    await stories.sign_in_fault(in_terminal, place, *first_of_each_kind(sign_in.FAULTS))


@one_of_each("oddity", sign_in.ODDITIES)
async def test_odd_sign_in(place: Place, oddity: sign_in.Oddity) -> None:
    await stories.odd_sign_in(in_terminal, place, oddity)


async def test_no_lists(place: Place) -> None:
    await stories.no_list(in_terminal, place, *first_of_each_kind(lists.NO_LISTS))


async def test_odd_lists(place: Place) -> None:
    await stories.odd_list(in_terminal, place, *first_of_each_kind(lists.ODD_LISTS))


@one_of_each("fault", settings.FAULTS)
def test_wrong_settings(place: Place, fault: settings.SettingsFault) -> None:
    startup.wrong_settings(place, fault)


def test_odd_settings_file(place: Place) -> None:
    startup.odd_file(place, settings.FINE[0])


def test_secret_readable_by_others(place: Place) -> None:
    startup.readable_by_others(place)
