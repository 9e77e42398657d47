"""Every screen and state looks as it was accepted: at each size, in both themes."""

from itertools import product

import pytest

from tests.kit.gallery.camera import SIZES
from tests.kit.gallery.walks import WALKS
from tests.kit.snapshot import THEMES, compare


@pytest.mark.parametrize(("size", "theme"), [*product(SIZES, THEMES)], ids=str)
@pytest.mark.parametrize("walk", WALKS)
async def test_it_looks_as_accepted(walk, size, theme):
    await compare(walk, size, theme)
