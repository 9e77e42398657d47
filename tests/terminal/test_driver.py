"""What is pasted is text, whatever it holds."""

import pytest

from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.pty import frames, opened
from tests.kit.sequences import IMPOSSIBLE, REPLIES
from tests.kit.shell import Place

PASTED = ("Grace\x1b[6n\x05", "\x1b[15~\x1b\x11", "\x1bhopper and many more words to act on\r\x11")


@pytest.mark.fault("hostile text")
def test_what_is_pasted_into_a_filter_opens_and_ends_nothing(place: Place, airisk: ForeignAIRisk) -> None:
    with opened(place) as terminal:
        terminal.sees("3 users ─")
        for pasted in PASTED:
            terminal.type(f"/\x1b[200~{pasted}\x1b[201~")
            terminal.sees("No matching users", "␛")
            terminal.press("escape")
            terminal.sees("3 users ─")
            assert "␛" not in terminal.screen
        terminal.quits()
    assert not any("Deployments" in "".join(frame) for frame in frames(terminal.output))


@pytest.mark.fault("hostile text")
def test_late_replies_and_impossible_numbers_press_no_key_and_end_nothing(place: Place, airisk: ForeignAIRisk) -> None:
    with opened(place) as terminal:
        terminal.sees("3 users ─")
        before = terminal.who
        for sent in (*REPLIES.values(), *IMPOSSIBLE.values()):
            terminal.type(sent)
            terminal.wait_until_read()
        terminal.press("?")
        terminal.sees("Esc closes")
        terminal.press("escape")
        terminal.type("\x1b[97:65;2u\x1b[47;1:1u\x1b[97;1:2u\x1b[100u")
        terminal.sees("│ ad ", "1 of 3 ─")
        assert terminal.who == before
        terminal.quits()
