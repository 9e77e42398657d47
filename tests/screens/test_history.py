"""A person looks for what was asked, and asks it again: as whoever acts now, or in the same name as then."""

import asyncio
import gc
import re
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from tests.kit.remembering import AIRISK, EDWARD, ELSEWHERE, GRACE, exchange
from tests.screens.history_stage import CONVERSATIONS, FORBIDDEN, LIST, SIZE, HistoryStage, remember, until
from tui.airisk.identity import APPLICATION
from tui.history.entry import INSERT, write_row
from tui.history.memory import RecentExchanges
from tui.history.store import History
from tui.panes.history import PastPane
from tui.panes.history_rows import HistoryRows
from tui.screens.history import Replay

MANY = 10_000


async def test_what_was_asked_is_listed_newest_first_with_whom_and_how_it_went(history):
    await remember(history, LIST, FORBIDDEN, CONVERSATIONS)
    await history.add(exchange("/api/elsewhere"), ELSEWHERE)
    stage = HistoryStage(history)
    async with stage.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "Grace Hopper · u-000127 (token confirmed)" in stage.text)
        first = stage.lines.index(stage.pointed)
        assert [re.split(r"\s{2,}", line.strip("│› "))[1:7] for line in stage.lines[first : first + 3]] == [
            ["200", "GET", "/api/Chat/GetConversations?results=20", "Grace Hopper", "u-000127", "84 ms"],
            ["403", "GET", "/api/Users/Me", "Edward Hopper", "u-000431", "84 ms"],
            ["200", "GET", "/api/ListUsers", "application", "84 ms"],
        ]
        assert "3 requests" in stage.text
        assert "200 OK · 84 ms · 12.4 kB · 31 Mar 2025, " in stage.text


async def test_it_tells_in_whose_name_it_would_be_done_again_also_when_that_changes(history):
    await remember(history, FORBIDDEN)
    stage = HistoryStage(history, now=GRACE)
    async with stage.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: stage.line_with("F5", "resend as Grace Hopper · u-000127"))
        assert stage.line_with("R  ", "resend as before, as Edward Hopper · u-000431 (signs in first)")
        await until(pilot, lambda: "R Resend as before" in stage.lines[-1])
        stage.identity_status = replace(stage.identity_status, identity=EDWARD)
        await until(pilot, lambda: stage.line_with("resend as Edward Hopper"))
        assert not stage.line_with("resend as before, ")
        await until(pilot, lambda: "ACTING AS Edward Hopper" in stage.lines[0])
        await until(pilot, lambda: "F5 Resend" in stage.lines[-1] and "Resend as before" not in stage.lines[-1])


@pytest.mark.parametrize(
    ("many", "size", "rows"),
    [(1, (120, 40), 3), (3, (80, 24), 3), (9, (120, 40), 9), (300, (80, 24), 5), (300, (120, 40), 13)],
)
async def test_the_list_is_as_high_as_it_needs_and_at_most_half_and_a_filter_does_not_change_that(
    history, many, size, rows
):
    await remember(history, *(exchange(f"/api/{number}") for number in range(many)))
    stage = HistoryStage(history)
    async with stage.run_test(size=size) as pilot:
        heading_to_frame = lambda: _line(stage, "╭─ Request and response ─") - _line(stage, "Status  Method") - 2  # noqa: E731
        await until(pilot, lambda: stage.pointed and heading_to_frame() == rows)
        await pilot.press("slash", *"zzz")
        await until(pilot, lambda: f"0 of {many} request" in stage.text)
        assert heading_to_frame() == rows
        await pilot.press("escape")
        await until(pilot, lambda: f"/api/{many - 1}" in stage.pointed)
        await pilot.press("end")
        await until(pilot, lambda: "/api/0" in stage.pointed)
        assert heading_to_frame() == rows


def _line(stage, words):
    return next((number for number, line in enumerate(stage.lines) if words in line), 0)


