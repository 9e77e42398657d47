"""A fault of the program below the screens: all of them through both doors."""

import pytest

from tests.kit.crashing import SERVICES
from tests.terminal.test_crash import (  # noqa: F401 - fixtures
    BELOW_THE_SCREEN,
    at_work,
    fails_below_a_command,
    fails_below_the_screen,
    told,
)


@pytest.mark.parametrize("where", [each for each in SERVICES if each not in BELOW_THE_SCREEN])
def test_below_the_screen(at_work, where):  # noqa: F811
    fails_below_the_screen(at_work, where)


@pytest.mark.parametrize("where", BELOW_THE_SCREEN)
def test_below_a_command(at_work, where):  # noqa: F811
    fails_below_a_command(at_work, where)
