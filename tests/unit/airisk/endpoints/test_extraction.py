"""What an answer told is known from then on, to the identity that it was given to and to nobody else."""

import pytest

from tests.unit.airisk.telling import (
    ADA,
    AGENT,
    AGENTS,
    ASK,
    CONVERSATIONS,
    CREATE,
    GET,
    GRACE,
    GRACE_HOPPER,
    after,
    answered,
    refusal_of,
)
from tui.airisk.endpoints.extraction import BODY_CAP, picked_from
from tui.airisk.endpoints.variables import Variables
from tui.airisk.identity import ANONYMOUS, APPLICATION, Identity
from tui.airisk.models import Exchange
from tui.errors import RequestRejectedError

# The user


def test_in_a_users_name_the_user_is_that_one() -> None:
    known = Variables().choose(GRACE_HOPPER)
    assert known.fill("{{user.id}} {{user.name}} {{user.email}} {{user.role}}", GRACE) == (
        "u-2 Grace Hopper grace@example.com Admin"
    )
    assert known.fill("{{user.id}} {{user.name}}", ADA) == "u-1 Ada"
    assert refusal_of(known, "{{user.email}}") == "{{user.email}} is not known yet: choose a user who has it first."
    assert known.fill("{{user.id}}", APPLICATION) == "u-2"
    assert refusal_of(known.choose(None), "{{user.id}}", APPLICATION).startswith("{{user.id}} is not known yet")


# What answers tell

TOLD: dict[str, tuple[str, list[Exchange], str]] = {
    "the first agent": ("{{agent.id}}", [answered(AGENTS, [AGENT, {"id": "a-2"}])], "a-1"),
    "in any case of its path": ("{{agent.id}}", [answered("/API/chat/listagents/?x=1", [AGENT])], "a-1"),
    "a conversation created": ("{{conversation.id}}", [answered(CREATE, {"id": "c-1"})], "c-1"),
    "a conversation got later": (
        "{{conversation.id}}",
        [answered(GET, {"id": "c-1"}), answered(CREATE, {"id": "c-2"}), answered(GET, {"id": "c-3"})],
        "c-3",
    ),
    "the first of a list": ("{{conversation.id}}", [answered(CONVERSATIONS, [{"id": "c-8"}, {"id": "c-9"}])], "c-8"),
    "by the other path": ("{{conversation.id}}", [answered("/api/GetConversations/a-1/20/0/", [{"id": "c-8"}])], "c-8"),
    "not of a list when one was created": (
        "{{conversation.id}}",
        [answered(CREATE, {"id": "c-1"}), answered(CONVERSATIONS, [{"id": "c-8"}])],
        "c-1",
    ),
    "an id before a database's": ("{{conversation.id}}", [answered(CREATE, {"_id": "x", "Id": "c-1"})], "c-1"),
    "a database's, where there is no other": ("{{conversation.id}}", [answered(CREATE, {"_id": "c-1"})], "c-1"),
    "an id by its long name": ("{{conversation.id}}", [answered(CREATE, {"conversationID": "c-1"})], "c-1"),
    "the title": ("{{conversation.title}}", [answered(CREATE, {"id": "c-1", "Title": "T"})], "T"),
    "the last that the agent said": (
        "{{message.id}}",
        [answered(GET, {"messages": [{"id": "m-1", "messageType": "AI"}, {"id": "m-2", "messageType": "User"}]})],
        "m-1",
    ),
    "the last answer": ("{{response.0.id}} {{ response.1.n }}", [answered("/x", [{"id": "7"}, {"n": 1}])], "7 1"),
    "deep in it": ("{{response.a.b.1}}", [answered("/x", {"a": {"b": [1, True]}})], "true"),
    "only the last": ("{{response.id}}", [answered("/x", {"id": 1}), answered("/y", {"id": 2})], "2"),
    "problem+json is JSON": ("{{response.id}}", [answered("/x", {"id": 1}, kind="application/vnd.x+json")], "1"),
    "JSON by its looks": ("{{response.id}}", [answered("/x", b'\xef\xbb\xbf {"id": 1}', kind="text/plain")], "1"),
    "an array that .NET wraps": (
        "{{agent.id}} {{response.1.id}}",
        [answered(AGENTS, {"$id": "1", "$values": [{"$id": "2", "id": "a-1"}, {"$id": "3", "id": "a-2"}]})],
        "a-1 a-2",
    ),
    "what .NET only refers to": (
        "{{response.1.id}}",
        [answered("/x", [{"$id": "1", "id": 1, "next": {"$id": "2", "id": 7}}, {"$ref": "2"}])],
        "7",
    ),
    "not an error": ("{{response.id}}", [answered("/x", {"id": 1}), answered("/y", {"id": 2}, status=404)], "1"),
    "not a page": ("{{response.id}}", [answered("/x", {"id": 1}), answered("/y", b"<p>", kind="text/html")], "1"),
}


@pytest.mark.parametrize(("text", "exchanges", "value"), TOLD.values(), ids=TOLD)
def test_what_answers_told_is_known(text: str, exchanges: list[Exchange], value: str) -> None:
    assert after(*exchanges).fill(text, ADA) == value


@pytest.mark.parametrize("newline", [b"\n", b"\r\n", b"\r"])
def test_the_message_of_a_stream_is_known(newline: bytes) -> None:
    stream = b'event: thread.run.created\ndata: {"id": "r-1"}\n\n'
    stream += b'event: thread.message.created\ndata: {"id":\ndata: "m-9"}\n\n'
    exchange = answered(ASK, stream.replace(b"\n", newline), kind="text/event-stream")
    assert after(answered("/x", {"id": 1}), exchange).fill("{{message.id}} {{response.id}}", ADA) == "m-9 1"


