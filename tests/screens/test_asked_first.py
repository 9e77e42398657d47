"""Nothing is sent by accident: what changes things is asked for first, by every way that leads to it."""

import asyncio
from pathlib import Path

import pytest
from textual.command import Hits
from textual.widgets import OptionList

from tests.kit import ids
from tests.kit.asking import AGENTS_PATH, act_as_ada, open_endpoint, send_agents, title_of
from tests.kit.deployment.faults import answers
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.deployment.messages import Received
from tests.kit.pilot import Person, listed
from tui.access.matrix_document import RunParameters
from tui.access.model import Cell, Row, Verdict
from tui.access.plan import ProposedRun
from tui.access.requests import parse_request
from tui.access.rules import default_rules
from tui.access.run_file import directory_of
from tui.app.command_palette import Commands
from tui.config.origin import parse_origin
from tui.config.settings import Settings

LARGE = (120, 44)
MADE = answers(200, b"{}", ("Content-Type", "application/json"))
FEEDBACK = "/api/Feedback"


def sent(server: ForeignAIRisk) -> int:
    """How many requests that change things came, the sign-in's apart."""
    return sum(request.method != "GET" and "oauth2" not in request.path for request in server.requests)


def asked(server: ForeignAIRisk) -> list[Received]:
    """The requests that came, those to sign in and for the list apart."""
    return [request for request in server.requests if "/Chat/" in request.path]


async def the_form(person: Person) -> None:
    await open_endpoint(person, "create conversation")
    await person.type("agent-1")
    await person.press("f5")


async def again_from_history(person: Person, _: str) -> None:
    await person.press("h")
    await person.sees("POST", "1 request")
    await person.press("f5")


async def compare(person: Person, _: str) -> None:
    await person.press("4", "c")
    await person.sees("Compare with")
    await person.type("anonymous")
    await person.press("enter")


async def a_pasted_command(person: Person, address: str) -> None:
    await person.press("escape", "escape", "p")
    await person.sees("Paste a curl command")
    await person.type(f"curl -X DELETE {address}{FEEDBACK}")
    await person.press("f5")
    await person.sees("Request ready.")
    await person.press("f5")


async def test_on_production_each_way_asks_in_the_applications_name_too() -> None:
    with ForeignAIRisk(faults={"/api/Chat/CreateConversation": MADE, FEEDBACK: MADE}) as server:
        async with listed(server, size=LARGE, AIRISK_LABEL="production", AIRISK_KEEP_BODIES="true") as person:
            await the_form(person)
            await person.sees(
                "Don't send", "POST /api/Chat/CreateConversation", "as       application", '"agentId": "agent-1"'
            )
            await person.sees(
                '"agentId": "agent-1"',
                "127.0.0.1",
                "PRODUCTION",
                "with the application's token",
                "Type production to confirm",
            )
            assert sent(server) == 0
            await person.type("production")
            await person.press("enter")
            await person.until(lambda: title_of(person).startswith("200 OK"), "the answer")
            assert sent(server) == 1
            for way, whose in (
                (again_from_history, "application"),
                (compare, "anonymous"),
                (a_pasted_command, "application"),
            ):
                await way(person, server.url)
                await person.sees("Don't send", f"as       {whose}", "Type production to confirm")
                await person.type("prodution")
                await person.press("enter")
                await person.sees("✗ That is not the label. Type production to confirm.")
                await person.press("ctrl+u")
                await person.press("escape")
                await person.until(lambda: "Not sent." in person.notice, "the words")
                assert sent(server) == 1
                if way is again_from_history:
                    await person.sees("History", "F5 Resend")
                    await person.press("escape")
                    await person.sees("1 Users", "4 Response")


async def test_3_leads_to_what_is_to_be_filled_in_or_was_typed_into_last_and_never_to_send() -> None:
    with ForeignAIRisk() as server:
        async with listed(server, size=LARGE) as person:
            await open_endpoint(person, "create conversation")
            await person.comes_to("agentId")
            await person.type("agent-1")
            await person.press("shift+tab")
            await person.comes_to("title")
            await person.press("escape", "3")
            await person.comes_to("agentId")
            await person.type("agent-2")
            await person.sees('"agentId":"agent-2"')
            await open_endpoint(person, "list agents")
            await person.press("escape", "3")
            await person.comes_to(ids.PREVIEW)
            await person.type("1")
            await person.comes_to(ids.USERS_TABLE)


async def test_neither_enter_in_a_field_nor_any_way_back_leads_to_send() -> None:
    with ForeignAIRisk() as server:
        async with listed(server, size=LARGE) as person:
            await act_as_ada(person)
            await open_endpoint(person, "list conversations")
            for field in ("agentid", "results", "skip", "metadatasearch"):
                await person.comes_to(field)
                await person.press("enter")
            await person.until(lambda: "Press F5 to send" in person.notice, "what sends it")
            await send_agents(person)
            await person.sees("200 OK")
            assert [request.path for request in asked(server)] == [AGENTS_PATH]
            for ways in (
                ("4", "escape", "enter"),
                ("h", "escape", "enter"),
                ("h", "enter", "enter"),
                ("3", "4", "escape"),
            ):
                await person.press(*ways)
                assert person.focus != ids.SEND
            await person.press("3")  # unfolds the request
            await person.tab_to(ids.SEND)
            await person.press("question_mark")
            await person.sees("Show keys and terms")
            await person.press("escape", "enter")
            await person.until(lambda: person.focus != ids.SEND, "another place than the button")
            await send_agents(person)
            await person.until(lambda: len(asked(server)) == 2, "one more request than before")


