"""What differs between two answers."""

import copy
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tui.airisk.responses.diff import Kind, changes
from tui.airisk.responses.volatile_fields import VolatileFields, digest_of_document
from tui.json_path import json_path

USUAL = VolatileFields.of()

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=3) | st.just("id"), inner, max_size=5),
    max_leaves=20,
)


def told(before, after, volatile=USUAL):
    return [
        (change.kind.value, change.place, change.before, change.after) for change in changes(before, after, volatile)
    ]


def test_the_same_document_has_no_differences():
    document = {"a": [1, {"id": 2}], "b": None}
    assert told(document, copy.deepcopy(document)) == []


def test_each_difference_is_named_by_its_place():
    before = {"title": "Vendor risk", "owner": {"name": "Ada"}, "old": 1}
    after = {"title": "Vendor risks", "owner": {"name": "Ada", "id": 7}, "new": 2}
    assert told(before, after) == [
        ("removed", "$.old", 1, None),
        ("changed", "$.title", "Vendor risk", "Vendor risks"),
        ("added", "$.owner.id", None, 7),
        ("added", "$.new", None, 2),
    ]


def test_items_with_ids_are_found_again_wherever_they_stand():
    before = [{"id": "a", "n": 1}, {"id": "b", "n": 2}, {"id": "c", "n": 3}]
    after = [{"id": "c", "n": 3}, {"id": "a", "n": 9}, {"id": "d", "n": 4}]
    assert told(before, after) == [
        ("removed", "$[1]", {"id": "b", "n": 2}, None),
        ("changed", "$[1].n", 1, 9),
        ("added", "$[2]", None, {"id": "d", "n": 4}),
    ]


def test_items_without_ids_are_aligned():
    assert told([1, 2, 3, 4], [1, 3, 4, 5]) == [("removed", "$[1]", 2, None), ("added", "$[3]", None, 5)]


def test_items_without_ids_are_the_same_in_whatever_order_their_fields_stand():
    assert told([0, {"a": 1, "b": 2}], [{"b": 2, "a": 1}]) == [("removed", "$[0]", 0, None)]


def test_a_long_list_beside_a_short_one_is_compared_place_by_place():
    assert [told(list(range(5_000)), [0, 7])[0], *told([0, 7], list(range(5_000)))[:2]] == [
        ("changed", "$[1]", 1, 7),
        ("changed", "$[1]", 7, 1),
        ("added", "$[2]", None, 2),
    ]


def test_a_long_list_without_ids_is_compared_place_by_place():
    before = list(range(5_000))
    after = [*before[:-1], -1, 7]
    assert told(before, after) == [("changed", "$[4999]", 4999, -1), ("added", "$[5000]", None, 7)]


@pytest.mark.parametrize(
    ("before", "after"), [(1, "1"), (0, False), (1, True), (None, ""), ([], {}), (None, 0), ("a", "A")]
)
def test_what_looks_alike_is_not_the_same(before, after):
    assert told(before, after) == [("changed", "$", before, after)]


def test_a_number_is_the_same_however_it_is_written():
    assert told({"a": 1}, {"a": 1.0}) == []


def test_volatile_fields_are_reported_as_such():
    before = {"trace_id": "x", "data": {"TraceId": "1", "n": 1, "etag": {"deep": 1}}}
    after = {"trace_id": "y", "data": {"TraceId": "2", "n": 2, "etag": {"deep": 2}}}
    assert [(change.place, change.is_volatile) for change in changes(before, after, USUAL)] == [
        ("$.trace_id", True),
        ("$.data.TraceId", True),
        ("$.data.n", False),
        ("$.data.etag.deep", True),
    ]


def test_a_volatile_field_can_be_named_by_its_path():
    volatile = VolatileFields.of(["$.items[*].version"])
    before = {"items": [{"version": 1}], "version": 1}
    after = {"items": [{"version": 2}], "version": 2}
    assert [change.is_volatile for change in changes(before, after, volatile)] == [True, False]


@given(st.lists(st.text() | st.integers(0, 99), min_size=1))
@example(["it's", "a.b", 3, 'say "so"', "back\\slash", "", "\n"])
def test_a_place_that_a_difference_prints_is_a_volatile_field_as_it_stands(parts):
    assert VolatileFields.of([json_path(parts)]).holds(tuple(parts))


@pytest.mark.parametrize(
    "pattern", ["$", "$..etag", "$.items[0:2]", "$.items[?@.a]", "$.a b", "$['a'", r"$['\q']", "$x"]
)
def test_a_path_that_would_never_match_is_refused(pattern):
    with pytest.raises(ValueError, match="is not a path of names and indexes"):
        VolatileFields.of([pattern])


@given(JSON)
def test_nothing_differs_from_itself(document):
    assert told(document, json.loads(json.dumps(document))) == []


@given(JSON, JSON)
@example([None, False], [False, None, None])
def test_what_differs_is_found_and_turned_round_it_is_the_other_way_round(before, after):
    there, back = list(changes(before, after, USUAL)), list(changes(after, before, USUAL))
    assert bool(there) == (json.dumps(before, sort_keys=True) != json.dumps(after, sort_keys=True) and bool(back))
    assert sum(change.kind is Kind.ADDED for change in there) == sum(change.kind is Kind.REMOVED for change in back)


@given(st.permutations([{"id": number, "name": f"n{number}", "at": number} for number in range(4)]))
@example([{"id": 1, "at": 1}, {"id": 2, "at": 2}])
def test_a_comparison_and_a_digest_agree_on_what_the_same_item_is(items):
    for patterns in (["id"], ["$[*].id"], ["$[*].name"], ["id", "name"], ["at"]):
        volatile = VolatileFields.of(patterns)
        others = [{**item, "id": item["id"] + 10} if "id" in patterns else item for item in reversed(items)]
        is_same = all(change.is_volatile for change in changes(items, others, volatile))
        assert is_same is (digest_of_document(items, volatile) == digest_of_document(others, volatile)), patterns
