"""The program is started, and every frame on the way to the list of users is one that a person may see."""

from tests.kit.pty import frames, started
from tests.kit.shell import Place


def test_from_the_first_frame_on_the_users_have_their_place(place: Place) -> None:
    draws_in_place(place, (80, 24))


def draws_in_place(place: Place, size: tuple[int, int]) -> None:
    """Start at this size, and look at each frame."""
    with started(place, "demo", size=size) as terminal:
        terminal.sees("200 users")
        drawn = list(frames(terminal.output, size))
        terminal.quits()
    places = [line.partition("─ 1 Users")[0] for frame in drawn for line in frame if "─ 1 Users" in line]
    assert len(places) > 2
    assert places == ["╭"] * len(drawn)