async def test_a_name_that_nobody_has_is_compared_with_nobody() -> None:
    with ForeignAIRisk() as server:
        async with listed(server, size=LARGE) as person:
            await act_as_ada(person)
            await send_agents(person)
            await person.sees("200 OK")
            await person.press("4", "c")
            await person.sees("Compare with")
            await person.type("second")
            await person.sees("No matches.")
            await person.press("enter")
            await person.sees("No matches.")
            await person.press("ctrl+u")
            await person.type("anon")
            await person.sees("send as anonymous")
            await person.press("enter")
            await person.until(lambda: [each.identity for each in asked(server)] == ["u-1", None], "both requests")


async def test_a_kept_run_that_was_edited_is_confirmed_again() -> None:
    with ForeignAIRisk(faults={FEEDBACK: MADE}) as server:
        leave_a_run(server, f"GET {FEEDBACK}", edited=f"DELETE {FEEDBACK}")
        async with listed(server, size=LARGE) as person:
            await person.press("m")
            await person.sees("Access matrix", "resume an unfinished run")
            await person.press("shift+tab", "space")
            await person.sees("resume the unfinished run", "2 identities × 1 endpoint")
            await person.press("enter")
            await person.sees(
                "This unfinished run changes data, so it needs a new confirmation.",
                f"DELETE {FEEDBACK}",
                "2 identities: u-1, u-2",
            )
            assert sent(server) == 0
            await person.press("escape")
            await person.sees_no("needs a new confirmation")
            await person.press("enter")
            await person.sees("needs a new confirmation")
            assert sent(server) == 0
            await person.press("y")
            await person.sees("r Retry", " allowed")
            assert sent(server) == 1


def leave_a_run(server: ForeignAIRisk, name: str, *, edited: str) -> None:
    """A run of two users that one has answered, in whose file somebody has written something else."""
    settings = Settings(parse_origin(server.url), server.client_id)
    path = directory_of(str(settings.origin)) / "left.jsonl"
    question, rows = parse_request(name, (), {}), [Row("u-1"), Row("u-2")]
    parameters, rules = RunParameters(concurrency=2, rate=0), default_rules()
    proposal = ProposedRun.of(rows, (question,), (), parameters=parameters, rules=rules, path=path, earlier=None)
    file, _ = proposal.start(settings, goes_on=False)
    file.on_cell(Cell(identity="u-1", endpoint=name, status=200, verdict=Verdict.ALLOWED, expected=None, reason=""))
    file.close()
    path.write_text(path.read_text().replace(name, edited))


async def test_a_file_that_a_pasted_command_names_is_read_only_after_a_yes(tmp_path: Path) -> None:
    secret = tmp_path / "private.txt"
    secret.write_text("for nobody else")
    with ForeignAIRisk() as server:
        async with listed(server, size=LARGE) as person:
            for answer in ("no", "yes"):
                await person.press("escape", "escape", "escape", "p")
                await person.sees("Paste a curl command")
                await person.type(f"curl {server.url}/api/x -d @{secret}")
                await person.press("f5")
                await person.sees("Read these files?", "15 B", "Type yes to read them into the request.")
                await person.type(answer)
                await person.press("enter")
                if answer == "no":
                    await person.sees("Type yes to read the files, or press Esc to cancel.")
                    await person.press("escape")
                    await person.until(lambda: "No files were read." in person.notice, "the words")
                    assert "for nobody else" not in person.screen
            await person.sees("for nobody else")


async def test_enter_in_the_palette_runs_what_was_typed_and_not_what_was_listed_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    search, may_search = Commands.search, asyncio.Event()

    async def search_slowly(commands: Commands, query: str) -> Hits:
        await may_search.wait()
        async for hit in search(commands, query):
            yield hit

    monkeypatch.setattr(Commands, "search", search_slowly)
    with ForeignAIRisk() as server:
        async with listed(server, size=LARGE) as person:
            await act_as_ada(person)
            await person.press("x")
            await person.bar_says("APPLICATION")
            await person.press("ctrl+p")
            await person.sees("Ada Lovelace · u-1", "Act as this user")
            await person.type("list agents")
            await person.press("enter")
            may_search.set()
            await person.sees(f"GET {AGENTS_PATH}")
            await person.bar_says("APPLICATION")


async def test_the_palette_answers_no_question() -> None:
    with ForeignAIRisk() as server:
        async with listed(server, size=LARGE) as person:
            await act_as_ada(person)
            await the_form(person)
            await person.sees("Send POST as Ada Lovelace?")
            await person.press("ctrl+p")
            await person.sees("Go back without sending")
            await person.sees_no("Send the request")


async def test_down_leads_from_the_line_to_the_second_of_a_list() -> None:
    with ForeignAIRisk() as server:
        async with listed(server, size=LARGE) as person:
            await act_as_ada(person)
            await send_agents(person)
            await person.sees("200 OK")
            await person.press("4", "c")
            await person.sees("Compare with")
            menu = person.app.screen.query_one(OptionList)
            assert menu.option_count > 2
            await person.press("down")
            await person.until(lambda: menu.has_focus, "the list")
            assert menu.highlighted == 1
