"""Finding, narrowing and ordering in slices gives what would be found, narrowed and ordered at once."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from tui.airisk.models import User
from tui.airisk.users.query import QuerySpec, UserQuery, in_order, row_of
from tui.airisk.users.search_index import UserIndex, normalize
from tui.background import run_in_slices, run_now

PEOPLE = [
    User(f"u-{number:05}", f"{'ÄbcdÉ'[number % 5]}{number * 7919 % 1000}", role="AB"[number % 2])
    for number in range(30_000)
]
INDEX = UserIndex(PEOPLE)


def test_the_order_is_that_of_the_column_and_among_equals_that_of_the_list():
    for column, key in ((1, lambda user: normalize(user.name)), (3, lambda user: normalize(user.role))):
        expected = sorted(range(len(PEOPLE)), key=lambda place: key(PEOPLE[place]))
        assert list(run_now(in_order(INDEX, column))) == expected


def test_who_matches_comes_in_the_order_that_is_wanted():
    finder = UserQuery(INDEX)
    found = run_now(finder.positions(QuerySpec("a", column=1)))
    names = [normalize(PEOPLE[place].name) for place in found]
    assert names == sorted(names)
    assert set(found) == set(INDEX.matching("a"))
    assert list(run_now(finder.positions(QuerySpec("a", column=1, is_descending=True)))) == list(found)[::-1]
    assert list(run_now(finder.positions(QuerySpec("a")))) == sorted(found)


def test_what_is_typed_on_narrows_what_was_found():
    finder = UserQuery(INDEX)
    for text in ("", "b", "b1", "b12", "b1", "c", "u-00012 c", ""):
        assert list(run_now(finder.positions(QuerySpec(text)))) == list(INDEX.matching(text))


def test_a_search_that_is_given_up_leaves_nothing_behind():
    finder = UserQuery(INDEX)
    begun = finder.positions(QuerySpec("b"))
    next(begun)
    begun.close()
    assert list(run_now(finder.positions(QuerySpec("b12")))) == list(INDEX.matching("b12"))


async def test_the_first_slice_is_shown_before_the_others_are_done():
    seen: list[int | str] = []

    def work():
        for number in range(2000):
            sum(range(1000))
            yield
            seen.append(number)
        return "done"

    assert await run_in_slices(work(), lambda: seen.append("shown"), after_begun=0) == "done"
    assert "shown" in seen[:-1]


def test_a_row_is_found_again():
    order = run_now(in_order(INDEX, 1))
    assert order[run_now(row_of(order, 12_345))] == 12_345
    assert run_now(row_of(order, 99_999)) == 0


@given(st.text())
def test_folding_takes_case_and_accents_away_and_nothing_twice(text):
    folded = normalize(text)
    assert normalize(folded) == folded
    assert not any(map(unicodedata.combining, folded))
