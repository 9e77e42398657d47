"""Every screen and state looks as it was accepted, also on the largest window and in the light theme."""

from itertools import product

import pytest

from tests.kit.gallery.camera import SIZES
from tests.kit.gallery.walks import WALKS
from tests.kit.snapshot import compare


@pytest.mark.parametrize(("size", "theme"), [(SIZES[-1], "dark"), *product(SIZES, ["light"])])
@pytest.mark.parametrize("walk", WALKS)
async def test_it_looks_as_accepted(walk, size, theme):
    await compare(walk, size, theme)
