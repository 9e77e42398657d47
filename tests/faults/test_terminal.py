"""Faults in a real terminal, one of each kind: of the network, of signing in, and of the settings."""

from tests.faults import network, settings, sign_in, startup, stories
from tests.faults.doors import in_terminal
from tests.faults.table import first_of_each_kind, one_of_each
from tests.kit.shell import Place


async def test_network_faults(place: Place) -> None:
    await stories.network_fault(in_terminal, place, *first_of_each_kind(network.FAULTS))


async def test_sign_in_faults(place: Place) -> None:
    await stories.sign_in_fault(in_terminal, place, *first_of_each_kind(sign_in.FAULTS))


@one_of_each("fault", settings.FAULTS)
def test_wrong_settings(place: Place, fault: settings.SettingsFault) -> None:
    startup.wrong_settings(place, fault)


def test_odd_settings_file(place: Place) -> None:
    startup.odd_file(place, settings.FINE[0])


def test_secret_readable_by_others(place: Place) -> None:
    startup.readable_by_others(place)
