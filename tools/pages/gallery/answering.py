"""Answers, and what is done with them."""

import json
from functools import partial

from tests.kit.asking import AGENTS_PATH, open_endpoint, send_agents
from tests.kit.deployment.events import DONE, PATH, delta, reset_later, says
from tests.kit.deployment.faults import Fault, answers, answers_json
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.deployment.peer import Peer
from tests.kit.pilot import Person
from tests.kit.streams import HELLO, ask_agent
from tools.pages.gallery.camera import Camera
from tui.sandbox import Options, Sandbox

ROWS = [{"id": number, "title": "Quarterly review", "text": "x" * 60} for number in range(100_000)]

KINDS: dict[str, tuple[Fault | str, str]] = {
    "html": (answers(200, b"<html>\n<b>hi</b>\n</html>", ("Content-Type", "text/html")), "text/html"),
    "binary": (answers(200, b"\x89PNG\r\n\x1a\n" + bytes(range(256)), ("Content-Type", "image/png")), "89504e47"),
    "none": (answers(204), "(no body)"),
    "forbidden": (answers(403, b'{"error": "forbidden"}', ("Content-Type", "application/json")), "403 Forbidden"),
    "500": (answers(500, b"oops", ("Content-Type", "text/plain")), "500 Internal"),
    "redirect": ("redirects_307", "It points to"),
    "lost": ("resets_before_answer", "✗"),
    "empty-list": (answers_json(b"[]"), "[]"),
}


async def answer(camera: Camera) -> None:
    """Read, searched, filtered, with its headers, copied, saved, kept."""
    with Sandbox(Options()) as server:
        async with camera.listed(server, AIRISK_LABEL="staging", USER_ID=server.options.user_id) as person:
            await person.press("enter")
            await person.bar_says("ACTING AS")
            await send_agents(person)
            await person.sees("200 OK")
            await person.press("escape", "4")
            await camera.take(person, "answer")
            await person.press("z")
            await camera.take(person, "answer-zoomed")
            await person.press("z")
            await _beside(camera, person)
            await _searched(camera, person)
            await person.press("c")
            await person.sees("Compare with")
            await camera.take(person, "compare-with")
            await person.press("enter")
            await person.until(lambda: "differ" in person.screen or "same" in person.screen, "the comparison")
            await camera.take(person, "compare")


async def _beside(camera: Camera, person: Person) -> None:
    for key, words, name in (
        ("y", "Copy as", "copy"),
        ("s", "is written to this file", "save"),
    ):
        await person.press(key)
        await person.sees(words)
        await camera.take(person, name)
        await person.press("escape")
    await person.press("j", "j", "equals_sign")
    await person.until(lambda: "stands" in person.screen, "what it stands for")
    await camera.take(person, "keep")
    await person.press("y")
    await person.sees("Copy as")
    await person.press("enter")
    await person.sees("Copied (")
    await camera.take(person, "copied")
    await person.press("i")
    await person.sees("Kestrel")
    await camera.take(person, "answer-headers")
    await person.press("i")


async def _searched(camera: Camera, person: Person) -> None:
    await person.press("slash")
    await person.type("agent")
    await person.sees("1 of 8")
    await camera.take(person, "answer-search")
    await person.press("escape", "escape", "f")
    await person.type("$[*].name\r")
    await person.until(lambda: '"botSuggestion"' not in person.screen, "the names alone")
    await camera.take(person, "answer-filter")
    await person.press("f")
    await person.type("[\r")
    await person.sees("✗ ")
    await camera.take(person, "answer-filter-wrong")
    await person.press("escape", "escape", "4")


async def kinds(camera: Camera) -> None:
    """What is no list of agents; 10 MB; nothing at all."""
    with ForeignAIRisk() as server:
        async with camera.listed(server) as person:
            await open_endpoint(person, "list agents")
            for name, (fault, words) in KINDS.items():
                server.breaks(AGENTS_PATH, fault)
                await person.press("f5")
                await person.sees(words)
                await camera.take(person, f"answer-{name}")
            server.breaks(AGENTS_PATH, answers_json(json.dumps(ROWS).encode()))
            await person.press("f5")
            await person.sees("MB", '"id": 0')
            await person.press("escape", "4", "G")
            await person.sees('"id": 99999')
            await camera.take(person, "answer-10-mb")
            server.breaks(AGENTS_PATH, "never_answers")
            await person.press("f5")
            await person.sees("… GET")
            await camera.take(person, "answer-waiting")
            await person.press("escape")
            await person.sees("Cancelled")
            await camera.take(person, "answer-cancelled")


async def streams(camera: Camera) -> None:
    """While it comes, at its end, and broken."""
    ends = {
        "stream": (says(HELLO, delta(".\n\nHow are you?"), then=Peer.wait_until_gone), "streaming"),
        "stream-over": (says(HELLO, delta(".\n\nHow are you?"), DONE), "200 OK"),
        "stream-broken": (says(HELLO, then=reset_later), "broke off"),
    }
    for name, (fault, words) in ends.items():
        with ForeignAIRisk(faults={PATH: fault}) as server:
            async with camera.listed(server) as person:
                await person.press("j", "enter")
                await person.bar_says("ACTING AS Grace Hopper")
                await ask_agent(person)
                await person.until(partial(_both, person, "Hello, Grace", words), name)
                await camera.take(person, name)


def _both(person: Person, *words: str) -> bool:
    return all(each in person.screen for each in words)


async def history(camera: Camera) -> None:
    """Nothing asked yet; what was asked; one of them; none that matches."""
    with Sandbox(Options()) as server:
        async with camera.listed(server, CLIENT_ID=server.options.client_id) as person:
            await person.press("h")
            await person.sees("Nothing was asked yet")
            await camera.take(person, "history-empty")
            await person.press("escape", "enter")
            await person.bar_says("ACTING AS")
            for title in ("list agents", "list conversations", "list users"):
                await open_endpoint(person, title)
                await person.press("f5")
                await person.until(lambda: " · as " in person.screen and "… GET" not in person.screen, "the answer")
            await person.press("escape", "escape", "h")
            await person.sees("ListAgents")
            await camera.take(person, "history")
            await person.press("slash")
            await person.type("zzz")
            await camera.take(person, "history-nothing-matches")
