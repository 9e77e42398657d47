"""What cannot be sent again, cannot be read, or was made to deceive: the history says so and shows it as text."""

from dataclasses import replace

import pytest

from tests.kit.remembering import AIRISK, exchange
from tests.screens.history_stage import CONVERSATIONS, LIST, SIZE, HistoryStage, remember, until
from tui.airisk.identity import Identity, SubjectCheck
from tui.airisk.models import Upload
from tui.screens.history import Replay

BODY = {"draft_body": b"{}"}
FILE = {"draft_files": (Upload("a.pdf", "a.pdf", b"%PDF"),)}
NO_BODY = "the body was not stored. Enter opens the rest. Set AIRISK_KEEP_BODIES=true"
SECRET = {"draft_query": (("access_token", "t"),)}
NO_SECRET = "the value of access_token was not stored."


@pytest.mark.parametrize(
    ("lacking", "words", "key"),
    [
        (BODY, NO_BODY, "f5"),
        (BODY, NO_BODY, "R"),
        (FILE, NO_BODY, "f5"),
        (FILE, NO_BODY, "R"),
        (BODY | SECRET, NO_SECRET.replace(" was", ", the body was"), "enter"),
        (SECRET, NO_SECRET, "enter"),
        (SECRET, NO_SECRET, "f5"),
        (SECRET, NO_SECRET, "R"),
    ],
    ids=lambda value: "" if isinstance(value, dict) else str(value),
)
async def test_what_was_not_kept_cannot_be_sent_again_and_it_says_so(history, lacking, words, key):
    await remember(history, exchange("/api/Chat/AskAgent", draft_method="POST", **lacking))
    stage = HistoryStage(history)
    async with stage.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: stage.line_with("✗ Cannot resend", words))
        assert "resend as" not in stage.text
        await pilot.press(key)
        await until(pilot, lambda: stage.line_with("! Cannot resend", words))
        assert not stage.left


@pytest.mark.parametrize("lacking", [BODY, FILE], ids=["a body", "a file"])
async def test_what_was_kept_without_its_body_can_be_opened(history, lacking):
    sent = exchange("/api/Chat/AskAgent", draft_method="POST", draft_query=(("a", "b"),), **lacking)
    await remember(history, sent)
    stage = HistoryStage(history)
    async with stage.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: stage.line_with("✗ Cannot resend", "Enter opens the rest."))
        await pilot.press("enter")
        await until(pilot, lambda: stage.left)
        known = replace(sent.draft, body=b"", files=())
        assert stage.left == [Replay(known, sent.identity, "open", lacks_body=True)]


async def test_nothing_was_asked_yet(history):
    stage = HistoryStage(history)
    async with stage.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "No requests yet." in stage.text)
        await until(pilot, lambda: "Resend" not in stage.lines[-1] and "Copy" not in stage.lines[-1])
        await pilot.press("enter", "r", "R", "j", "G", "y", "Y")
        await pilot.press("escape")
        await until(pilot, lambda: stage.left)
        assert stage.left == [None]


async def test_a_history_that_cannot_be_read_says_so_and_can_be_read_again(history, history_file):
    history_file.parent.parent.mkdir(exist_ok=True)
    history_file.parent.write_text("in the way")
    stage = HistoryStage(history)
    async with stage.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "The history cannot be used" in stage.text)
        history_file.parent.unlink()
        await remember(history, LIST)
        await pilot.press("ctrl+r")
        await until(pilot, lambda: "/api/ListUsers" in stage.pointed)


async def test_an_entry_that_was_cleared_meanwhile_is_not_sent(history):
    await remember(history, LIST)
    stage = HistoryStage(history)
    async with stage.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: stage.pointed)
        await history.clear(AIRISK)
        await pilot.press("enter")
        await until(pilot, lambda: "no longer in the history" in stage.text)
        assert not stage.left


HOSTILE = {
    "[@click=app.bell]x[/] [/foo] $x": "[@click=app.bell]",
    "\x1b]52;c;b3Vj\x07\x9b2J": "␛]52;c;b3Vj␇",
    "a\nb\tc": "a⏎b⇥c",
    "\u202eevil\u200b": "<U+202E>evil",
    "x\u0301" * 300: "x\u0301x\u0301",
}
"""Texts, and how they are seen."""


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
async def test_hostile_text_is_shown_as_text_and_moves_no_column(history, size):
    hostile = [
        exchange(
            f"/api/{number}",
            identity=Identity("user", text, text, SubjectCheck.NOT_CONFIRMED),
            reason=text,
            draft_headers=(("Accept", text),),
        )
        for number, text in enumerate(HOSTILE)
    ]
    await remember(history, *hostile, CONVERSATIONS)
    stage = HistoryStage(history)
    async with stage.run_test(size=size) as pilot:
        await until(pilot, lambda: stage.pointed)
        column = stage.line_with("Method", "Path").index("Path")
        for number, seen in reversed(list(enumerate(HOSTILE.values()))):
            await pilot.press("j")
            await until(pilot, lambda path=f"/api/{number} ": stage.pointed[column:].startswith(path))  # type: ignore[misc]
            await until(pilot, lambda seen=seen: seen in stage.text)  # type: ignore[misc]
            assert all(line.isprintable() for line in stage.lines)
        await pilot.press("enter")
        await until(pilot, lambda: stage.left)
        assert stage.left == [Replay(hostile[0].draft, hostile[0].identity, "open")]
