"""The program is opened, and every frame on the way to the list of users is one that a person may see."""

import pyte
import pytest

from tests.kit.pty import in_terminal
from tests.kit.shell import COMMAND, Place

_ARE_FRAMES_TOLD_APART, _THEY_ARE, _END_OF_FRAME = b"\x1b[?2026$p", b"\x1b[?2026;1$y", b"\x1b[?2026l"
"""Synchronized output: https://gist.github.com/christianparpart/d8a62cc1ab659194337d73e399004036"""


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)], ids=str)
def test_from_the_first_frame_on_the_users_have_their_place(place: Place, size: tuple[int, int]) -> None:
    with in_terminal([*COMMAND, "demo"], cwd=place.cwd, environment=place.environment, size=size) as terminal:
        terminal.wait_until(lambda: _ARE_FRAMES_TOLD_APART in terminal.output)
        terminal.type(_THEY_ARE)
        terminal.wait_for("200 users")
        output = bytes(terminal.output)
        terminal.type("\x11")
        assert terminal.ended() == 0
    screen = pyte.Screen(*size)
    stream = pyte.ByteStream(screen)
    places = []
    for frame in output.split(_END_OF_FRAME)[:-1]:
        stream.feed(frame.replace(b"\x1b[>", b"\x1b[?"))  # pyte takes CSI > for a colour
        places.append([line.partition("─ 1 Users")[0] for line in screen.display if "─ 1 Users" in line])
    assert len(places) > 2
    assert places == [["╭"]] * len(places)
