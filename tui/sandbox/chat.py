"""The chat endpoints, each as one user."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from itertools import count
from typing import Any, TypeVar

import msgspec
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from tui.sandbox.agents import seen_by
from tui.sandbox.api import READS_EVERYONE
from tui.sandbox.conversations import Conversation, Conversations, Message, answer_to, written
from tui.sandbox.deployment import Deployment
from tui.sandbox.errors import RefusedError
from tui.sandbox.people import Person

_WORDS_A_DELTA = 6


def event(name: str, data: Any) -> bytes:
    """Return one event in its wire format."""
    return f"event: {name}\ndata: {data if isinstance(data, str) else msgspec.json.encode(data).decode()}\n\n".encode()


def answer_events(conversation: Conversation, answer: Message, *, is_cut_short: bool) -> Iterator[bytes]:
    """Yield the events of one reply, from the start of the run to `done`."""
    run = {"id": f"run-{answer.id}", "object": "thread.run", "threadID": conversation.thread_id}
    message = {"id": answer.id, "object": "thread.message", "role": "assistant", "runID": run["id"]}
    yield event("thread.run.created", run | {"status": "queued"})
    yield event("thread.run.in_progress", run | {"status": "in_progress"})
    yield event("thread.message.created", message | {"status": "in_progress", "content": []})
    for piece in _pieces(answer.text):
        yield event("thread.message.delta", _delta(answer.id, piece))
    if is_cut_short:
        yield event(
            "thread.message.incomplete",
            message | {"status": "incomplete", "incomplete_details": {"reason": "max_tokens"}},
        )
        yield event("thread.run.incomplete", run | {"status": "incomplete"})
    else:
        content = [{"type": "text", "text": {"value": answer.text, "annotations": []}}]
        yield event("thread.message.completed", message | {"status": "completed", "content": content})
        yield event("thread.run.completed", run | {"status": "completed"})
    yield event("done", "[DONE]")


def _delta(message_id: str, piece: str) -> dict[str, Any]:
    content = [{"index": 0, "type": "text", "text": {"value": piece}}]
    return {"id": message_id, "object": "thread.message.delta", "delta": {"content": content}}


def _pieces(text: str) -> Iterator[str]:
    """Yield the text in pieces of a few words, whose concatenation is the text."""
    words = text.split(" ")
    for first in range(0, len(words), _WORDS_A_DELTA):
        yield (" " if first else "") + " ".join(words[first : first + _WORDS_A_DELTA])


_FEEDBACKS = ("Like", "Dislike")
_MOST_FILES = 1_000

_Shape = TypeVar("_Shape")


class NewConversation(msgspec.Struct, rename="camel"):
    """The body of CreateConversation."""

    title: str
    agent_id: str
    metadata: list[Any] = msgspec.field(default_factory=list)


class Question(msgspec.Struct, rename={"conversation_id": "conversationID"}):
    """The body of AskAgent."""

    conversation_id: str
    text: str


class Chat:
    """Agents and conversations of one deployment."""

    def __init__(self, deployment: Deployment) -> None:
        self._clock = deployment.clock
        self._faults = deployment.faults
        self._pause = deployment.options.reply_pause_ms / 1000
        self._conversations = Conversations(deployment.people, deployment.options.seed)
        # Above those of the computed conversations, so that every id is unique.
        self._numbers = count(100)

    async def list_agents(self, _: Request, person: Person) -> Response:
        """Return the agents that this user sees."""
        return _json([agent.listed() for agent in seen_by(person)])

    async def get_conversations(self, request: Request, person: Person) -> Response:
        """Return one page of the user's conversations, selected by path or by query."""
        asked = {**request.query_params, **request.path_params}
        results, skip = _count(asked, "results", 20), _count(asked, "skip", 0)
        agent_id, search = asked.get("agentid", ""), asked.get("metadatasearch", "").casefold()
        found = [
            conversation
            for conversation in self._conversations.of(person)
            if agent_id in {"", conversation.bot_id}
            and any(search in str(entry).casefold() for entry in conversation.metadata or [""])
        ]
        return _json([conversation.listed() for conversation in found[skip : skip + results]])

    async def get_conversation(self, request: Request, person: Person) -> Response:
        """Return one conversation with its messages."""
        conversation = self._found(request.path_params["conversationId"])
        if conversation.user_id != person.id and person.role not in READS_EVERYONE:
            raise RefusedError(403, "The conversation is another user's.")
        return _json(conversation)

    async def create_conversation(self, request: Request, person: Person) -> Response:
        """Start a conversation with an agent that the user sees."""
        sent = await _body(request, NewConversation)
        if sent.agent_id not in {agent.id for agent in seen_by(person)}:
            raise RefusedError(404, "There is no such agent.")
        return _json(self._conversations.make(person, sent.agent_id, sent.title, sent.metadata, self._clock()))

    async def ask_agent(self, request: Request, person: Person) -> Response:
        """Stream the events of the agent's reply, and add the exchange to the conversation."""
        sent = await _body(request, Question)
        if not sent.text.strip():
            raise RefusedError(400, "text is empty.")
        conversation = self._own(sent.conversation_id, person)
        return StreamingResponse(
            self._replied(conversation, sent.text),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-cache"},
        )

    async def add_file(self, request: Request, person: Person) -> Response:
        """Accept one file, in the part with its name. Only its size is recorded."""
        conversation = self._own(request.path_params["conversationId"], person)
        if not request.headers.get("content-type", "").startswith("multipart/form-data"):
            raise RefusedError(415, "Expected a multipart form.")
        async with request.form() as form:
            parts = [(name, part) for name, part in form.multi_items() if isinstance(part, UploadFile)]
        if len(parts) != 1 or parts[0][0] != parts[0][1].filename:
            raise RefusedError(400, "Expected one file, in a part named after it.")
        name, part = parts[0]
        added = {"id": f"f-{conversation.id[2:]}-{next(self._numbers)}", "name": name, "size": part.size}
        conversation.files.append(added)
        del conversation.files[:-_MOST_FILES]
        self._conversations.keep(conversation)
        return _json({**added, "conversationId": conversation.id})

    async def submit_feedback(self, request: Request, person: Person) -> Response:
        """Record whether the user liked a message."""
        asked = request.query_params
        if asked.get("feedback") not in _FEEDBACKS:
            raise RefusedError(400, "feedback must be Like or Dislike.")
        conversation = self._own(asked.get("conversationId", ""), person)
        for message in conversation.messages:
            if message.id == asked.get("messageId"):
                message.feedback = asked["feedback"]
                self._conversations.keep(conversation)
                return _json({"messageId": message.id, "feedback": message.feedback})
        raise RefusedError(404, "There is no such message.")

    async def _replied(self, conversation: Conversation, text: str) -> AsyncIterator[bytes]:
        is_cut_short = "ask-incomplete" in self._faults
        reply = answer_to(conversation.bot_id, text)
        question = self._message(conversation, "User", text)
        question.file_ids = [file["id"] for file in conversation.files]
        answer = self._message(conversation, "AI", reply[: len(reply) // 2] if is_cut_short else reply)
        for event in answer_events(conversation, answer, is_cut_short=is_cut_short):
            yield event
            # Lets each event leave in its own write, even without a pause.
            await asyncio.sleep(self._pause)
        conversation.say(question)
        conversation.say(answer)
        self._conversations.keep(conversation)

    def _message(self, conversation: Conversation, kind: str, text: str) -> Message:
        message_id = f"m-{conversation.id[2:]}-{next(self._numbers)}"
        return Message(message_id, kind, text, written(self._clock()))

    def _found(self, conversation_id: str) -> Conversation:
        conversation = self._conversations.find(conversation_id)
        if conversation is None:
            raise RefusedError(404, "There is no such conversation.")
        return conversation

    def _own(self, conversation_id: str, person: Person) -> Conversation:
        conversation = self._found(conversation_id)
        if conversation.user_id != person.id:
            raise RefusedError(403, "The conversation is another user's.")
        return conversation


async def _body(request: Request, shape: type[_Shape]) -> _Shape:
    try:
        return msgspec.json.decode(await request.body(), type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise RefusedError(400, "The body is not the expected JSON.") from None


def _count(asked: dict[str, str], name: str, default: int) -> int:
    value = asked.get(name, str(default))
    if not (value.isascii() and value.isdigit() and len(value) <= 9):
        raise RefusedError(400, f"{name} must be a number, 0 or more.")
    return int(value)


def _json(content: Any) -> Response:
    return Response(msgspec.json.encode(content), media_type="application/json")
