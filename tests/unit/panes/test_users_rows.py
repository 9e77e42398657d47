"""The rows of the user list."""

import pytest

from tui.panes.users_rows import NOT_HERE, PinnedFirst


@pytest.mark.parametrize(
    ("pinned", "expected"),
    [
        (0, [0, 1, 2, 3]),
        (2, [2, 0, 1, 3]),
        (3, [3, 0, 1, 2]),
        (NOT_HERE, [NOT_HERE, 0, 1, 2, 3]),
    ],
)
def test_the_pinned_place_comes_first_and_the_others_keep_their_order(pinned: int, expected: list[int]) -> None:
    places = PinnedFirst(pinned, 4)
    assert list(places) == expected
    assert places[1:3] == expected[1:3]
    assert places[-1] == expected[-1]
    assert [places.row_of(place) for place in expected] == list(range(len(expected)))


def test_a_user_who_had_not_arrived_is_in_the_first_row() -> None:
    assert PinnedFirst(2, 4).row_of(NOT_HERE) == 0
