"""Documents in which .NET preserves references, by `ReferenceHandler.Preserve` or by Newtonsoft's, and others."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.airisk.lenient_json import unwrapped

DOCUMENTS = {
    "a wrapped array": ({"$id": "1", "$values": [{"$id": "2", "id": 1}]}, [{"id": 1}]),
    "arrays within objects": (
        {"$id": "1", "users": {"$id": "2", "$values": [{"$id": "3", "roles": {"$id": "4", "$values": ["A"]}}]}},
        {"users": [{"roles": ["A"]}]},
    ),
    "wrapped arrays alone": ({"users": {"$id": "1", "$values": [1, 2]}}, {"users": [1, 2]}),
    "Newtonsoft's types": ({"$type": "List", "$values": [{"$type": "User", "id": 1}]}, [{"$type": "User", "id": 1}]),
    "what was written before": (
        [{"$id": "1", "id": 1, "boss": {"$id": "2", "id": 2}}, {"$ref": "2"}],
        [{"id": 1, "boss": {"id": 2}}, {"id": 2}],
    ),
    "what is written later": ([{"$ref": "2"}, {"$id": "2", "id": 2}], [{"id": 2}, {"id": 2}]),
    "an array that is referred to": (
        {"$id": "1", "a": {"$id": "2", "$values": [1]}, "b": {"$ref": "2"}},
        {"a": [1], "b": [1]},
    ),
    "something around it": (
        {"$id": "1", "id": 1, "reports": {"$id": "2", "$values": [{"$id": "3", "boss": {"$ref": "1"}}]}},
        {"id": 1, "reports": [{"boss": {"$ref": "1"}}]},
    ),
    "nothing": ([{"$id": "1", "x": {"$ref": "9"}}], [{"x": {"$ref": "9"}}]),
}

AS_IT_IS = {
    "an array": [{"id": 1, "name": "Ann"}],
    "a schema": {"$id": "https://example.com/s", "$ref": "#/definitions/a", "definitions": {"a": {"$id": "a"}}},
    "an object with values of its own": {"$values": [1], "count": 1},
    "values that are none": {"$id": "one", "$values": "none"},
    "a text": "$values",
    "nothing": None,
}


@pytest.mark.parametrize(("document", "meant"), DOCUMENTS.values(), ids=DOCUMENTS)
def test_arrays_and_references_are_put_in_their_places(document: object, meant: object) -> None:
    assert unwrapped(document) == meant
    assert unwrapped({"within": document})["within"] == meant


@pytest.mark.parametrize("document", AS_IT_IS.values(), ids=AS_IT_IS)
def test_any_other_document_stays_as_it_is(document: object) -> None:
    assert unwrapped(document) == document


def test_references_that_would_fill_the_memory_stay_references() -> None:
    levels = [{"$id": str(n), "a": {"$ref": str(n + 1)}, "b": {"$ref": str(n + 1)}} for n in range(60)]
    found = unwrapped([*levels, {"$id": "60", "id": 1}])
    assert len(json.dumps(found)) < 20_000_000


def test_a_nest_that_is_too_deep_stays_as_it_is() -> None:
    document: object = {"$id": "1", "$values": []}
    for _ in range(900):
        document = {"$id": "2", "x": document}
    assert unwrapped(document) is document


NUMBERS = st.sampled_from("123")
JSON = st.recursive(
    st.none() | st.integers() | st.builds(lambda n: {"$ref": n}, NUMBERS),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.builds(lambda n, v: {"$id": n, "$values": v}, NUMBERS, st.lists(inner, max_size=3))
        | st.builds(lambda n, v: {"$id": n, "x": v}, NUMBERS, inner)
        | st.dictionaries(st.sampled_from(["$id", "$ref", "$values", "id"]), inner, max_size=3)
    ),
    max_leaves=30,
)


@given(JSON)
def test_whatever_refers_to_whatever_it_comes_to_an_end_and_is_json(document: object) -> None:
    assert len(json.dumps(unwrapped(document))) < 100_000
