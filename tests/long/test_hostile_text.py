"""Every place of the program with hostile texts: all short ones at once, and each text by itself."""

import pytest

from tests.commands.every_command import run_each
from tests.kit.shell import Place
from tests.kit.texts import SHORT, TEXTS
from tests.kit.walk import walk, walk_before_signing_in

each_text = pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)


@pytest.mark.parametrize("text", [SHORT, *TEXTS.values()], ids=["all short texts", *TEXTS])
def test_nothing_acts_and_nothing_is_askew_anywhere(place: Place, text: str) -> None:
    walk(place, text)


@each_text
def test_nothing_acts_where_the_secret_is_requested(place: Place, text: str) -> None:
    walk_before_signing_in(place, text)


# No command knows a markup, nor has a screen.
@pytest.mark.parametrize("name", sorted(TEXTS.keys() - {"markup", "very long"}))
def test_whatever_a_command_writes_to_a_terminal_is_text(place: Place, name: str) -> None:
    run_each(place, TEXTS[name])
