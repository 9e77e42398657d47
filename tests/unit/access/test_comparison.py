"""Two answers side by side: a person sees whether they say the same, and what differs."""

import json
from typing import Any

from tests.kit.remembering import EDWARD, GRACE, exchange
from tui.airisk.responses.diff import MOST, Comparison, compare
from tui.airisk.responses.volatile_fields import VolatileFields


def compared(before: bytes, after: bytes, status: int = 200) -> Comparison:
    """What Edward got beside what Grace got."""
    one, other = exchange(body=before, identity=GRACE), exchange(body=after, identity=EDWARD, status=status)
    comparison = compare(one, other, VolatileFields.of())
    assert (comparison.before.identity, comparison.after.identity) == (GRACE, EDWARD)
    return comparison


def told(comparison: Comparison) -> list[tuple[str, str, object, object]]:
    return [(change.kind.value, change.place, change.before, change.after) for change in comparison.differences]


def test_what_always_differs_makes_no_difference_and_is_counted():
    found = compared(b'{"id": 1, "traceId": "a"}', b'{"traceId": "b", "id": 1}')
    assert found.is_same
    assert found.is_json
    assert (found.volatile, len(found.differences)) == (1, 1)
    other = compared(b'{"id": 1, "traceId": "a"}', b'{"traceId": "b", "id": 2}')
    assert not other.is_same
    assert (other.volatile, len(other.differences)) == (1, 2)


def test_another_status_is_a_difference_though_the_words_are_the_same():
    assert compared(b"{}", b"{}").is_same
    assert not compared(b"{}", b"{}", status=403).is_same


def test_nothing_at_all_is_compared_as_nothing():
    assert compared(b"", b" \r\n").is_same
    found = compared(b"", b"[1]")
    assert found.kinds == ("no body", "JSON")
    assert told(found) == [("changed", "$", "", [1])]


def test_texts_are_compared_line_by_line():
    found = compared(b"one\ntwo\nthree\n", b"one\n2\nthree\nfour\xff\n")
    assert not found.is_json
    assert [(change.kind.value, change.path, change.before, change.after) for change in found.differences] == [
        ("changed", (2,), "two", "2"),
        ("added", (4,), None, r"four\xff"),
    ]


def test_one_line_more_among_many_that_are_alike_is_one_line_more():
    many = b"the same\n" * 300
    assert told(compared(many, b"new\n" + many)) == [("added", "$[1]", None, "new")]


def events(*texts: str) -> bytes:
    """A reply that streams in, one piece an event, with ids that no other stream has."""
    pieces = [f"event: thread.message.delta\ndata: {json.dumps({'delta': {'text': text}})}\n\n" for text in texts]
    return "".join([f"event: thread.run.created\ndata: {json.dumps({'id': id(texts)})}\n\n", *pieces]).encode()


def test_replies_that_streamed_in_are_compared_by_their_text():
    stream: dict[str, Any] = {"headers": (("Content-Type", "text/event-stream"),)}
    grace = exchange(body=events("The first", " line.\nThe", " second."), identity=GRACE, **stream)
    same = exchange(body=events("The", " first line.\nThe second."), identity=EDWARD, **stream)
    other = exchange(body=events("The first line.\nAnother."), identity=EDWARD, **stream)
    assert compare(grace, same, VolatileFields.of()).is_same
    found = compare(grace, other, VolatileFields.of())
    assert (found.is_reply, found.is_json) == (True, False)
    assert [(change.path, change.before, change.after) for change in found.differences] == [
        ((2,), "The second.", "Another.")
    ]


def test_bodies_of_two_kinds_are_one_difference():
    found = compared(b"[1]", b"<html>\n</html>")
    assert (found.kinds, found.is_json, found.is_same) == (("JSON", "text"), False, False)
    assert told(found) == [("changed", "$", [1], "<html>\n</html>")]
    assert compared(b"[" * 100_000, b"[1]").kinds == ("text", "JSON")


def test_differences_are_listed_up_to_a_number_and_the_rest_is_said_to_be_there():
    def lists(length: int) -> Comparison:
        return compared(b"[]", json.dumps(list(range(length))).encode())

    assert (len(lists(MOST).differences), lists(MOST).has_more) == (MOST, False)
    assert (len(lists(MOST + 1).differences), lists(MOST + 1).has_more) == (MOST, True)


def test_long_texts_are_replaced_as_a_whole_where_anything_differs():
    lines = b"".join(b"%d\n" % number for number in range(MOST + 1))
    assert compared(lines + b"!", lines + b"!").is_same
    found = compared(lines, b"0\n" + lines)
    assert found.has_more
    assert {change.kind.value for change in found.differences} == {"changed"}
