"""Which documents are lists of objects, and what a table shows of them."""

import json
from typing import Any

import pytest

from tui.widgets.json_viewer.objects import Objects, find_objects, shortened

PEOPLE = [{"id": "u-1", "name": "Grace"}, {"id": "u-2", "name": "Linus"}]


def found_in(document: Any) -> Objects:
    found = find_objects(json.dumps(document).encode())
    assert found is not None
    return found


@pytest.mark.parametrize(
    "document", [PEOPLE, {"items": PEOPLE, "total": 2}, {"Value": PEOPLE}, {"$id": "1", "$values": PEOPLE}]
)
def test_an_array_of_objects_is_found_bare_and_wrapped(document: Any) -> None:
    assert [found_in(document).values(index)["name"] for index in range(2)] == ["Grace", "Linus"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nothing",
        "3",
        "[]",
        "[1, 2]",
        "[{}]",
        '[{"a": 1}, 2]',
        '{"a": 1}',
        '{"messages": [{"a": 1}]}',
        '{"items": {}}',
        "[{",
        '"[{}]"',
    ],
)
def test_anything_else_is_no_list_of_objects(text: str) -> None:
    assert find_objects(text.encode()) is None


def test_ids_and_names_come_first_and_containers_after_leaves() -> None:
    found = found_in([{"$id": "1", "gone": None, "tags": ["a"], "age": 3, "Title": "T", "x": "y", "_id": 7}])
    assert [field.name for field in found.fields] == ["_id", "Title", "age", "x", "tags", "gone"]


def test_a_field_that_is_alike_in_all_comes_after_those_that_tell_them_apart() -> None:
    entries = [{"id": n, "user": "u-1", "created": f"2026-11-{n}", "tags": [n], "kind": None} for n in range(10, 13)]
    assert [field.name for field in found_in(entries).fields] == ["id", "created", "user", "tags", "kind"]
    assert [field.name for field in found_in(entries[:2]).fields] == ["id", "user", "created", "tags", "kind"]


def test_fields_are_those_of_all_objects() -> None:
    found = found_in([{"id": 1}, {"id": 2, "mail": "l@example.com"}])
    assert [(field.name, field.width, field.is_number) for field in found.fields] == [
        ("id", 1, True),
        ("mail", 13, False),
    ]


def test_paths_and_values_are_those_of_the_document() -> None:
    text = '{"items": [{"n": 1.50, "t": "a\\n\\"b\\"", "l": [1, {"x": null}], "it\'s": true}]}'
    found = find_objects(text.encode())
    assert found
    assert found.path(0, "it's") == r"$.items[0]['it\'s']"
    assert [found.leaf(0, name) for name in ("n", "t", "l", "it's", "?")] == ["1.50", 'a\n"b"', None, "true", None]
    assert json.loads(found.text(0, "l")) == [1, {"x": None}]
    assert json.loads(found.formatted(0))["n"] == 1.5


def test_an_entry_that_is_no_object_has_no_values() -> None:
    found = found_in([*[{"id": 1}] * 500, "stray"])
    assert (len(found), found.values(500), found.leaf(500, "id"), found.text(500, "id")) == (501, {}, None, "")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "–"),
        (True, "true"),
        (1.5, "1.5"),
        ("a\nb\x1b", "a⏎b␛"),
        ([], "[0]"),
        (["a", 1], "a, 1"),
        ([{}, {}], "[2]"),
        ({"a": 1, "b": 2}, "{2}"),
        ({"a": 1, "Name": "Zoë"}, "Zoë"),
        ({"name": ["x"]}, "{1}"),
    ],
)
def test_a_value_is_shortened_to_one_line(value: Any, words: str) -> None:
    assert shortened(value) == words
