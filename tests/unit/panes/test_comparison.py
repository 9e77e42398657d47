"""A comparison in people's names: who has what the other has not, and what both have and is not the same."""

import json
from typing import Any

import pytest

from tests.kit.remembering import EDWARD, GRACE, exchange
from tui.airisk.identity import ANONYMOUS, APPLICATION, Identity
from tui.airisk.responses.diff import compare
from tui.airisk.responses.volatile_fields import VolatileFields
from tui.panes.comparison import _caveats, _Differences, _verdict, side_names

CONVERSATIONS = "/api/Chat/GetConversations?results=20&skip=0"


def user(name: str, identifier: str = "u-1") -> Identity:
    return Identity("user", identifier, name)


@pytest.mark.parametrize(
    ("before", "after", "names"),
    [
        (user("Grace Turing"), user("Linus Hopper", "u-2"), ("Grace", "Linus")),
        (user("Grace Turing"), user("Grace Hopper", "u-2"), ("Grace Turing", "Grace Hopper")),
        (user("Grace Turing"), user("Grace Turing", "u-2"), ("u-1", "u-2")),
        (user(""), user("Grace Turing", "u-2"), ("u-1", "Grace")),
        (user("Grace Turing"), APPLICATION, ("Grace", "Application")),
        (ANONYMOUS, APPLICATION, ("Anonymous", "Application")),
        (user("Grace Turing"), user("Grace Turing"), ("Before", "After")),
    ],
)
def test_the_sides_have_the_shortest_names_that_tell_them_apart(before, after, names):
    assert side_names(exchange(identity=before), exchange(identity=after)) == names


def shown(before: Any, after: Any, path: str = CONVERSATIONS) -> tuple[str, list[list[str]]]:
    """The verdict, and the lines of the table, of what Edward got beside what Grace got."""
    one, other = (json.dumps(each).encode() for each in (before, after))
    found = compare(
        exchange(path, body=one, identity=GRACE), exchange(path, body=other, identity=EDWARD), VolatileFields.of()
    )
    rows = _Differences(found.differences, found.is_json)
    cells = [[str(cell) for cell in rows.cells(index)] for index in range(len(rows))]
    return str(_verdict(found, side_names(found.before, found.after))), cells


def test_responses_of_two_kinds_are_named_instead_of_counted_line_by_line():
    stream = b"event: thread.run.created\ndata: {}\n\n" * 20
    one = exchange(body=stream, identity=GRACE, headers=(("Content-Type", "text/event-stream"),))
    other = exchange(body=b'{"title": "No"}', identity=EDWARD, status=403, reason="Forbidden")
    found = compare(one, other, VolatileFields.of())
    assert str(_verdict(found, ("Grace", "Edward"))) == "≠ Grace: 200 OK, an event stream. Edward: 403 Forbidden, JSON."
    assert [str(cell) for cell in _Differences(found.differences, found.is_json).cells(0)][:2] == [
        "~",
        "whole response",
    ]


def test_another_status_is_named_before_what_differs():
    one, other = exchange(body=b'{"a": 1}'), exchange(body=b'{"a": 2}', status=404, reason="Not Found")
    found = compare(one, other, VolatileFields.of())
    words = "≠ Before: 200 OK, JSON. After: 404 Not Found, JSON. 1 value differs."
    assert str(_verdict(found, side_names(one, other))) == words


def test_where_only_the_status_differs_the_verdict_says_so():
    one, other = exchange(body=b'{"a": 1}'), exchange(body=b'{"a": 1}', status=500, reason="Oops")
    words = "≠ Before: 200 OK, JSON. After: 500 Oops, JSON. The bodies do not differ."
    assert str(_verdict(compare(one, other, VolatileFields.of()), side_names(one, other))) == words


def test_volatile_values_are_told_apart_from_what_differs_however_many_there_are():
    items = [{"id": number, "traceId": "a", "n": 1} for number in range(6_000)]
    others = [item | {"traceId": "b"} for item in items]
    one, other = (exchange(body=json.dumps(each).encode()) for each in (items, others))
    found = compare(one, other, VolatileFields.of())
    assert str(_verdict(found, ("Before", "After"))) == "✓ Identical. 6,000 volatile values hidden (f shows them)."
    others[-1]["n"] = 2
    found = compare(one, exchange(body=json.dumps(others).encode()), VolatileFields.of())
    words = "≠ 1 value differs. 6,000 volatile values shown (f hides them)."
    assert str(_verdict(found, ("Before", "After"), is_all_shown=True)) == words
    found = compare(
        one,
        exchange(body=json.dumps(items).encode().replace(b'"a"', b'"b"'), status=500, reason="Oops"),
        VolatileFields.of(),
    )
    assert "Only volatile values of the bodies differ." in str(_verdict(found, ("Before", "After")))


def listed(*numbers: int) -> list[dict[str, Any]]:
    return [{"id": f"c-{number}", "title": f"Talk {number}", "agent": "a-1"} for number in numbers]


def test_what_only_one_has_is_counted_in_the_words_of_the_list_and_named():
    verdict, lines = shown(listed(*range(57)), listed(100))
    assert verdict == "≠ Only Grace: 57 conversations. Only Edward: 1 conversation. Nothing else differs."
    assert lines[0] == ["−", "c-0", "Talk 0", "(missing)"]
    assert lines[-1] == ["+", "c-100", "(missing)", "Talk 100"]


@pytest.mark.parametrize(("many", "is_told"), [(19, False), (20, True)])
def test_what_may_be_on_a_later_page_is_not_called_missing_without_saying_so(many: int, is_told: bool):
    one, other = (json.dumps(each).encode() for each in (listed(*range(many)), listed(100)))
    found = compare(exchange(CONVERSATIONS, body=one), exchange(CONVERSATIONS, body=other), VolatileFields.of())
    assert any("may be on its later pages" in words for words in _caveats(found)) is is_told


def test_one_list_that_is_empty_is_matched_by_id_as_well():
    verdict, lines = shown(listed(1, 2), [])
    assert verdict == "≠ Only Grace: 2 conversations. Nothing else differs."
    assert [line[1] for line in lines] == ["c-1", "c-2"]


def test_an_entry_of_both_is_matched_by_its_id_wherever_it_stands():
    other = [*listed(3), {**listed(2)[0], "title": "Talk two"}]
    verdict, lines = shown(listed(2, 3), other)
    assert verdict == "≠ 1 value differs."
    assert lines == [["~", "c-2 › title", "Talk 2", "Talk two"]]


def test_lists_in_an_entry_are_named_by_their_member():
    one = {"title": "T", "messages": [{"id": "m-1", "tags": ["a"]}, {"id": "m-2", "tags": []}]}
    other = {"title": "U", "messages": [{"id": "m-1", "tags": ["b"]}]}
    verdict, lines = shown(one, other, "/api/Chat/GetConversation/c-1")
    assert verdict == "≠ Only Grace: 1 message. 2 values differ."
    assert [line[1] for line in lines] == ["title", "messages › m-2", "messages › m-1 › tags[0]"]


def test_a_list_of_unknown_things_has_items():
    assert shown(listed(1), listed(2), "/api/odd")[0].startswith("≠ Only Grace: 1 item. Only Edward: 1 item.")
