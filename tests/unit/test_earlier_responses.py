"""Responses that one can go back to: as many as there is memory for."""

from tests.kit.remembering import exchange
from tui.config.keyring import Secret
from tui.config.settings import RawSettings
from tui.screens.main.state import MainState
from tui.widgets.identity_bar import IdentityStatus

LARGE = b"x" * 10_000_000


def sizes_after(*bodies: bytes) -> list[int]:
    state = MainState(RawSettings({}, Secret("")), has_keyring=False, splash=IdentityStatus())
    for body in bodies:
        state.add_response(exchange(body=body))
    return [len(each.body) for each in state.earlier]


def test_the_oldest_of_many_large_responses_are_dropped() -> None:
    assert sizes_after(b"oldest", *[LARGE] * 5) == [len(LARGE)] * 2
    assert sizes_after(b"oldest", LARGE, b"latest") == [6, len(LARGE), 6]


def test_the_latest_stays_however_large_it_is() -> None:
    assert sizes_after(b"oldest", LARGE * 4) == [4 * len(LARGE)]
