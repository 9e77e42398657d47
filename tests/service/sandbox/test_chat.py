"""Agents and conversations, as different people see them."""

import json
from collections.abc import Iterator
from time import monotonic
from typing import Any

import httpx
import pytest

from tests.service.sandbox.visitor import Visitor
from tui.sandbox import Options, Sandbox
from tui.sandbox.conversations import MOST_KEPT, Conversations
from tui.sandbox.people import ROLES, People


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """One for each test: what is said in it is kept in it."""
    with Sandbox(Options()) as sandbox:
        yield sandbox


@pytest.fixture
def admin(visitor: Visitor) -> httpx.Headers:
    return visitor.bearer(visitor.options.user_id)


def _events(text: str) -> Iterator[tuple[str, Any]]:
    """Read Server-Sent Events as their specification says."""
    for block in text.removesuffix("\n\n").split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n"))
        assert set(fields) == {"event", "data"}
        yield fields["event"], fields["data"] if fields["data"] == "[DONE]" else json.loads(fields["data"])


def _listed(visitor: Visitor, bearer: httpx.Headers, **query: Any) -> list[Any]:
    listed: list[Any] = visitor.get("/api/Chat/GetConversations", bearer, **query).json()
    return listed


def _created(visitor: Visitor, bearer: httpx.Headers, **instead: Any) -> Any:
    body = {"title": "Vendor risk, Q4", "agentId": "agent-0", "metadata": ["vendor:Contoso"]} | instead
    return visitor.post("/api/Chat/CreateConversation", bearer, json=body).json()


def test_everyone_sees_an_agent_and_not_everyone_the_same(visitor):
    seen = {}
    for role in ROLES:
        agents = visitor.get("/api/Chat/ListAgents", visitor.bearer(visitor.someone(role))).json()
        assert all(set(agent) == {"id", "name", "description", "botSuggestion"} for agent in agents)
        seen[role] = {agent["id"] for agent in agents}
    assert all("agent-0" in agents for agents in seen.values())
    assert seen["Admin"] > seen["User"]
    assert len({frozenset(agents) for agents in seen.values()}) >= 4


def test_a_group_opens_an_agent_that_the_role_does_not(visitor):
    def agents(*, in_group: bool) -> set[str]:
        found = next(
            user["id"]
            for user in visitor.users()
            if user["role"] == "User" and user["status"] == "active" and ("Vendor Risk" in user["groups"]) is in_group
        )
        return {agent["id"] for agent in visitor.get("/api/Chat/ListAgents", visitor.bearer(found)).json()}

    assert "agent-1" in agents(in_group=True)
    assert "agent-1" not in agents(in_group=False)


