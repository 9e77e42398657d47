"""Answers, and what is done with them."""

import json
from collections.abc import Callable
from functools import partial
from threading import Event

from tests.kit.asking import AGENTS_PATH, open_endpoint, send_agents, title_of
from tests.kit.deployment.events import DONE, PATH, delta, says
from tests.kit.deployment.faults import Fault, answers, answers_json
from tests.kit.deployment.peer import Peer
from tests.kit.gallery.camera import Camera, foreign, sandbox
from tests.kit.pilot import Person
from tests.kit.streams import HELLO, send_question, write_question

ROWS = [{"id": number, "title": "Quarterly review", "text": "x" * 60} for number in range(100_000)]

KINDS: dict[str, tuple[Fault | str, str]] = {
    "html": (answers(200, b"<html>\n<b>hi</b>\n</html>", ("Content-Type", "text/html")), "text/html"),
    "binary": (answers(200, b"\x89PNG\r\n\x1a\n" + bytes(range(256)), ("Content-Type", "image/png")), "89504e47"),
    "none": (answers(204), "(no body)"),
    "forbidden": (answers(403, b'{"error": "forbidden"}', ("Content-Type", "application/json")), "403 Forbidden"),
    "500": (answers(500, b"oops", ("Content-Type", "text/plain")), "500 Internal"),
    "redirect": ("redirects_307", "Redirects to"),
    "lost": ("resets_before_answer", "✗"),
    "empty-list": (answers_json(b"[]"), "[]"),
}

ASKED = {
    "list agents": AGENTS_PATH,
    "list conversations": "/api/Chat/GetConversations",
    "list users": "/api/ListUsers",
}


async def answer(camera: Camera) -> None:
    """Read, copied, saved, kept, with its headers."""
    with sandbox() as server:
        async with camera.listed(server, AIRISK_LABEL="staging", USER_ID=server.options.user_id) as person:
            await _ask_for_agents(person)
            await camera.take(person, "answer")
            await person.press("z")
            await camera.take(person, "answer-zoomed")
            await person.press("z", "Y")
            await person.sees("Copy as")
            await camera.take(person, "copy")
            await person.press("escape", "s")
            await person.sees("in this file:")
            await camera.take(person, "save")
            await person.press("escape", "j", "equals_sign")
            await person.sees("now refers to")
            await camera.take(person, "keep")
            await person.press("y")
            await person.sees("Sent to the terminal’s clipboard: agent-1.")
            await camera.take(person, "copied")
            await person.press("i")
            await person.sees("Kestrel")
            await camera.take(person, "answer-headers")


async def searched(camera: Camera) -> None:
    """Searched, filtered, compared."""
    with sandbox() as server:
        async with camera.listed(server, AIRISK_LABEL="staging", USER_ID=server.options.user_id) as person:
            await _ask_for_agents(person)
            await person.press("slash")
            await person.type("agent")
            await person.sees("1 of 8")
            await camera.take(person, "answer-search")
            await person.press("escape", "f")
            await person.type("$[*].name\r")
            await person.sees_no('"botSuggestion"')
            await camera.take(person, "answer-filter")
            await person.press("f")
            await person.type("[\r")
            await person.sees("✗ ")
            await camera.take(person, "answer-filter-wrong")
            await person.press("escape", "4", "c")
            await person.sees("Compare with")
            await camera.take(person, "compare-with")
            await person.type("nabil\r")
            await person.sees("Nothing else differs.")
            await camera.take(person, "compare")


async def talk(camera: Camera) -> None:
    """An agent chosen, a message confirmed, and the reply."""
    with sandbox() as server:
        async with camera.listed(server, USER_ID=server.options.user_id) as person:
            await person.press("enter")
            await person.bar_says("ACTING AS")
            await person.press("A")
            await person.sees("Talk to", "Policy Q&A")
            await person.press("enter")
            await person.sees("Nothing said yet.")
            await camera.take(person, "talk-empty")
            await person.type("Which vendors are at risk?\r")
            await person.sees("Don't talk")
            await camera.take(person, "talk-confirm")
            await person.press("y")
            await person.sees("review.")
            await person.press("f3")
            await person.sees("Choose a file")
            await person.press("escape")
            await person.type("half a question")
            await person.press("escape")
            await person.sees("What you wrote is not sent.")
            await camera.take(person, "talk")


async def _ask_for_agents(person: Person) -> None:
    await person.press("enter")
    await person.bar_says("ACTING AS")
    await send_agents(person)
    await person.sees("200 OK")
    await person.press("escape", "4")


async def kinds(camera: Camera) -> None:
    """What is no list of agents; nothing at all."""
    with foreign() as server:
        async with camera.listed(server) as person:
            await open_endpoint(person, "list agents")
            for name, (fault, words) in KINDS.items():
                server.breaks(AGENTS_PATH, fault)
                await person.press("f5")
                await person.sees(words)
                await camera.take(person, f"answer-{name}")
            server.breaks(AGENTS_PATH, "never_answers")
            await person.press("f5")
            await person.sees("… GET")
            await camera.take(person, "answer-waiting")
            await person.press("escape")
            await person.sees("Canceled")
            await camera.take(person, "answer-canceled")


async def large(camera: Camera) -> None:
    """10 MB."""
    with foreign() as server:
        server.breaks(AGENTS_PATH, answers_json(json.dumps(ROWS).encode()))
        async with camera.listed(server) as person:
            await open_endpoint(person, "list agents")
            await person.press("f5")
            await person.sees(" MB")
            await person.press("escape", "4", "G")
            await person.sees("99999")
            await camera.take(person, "answer-10-mb")


async def streams(camera: Camera) -> None:
    """While it comes, at its end, and broken."""
    is_seen = Event()
    ends = {
        "stream-over": (says(HELLO, delta(".\n\nHow are you?"), DONE), "How are you?", "200 OK"),
        "stream-broken": (says(HELLO, delta(", ask"), then=_reset_once(is_seen)), "Grace, ask", "Response incomplete"),
        "stream": (says(HELLO, delta(".\n\nI am"), then=Peer.wait_until_gone), "I am", "streaming"),
    }
    with foreign() as server:
        async with camera.listed(server) as person:
            await person.press("j", "enter")
            await person.bar_says("ACTING AS Grace Hopper")
            await write_question(person)
            for name, (fault, text, words) in ends.items():
                server.breaks(PATH, fault)
                await send_question(person)
                await person.sees(text)
                is_seen.set()
                await person.sees(text, words)
                await camera.take(person, name)


def _reset_once(is_seen: Event) -> Callable[[Peer], None]:
    """A reset takes with it what was not read yet, so it comes when that was seen."""

    def reset(peer: Peer) -> None:
        while not is_seen.is_set():
            peer.pause(0.02)
        peer.reset()

    return reset


async def history(camera: Camera) -> None:
    """Nothing asked yet; what was asked; one of them; none that matches."""
    with sandbox() as server:
        async with camera.listed(server) as person:
            await person.press("h")
            await person.sees("No requests yet")
            await camera.take(person, "history-empty")
            await person.press("escape", "enter")
            await person.bar_says("ACTING AS")
            for title, path in ASKED.items():
                await open_endpoint(person, title)
                await person.press("f5")
                await person.until(partial(_is_answered, person, path), f"the answer of {path}")
            await person.press("escape", "escape", "h")
            await person.sees("ListAgents")
            await camera.take(person, "history")
            await person.press("slash")
            await person.type("zzz")
            await camera.take(person, "history-nothing-matches")


def _is_answered(person: Person, path: str) -> bool:
    words = title_of(person)
    return words.startswith("200 OK") and path in words