async def test_a_small_json_is_laid_out_in_colors_and_of_every_body_only_the_beginning_is_shown(history_file):
    bodies = (
        b'[{"number": 1},' + b'{"number": 2},' * 30_000 + b"{}]",
        b"{'no': json}",
        b'{"name":"Ada","roles":["Admin",7,null]}',
        b'{"first":1,' + b'"next":"%s",' % (b"x" * 88) * 200 + b'"last":3}',
    )
    async with History(history_file, recent=RecentExchanges()) as history:
        await remember(history, *(exchange(f"/api/{number}", body=body) for number, body in enumerate(bodies)))
        stage = HistoryStage(history)
        async with stage.run_test(size=(120, 80)) as pilot:
            await until(pilot, lambda: stage.line_with('│   "first": 1, ') and stage.line_with("… 19.6 kB in all"))
            assert '"last"' not in stage.text
            await pilot.press("j")
            await until(pilot, lambda: stage.line_with('│   "name": "Ada", '))
            assert stage.line_with('│   "roles": [ ')
            assert stage.line_with('│     "Admin", ')
            colors = [stage.color_of(words) for words in ('"name"', '"Ada"', "7", "null", ": ")]
            assert len(set(colors)) == len(colors)
            await pilot.press("j")
            await until(pilot, lambda: stage.line_with("│ {'no': json} "))
            await pilot.press("j")
            await until(
                pilot, lambda: stage.line_with('│ [{"number": 1},{"number": 2}') and "420.0 kB in all" in stage.text
            )


@pytest.mark.parametrize(
    ("key", "replay"),
    [
        ("enter", Replay(FORBIDDEN.draft, EDWARD, "open")),
        ("f5", Replay(FORBIDDEN.draft, GRACE, "as now")),
        ("R", Replay(FORBIDDEN.draft, EDWARD, "as then")),
    ],
    ids=["Enter, to look at", "F5, as now", "R, as then"],
)
async def test_it_is_left_with_what_is_to_be_sent_again(history, key, replay):
    await remember(history, FORBIDDEN, CONVERSATIONS)
    stage = HistoryStage(history, now=GRACE)
    async with stage.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: stage.pointed)
        await pilot.press("j", key)
        await until(pilot, lambda: stage.left)
        assert stage.left == [replay]


async def test_esc_goes_back_with_nothing(history):
    await remember(history, LIST)
    stage = HistoryStage(history)
    async with stage.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: stage.pointed)
        await pilot.press("escape")
        await until(pilot, lambda: stage.left)
        assert stage.left == [None]


async def test_the_filter_narrows_and_esc_brings_everything_back_with_the_cursor_where_it_was(history):
    await remember(history, *(exchange(f"/api/{number}", status=200 + number % 2) for number in range(300)))
    stage = HistoryStage(history)
    async with stage.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: stage.pointed)
        await pilot.press("slash", *"201 17", "enter")
        await until(pilot, lambda: "8 of 300 requests" in stage.text)
        await pilot.press("j")
        await until(pilot, lambda: "/api/179" in stage.pointed)
        await pilot.press("escape")
        await until(pilot, lambda: " 300 requests" in stage.text and "/api/179" in stage.pointed)
        await pilot.press("k")
        await until(pilot, lambda: "/api/180" in stage.pointed)
        assert not stage.left
        await pilot.press("slash", *"zzz")
        await until(pilot, lambda: "No matches. Press Esc to clear the filter." in stage.text)
        await until(pilot, lambda: "F5 Resend" not in stage.lines[-1])
        await pilot.press("escape", "escape", "escape")
        await until(pilot, lambda: stage.left)
        assert stage.left == [None]


async def test_enter_typed_ahead_of_a_slow_disk_means_what_was_looked_for(history):
    await remember(history, LIST, CONVERSATIONS, FORBIDDEN)
    stage = HistoryStage(history)
    async with stage.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: stage.pointed)
        history.disk.clear()
        await pilot.press("slash", *"listusers", "enter", "enter")
        assert "/api/Users/Me" in stage.pointed
        history.disk.set()
        await until(pilot, lambda: stage.left)
        assert stage.left == [Replay(LIST.draft, APPLICATION, "open")]


@pytest.mark.parametrize("is_slow", [False, True])
async def test_enter_in_the_filter_opens_the_only_match_and_goes_to_several(history, is_slow):
    await remember(history, LIST, CONVERSATIONS, FORBIDDEN)
    stage = HistoryStage(history)
    async with stage.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: stage.pointed)
        await pilot.press("slash", *"users", "enter")
        await until(pilot, lambda: "2 of 3 requests" in stage.text and "⏎ Open" in stage.lines[-1])
        if is_slow:
            history.disk.clear()
        await pilot.press("slash", "end", *"/me", "enter")
        history.disk.set()
        await until(pilot, lambda: stage.left)
        assert stage.left == [Replay(FORBIDDEN.draft, EDWARD, "open")]


