"""A list is read page by page while it comes, and is the same list as one that is read whole."""

import gc
import json
from types import FunctionType, ModuleType
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.airisk.models import UserList
from tui.airisk.users.lazy_list import LazyUserList, index_of
from tui.airisk.users.parser import read_users
from tui.airisk.users.search_index import columns_of
from tui.airisk.users.stream_parser import UserListParser
from tui.errors import UserListError

PEOPLE = [
    {
        "id": f"u-{number:06}",
        "name": f"Zoë Ångström {number}",
        "email": f"zoe.{number}@meridian.example",
        "role": ("Admin", "User", None)[number % 3],
        "groups": ["Privacy", "EMEA"][: number % 3],
        "note": 'a "quoted", {"id": "within"} text' if number % 7 == 0 else "plain",
    }
    for number in range(4000)
]


def read_in_pieces(body: bytes, size: int = 65536) -> UserList:
    reader = UserListParser()
    for start in range(0, len(body), size):
        reader.take(body[start : start + size])
    return reader.end()


def is_the_same(body: bytes) -> UserList:
    """The list that is read in pieces, which is the one that is read whole."""
    found, whole = read_in_pieces(body), read_users(body)
    assert list(found.users) == list(whole.users)
    assert (found.columns, found.unrecognized) == (whole.columns, whole.unrecognized)
    return found


@pytest.mark.parametrize("separators", [(",", ":"), (", ", ": ")], ids=["compact", "spaced"])
def test_a_long_list_is_cut_into_pages_and_nobody_is_lost(separators):
    assert isinstance(is_the_same(json.dumps(PEOPLE, separators=separators).encode()).users, LazyUserList)


def test_the_first_are_there_before_the_last_have_come():
    body = json.dumps(PEOPLE).encode()
    seen: list[int] = []
    reader = UserListParser(lambda listing: seen.append(len(listing.users)))
    reader.take(body[: len(body) // 2])
    assert 0 < seen[-1] < len(PEOPLE)
    reader.take(body[len(body) // 2 :])
    assert len(reader.end().users) == len(PEOPLE)


def test_on_a_slow_line_the_first_of_a_thousand_are_there_in_time() -> None:
    body = json.dumps(PEOPLE[:1000]).encode()
    seen: list[int] = []
    UserListParser(lambda listing: seen.append(len(listing.users))).take(body[: 80 * 1024])
    assert seen[-1] > 100


def test_pretty_printed_is_the_same_list():
    is_the_same(json.dumps(PEOPLE, indent=4).encode())


ODD = {
    "names apart": [{**person, "name": None, "firstName": "Grace", "lastName": "Hopper"} for person in PEOPLE],
    "numbers for ids": [{**person, "id": number} for number, person in enumerate(PEOPLE)],
    "a stranger here and there": [*PEOPLE[:2000], None, 7, {"name": "nobody"}, *PEOPLE[2000:]],
    "records within": [{"id": person["id"], "name": "N", "boss": {"id": "u-1", "name": "B"}} for person in PEOPLE],
    "an id that comes later": [{**person, "id": "", "userId": None, "uid": "x"} for person in PEOPLE],
    "line feeds": [{**person, "name": "two\nlines\x1fand more"} for person in PEOPLE],
    "keys in any order": [dict(sorted(person.items(), key=lambda _: n % 5)) for n, person in enumerate(PEOPLE)],
}


@pytest.mark.parametrize("people", ODD.values(), ids=ODD)
def test_odd_lists_are_the_same_too(people):
    is_the_same(json.dumps(people).encode())


@pytest.mark.parametrize(
    "body",
    [
        json.dumps({"data": PEOPLE}).encode(),
        b"\xef\xbb\xbf" + json.dumps(PEOPLE).encode(),
        json.dumps(PEOPLE, ensure_ascii=False).encode("utf-16"),
    ],
    ids=["in an object", "with a mark", "UTF-16"],
)
def test_what_cannot_be_cut_is_read_whole(body):
    assert len(is_the_same(body).users) == len(PEOPLE)


def test_a_list_that_breaks_off_is_none():
    with pytest.raises(UserListError, match="not JSON"):
        read_in_pieces(json.dumps(PEOPLE).encode()[:-50])


@settings(max_examples=20)
@given(st.integers(1, 200_000))
def test_the_size_of_the_pieces_does_not_matter(size):
    body = json.dumps(PEOPLE[:2000]).encode()
    found = read_in_pieces(body, size).users
    assert isinstance(found, LazyUserList)
    assert [user.id for user in found] == [person["id"] for person in PEOPLE[:2000]]


def test_everybody_is_found_by_what_the_list_tells():
    users = read_in_pieces(json.dumps(PEOPLE).encode()).users
    index = index_of(users)
    for text in ("angstrom 17", "EMEA admin", "u-003999", "nobody at all"):
        words = text.lower().split()
        texts = [" ".join(columns_of(user)).lower().replace("å", "a").replace("ö", "o") for user in users]
        assert list(index.matching(text)) == [
            place for place, each in enumerate(texts) if all(word in each for word in words)
        ]
    assert [users[place].id for place in index.with_id("U-000007")] == ["u-000007"]


def test_the_garbage_collector_has_no_more_to_look_at_for_a_long_list_than_for_a_short_one():
    short, long = (read_in_pieces(json.dumps(PEOPLE * times).encode()) for times in (1, 8))
    assert len(long.users) == 8 * len(short.users)
    assert looked_at(long) == looked_at(short)


def looked_at(listing: UserList) -> int:
    """How many objects of a list the garbage collector has to look at."""
    gc.collect()  # which finds out that a tuple of texts needs no looking at
    found, waiting = dict[int, object](), [cast("object", listing)]
    while waiting:
        new = {id(each): each for each in gc.get_referents(waiting.pop()) if gc.is_tracked(each)}
        # What classes, modules and functions lead to is everybody's.
        is_shared = type | ModuleType | FunctionType
        waiting += [each for key, each in new.items() if key not in found and not isinstance(each, is_shared)]
        found |= new
    return len(found)


def test_only_what_arrives_is_progress_not_what_is_read_at_the_end() -> None:
    """The end is read in a thread if it is large, and a screen takes nothing from there."""
    seen: list[int] = []
    reader = UserListParser(lambda listing: seen.append(len(listing.users)))
    reader.take(json.dumps([*PEOPLE[:600], PEOPLE[600] | {"note": "x" * 100_000}]).encode())
    while_it_came = list(seen)
    assert len(reader.end().users) == 601
    assert while_it_came
    assert not reader.is_small
    assert seen == while_it_came
