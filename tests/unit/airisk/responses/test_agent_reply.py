"""An agent's reply is put together while its events come, in whatever order and shape AIRisk tells them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.airisk.http.sse import Event
from tui.airisk.responses.agent_reply import MOST_EVENTS, AgentReply
from tui.airisk.responses.event_stream import rebuild_reply


def event(kind: str, data: object = None) -> Event:
    """One whose data are JSON, unless they are a text."""
    return Event(kind, data if isinstance(data, str) else json.dumps({} if data is None else data))


def delta(text: str) -> Event:
    return event("thread.message.delta", {"delta": {"content": [{"text": {"value": text}}]}})


CREATED = event("thread.message.created", {"id": "m-1"})
DONE = event("done", "[DONE]")


def heard(*events: Event, ends: bool = True) -> AgentReply:
    reply = AgentReply()
    for each in events:
        reply.hear(each)
    if ends:
        reply.end()
    return reply


def test_a_reply_grows_and_is_done() -> None:
    reply = AgentReply()
    told = []
    for each in (CREATED, event("thread.run.in_progress"), delta("Hello, "), delta("Ada"), DONE):
        reply.hear(each)
        told.append((reply.state, reply.words, reply.text))
    assert told == [
        ("waiting", "", ""),
        ("in progress", "in progress", ""),
        ("streaming", "", "Hello, "),
        ("streaming", "", "Hello, Ada"),
        ("done", "", "Hello, Ada"),
    ]
    assert (reply.message_id, reply.count, reply.is_over, reply.is_of_agent) == ("m-1", 5, True, True)


SHAPES: dict[str, object] = {
    "as documented": {"delta": {"content": [{"text": {"value": "x"}}]}},
    "a text in the content": {"delta": {"content": "x"}},
    "a text that is no object": {"delta": {"content": [{"text": "x"}]}},
    "a delta that is a text": {"delta": "x"},
    "content alone": {"content": [{"text": {"value": "x"}}]},
    "a value alone": {"value": "x"},
    "a text alone": {"text": "x"},
    "a string": '"x"',
    "no JSON": "x",
    "several parts": {"delta": {"content": [{"text": {"value": ""}}, {"image": 1}, {"text": {"value": "x"}}]}},
    "keys that are null": {"delta": None, "content": None, "text": {"value": "x"}},
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_a_delta_in_any_shape(shape: object) -> None:
    reply = heard(event("thread.message.delta", shape), DONE)
    assert (reply.text, reply.state, list(reply.unreadable)) == ("x", "done", [])


@pytest.mark.parametrize("data", ['{"delta": ', "[", '{"delta": {"content": 7}}', "{}", '{"a": {"b": 1}}'])
def test_a_delta_that_cannot_be_read_is_kept_apart_and_the_rest_goes_on(data: str) -> None:
    reply = heard(delta("a"), event("thread.message.delta", data), delta("b"), DONE)
    assert reply.text == "ab"
    assert [each.data for each in reply.unreadable] == [data]


def test_halves_of_a_character_that_came_apart_are_one_again() -> None:
    pieces = (r'{"delta": "a\ud83e"}', r'{"delta": "\udd89b"}')
    reply = heard(*(event("thread.message.delta", piece) for piece in pieces), DONE)
    assert reply.text == "a🦉b"


def test_names_within_the_data_are_as_good_as_names_of_events() -> None:
    delta_of = {"content": [{"text": {"value": "x"}}]}
    for named in (
        {"event": "thread.message.delta", "data": {"delta": delta_of}},
        {"object": "thread.message.delta", "delta": delta_of},
        {"type": "thread.message.delta", "delta": delta_of},
    ):
        reply = heard(Event("message", json.dumps(named)), Event("message", "[DONE]"))
        assert (reply.text, reply.state) == ("x", "done")


ENDS = {
    "incomplete": (
        event("thread.message.incomplete", {"incomplete_details": {"reason": "content_filter"}}),
        ("incomplete", "content filter"),
    ),
    "incomplete without a reason": (event("thread.message.incomplete"), ("incomplete", "no reason given")),
    "failed": (
        event("thread.run.failed", {"last_error": {"code": "rate_limit_exceeded", "message": "Too many"}}),
        ("incomplete", "Too many"),
    ),
    "expired": (event("thread.run.expired"), ("incomplete", "expired")),
    "an error": (event("error", {"error": {"message": "It broke"}}), ("incomplete", "It broke")),
    "an error in words": (event("error", "It broke"), ("incomplete", "It broke")),
    "an error that says nothing": (event("error", "{}"), ("incomplete", "error")),
}


@pytest.mark.parametrize(("last", "told"), ENDS.values(), ids=ENDS)
def test_why_an_agent_stopped_and_done_does_not_hide_it(last: Event, told: tuple[str, str]) -> None:
    reply = heard(delta("a"), last, DONE)
    assert (reply.state, reply.words) == told
    assert reply.text == "a"


def test_a_stream_that_ends_without_done_broke_off_unless_the_agent_had_finished() -> None:
    broken = heard(CREATED, delta("Hel"))
    whole = heard(CREATED, delta("Hello"), event("thread.message.completed", {"id": "m-1"}))
    run = heard(delta("Hello"), event("thread.run.completed", {"id": "r-1"}))

    assert (broken.state, broken.words) == ("broken off", "The stream ended before the reply was complete.")
    assert (whole.state, run.state) == ("done", "done")
    assert heard(delta("Hel"), ends=False).state == "streaming"


def test_a_whole_message_at_the_end_counts_only_where_nothing_was_streamed() -> None:
    message = event("thread.message.completed", {"id": "m-9", "content": [{"text": {"value": "Hello"}}]})
    assert heard(message, DONE).text == "Hello"
    assert heard(message, DONE).message_id == "m-9"
    assert heard(delta("Hel"), delta("lo"), message, DONE).text == "Hello"


def test_a_second_message_begins_below() -> None:
    reply = heard(CREATED, delta("one"), event("thread.message.created", {"id": "m-2"}), delta("two"), DONE)
    assert (reply.text, reply.message_id) == ("one\n\ntwo", "m-2")


def test_any_other_stream_is_no_agent_and_ends_as_it_ends() -> None:
    reply = heard(event("tick", "1"), event("tick", {"a": [1]}))
    assert (reply.is_of_agent, reply.state, reply.text, reply.count) == (False, "done", "", 2)
    assert json.loads(reply.events_as_json()) == [{"event": "tick", "data": 1}, {"event": "tick", "data": {"a": [1]}}]


def test_events_are_reported_as_they_came_whatever_they_hold() -> None:
    reply = heard(event("a", '{"b":  1}'), event("b", "no { JSON"), event("c", "\ud800"), event("d", "[" * 100_000))
    told = json.loads(reply.events_as_json())
    assert [each["event"] for each in told] == ["a", "b", "c", "d"]
    assert told[0]["data"] == {"b": 1}
    assert told[1]["data"] == "no { JSON"
    assert told[2]["data"] == "?"


def test_only_the_latest_events_are_kept_of_very_many() -> None:
    reply = heard(*(delta(str(number % 10)) for number in range(MOST_EVENTS + 5)), DONE)
    assert (reply.count, len(reply.events)) == (MOST_EVENTS + 6, MOST_EVENTS)
    assert len(reply.text) == MOST_EVENTS + 5


def test_text_that_comes_after_the_end_is_not_taken_in() -> None:
    assert heard(delta("a"), DONE, delta("b")).text == "a"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["delta", "content", "text", "value", "id", "error", "event", "data"]), inner)
    ),
    max_leaves=8,
)
MESSAGES = ["delta", "created", "completed", "incomplete", "x"]
RUNS = ["in_progress", "failed", "x"]
KINDS = st.sampled_from(
    [
        *(f"thread.message.{each}" for each in MESSAGES),
        *(f"thread.run.{each}" for each in RUNS),
        "done",
        "error",
        "x",
        "",
    ]
)


@given(st.lists(st.tuples(KINDS, JSON.map(json.dumps) | st.text(max_size=20)), max_size=6))
def test_no_event_makes_it_fail(events: list[tuple[str, str]]) -> None:
    reply = heard(*(Event(kind, data) for kind, data in events))
    assert reply.is_over
    assert reply.text.encode("utf-8", "surrogatepass") is not None
    assert len(json.loads(reply.events_as_json())) == len(events)


def test_a_stream_that_was_kept_comes_to_the_same() -> None:
    body = b'event: thread.message.delta\ndata: {"delta": "Hi"}\n\nevent: done\ndata: x\n\n'
    assert (rebuild_reply(body).text, rebuild_reply(body).state) == ("Hi", "done")
    assert (rebuild_reply(body[:-20]).text, rebuild_reply(body[:-20]).state) == ("Hi", "broken off")
    assert rebuild_reply(b"data: " + b"x" * 2_000_000).state == "broken off"
