"""Every place of the program with every hostile text, in a terminal: nothing acts, and nothing is askew."""

from collections.abc import Sequence
from itertools import chain

import pytest

from tests.kit.calm import COPIED, acts, askew
from tests.kit.canaries import files_with, is_in
from tests.kit.hostile import Hostile
from tests.kit.pty import Terminal, in_terminal
from tests.kit.shell import COMMAND, Place
from tests.kit.texts import TEXTS
from tests.kit.walk import CTRL_Q, FIRST, REFUSED, TEXT, WALK, Step
from tui.app import AIRiskApp
from tui.screens.places import places

pytestmark = pytest.mark.fault("hostile text")


SIZE = (110, 34)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_nothing_acts_and_nothing_is_askew_anywhere(place: Place, text: str) -> None:
    hostile = Hostile(text)
    with hostile.served() as server:
        place.reach(server)
        hostile.write_beside(place)
        with in_terminal(COMMAND, cwd=place.cwd, environment=place.environment, size=SIZE) as terminal:
            goes(terminal, WALK, hostile)
            hostile.refuses_to_sign_in(server)
            goes(terminal, REFUSED, hostile)
            leaves(terminal)
        canaries = [server.client_secret, *server.tokens]
    assert not any(is_in(canary, terminal.output) for canary in canaries)
    assert files_with(canaries, place.root) == []


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_nothing_acts_where_the_secret_is_asked_for(place: Place, text: str) -> None:
    hostile = Hostile(text)
    with hostile.served() as server:
        place.tell(AIRISK_URL=server.url, CLIENT_ID=hostile.sendable if hostile.sendable.isprintable() else "client")
        with in_terminal(COMMAND, cwd=place.cwd, environment=place.environment, size=SIZE) as terminal:
            goes(terminal, FIRST, hostile)
            leaves(terminal)


def goes(terminal: Terminal, steps: Sequence[Step], hostile: Hostile) -> None:
    """Take steps, and look at what is on the screen after each."""
    for step in steps:
        for number, keys in enumerate(step.keys.split(TEXT)):
            terminal.type((hostile.typed if number else "") + keys)
        try:
            terminal.wait_for(*step.words)
            terminal.wait_until(lambda: not askew(terminal))
        except AssertionError as fault:
            raise AssertionError(f"after {step}, askew: {askew(terminal)}\n{fault}") from None


def leaves(terminal: Terminal) -> None:
    """Leave the program; all that it ever drew was harmless."""
    terminal.type(CTRL_Q)
    assert terminal.ended() == 0
    assert terminal.unrestored() == []
    written = terminal.output.decode()
    assert acts(COPIED.sub("", written)) == ""


def test_no_place_is_left_out() -> None:
    """A new screen or pane is told of in `tui.screens.places`, for its keys; and then here."""
    seen = set(chain.from_iterable(step.places for step in (*WALK, *REFUSED, *FIRST)))
    assert seen == {place.name for place in places(AIRiskApp)}
