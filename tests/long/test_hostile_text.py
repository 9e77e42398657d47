"""The same as tests/terminal tries with two texts, with each text by itself."""

import pytest

from tests.kit.shell import Place
from tests.kit.texts import TEXTS
from tests.kit.walk import walk, walk_before_signing_in

each_text = pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)


@each_text
def test_nothing_acts_and_nothing_is_askew_anywhere(place: Place, text: str) -> None:
    walk(place, text)


@each_text
def test_nothing_acts_where_the_secret_is_asked_for(place: Place, text: str) -> None:
    walk_before_signing_in(place, text)
