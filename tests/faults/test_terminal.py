"""Faults in a real terminal: one of the network, one of signing in, and one of each kind of the settings.

One of each kind is in test_screen.py; tests/long/faults has all of them, in a terminal as well.
"""

from tests.faults import network, settings, sign_in, startup, stories
from tests.faults.doors import in_terminal
from tests.faults.table import one_of_each
from tests.kit.shell import Place


async def test_network_fault(place: Place) -> None:
    await stories.network_fault(in_terminal, place, network.FAULTS[0])


async def test_sign_in_fault(place: Place) -> None:
    await stories.sign_in_fault(in_terminal, place, sign_in.FAULTS[0])


@one_of_each("fault", settings.FAULTS)
def test_wrong_settings(place: Place, fault: settings.SettingsFault) -> None:
    startup.wrong_settings(place, fault)


def test_odd_settings_file(place: Place) -> None:
    startup.odd_file(place, settings.FINE[0])


def test_secret_readable_by_others(place: Place) -> None:
    startup.readable_by_others(place)
