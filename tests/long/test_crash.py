"""A fault of the program: on the screen wherever tests/terminal has none, and all those below it through both doors."""

import pytest

from tests.kit.crashing import SCREENS, SERVICES
from tests.terminal.test_crash import (  # noqa: F401 - fixtures
    BELOW_THE_SCREEN,
    ON_THE_SCREEN,
    at_work,
    fails_below_a_command,
    fails_below_the_screen,
    fails_on_the_screen,
    told,
)


@pytest.mark.parametrize("where", [each for each in SCREENS if each not in ON_THE_SCREEN])
def test_on_the_screen(told, where):  # noqa: F811
    fails_on_the_screen(told, where)


@pytest.mark.parametrize("where", [each for each in SERVICES if each not in BELOW_THE_SCREEN])
def test_below_the_screen(at_work, where):  # noqa: F811
    fails_below_the_screen(at_work, where)


@pytest.mark.parametrize("where", BELOW_THE_SCREEN)
def test_below_a_command(at_work, where):  # noqa: F811
    fails_below_a_command(at_work, where)
