"""Which of a user's keys is the id: what is sent as `userid` decides who is acted as."""

import json
from typing import Any

import pytest

from tui.airisk.models import UserList
from tui.airisk.users.parser import read_users
from tui.airisk.users.stream_parser import UserListParser
from tui.errors import UserListError


def listed(*records: Any) -> UserList:
    return read_users(json.dumps(records).encode())


def ids(*records: Any) -> list[str]:
    return [user.id for user in listed(*records).users]


ANN, BOB = {"name": "Ann"}, {"name": "Bob"}

TAKEN: dict[str, tuple[dict[str, Any], str]] = {
    ".NET's references": ({"$id": "2", "id": 1}, "id"),
    "JSON-LD": ({"@id": "https://example.com/users/9", "@type": "Person", "id": 1}, "id"),
    "OData": ({"@odata.id": "Users(9)", "@odata.etag": "W/1", "ID": 1}, "ID"),
    "MongoDB": ({"_id": "507f1f77", "id": 1}, "id"),
    "MongoDB, the other way round": ({"id": 1, "_id": "507f1f77"}, "id"),
    "only MongoDB's": ({"_id": 1, "userId": "u-1"}, "_id"),
    "another directory's": ({"userId": "u-1", "id": 1}, "id"),
    "in capitals": ({"UserID": "u-1", "ID": 1}, "ID"),
    "in Pascal case": ({"Guid": "g", "Id": 1}, "Id"),
    "in snake case": ({"user_id": 1, "uuid": "x"}, "user_id"),
    "a GUID": ({"guid": 1, "key": "k"}, "guid"),
    "a UUID": ({"uuid": 1}, "uuid"),
    "a subject": ({"sub": 1, "$id": "2"}, "sub"),
    "an id that is null everywhere": ({"id": None, "userId": 1}, "userId"),
    "an id that is empty everywhere": ({"id": "", "userId": 1}, "userId"),
    "an id that is an object": ({"id": {"value": 9}, "userId": 1}, "userId"),
    "something else's id within": ({"manager": {"id": 9}, "uid": 1}, "uid"),
}


@pytest.mark.parametrize(("record", "key"), TAKEN.values(), ids=TAKEN)
def test_the_id_is_taken_from_the_key_that_means_it(record: dict[str, Any], key: str) -> None:
    found = listed({**record, "name": "Ann"}, {**ANN, key: "2"})
    assert [user.id for user in found.users] == ["1", "2"]
    assert found.id_key == key


@pytest.mark.parametrize("key", ["$id", "@id", "@odata.id", "$key", "$ref"])
def test_a_serializers_own_number_is_nobodys_id(key: str) -> None:
    with pytest.raises(UserListError, match="contains a list, but no users"):
        listed({key: "2", "name": "Ann"})


def test_a_serializers_own_keys_are_neither_role_nor_name_nor_column() -> None:
    found = listed({"$type": "App.User, App", "@type": "Person", "$id": "1", "id": 1, "@odata.etag": "x", **ANN})
    assert (found.users[0].role, found.columns) == ("", ())


OTHERS: dict[str, tuple[list[dict[str, Any]], tuple[str, ...]]] = {
    "another id": ([{"id": 1, "userId": "u-1"}], ("userId",)),
    "several": ([{"id": 1, "_id": "x", "guid": "y"}], ("_id", "guid")),
    "the same id twice": ([{"id": 1, "userId": "1"}], ()),
    "the same in one record only": ([{"id": 1, "userId": 1}, {"id": 2, "userId": 3}], ("userId",)),
    "a serializer's number": ([{"id": 1, "$id": "2", "@id": "3"}], ()),
    "one that is empty": ([{"id": 1, "userId": None}], ()),
}


@pytest.mark.parametrize(("records", "others"), OTHERS.values(), ids=OTHERS)
def test_the_keys_that_hold_other_ids_are_known(records: list[dict[str, Any]], others: tuple[str, ...]) -> None:
    assert listed(*records).other_ids == others


def test_a_record_without_the_id_that_others_have_is_nobody() -> None:
    """Its `userId` may be another user's `id`."""
    found = listed({"id": 5, "userId": "a", **ANN}, {"id": None, "userId": 5, **BOB})
    assert [(user.id, user.name) for user in found.users] == [("5", "Ann")]
    assert found.unrecognized == 1


def test_ids_of_several_types_are_sent_as_they_are_written() -> None:
    assert ids({"id": 1}, {"id": "2"}, {"id": "u-3"}, {"id": 2**53 + 1}) == ["1", "2", "u-3", "9007199254740993"]


PRESERVED = {
    "$id": "1",
    "$values": [
        {"$id": "2", "id": 1, "name": "Ann", "boss": {"$id": "3", "id": 7, "name": "Cleo", "reports": {"$ref": "2"}}},
        {"$ref": "3"},
        {"$id": "4", "id": 2, "name": "Bob", "roles": {"$id": "5", "$values": ["A", "B"]}},
    ],
}


@pytest.mark.parametrize("document", [PRESERVED, {"$id": "0", "data": PRESERVED}, PRESERVED["$values"]])
def test_preserved_references_are_the_users_that_they_mean(document: object) -> None:
    found = read_users(json.dumps(document).encode())
    assert [(user.id, user.name, user.role) for user in found.users] == [
        ("1", "Ann", ""),
        ("7", "Cleo", ""),
        ("2", "Bob", "A, B"),
    ]
    assert found.unrecognized == 0


def test_so_are_those_of_a_long_list_that_comes_in_pieces() -> None:
    people = [{"$id": str(number), "id": f"u-{number}", "name": "N" * 60} for number in range(1, 6000)]
    body = json.dumps([*people, {"$ref": "7"}]).encode()
    reader = UserListParser()
    for start in range(0, len(body), 65536):
        reader.take(body[start : start + 65536])
    found = reader.end()
    assert (len(found.users), found.users[-1].id, found.unrecognized) == (6000, "u-7", 0)
