"""Whatever AIRisk answers, or does not answer, can be read and tried again."""

import asyncio
import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.kit import ids
from tests.kit.asking import AGENTS_PATH, open_endpoint, send_agents, title_of
from tests.kit.clock import SteadyClock
from tests.kit.deployment.faults import answers, at_first
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.patience import PATIENCE, comes_true
from tests.kit.pilot import Person, listed
from tui.config.paths import history_file

UNUSUAL = (
    (answers(200, b"<html>\n<b>hi</b>\n</html>", ("Content-Type", "text/html")), ["text/html", "›hi"]),
    (answers(200, b"\x89PNG\x00\x01", ("Content-Type", "image/png")), ["image/png · 6 B", "89504e47 0001"]),
    (answers(204), ["204 No Content", "(no body)"]),
    ("truncated_json", ["200 OK", '[{"id": "u-1", "na']),
    ("deep_nest", ["200 OK", "[[[[[["]),
    ("utf16_body", ["200 OK", "name", "Zoë", "62 B"]),
    ("invalid_utf8", ["200 OK", "Zo\ufffd"]),
    ("charset_unknown", ["200 OK", "name", "Zoë", "31 B"]),
    ("status_999", ["999", "[]"]),
    ("redirects_307", ["307 Temporary Redirect", "Redirects to http:", "(no body)"]),
    (answers(429, b"", ("Retry-After", "5")), ["429 Too Many Requests"]),
    (answers(500, b"oops", ("Content-Type", "text/plain")), ["500 Internal Server Error", "oops"]),
)


async def test_every_response_reads_well() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await open_endpoint(person, "list agents")
            for fault, words in UNUSUAL:
                server.breaks(AGENTS_PATH, fault)
                await person.press("f5")
                await person.sees("as application", *words)
        assert not server.thief.requests


async def test_no_response_is_reported_where_the_response_would_be() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await open_endpoint(person, "list agents")
            for fault in ("resets_before_answer", "short_body", "garbage_status_line", "gzip_bomb"):
                server.breaks(AGENTS_PATH, fault)
                await person.press("f5")
                await person.sees("✗", f"GET {AGENTS_PATH} as application")
                server.mends(AGENTS_PATH)
                await person.press("f5")
                await person.until(lambda: title_of(person).startswith("401 Unauthorized"), f"the end of {fault}")


async def test_a_huge_response_is_there_at_once_and_can_be_read_to_its_end() -> None:
    body = json.dumps([{"id": number, "text": "x" * 60} for number in range(20_000)]).encode()
    huge = answers(200, body, ("Content-Type", "application/json"))
    with ForeignAIRisk(faults={AGENTS_PATH: huge}) as server:
        async with listed(server) as person:
            await send_agents(person)
            await person.sees("200 OK", "$[0].id  0")
            await person.press("G")
            await person.sees("$[19999].id  19999")
            await person.press("g")
            await person.sees("$[0].id  0")


async def test_a_long_response_is_read_while_the_focus_stays_in_the_explorer() -> None:
    body = json.dumps([{"id": f"row-{number}-"} for number in range(100)]).encode()
    with ForeignAIRisk(faults={AGENTS_PATH: answers(200, body, ("Content-Type", "application/json"))}) as server:
        async with listed(server) as person:
            await person.press("2")
            await person.sees(f"GET {AGENTS_PATH}")
            await person.press("f5")
            await person.sees("row-0-")
            await person.press("J")
            await person.sees_no("row-0-")
            assert person.focus == ids.ENDPOINTS
            await person.press("K")
            await person.sees("row-0-")
            await person.press("1", "down")
            await person.sees_no("row-")
            await person.press("J")
            await person.sees("No response is shown here. Press 4 to see it.")


async def test_the_headers_are_shown_and_hidden() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await send_agents(person)
            await person.sees("401 Unauthorized")
            await person.press("i")
            await person.sees("Server: Kestrel")
            await person.press("i")
            await person.sees_no("Kestrel")


async def test_esc_gives_up_a_request_that_hangs_and_says_so() -> None:
    with ForeignAIRisk(faults={AGENTS_PATH: "never_answers"}) as server:
        async with listed(server) as person:
            await send_agents(person)
            await person.sees(f"… GET {AGENTS_PATH}")
            await person.press("escape")
            await person.sees("✗ Canceled. AIRisk may already have processed the request.")
            canceled = _color_of(person, "✗ Canceled")
            server.breaks(AGENTS_PATH, "resets_before_answer")
            await person.press("f5")
            await person.sees("✗ The connection")
            assert _color_of(person, "✗ The connection") != canceled, "what one canceled is no error"
            server.mends(AGENTS_PATH)
            await person.press("f5")
            await person.sees("401 Unauthorized")


