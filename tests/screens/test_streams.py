"""An agent's answer appears while it comes; however it ends, what came can be read, saved and inspected."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Event

import pytest

from tests.kit import ids
from tests.kit.asking import title_of
from tests.kit.clock import SteadyClock
from tests.kit.deployment.events import DONE, PATH, delta, event, reset_later, says
from tests.kit.deployment.faults import Fault, answers, answers_json
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.deployment.peer import Peer
from tests.kit.patience import ENOUGH
from tests.kit.pilot import Person, listed
from tests.kit.streams import HELLO, ask_agent, asking, send_question
from tests.screens.typing_stage import typed_text


async def test_a_response_appears_while_it_comes() -> None:
    goes_on, ends = Event(), Event()

    def speak(peer: Peer) -> None:
        for moment, piece in ((goes_on, delta(".\nHow are you?")), (ends, DONE)):
            while not moment.wait(0.01):
                peer.pause(0.01)
            peer.send(piece)

    async with asking(says(event("thread.run.in_progress", {}), HELLO, then=speak)) as person:
        await person.sees("Hello, Grace", "streaming · 4 events · Esc stops")
        goes_on.set()
        await person.sees("Hello, Grace.", "How are you?", "5 events")
        assert "200 OK" not in title_of(person)
        ends.set()
        await person.sees("200 OK · as Grace Hopper", "How are you?")


async def test_keys_act_while_it_comes() -> None:
    ends = Event()

    def speak(peer: Peer) -> None:
        while not ends.wait(0.002):
            peer.send(delta("word "))
        peer.send(DONE)

    async with asking(says(HELLO, then=speak)) as person:
        await person.sees("Hello, Grace")
        await person.press("1", "k")
        await person.until(lambda: "› u-1" in person.screen, "the user above")
        ends.set()
        await person.sees("200 OK")
        await person.stays(lambda: person.focus == ids.USERS_TABLE, "the focus")


async def test_what_is_typed_into_the_search_while_it_comes_is_no_key() -> None:
    more, ends = Event(), Event()

    def speak(peer: Peer) -> None:
        more.wait(ENOUGH)
        peer.send(delta("and more"))
        ends.wait(ENOUGH)
        peer.send(DONE)

    async with asking(says(HELLO, then=speak)) as person:
        await person.sees("Hello, Grace")
        await person.press("4", "slash")
        await person.comes_to(ids.DOCUMENT_FIELD)
        more.set()
        await person.sees("and more")
        await person.press("x")
        ends.set()
        await person.sees("200 OK")
        await person.press("y")
        await person.stays(lambda: person.focus == ids.DOCUMENT_FIELD, "the search")
        await person.bar_says("ACTING AS Grace")
        await person.until(lambda: typed_text(person) == "xy", "what was typed")


async def test_esc_stops_it_and_keeps_what_came(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    gone = Event()

    def wait(peer: Peer) -> None:
        peer.wait_until_gone()
        gone.set()

    async with asking(says(HELLO, then=wait)) as person:
        await person.sees("Hello, Grace", "Esc stops")
        await person.press("escape")
        await person.sees("Response incomplete: stopped; the agent may still be running on the ", "Hello, Grace")
        await person.until(gone.is_set, "the connection closed")
        await person.press("4", "r")
        await person.sees("3 events · Esc goes back", '"event": "thread.message.created"', '"id": "m-1"')
        await person.press("escape")
        await person.sees("Hello, Grace")
        await person.press("s")
        await person.sees("in this file:")
        await person.press("enter")
        await person.sees("Saved to")
        saved = await asyncio.to_thread(lambda: [path.read_bytes() for path in tmp_path.glob("AskAgent*")])
        assert saved == [HELLO]


def hello(word: str) -> bytes:
    """The beginning of an answer, with this in it."""
    return event("thread.message.created", {"id": "m-1"}) + delta("Hello, ") + delta(word)


ENDS: tuple[tuple[Fault, str, str], ...] = (
    (says(hello("a reset"), then=reset_later), "Hello, a reset", "Response incomplete"),
    (
        says(hello("control"), delta("\x1b]52;c;aGk\x07\u202e[/][@click=app.bell]x"), DONE),
        "Hello, control␛]52;c;aGk␇<U+202E>[/][@click",
        "",
    ),
    (says(DONE), f"· {len(DONE)} B · text/event-stream", ""),
    (says(event("tick", {"n": 7})), '"n": 7', ""),
)
"""Streams, the text that came, and why no more did; tests/service has more of them."""


@asynccontextmanager
async def answered(**settings: str) -> AsyncIterator[tuple[ForeignAIRisk, Person]]:
    """A deployment, and someone whom an agent of it has answered once."""
    with ForeignAIRisk(faults={PATH: says(HELLO, DONE)}) as server:
        async with listed(server, size=(130, 40), **settings) as person:
            await person.press("j", "enter")
            await person.bar_says("ACTING AS Grace Hopper")
            await ask_agent(person)
            await person.sees("200 OK", "Hello, Grace")
            yield server, person


async def test_however_a_stream_ends_what_came_is_there() -> None:
    async with answered() as (server, person):
        for fault, text, why in ENDS:
            server.breaks(PATH, fault)
            await send_question(person)
            await person.sees("200 OK · as Grace Hopper", text)
            if why:
                words = ("Response incomplete", why)
                await person.until(lambda words=words: all(each in title_of(person) for each in words), why)  # type: ignore[misc]
            else:
                await person.until(lambda: title_of(person).startswith("200 OK · as Grace Hopper"), text)
                assert "Response incomplete" not in title_of(person)
            assert "\x1b" not in person.screen
            await person.press("escape", "4", "r")
            await person.sees("events · Esc goes back" if "tick" not in text else "event")
            await person.press("escape")
            await keys_act(person)


async def keys_act(person: Person) -> None:
    """Whatever came of the answer, keys do what they do."""
    await person.press("escape", "1", "g", "j", "j")
    await person.until(lambda: "› u-3" in person.screen, "the last user")


async def test_silence_is_waited_for_as_long_as_is_set(steady_clock: SteadyClock) -> None:
    async with answered(AIRISK_TIMEOUT="20") as (server, person):
        for fault, words in (
            ("never_answers", "Esc cancels"),
            (says(hello("half"), then=Peer.wait_until_gone), "half"),
        ):
            server.breaks(PATH, fault)
            await send_question(person)
            await person.sees(words)
            await person.sees_no("did not respond")
            steady_clock.forward(20)
            await person.sees("did not respond within 20 s")
            await keys_act(person)


MANY = 3_000
"""Lines: more than are drawn anew with each word."""


async def test_a_long_response_is_shown_to_its_last_line() -> None:
    lines = [delta(f"line {number} of a long answer\n") for number in range(MANY)]
    async with asking(says(HELLO, delta("\n"), *lines, delta("the end"), DONE)) as person:
        await person.sees("200 OK")
        await person.press("escape", "4", "G")
        await person.sees("the end", f"line {len(lines) - 1} of")
        await person.press("g")
        await person.sees("Hello, Grace", "line 0 of")


async def test_becoming_another_gives_up_what_comes_for_the_one_before_and_one_may_quit_while_it_comes() -> None:
    gone = Event()

    def wait(peer: Peer) -> None:
        peer.wait_until_gone()
        gone.set()

    async with asking(says(HELLO, then=wait)) as person:
        await person.sees("Hello, Grace")
        await person.press("1", "g", "enter")
        await person.bar_says("ACTING AS Ada Lovelace")
        await person.until(gone.is_set, "the connection closed")
        await person.sees("Canceled. AIRisk may already have processed the request")
        await person.stays(lambda: "as Ada" not in title_of(person), "whose answer it was")
        await send_question(person)
        await person.sees("Hello, Grace", "Esc stops")
        await person.press("ctrl+q")
        await person.until(lambda: not person.app.is_running, "the end")
    assert person.app.return_code == 0


async def test_a_token_that_is_no_longer_good_is_renewed_and_the_question_sent_again() -> None:
    with ForeignAIRisk() as server:
        async with listed(server, size=(120, 40)) as person:
            await person.press("j", "enter")
            await person.bar_says("ACTING AS Grace Hopper")
            server.revoke("u-2")
            await ask_agent(person)
            await person.sees("The token was rejected (401)", "Send again?")
            await person.press("y")
            await person.sees("200 OK", "Hello, Grace Hopper")


NO_STREAMS: tuple[tuple[Fault | str, str], ...] = (
    (answers_json(b'{"text": "Hello all at once"}'), '"text": "Hello all at once"'),
    (answers(403, b"", ("Content-Type", "text/event-stream")), "403 Forbidden"),
    (answers(500, b"<h1>Oops</h1>", ("Content-Type", "text/html")), "Oops"),
    ("closes_before_answer", "was closed before the response"),
)


async def test_what_is_no_stream_is_shown_as_what_it_is() -> None:
    async with answered() as (server, person):
        for fault, words in NO_STREAMS:
            server.breaks(PATH, fault)
            await send_question(person)
            await person.sees(words)
        await keys_act(person)
