"""The list of users, in every shape it may come, and the users in it, kept apart and sent as they were given."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.deployment.faults import PORTAL
from tests.kit.deployment.shapes import (
    DUPLICATE_PEOPLE,
    ID_KEYS,
    NAME_KEYS,
    NOT_PEOPLE,
    NUMERIC_PEOPLE,
    PLAIN_PEOPLE,
    ListStyle,
    Person,
    listing,
)
from tests.kit.leaks import told_by
from tests.kit.shaking import unless_refused
from tui.airisk.models import User
from tui.airisk.users.lookup import UsersById
from tui.airisk.users.parser import read_users
from tui.errors import UserListError

SHAPES = ("array", "users", "data_items", "result_count", "among_others")
CASES = ("camel", "pascal", "snake")


def as_listed(people: tuple[Person, ...], style: ListStyle) -> bytes:
    return json.dumps(listing(people, style)).encode()


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_in_every_case_is_understood(shape: str, case: str) -> None:
    style = ListStyle(shape=shape, key_case=case)  # type: ignore[arg-type]
    found = read_users(as_listed(PLAIN_PEOPLE, style))
    assert found.users[0] == User("u-1", "Ada Lovelace", "ada@example.com", "Admin", ("engines",))
    assert [user.id for user in found.users] == ["u-1", "u-2", "u-3"]
    assert (found.columns, found.unrecognized) == (("User groups",), 0)


@pytest.mark.parametrize("name_keys", NAME_KEYS)
@pytest.mark.parametrize("id_key", ID_KEYS)
def test_ids_and_names_are_found_under_every_usual_spelling(id_key: str, name_keys: tuple[str, ...]) -> None:
    found = read_users(as_listed(PLAIN_PEOPLE, ListStyle(id_key=id_key, name_keys=name_keys)))
    assert [(user.id, user.name) for user in found.users] == [(who.identity, who.name) for who in PLAIN_PEOPLE]


def test_a_users_own_id_and_whole_name_come_before_others() -> None:
    entry = {"id": 1, "userId": "u-1", "userName": "ada", "firstName": "Ada", "lastName": "Lovelace", "active": True}
    found = read_users(json.dumps([entry, {"id": 2, "userName": "bob"}]).encode())
    assert found.columns == ("User id", "Active")
    assert list(found.users) == [
        User("1", "Ada Lovelace", more=("u-1", "yes")),
        User("2", "bob", more=("", "")),
    ]


@pytest.mark.parametrize("shape", SHAPES)
def test_entries_that_are_not_users_are_counted_and_the_others_shown(shape: str) -> None:
    style = ListStyle(shape=shape, other_entries=NOT_PEOPLE)  # type: ignore[arg-type]
    found = read_users(as_listed(PLAIN_PEOPLE, style))
    assert [user.id for user in found.users] == ["u-1", "u-2", "u-3"]
    assert found.unrecognized == len(NOT_PEOPLE)


def test_what_cannot_be_an_id_makes_no_user() -> None:
    odd = [True, None, "", 1.5, [1], {"id": "x"}]
    found = read_users(json.dumps([{"id": each, "name": "N"} for each in [*odd, "real"]]).encode())
    assert [user.id for user in found.users] == ["real"]
    assert found.unrecognized == len(odd)


def test_duplicates_and_lookalikes_are_kept_apart() -> None:
    assert [user.name for user in read_users(as_listed(DUPLICATE_PEOPLE, ListStyle())).users] == [
        "Ada",
        "Ada",
        "Beda",
        "Ada",
    ]
    found = read_users(b'[{"id": "007", "name": "Zeros"}, {"id": 7, "name": "Seven"}, {"id": " 7", "name": "Space"}]')
    assert [(user.id, user.name) for user in found.users] == [("007", "Zeros"), ("7", "Seven"), (" 7", "Space")]
    by_id = UsersById(found.users)
    assert by_id.named("7") == found.users[1]
    assert by_id.named("07") is None


def test_numbers_keep_all_their_digits() -> None:
    found = read_users(as_listed(NUMERIC_PEOPLE, ListStyle()))
    assert [user.id for user in found.users] == ["7", "0", "9007199254740993"]


@pytest.mark.parametrize("body", [b"[]", b"", b"  \r\n", b'{"users": []}', b'{"Data": {"Items": []}}'])
def test_nobody_at_all_is_a_response(body: bytes) -> None:
    assert (list(read_users(body).users), read_users(body).unrecognized) == ([], 0)


ELSEWHERE = {
    "an unusual key": {"staff": [{"id": "u-1"}]},
    "beside an empty list": {"errors": [], "staff": [{"id": "u-1"}]},
    "beside texts": {"links": ["self"], "staff": [{"id": "u-1"}]},
    "deeper than an empty one": {"result": {"errors": []}, "people": [{"id": "u-1"}]},
    "beside another in a usual place": {"groups": [{"id": "g"}], "users": [{"id": "u-1"}]},
    "inside a usual place": {"tags": [{"id": "t"}], "data": {"users": [{"id": "u-1"}], "count": 1}},
    "the fuller of two alike": {"errors": {"items": []}, "body": {"items": [{"id": "u-1"}]}},
}


@pytest.mark.parametrize("document", ELSEWHERE.values(), ids=ELSEWHERE)
def test_the_list_is_found_wherever_it_is(document: object) -> None:
    assert [user.id for user in read_users(json.dumps(document).encode()).users] == ["u-1"]


@pytest.mark.parametrize("key", ["users", "Users", "people", "data", "items"])
def test_an_empty_list_of_users_is_not_passed_over_for_another_list(key: str) -> None:
    document = {"errors": [], "tags": [{"id": "t", "name": "Tag"}], key: []}
    assert list(read_users(json.dumps(document).encode()).users) == []


NO_LISTS = {
    "a page": (PORTAL, "is not JSON"),
    "text": (b"hello", "is not JSON"),
    "truncated": (b'[{"id": "u-1", "na', "is not JSON"),
    "a deep nest": (b"[" * 100_000 + b"]" * 100_000, "is not JSON"),
    "a number of 5000 digits": (b'[{"id": ' + b"9" * 5000 + b"}]", "is not JSON"),
    "an object without a list": (b'{"id": "u-1"}', "contains no list"),
    "null": (b"null", "contains no list"),
    "a list of texts": (b'["u-1", "u-2"]', "a list, but no users"),
    "a list too deep": (b'{"a": {"b": {"c": {"d": {"e": [{"id": "u-1"}]}}}}}', "contains no list"),
}


@pytest.mark.parametrize(("body", "words"), NO_LISTS.values(), ids=NO_LISTS)
def test_what_is_not_a_list_of_users_is_said_to_be_none(body: bytes, words: str) -> None:
    with pytest.raises(UserListError, match=words) as refused:
        read_users(body)
    assert refused.value.advice
    assert "u-1" not in told_by(refused.value)


def test_bytes_that_are_no_text_spoil_one_value_and_not_the_list() -> None:
    found = read_users(b'[{"id": "u-1", "name": "Zo\xff"}, {"id": "u-2", "name": "Bob"}]')
    assert [user.id for user in found.users] == ["u-1", "u-2"]
    assert found.users[0].name.startswith("Zo")


@pytest.mark.parametrize("depth", [3, 100, 400, 900])
def test_a_deep_nest_within_a_user_is_only_counted(depth: int) -> None:
    # In a thread, whose stack is empty: how deep values may lie depends on what is on it already.
    with ThreadPoolExecutor(1) as thread:
        for opening, closing in (("[", "]"), ('{"name":', "}")):
            body = f'[{{"id": "u-1", "x": {opening * depth}1{closing * depth}}}]'.encode()
            assert [user.id for user in thread.submit(read_users, body).result().users] == ["u-1"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(
            st.sampled_from(["id", "Id", "userId", "name", "users", "data"]) | st.text(), inner, max_size=5
        )
    ),
    max_leaves=30,
)


@given(st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()))
def test_whatever_comes_is_a_list_of_users_or_is_said_not_to_be(body: bytes) -> None:
    found = unless_refused(lambda: read_users(body), UserListError)
    if found:
        assert all(user.id and len(user.more) == len(found.columns) for user in found.users)
        assert found.unrecognized >= 0
