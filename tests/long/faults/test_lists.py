"""Every response that is no list of users, or an unusual one, at every door."""

import pytest

from tests.faults import commands, stories
from tests.faults.doors import Door, at_each_door, in_terminal
from tests.faults.lists import NO_LISTS, ODD_LISTS, NoList, OddList
from tests.faults.table import every
from tests.kit.shell import Place

pytestmark = pytest.mark.fault("the list of users")


@at_each_door
@every("fault", NO_LISTS)
async def test_no_list(place: Place, door: Door, fault: NoList) -> None:
    await stories.no_list(door, place, fault)


@every("fault", NO_LISTS)
def test_no_list_of_a_command(place: Place, fault: NoList) -> None:
    commands.no_list(place, fault)


@at_each_door
@every("odd", ODD_LISTS)
async def test_odd_list(place: Place, door: Door, odd: OddList) -> None:
    await stories.odd_list(door, place, odd)


@every("odd", ODD_LISTS)
def test_odd_list_of_a_command(place: Place, odd: OddList) -> None:
    commands.odd_list(place, odd)


async def test_changed_list(place: Place) -> None:
    await stories.changed_list(in_terminal, place)


async def test_awkward_ids(place: Place) -> None:
    await stories.awkward_ids(in_terminal, place)
