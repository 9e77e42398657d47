"""Whom an id names in a list of users."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.airisk.models import User
from tui.airisk.users.ids import is_same_id
from tui.airisk.users.lookup import UsersById
from tui.airisk.users.stream_parser import UserListParser
from tui.errors import RequestRejectedError

GUIDS = [f"3f2504e0-4f89-11d3-9a0c-0305e82c{number:04x}" for number in range(6000)]


def users(*ids: str) -> UsersById:
    return UsersById([User(each) for each in ids])


def test_an_exact_id_comes_before_another_spelling_of_it() -> None:
    twins = users("U-1", "u-1", "007", "7")
    assert [twins.named(each) for each in ("u-1", "U-1", "7", "007")] == [
        User("u-1"),
        User("U-1"),
        User("7"),
        User("007"),
    ]


def test_a_spelling_of_one_users_id_names_that_user() -> None:
    assert users("u-1", "u-2").named(" U-2") == User("u-2")
    assert users("{3F2504E0-4F89-11D3-9A0C-0305E82C3301}", "x").places("3f2504e04f8911d39a0c0305e82c3301") == [0]


def test_a_spelling_of_two_users_ids_is_refused() -> None:
    with pytest.raises(RequestRejectedError, match=r"^u-a is ambiguous: it may be U-a or u-A\.$") as refused:
        users("U-a", "u-A").named("u-a")
    assert refused.value.advice == "Use the exact ID from the list."


def test_one_who_is_listed_twice_is_one() -> None:
    assert users("u-1", "u-1").named("U-1") == User("u-1")


@pytest.mark.parametrize("unknown", ["", " ", "u-3", "3f2504e0-4f89-11d3-9a0c-0305e82c3301"])
def test_nobody_is_named_by_another_id(unknown: str) -> None:
    assert users("u-1", "u-2").named(unknown) is None


@pytest.mark.parametrize("spelled", [str.upper, lambda guid: f"{{{guid}}}", lambda guid: guid.replace("-", "")])
def test_among_thousands_that_came_page_by_page_too(spelled) -> None:
    reader = UserListParser()
    reader.take(json.dumps([{"id": each, "name": "Somebody"} for each in GUIDS]).encode())
    by_id = UsersById(reader.end().users)
    assert by_id.places(spelled(GUIDS[4321])) == [4321]


ODD_IDS = st.text(st.sampled_from("aAé0719-+{} \n\x1furn:\u200b"), min_size=1, max_size=8)


@given(st.lists(ODD_IDS, min_size=1, max_size=12), ODD_IDS)
def test_it_finds_what_a_comparison_with_each_id_finds(ids: list[str], other: str) -> None:
    by_id = users(*ids)
    for wanted in {*ids, other}:
        exact = [place for place, each in enumerate(ids) if each == wanted]
        same = [place for place, each in enumerate(ids) if is_same_id(each, wanted)]
        assert by_id.places(wanted) == (exact or same)