def test_pages_follow_the_documented_formula(visitor, admin):
    whole = _listed(visitor, admin, results=1000)
    assert len(whole) > 20
    assert _listed(visitor, admin) == whole[:20], "twenty unless asked"
    pages = [_listed(visitor, admin, results=7, skip=(page - 1) * 7) for page in range(1, len(whole) // 7 + 2)]
    assert [conversation for page in pages for conversation in page] == whole
    assert len(pages[-1]) < 7, "a short page is the last"
    assert len({conversation["id"] for conversation in whole}) == len(whole)
    assert all({"id", "userID", "botID", "title", "threadID"} <= set(conversation) for conversation in whole)


def test_every_documented_way_to_ask_for_conversations_gives_the_same(visitor, admin):
    bot = _listed(visitor, admin)[0]["botID"]
    wanted = _listed(visitor, admin, agentid=bot, results=5, skip=1, metadatasearch="2025-q2")
    assert wanted
    assert all(conversation["botID"] == bot for conversation in wanted)
    assert all("quarter:2025-Q2" in conversation["metadata"] for conversation in wanted)
    by_path = f"/api/Chat/GetConversations/{bot}/5/1/2025-q2"
    assert visitor.get(by_path, admin).json() == wanted
    short = visitor.get("/api/GetConversations", admin, agentid=bot, results=5, skip=1, metadatasearch="2025-q2")
    assert short.json() == wanted
    unsearched = visitor.get(f"/api/Chat/GetConversations/{bot}/20/0/", admin).json()
    assert unsearched == visitor.get(f"/api/Chat/GetConversations/{bot}", admin).json() != wanted


@pytest.mark.parametrize("query", [{"results": "many"}, {"skip": "-1"}, {"results": "1e9"}, {"skip": "²"}])
def test_a_page_that_is_no_number_is_refused(visitor, admin, query):
    assert visitor.get("/api/Chat/GetConversations", admin, **query).status_code == 400


def test_plain_users_read_their_own_auditors_everybodys(visitor, admin):
    foreign = _listed(visitor, admin)[0]["id"]
    path = f"/api/Chat/GetConversation/{foreign}"
    assert visitor.get(path, admin).json()["userID"] == visitor.options.user_id
    assert visitor.get(path, visitor.bearer(visitor.someone("User"))).status_code == 403
    assert visitor.get(path, visitor.bearer(visitor.someone("Auditor"))).json()["messages"]


def test_an_auditors_list_is_the_sample_under_audit(visitor):
    listed = _listed(visitor, visitor.bearer(visitor.someone("Auditor")), results=1000)
    assert len({conversation["userID"] for conversation in listed}) > 1


@pytest.mark.parametrize("nothing", ["c-000000-99", "c-999999-00", "c-000000", "x", "c-000000-0²", "c-000000-1-1"])
def test_a_conversation_nobody_had_is_not_found(visitor, admin, nothing):
    assert visitor.get(f"/api/Chat/GetConversation/{nothing}", admin).status_code == 404


def test_a_new_conversation_heads_the_list(visitor, admin):
    made = _created(visitor, admin)
    assert made["title"] == "Vendor risk, Q4"
    assert made["messages"] == []
    assert _listed(visitor, admin)[0]["id"] == made["id"]
    assert [found["id"] for found in _listed(visitor, admin, metadatasearch="contoso")] == [made["id"]]
    assert visitor.get(f"/api/Chat/GetConversation/{made['id']}", admin).json() == made


def test_a_conversation_wants_an_agent_one_can_see_and_a_body_one_can_read(visitor):
    bearer = visitor.bearer(visitor.someone("User"))
    path = "/api/Chat/CreateConversation"
    assert visitor.post(path, bearer, json={"title": "x", "agentId": "agent-7"}).status_code == 404
    for body in (b"", b"{", b"[]", b'{"title": 1, "agentId": "agent-0"}', b'{"title": "x"}', b"[" * 100_000):
        assert visitor.post(path, bearer, content=body).status_code == 400


def test_a_response_streams_and_is_then_part_of_the_conversation(visitor, admin):
    made = _created(visitor, admin)
    admin["Accept"] = "text/event-stream"
    question = {"conversationID": made["id"], "text": "Who approves a high-risk system?"}
    answer = visitor.post("/api/Chat/AskAgent", admin, json=question)
    assert answer.headers["content-type"].startswith("text/event-stream")
    events = list(_events(answer.text))
    names = [name for name, _ in events]
    deltas = [data["delta"]["content"][0]["text"]["value"] for name, data in events if name == "thread.message.delta"]
    assert names[:3] == ["thread.run.created", "thread.run.in_progress", "thread.message.created"]
    assert names[-3:] == ["thread.message.completed", "thread.run.completed", "done"]
    assert len(deltas) > 3
    said = visitor.get(f"/api/Chat/GetConversation/{made['id']}", admin).json()["messages"]
    assert [(message["messageType"], message["text"]) for message in said] == [
        ("User", question["text"]),
        ("AI", "".join(deltas)),
    ]
    assert said[1]["id"] == dict(events)["thread.message.created"]["id"]


def test_a_reply_takes_as_long_as_its_pauses():
    with Sandbox(Options(reply_pause_ms=20)) as sandbox, Visitor(sandbox.url, sandbox.options) as visitor:
        admin = visitor.bearer(visitor.options.user_id)
        question = {"conversationID": _created(visitor, admin)["id"], "text": "Hello"}
        begun = monotonic()
        events = [*_events(visitor.post("/api/Chat/AskAgent", admin, json=question).text)]
        assert monotonic() - begun >= 0.02 * len(events) - 0.02


def test_nobody_asks_in_another_ones_conversation_or_nothing(visitor, admin):
    foreign = _listed(visitor, admin)[0]["id"]
    ask = "/api/Chat/AskAgent"
    other = visitor.bearer(visitor.someone("User"))
    assert visitor.post(ask, other, json={"conversationID": foreign, "text": "Hello"}).status_code == 403
    assert visitor.post(ask, admin, json={"conversationID": foreign, "text": " "}).status_code == 400
    assert visitor.post(ask, admin, json={"conversationID": "c-0", "text": "Hello"}).status_code == 404


def test_a_file_is_added_in_a_part_named_after_it(visitor, admin):
    made = _created(visitor, admin)
    path = f"/api/Chat/AddFileToConversation/{made['id']}"
    added = visitor.post(path, admin, files={"soc2 é.pdf": ("soc2 é.pdf", b"%PDF-")}).json()
    assert (added["name"], added["size"], added["conversationId"]) == ("soc2 é.pdf", 5, made["id"])
    visitor.post("/api/Chat/AskAgent", admin, json={"conversationID": made["id"], "text": "Summarise it"})
    conversation = visitor.get(f"/api/Chat/GetConversation/{made['id']}", admin).json()
    assert [file["id"] for file in conversation["files"]] == [added["id"]]
    assert conversation["messages"][0]["fileIds"] == [added["id"]]


def test_a_file_in_any_other_form_is_refused(visitor, admin):
    path = f"/api/Chat/AddFileToConversation/{_created(visitor, admin)['id']}"
    assert visitor.post(path, admin, files={"file": ("soc2.pdf", b"%PDF-")}).status_code == 400
    two = [("a", ("a", b"1")), ("b", ("b", b"2"))]
    assert visitor.post(path, admin, files=two).status_code == 400
    assert visitor.post(path, admin, json={}).status_code == 415
    admin["Content-Type"] = "multipart/form-data"
    assert visitor.post(path, admin, content=b"no boundary is named").status_code == 400


def test_feedback_stays_with_its_message(visitor, admin):
    conversation_id = _listed(visitor, admin)[-1]["id"]
    message_id = visitor.get(f"/api/Chat/GetConversation/{conversation_id}", admin).json()["messages"][1]["id"]

    def submit(message_id: str, feedback: str) -> Any:
        query = {"conversationId": conversation_id, "messageId": message_id, "feedback": feedback}
        return visitor.post("/api/Chat/SubmitFeedback", admin, params=query).status_code

    assert submit(message_id, "Like") == 200
    messages = visitor.get(f"/api/Chat/GetConversation/{conversation_id}", admin).json()["messages"]
    assert [message["feedback"] for message in messages[:2]] == [None, "Like"]
    assert submit(message_id, "like") == 400
    assert submit("m-0", "Like") == 404


def test_two_sandboxes_of_one_seed_remember_the_same_conversations():
    told = []
    for seed in (5, 5, 6):
        with (
            Sandbox(Options(seed=seed, user_id="u-000000")) as sandbox,
            Visitor(sandbox.url, sandbox.options) as visitor,
        ):
            told.append(_listed(visitor, visitor.bearer("u-000000"), results=100))
    assert told[0] == told[1] != told[2]


def test_what_is_made_at_run_time_is_bounded():
    conversations = Conversations(People(10, 1), 1)
    person = People(10, 1)[0]
    made = [conversations.make(person, "agent-0", "x", [], 2e9).id for _ in range(MOST_KEPT + 5)]
    assert conversations.find(made[4]) is None
    assert conversations.find(made[5]) is not None