async def test_a_request_sent_again_takes_the_place_of_the_one_that_hangs() -> None:
    with ForeignAIRisk(faults={AGENTS_PATH: at_first(1, "never_answers")}) as server:
        async with listed(server) as person:
            await send_agents(person)
            await person.sees(f"… GET {AGENTS_PATH}")
            await person.press("f5")
            await person.sees("401 Unauthorized")
            await person.sees_no("Canceled")


async def test_the_agent_under_the_cursor_is_used_from_now_on() -> None:
    with ForeignAIRisk() as server:
        async with listed(server, size=(120, 50)) as person:
            await person.press("enter")
            await person.bar_says("ACTING AS Ada")
            await send_agents(person)
            await person.sees("Agent 1 of Ada Lovelace")
            await person.press("4", "slash")
            await person.type("Agent 2")
            await person.press("enter", "equals_sign")
            await person.until(lambda: "{{agent.id}} now refers to Agent 2 of Ada Lovelace." in person.notice, "told")
            await open_endpoint(person, "create conversation")
            await person.sees("{{agent.id}}", '"agentId":"agent-2-of-u-1"')
            await person.sees("{{agent.id}} ", "agent-2-of-u-1 · Agent …")
            await person.press("f5")
            await person.sees("with     agent-2-of-u-1 · Agent 2 of Ada Lovelace ", '"agentId": "agent-2-of-u-1"')


async def test_a_value_is_kept_under_a_name() -> None:
    whole = answers(200, b'{"tenant": "t-9"}', ("Content-Type", "application/json"))
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            server.breaks("/api/ListUsers", whole)
            await open_endpoint(person, "list users")
            await person.press("f5")
            await person.sees('"tenant": "t-9"')
            await person.press("4", "j", "equals_sign")
            await person.sees("Use it anywhere as {{name}}", "tenant")
            await person.press("enter")
            await person.until(lambda: "Saved as {{tenant}}." in person.notice, "told")
            await open_endpoint(person, "get conversation conversationid")
            await person.type("{{tenant}}")
            await person.sees(" t-9 │")
            await person.sees("GET /api/Chat/GetConversation/t-9")


async def test_esc_behind_a_response_goes_back_and_what_is_noted_of_it_is_not_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tui.history.database.BUSY_SECONDS", PATIENCE)
    monkeypatch.setattr("tui.history.store._SECONDS", PATIENCE)
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await send_agents(person)
            await person.sees("401 Unauthorized")
            log = Path(f"{history_file()}-wal")
            await person.until(lambda: log.exists() and AGENTS_PATH.encode() in log.read_bytes(), "the history")
            with closing(sqlite3.connect(history_file(), isolation_level=None)) as busy:
                busy.execute("BEGIN IMMEDIATE")
                await open_endpoint(person, "list users")
                await person.press("2", "f5")
                await person.sees("200 OK")
                await person.press("4", "escape")
                await person.until(lambda: person.focus != ids.TABLE, "the pane before")
                await person.stays(lambda: "Canceled" not in person.screen, "what was answered")
                busy.execute("ROLLBACK")
            await person.press("escape", "escape", "h")
            await person.sees("/api/ListUsers", "/api/Chat/ListAgents")


async def test_how_long_is_waited_is_reported_and_never_covers_what_came(steady_clock: SteadyClock) -> None:
    with ForeignAIRisk() as server:
        server.breaks(AGENTS_PATH, "never_answers", times=1)
        async with listed(server, AIRISK_TIMEOUT="600") as person:
            await send_agents(person)
            await person.sees("as application", "Esc cancels")
            moving = re.compile("as application [⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] · ")
            await person.until(lambda: moving.search(title_of(person)) is not None, "something that moves")
            for _ in range(2):
                before = seconds_waited(person)
                steady_clock.forward(5)
                await person.until(lambda before=before: seconds_waited(person) >= before + 5, "5 s more")  # type: ignore[misc]
            await person.press("1")
            busy = asyncio.Event()
            person.app.screen.query_one(f"#{ids.ANSWER}").call_later(busy.wait)
            try:
                steady_clock.forward(5)  # How long it has been by now waits behind what the pane is busy with,
                person.app.simulate_key("escape")
                await comes_true(lambda: "✗ Canceled" in title_of(person), "the end", seen=lambda: person.screen)
            finally:
                busy.set()  # and comes when there is nothing to wait for any more.
            await person.stays(lambda: "✗ Canceled" in title_of(person), "what came")


def _color_of(person: Person, words: str) -> object:
    strips = person.app.screen._compositor.render_strips()
    [color] = {each.style.color for strip in strips for each in strip if words in each.text and each.style}
    return color


def seconds_waited(person: Person) -> int:
    """How long is told to be waited for; 0 where it is not worth telling."""
    found = re.search(r" · (\d+)\.\d s · Esc cancels", title_of(person))
    return int(found[1]) if found else 0