UNKNOWN = {
    "{{agent.id}}": "{{agent.id}} is not known yet: send List agents first.",
    "{{message.id}}": "{{message.id}} is not known yet: send Ask agent or Get conversation first.",
    "{{response.id}}": "{{response.id}} is not known yet: send a request whose response contains it first.",
    "{{thing}}": "{{thing}} is not known yet: save a value under that name first.",
}


@pytest.mark.parametrize(("text", "words"), UNKNOWN.items())
def test_what_is_not_known_is_refused_with_what_to_do(text: str, words: str) -> None:
    assert refusal_of(Variables(), text) == words


@pytest.mark.parametrize(
    "path", ["response.1", "response.00000000000", "response.x", "response.0.id.x", "response.-1", "response.²"]
)
def test_what_a_response_does_not_hold_is_not_known(path: str) -> None:
    assert "is not known yet" in refusal_of(after(answered("/x", [{"id": "a"}])), f"{{{{{path}}}}}")


@pytest.mark.parametrize("body", [b"{", b'{"id": "\\ud800"}', b'{"id": "\xff"}', b"[" * 100_000, b'{"id": null}'])
def test_a_response_that_cannot_be_read_tells_nothing(body: bytes) -> None:
    known = after(answered("/x", {"id": 1}), answered("/y", body))
    assert "is not known yet" in refusal_of(known, "{{response.id}}")
    assert "response.id" not in dict(known.names(ADA))


def test_a_response_that_is_too_large_is_not_remembered_nor_an_older_one_in_its_place() -> None:
    large = answered(GET, {"id": "c-2", "text": "x" * BODY_CAP})
    known = after(answered(CREATE, {"id": "c-1"}), large)
    for name in ("{{response.id}}", "{{conversation.id}}"):
        assert "is not known yet" in refusal_of(known, name)
    assert large.body not in [told.body for learnt in known._learnt.values() for told in learnt.by_title.values()]


# Whose it is


def test_what_one_identity_was_reported_is_not_used_in_anothers_name() -> None:
    known = after(answered(AGENTS, [AGENT], identity=ADA), answered("/x", {"id": 1}, identity=ADA))
    for identity in (GRACE, APPLICATION, ANONYMOUS):
        assert "is not known yet" in refusal_of(known, "{{agent.id}}", identity)
        assert "is not known yet" in refusal_of(known, "{{response.id}}", identity)
        assert not [name for name, _ in known.names(identity) if not name.startswith("user.")]
    known = known.learn(answered(AGENTS, [{"id": "a-of-grace"}], identity=GRACE))
    assert [known.fill("{{agent.id}}", each) for each in (ADA, GRACE)] == ["a-1", "a-of-grace"]
    assert known.fill("{{agent.id}}", Identity("user", "u-1")) == "a-1"


def test_what_the_person_kept_is_for_every_identity() -> None:
    known = Variables().keep("of-ada", "c-1")
    assert [known.fill("{{of-ada}}", each) for each in (ADA, GRACE, ANONYMOUS)] == ["c-1"] * 3
    assert "is not known yet" in refusal_of(known.keep("of-ada", ""), "{{of-ada}}")


@pytest.mark.parametrize(
    ("body", "path"),
    [([AGENT, {"id": "a-2"}], "$[1].id"), ({"$id": "1", "$values": [AGENT, {"id": "a-2"}]}, "$['$values'][1].id")],
)
def test_a_thing_is_picked_where_the_cursor_is_in_the_response_as_it_came(body: object, path: str) -> None:
    assert picked_from(answered(AGENTS, body), path) == ("agent", {"id": "a-2"})
    assert picked_from(answered(AGENTS, body), "$") is None


def test_what_was_picked_stays_until_something_else_is_reported() -> None:
    agents = answered(AGENTS, [AGENT, {"id": "a-2"}])
    known = after(agents).pick("agent", {"id": "a-2"}, ADA)
    assert known.learn(agents).fill("{{agent.id}}", ADA) == "a-2"
    known = Variables().pick("conversation", {"id": "c-5"}, ADA).learn(answered(CONVERSATIONS, [{"id": "c-8"}]))
    assert known.fill("{{conversation.id}}", ADA) == "c-5"
    assert known.learn(answered(CREATE, {"id": "c-9"})).fill("{{conversation.id}}", ADA) == "c-9"


def test_only_a_few_identities_are_remembered_the_newest_ones() -> None:
    people = [Identity("user", f"u-{number}") for number in range(8)]
    known = after(*(answered(AGENTS, [AGENT], identity=each) for each in people))
    assert [dict(known.names(each)).get("agent.id") for each in people] == [None] * 3 + ["a-1"] * 5


@pytest.mark.parametrize(
    "name", ["", "user", "response", "agent", "conversation", "a.b", "a b", "{{", "ü", "x" * 65, "1a"]
)
def test_a_name_that_could_not_be_distinguished_is_refused(name: str) -> None:
    with pytest.raises(RequestRejectedError):
        Variables().keep(name, "x")


def test_there_is_an_end_to_what_is_kept() -> None:
    known = Variables()
    for number in range(100):
        known = known.keep(f"n{number}", "x")
    with pytest.raises(RequestRejectedError, match="the maximum"):
        known.keep("one-more", "x")
    assert known.keep("n0", "y").fill("{{n0}}", ADA) == "y"
    for value in ("x" * 70_000, "\ud800"):
        with pytest.raises(RequestRejectedError):
            known.keep("n0", value)
