"""An agent's answer as a stream of events, that goes well or wrong in every way."""

import json
from collections.abc import Callable

from tests.kit.deployment.faults import Fault
from tests.kit.deployment.peer import Peer

PATH = "/api/Chat/AskAgent"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nConnection: close\r\n\r\n"
DONE = b"event: done\ndata: [DONE]\n\n"


def event(kind: str, data: object) -> bytes:
    """One event."""
    return f"event: {kind}\ndata: {json.dumps(data)}\n\n".encode()


def delta(text: str) -> bytes:
    """A piece of the text."""
    return event("thread.message.delta", {"delta": {"content": [{"text": {"value": text}}]}})


def says(*pieces: bytes, then: Callable[[Peer], None] = Peer.hang_up) -> Fault:
    """A stream of these pieces, and then that."""

    def act(peer: Peer) -> None:
        peer.send(HEAD)
        for piece in pieces:
            peer.send(piece)
        then(peer)

    return Fault(act)


def reset_later(peer: Peer) -> None:
    """A reset takes with it what was not read yet."""
    peer.pause(0.3)
    peer.reset()
