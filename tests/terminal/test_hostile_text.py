"""The main job with hostile texts, in a terminal: nothing acts, and nothing is askew.

tests/long goes through every place, with all texts at once and with each by itself.
"""

from itertools import chain

import pytest

from tests.kit.shell import Place
from tests.kit.texts import SHORT
from tests.kit.walk import FIRST, REFUSED, WALK, walk_before_signing_in, walk_to_a_response
from tui.app.app import AIRiskApp
from tui.screens.key_scopes import key_scopes

pytestmark = pytest.mark.fault("hostile text")


def test_nothing_acts_and_nothing_is_askew_on_the_way_to_a_response(place: Place) -> None:
    walk_to_a_response(place, SHORT)


def test_nothing_acts_where_the_secret_is_requested(place: Place) -> None:
    walk_before_signing_in(place, SHORT)


def test_no_place_is_left_out() -> None:
    """A new screen or pane is told of in `tui.screens.key_scopes`, for its keys; and then in the walk of tests/long."""
    seen = set(chain.from_iterable(step.places for step in (*WALK, *REFUSED, *FIRST)))
    assert seen == {place.name for place in key_scopes(AIRiskApp)}
