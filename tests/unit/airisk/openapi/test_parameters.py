"""What is typed into a field travels as the document says."""

import pytest

from tests.unit.airisk.openapi.writing import asking, only
from tui.errors import RequestRejectedError

LIST = {"type": "array", "items": {"type": "string"}}
OBJECT = {"type": "object", "properties": {"x": {"type": "integer"}}}


@pytest.mark.parametrize(
    ("said", "query"),
    [
        ({"schema": LIST}, "a=1&a=b%2Cc"),
        ({"schema": LIST, "explode": False}, "a=1%2Cb%2Cc"),
        ({"schema": LIST, "style": "spaceDelimited", "explode": False}, "a=1%20b%2Cc"),
        ({"schema": LIST, "style": "pipeDelimited"}, "a=1%7Cb%2Cc"),
        ({"schema": LIST, "style": "pipeDelimited", "explode": True}, "a=1&a=b%2Cc"),
        ({"content": {"application/json": {"schema": LIST}}}, "a=%5B%221%22%2C%22b%2Cc%22%5D"),
    ],
)
def test_a_list_travels_in_its_style(said: dict[str, object], query: str) -> None:
    endpoint = asking({"name": "a", "in": "query", **said})

    assert endpoint.draft({"a": '["1", "b,c"]'}).target == f"/things?{query}"


@pytest.mark.parametrize(
    ("said", "query"),
    [
        ({}, "x=1&y=b"),
        ({"explode": False}, "a=x%2C1%2Cy%2Cb"),
        ({"style": "deepObject", "explode": True}, "a%5Bx%5D=1&a%5By%5D=b"),
    ],
)
def test_an_object_travels_in_its_style(said: dict[str, object], query: str) -> None:
    endpoint = asking({"name": "a", "in": "query", "schema": OBJECT, **said})

    assert endpoint.draft({"a": '{"x": 1, "y": "b"}'}).target == f"/things?{query}"


def test_a_list_in_the_path_keeps_its_commas_and_nothing_else() -> None:
    endpoint = asking({"name": "a", "in": "path", "required": True, "schema": LIST}, path="/things/{a}")

    assert endpoint.draft({"a": "x/1, y?"}).path == "/things/x%2F1,y%3F"


@pytest.mark.parametrize(
    ("style", "is_apart", "schema", "typed", "path"),
    [
        ("label", False, LIST, '["1", "2,.;"]', ".1,2%2C.%3B"),
        ("label", True, LIST, "1, 2", ".1.2"),
        ("matrix", False, LIST, "1, 2", ";a=1,2"),
        ("matrix", True, LIST, "1, 2", ";a=1;a=2"),
        ("label", False, {"type": "integer"}, "5", ".5"),
        ("matrix", False, {"type": "string"}, "x y", ";a=x%20y"),
        ("label", True, OBJECT, '{"x": 1, "y": "b"}', ".x=1.y=b"),
        ("matrix", False, OBJECT, '{"x": 1, "y": "b"}', ";a=x,1,y,b"),
        ("matrix", True, OBJECT, '{"x": 1, "y": "b"}', ";x=1;y=b"),
        ("simple", True, OBJECT, '{"x": 1, "y": "b"}', "x=1,y=b"),
    ],
)
def test_a_value_in_the_path_travels_in_its_style(
    style: str, is_apart: bool, schema: object, typed: str, path: str
) -> None:
    said = {"name": "a", "in": "path", "required": True, "schema": schema, "style": style, "explode": is_apart}
    endpoint = asking(said, path="/things/{a}")

    assert endpoint.draft({"a": typed}).path == f"/things/{path}"


@pytest.mark.parametrize(
    ("schema", "typed", "words"),
    [
        ({"type": "integer"}, "1.5", "a must be a whole number."),
        ({"type": "number"}, "many", "a must be a number."),
        ({"type": "number"}, "true", "a must be a number."),
        ({"type": "boolean"}, "yes", "a must be true or false."),
        ({"type": "object"}, "[1]", 'a must be a JSON object, such as {"a": "b"}.'),
        ({"type": "array", "items": {"type": "integer"}}, "1, x", "each of a must be a whole number."),
        ({"type": "array", "items": {"enum": ["p", "q"]}}, "p, z", "Each of a must be one of p, q."),
        ({"type": "string", "enum": ["p", "q"]}, "z", "a must be one of p, q."),
        ({"type": "string"}, "\ud800", "a contains invalid Unicode (an unpaired surrogate)."),
    ],
)
def test_what_is_not_of_its_kind_is_refused_by_the_fields_name(schema: object, typed: str, words: str) -> None:
    endpoint = asking({"name": "a", "in": "query", "schema": schema})

    with pytest.raises(RequestRejectedError) as refusal:
        endpoint.draft({"a": typed})
    assert refusal.value.message == words


@pytest.mark.parametrize(
    ("parameter", "choices", "default"),
    [
        ({"schema": {"enum": ["p", "q"]}}, ("", "p", "q"), ""),
        ({"schema": {"enum": ["p", "q"]}, "required": True}, ("p", "q"), "p"),
        ({"schema": {"enum": ["p", "q"], "default": "q"}}, ("p", "q"), "q"),
        ({"schema": {"enum": [1, 2, None]}}, ("", "1", "2"), ""),
        ({"schema": {"type": "boolean"}}, ("", "true", "false"), ""),
        ({"schema": {"allOf": [{"$ref": "#/paths/~1things/get/x-kinds"}]}}, ("", "p"), ""),
    ],
)
def test_choices_are_offered_with_nothing_where_nothing_need_be_chosen(
    parameter: dict[str, object], choices: tuple[str, ...], default: str
) -> None:
    operation = {"parameters": [{"name": "a", "in": "query", **parameter}], "x-kinds": {"enum": ["p"]}}
    field = only({"/things": {"get": operation}}).fields[0]

    assert (field.choices, field.default) == (choices, default)


def test_an_example_and_a_meaning_are_one_line_each() -> None:
    said = {"description": "one\n two\t three", "example": "x" * 1000}
    field = asking({"name": "a", "in": "query", "schema": {"type": "string", "example": "y"}, **said}).fields[0]

    assert (field.meaning, field.example) == ("one two three", "y"), "an example too long for a line is no help"
