"""Server-Sent Events of an agent's answer, in the shapes of a run on a thread."""

from collections.abc import Iterator
from typing import Any

import msgspec

from tui.sandbox.conversations import Conversation, Message

_WORDS_A_DELTA = 6


def event(name: str, data: Any) -> bytes:
    """Return one event as it goes over the wire."""
    return f"event: {name}\ndata: {data if isinstance(data, str) else msgspec.json.encode(data).decode()}\n\n".encode()


def answer_events(conversation: Conversation, answer: Message, *, is_cut_short: bool) -> Iterator[bytes]:
    """Return the events of one answer, from the start of the run to `done`."""
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
    """Return the text in pieces of a few words that make it up again exactly."""
    words = text.split(" ")
    for first in range(0, len(words), _WORDS_A_DELTA):
        yield (" " if first else "") + " ".join(words[first : first + _WORDS_A_DELTA])