async def test_a_filter_that_is_cleared_before_its_search_has_finished_opens_nothing(history):
    await remember(history, LIST, FORBIDDEN)
    stage = HistoryStage(history)
    async with stage.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: stage.pointed)
        history.disk.clear()
        await pilot.press("slash", *"/me", "enter", "escape")
        history.disk.set()
        await until(pilot, lambda: " 2 requests" in stage.text and "/api/Users/Me" in stage.pointed)
        await pilot.press("escape")
        await until(pilot, lambda: stage.left)
        assert stage.left == [None]


async def test_it_is_left_before_a_slow_disk_has_given_the_first_rows_and_no_error_is_left_behind(history):
    await remember(history, LIST)
    reported = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context))
    stage = HistoryStage(history)
    history.disk.clear()
    async with stage.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "Loading…" in stage.text and stage.workers)
        await pilot.press("escape")
        await until(pilot, lambda: stage.left)
    gc.collect()  # An exception that nobody retrieved is reported then.
    assert (stage.left, reported) == ([None], [])


async def test_esc_while_the_disk_is_slow_goes_back_and_nothing_is_sent_later(history):
    await remember(history, LIST)
    stage = HistoryStage(history)
    async with stage.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: stage.pointed)
        history.disk.clear()
        await pilot.press("enter", "escape")
        await until(pilot, lambda: stage.left)
        history.disk.set()
        assert await history.search("", AIRISK, limit=2)  # later than what Enter had asked for
        assert stage.left == [None]


def test_a_page_is_requested_once_however_many_of_its_rows_are_drawn():
    asked: list[int] = []
    rows = HistoryRows(total=250, want=asked.append)
    assert {rows.cells(row)[0] for row in range(250)} == {"…"}
    assert asked == [0, 1, 2]


async def test_ten_thousand_entries_are_read_only_as_they_come_into_sight(history, history_file):
    await remember(history, LIST)
    with closing(sqlite3.connect(history_file)) as connection:
        asked = (exchange(f"/api/number/{number}") for number in range(1, MANY))
        connection.executemany(INSERT, [write_row(each, AIRISK, keep_bodies=False) for each in asked])
        connection.commit()
    stage = HistoryStage(history)
    async with stage.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "10,000 requests" in stage.text)
        await press(stage, pilot, "G", "/api/ListUsers")
        await press(stage, pilot, "k", "/api/number/1 ")
        await press(stage, pilot, "g", "/api/number/9999 ")
        await press(stage, pilot, "j", "/api/number/9998 ")
        await press(stage, pilot, "pagedown", "/api/number/99")
        await press(stage, pilot, "end", "/api/ListUsers")
        await until(pilot, lambda: "resend as" in stage.text)
        assert set(history.offsets) == {0, 9_900}


async def press(stage, pilot, key, there):
    """Press a key after which the cursor is on the row that has these words."""
    await pilot.press(key)
    await until(pilot, lambda: there in stage.pointed)


async def test_what_another_window_adds_moves_nothing_until_it_is_read_again(history, history_file):
    await remember(history, *(exchange(f"/api/{number}") for number in range(250)))
    stage = HistoryStage(history)
    async with stage.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "250 requests" in stage.text)
        await history.add(exchange("/api/late"), AIRISK)
        await pilot.press("G", "k")
        await until(pilot, lambda: "/api/1 " in stage.pointed)
        await pilot.press("ctrl+r")
        await until(pilot, lambda: "251 requests" in stage.text and "/api/1 " in stage.pointed)


async def test_a_body_that_was_kept_is_sent_again(history_file):
    asked = exchange("/api/Chat/AskAgent", draft_method="POST", draft_body=b'{"question": "why?"}')
    async with History(history_file, keep_bodies=True) as history:
        await remember(history, asked)
        stage = HistoryStage(history)
        async with stage.run_test(size=SIZE) as pilot:
            await until(pilot, lambda: stage.line_with("body    stored"))
            await pilot.press("R")
            await until(pilot, lambda: stage.left)
            assert stage.left == [Replay(asked.draft, GRACE, "as then")]


async def test_the_exchange_is_read_with_the_keys_when_it_is_longer_than_its_place(history):
    headers = tuple((f"X-Number-{number}", "value") for number in range(40))
    await remember(history, exchange(draft_headers=headers))
    stage = HistoryStage(history)
    async with stage.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: stage.pointed)
        await pilot.press("tab", *"jjj")
        await until(pilot, lambda: stage.screen.query_one(PastPane).scroll_y == 3)
        await pilot.press("escape")
        await until(pilot, lambda: stage.left == [None])
