"""Every screen and state looks as it was accepted: all in the dark theme at one of two sizes, one in the light one.

What is meant to change is accepted with `make accept`. tests/long/snapshots has the rest.
"""

from itertools import cycle

import pytest

from tests.kit.gallery.camera import SIZES, Size
from tests.kit.gallery.walks import WALKS
from tests.kit.snapshot import STATES, compare


def _name(value: str | Size) -> str:
    return value if isinstance(value, str) else "{}x{}".format(*value)


@pytest.mark.parametrize(("walk", "size"), [*zip(WALKS, cycle(SIZES[:-1]), strict=False)], ids=_name)
async def test_it_looks_as_accepted(walk, size):
    await compare(walk, size, "dark")


async def test_it_looks_as_accepted_in_the_light_theme():
    await compare("first_run", SIZES[0], "light")


def test_each_walk_has_a_folder_and_each_folder_a_walk():
    assert {path.name for path in STATES.iterdir()} == set(WALKS)
