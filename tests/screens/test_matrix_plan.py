"""A person marks users and endpoints, and sees the plan before anything is sent."""

import os
from pathlib import Path
from threading import Event

import msgspec
import pytest
from textual.command import CommandPalette

from tests.kit import ids
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.matrix import (
    CREATE,
    ended,
    explored,
    go_to_policy,
    mark_endpoint,
    plan,
    policy_file,
    run,
    sandbox,
    start,
    turn,
)
from tests.kit.patience import ENOUGH, PATIENCE
from tests.kit.permissions import AGENTS, people_of
from tests.kit.pilot import Person, listed
from tests.kit.shell import Place
from tests.kit.slow_disk import slow_disk
from tui.access.run_file import RunFile, RunHeader
from tui.sandbox import Sandbox
from tui.screens.matrix.screen import MatrixScreen

MANY_RULES = 3_000
"""So many that they are read for longer than a run takes to begin."""


def asked_by_users(served: Sandbox) -> int:
    """How many requests came in a user's name."""
    return sum(record.identity not in {None, "application"} for record in served.log)


async def test_space_marks_and_unmarks_and_the_frames_count() -> None:
    with sandbox() as served:
        async with explored(served) as person:
            await person.press("space", "space")
            await person.sees("2 marked · 40 users")
            await person.until(lambda: person.screen.count("✓ ") >= 2, "two marks")
            await person.press("up", "space")
            await person.sees("1 marked · 40 users")
            await mark_endpoint(person, "list agents")
            await person.sees("1 marked · 14 endpoints", "✓ GET    List agents")
            await person.press("U")
            await person.sees_no("marked")
            await person.sees_no("✓ GET")


async def test_marks_outlast_a_filter_and_go_with_the_user_not_with_the_line() -> None:
    with sandbox() as served:
        async with explored(served) as person:
            await person.press("slash")
            await person.type("u-000007")
            await person.press("enter", "space")
            await person.sees("1 marked")
            await person.press("slash", "escape", "g")
            await person.sees("1 marked · 40 users")
            await person.until(lambda: "✓" in person.row("u-000007"), "the mark")


async def test_the_plan_remembers_the_last_choices_for_the_deployment(here: Path) -> None:
    policy_file(here / "who.yaml", {"allow": "GET *", "users": "*"})
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await plan(person, rate="70", concurrency="3")
            await person.tab_to("with-anonymous")
            await person.press("space")
            await go_to_policy(person, "who.yaml")
            await person.press("enter")
            await person.sees("4 identities × 3 endpoints")
            await start(person)
        async with listed(server) as person:
            await person.press("m")
            await person.sees("[x] application   [ ] anonymous", "who.yaml (Space: none)", "4 identities × 3 endpoints")
            await person.becomes(
                lambda: [person.text_in(name).strip() for name in ("concurrency", "rate")], ["3", "70"]
            )
        (here / "who.yaml").unlink()
        async with listed(server) as person:
            await person.press("m")
            await person.reads_in(ids.PLAN_WORDS, "cannot be read: No such file")


async def test_users_with_one_role_are_a_choice_which_is_remembered_as_long_as_there_is_the_role() -> None:
    with sandbox() as served:
        async with explored(served) as person:
            auditors = sum(user.role == "Auditor" for user in people_of(served))
            await mark_endpoint(person, "list agents")
            await plan(person)
            await turn(person, "plan-users", f"{auditors} with role “Auditor”")
            await person.sees(f"{auditors + 2} identities × 1 endpoint")
            await start(person)
            await person.press("escape")
            await person.sees_no("Retry")
            await person.press("m")
            await person.sees(f"{auditors} with role “Auditor”", f"{auditors + 2} identities × ")
            await person.press("escape", "1", "slash")
            await person.type("monitor")
            await person.press("enter", "m")
            await person.sees("matching “monitor” ›")


async def test_whoever_is_acted_as_is_a_choice_which_is_remembered() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await person.press("enter")
            await person.bar_says("ACTING AS Ada Lovelace")
            await plan(person)
            await person.sees("‹ all 3 users ›", "5 identities × 3 endpoints")
            await turn(person, "plan-users", "only Ada Lovelace")
            await person.sees("3 identities × 3 endpoints")
            await start(person)
            await person.press("escape")
            await person.sees_no("Retry")
            await person.press("m")
            await person.sees("‹ only Ada Lovelace", "3 identities × 3 endpoints")


async def test_what_is_typed_into_a_number_replaces_it_and_enter_goes_to_one_that_is_not_valid() -> None:
    with sandbox(users=6) as served:
        async with explored(served) as person:
            await person.press("m")
            await person.sees("Access matrix", "8 identities × 5 endpoints")
            await person.tab_to("concurrency")
            await person.type("101")
            await person.becomes(lambda: person.text_in("concurrency").strip(), "101")
            await person.tab_to("rate")
            await person.press("enter")
            await person.sees("Concurrency is not valid. Type a number, 1 to 100.")
            await person.comes_to("concurrency")
            await person.type("2")
            await person.becomes(lambda: person.text_in("concurrency").strip(), "2")


async def test_a_plan_with_agents_shows_who_sees_which() -> None:
    with sandbox(users=6) as served:
        async with explored(served) as person:
            await plan(person)
            await person.tab_to("objects-agent")
            await person.press("space")
            await start(person)
            await person.sees("8 identities × 5 endpoints and 8 agents")
            await person.press("end", *["right"] * 5, "enter")
            await person.sees("agent     ", "request   GET /api/Chat/ListAgents", "listed by GET /api/Chat/ListAgents")
            await person.press("r")
            await ended(person)
            await person.sees("8 identities × 5 endpoints and 8 agents")


async def test_an_open_object_that_nobody_lists_any_more_stays_and_the_card_tells_of_the_latest_cells() -> None:
    with sandbox(users=6) as served:
        async with explored(served) as person:
            await plan(person)
            await person.tab_to("objects-agent")
            await person.press("space")
            await start(person)
            await person.sees("8 identities × 5 endpoints and 8 agents")
            screen = person.app.screen
            assert isinstance(screen, MatrixScreen)
            assert " endpoints" in screen.access_of("u-000001")
            told = screen.access_of
            await person.press("end", *["right"] * 5, "enter")
            await person.sees("agent     ", "request   GET /api/Chat/ListAgents")
            run = screen._run
            for key, cell in [*run.file.cells.items()]:
                run.file.cells[key] = msgspec.structs.replace(cell, listed=None)
            run._lacks_objects = True
            run._draw()
            await person.until(lambda: len(run.board.columns) == 5, "no objects")
            await person.sees("agent     ", "request   GET /api/Chat/ListAgents")
            assert " of 5 endpoints" in told("u-000001")


async def test_a_plan_that_is_left_while_its_run_is_made_leaves_no_run_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    begin, has_begun, may_end = RunFile.start, Event(), Event()

    def begin_slowly(file: RunFile, head: RunHeader) -> None:
        begin(file, head)
        has_begun.set()
        may_end.wait(ENOUGH)

    with sandbox() as served:
        async with explored(served) as person:
            await mark_endpoint(person, "list agents")
            await plan(person)
            monkeypatch.setattr(RunFile, "start", begin_slowly)
            await person.press("enter")
            await person.until(has_begun.is_set, "a run that is being made")
            await person.press("escape")
            await person.sees_no("Access matrix")
            may_end.set()
            await plan(person)
            await start(person)


async def test_enter_right_after_a_file_was_chosen_or_a_plan_with_one_was_opened_starts_with_that_file(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.app.input_queue._LONGEST", PATIENCE)
    policy_file(here / "who.yaml", *({"allow": f"GET /{number}", "users": "*"} for number in range(MANY_RULES)))
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await plan(person)
            await go_to_policy(person, "who.yaml")
            await person.press("enter", "enter")
            await person.sees("policy who.yaml", "r Retry")
            await person.press("escape")
            await person.sees_no("r Retry")
            await person.press("m", "enter")
            await person.sees("policy who.yaml", "r Retry")


async def test_what_is_opened_over_a_plan_that_begins_is_closed_with_it() -> None:
    with sandbox() as served:
        async with explored(served) as person:
            await mark_endpoint(person, "list agents")
            await plan(person)
            async with slow_disk():
                await person.press("enter", "ctrl+p")
                await person.sees("Search for commands")
            await ended(person)
            await person.press("escape")
            await person.sees("1 Users", "2 Explorer")
            await person.sees_no("Access matrix")


async def test_a_palette_that_is_closed_before_it_is_there_ends_nothing() -> None:
    with sandbox() as served:
        async with explored(served) as person:
            await person.press("h")
            await person.sees("─ History ─")
            history = person.app.screen
            person.app.push_screen(CommandPalette())
            history.dismiss(None)
            await person.sees("1 Users", "2 Explorer")
            await person.press("f1")
            await person.sees("Esc closes")


async def test_the_plan_says_what_would_be_asked_and_sends_nothing() -> None:
    with sandbox() as served:
        async with explored(served) as person:
            await person.press("space", "space")
            await mark_endpoint(person, "list agents")
            await plan(person)
            await person.sees("2 marked", "1 marked endpoint", "4 identities × 1 endpoint at 127.0.0.1")
            await person.sees("4 GET, plus 4 sign-in requests: about 0:01")
            await person.bar_says("APPLICATION")
            await turn(person, "plan-endpoints", "all read-only endpoints")
            await person.sees("4 identities × 5 endpoints", "skipped GET", "conversationId is required")
            await person.tab_to("with-anonymous")
            await person.press("space")
            await person.sees("3 identities × 5 endpoints")
            await person.press("escape")
            await person.sees_no("Access matrix")
            await act_as_somebody(person)
            assert asked_by_users(served) == 0


async def act_as_somebody(person: Person) -> None:
    """Ask AIRisk for what comes later than anything that was asked before."""
    await person.press("1", "enter")
    await person.bar_says("ACTING AS")


async def test_a_sample_or_everybody_in_the_filter() -> None:
    with sandbox(users=60) as served:
        async with explored(served) as person:
            await person.press("slash")
            await person.type("monitor")
            await person.press("enter", "m")
            await person.sees("matching “monitor”")
            await person.press("escape", "slash", "escape", "m")
            await person.sees("random sample of 60 users:", "22 identities × 5 endpoints")
            await person.tab_to(ids.SAMPLE)
            await person.press("end", "ctrl+u", "7")
            await person.sees("9 identities × 5 endpoints")
            await person.press("ctrl+u", "x")
            await person.sees("The number of users is not valid. Type a number, 1 or more.")
            await person.tab_to("concurrency")
            await person.press("enter")
            await person.comes_to(ids.SAMPLE)
            await person.becomes(lambda: person.text_in(ids.SAMPLE).strip(), "")
            await turn(person, "plan-users", "all 60 users")
            await person.sees("62 identities × 5 endpoints")


async def test_what_may_change_things_is_left_out_until_it_is_ticked() -> None:
    with sandbox() as served:
        async with explored(served) as person:
            await person.press("g", "space")
            await mark_endpoint(person, "create conversation")
            await mark_endpoint(person, "list agents")
            await plan(person)
            await person.sees("3 GET,", f"skipped {CREATE}: may change data")
            await person.tab_to("unsafe-0")
            await person.press("space")
            await person.sees("agentId is required")


async def test_read_only_forbids_what_may_change_things() -> None:
    with sandbox() as served:
        async with explored(served, AIRISK_READ_ONLY="true") as person:
            await person.press("g", "space")
            await mark_endpoint(person, "create conversation")
            await plan(person)
            await person.sees("blocked: read-only", "No endpoint to send a request to.")
            await person.press("enter", "enter", "escape")
            await person.sees_no("No endpoint to send a request to.")
            await act_as_somebody(person)
            assert asked_by_users(served) == 0


async def test_the_reason_is_requested_where_one_is_required() -> None:
    with sandbox() as served:
        async with explored(served, AIRISK_REQUIRE_REASON="true") as person:
            await person.press("g", "space")
            await plan(person)
            await person.sees("Acting as users requires a reason.")
            await person.tab_to("rate")
            await person.press("enter")
            await person.comes_to(ids.REASON)
            await person.sees("Acting as users requires a reason.")
            assert asked_by_users(served) == 0
            await person.type("INC-7")
            await person.sees_no("requires a reason")
            await start(person)
            assert asked_by_users(served) > 0


async def test_a_request_goes_out_as_it_was_typed() -> None:
    with sandbox() as served:
        async with explored(served) as person:
            await person.press("2", "slash")
            await person.type("get conversation conversationid")
            await person.press("enter")
            await person.type("c-000000-00")
            await person.press("escape", "escape", "1", "g", "space", "space")
            await mark_endpoint(person, "get conversation conversationid")
            await run(person)
            await person.sees("4 identities × 1 endpoint")
            asked = [record.path for record in served.log if record.identity not in {None, "application"}]
            assert set(asked) == {"/api/Chat/GetConversation/c-000000-00"}


async def test_production_wants_its_label_before_anything_is_changed() -> None:
    with ForeignAIRisk() as server:
        async with listed(server, AIRISK_LABEL="production") as person:
            await person.press("space", "2", "slash")
            await person.type("submit feedback")
            await person.press("enter")
            for words in ("c-1", "m-1"):
                await person.type(words)
                await person.press("tab")
            await person.press("enter", "down", "enter")
            await person.press("escape")
            await mark_endpoint(person, "submit feedback")
            await plan(person)
            await person.tab_to("unsafe-0")
            await person.press("space")
            await person.sees("3 POST")
            await person.press("enter")
            await person.sees("Type production to confirm")
            await person.sees(
                "/api/Chat/SubmitFeedback?conversationId=c-1", "3 identities: application, anonymous, Ada"
            )
            await person.type("yes")
            await person.press("enter", "escape")
            await person.sees_no("Type production to confirm")
            assert not any("SubmitFeedback" in request.path for request in server.requests)
            await person.press("enter")
            await person.sees("Type production to confirm")
            await person.type("production")
            await person.press("enter")
            await person.sees("Feedback", "Retry")
            assert sum("SubmitFeedback" in request.path for request in server.requests) == 3


async def test_what_the_command_line_has_asked_is_known_on_the_screen(place: Place) -> None:
    with ForeignAIRisk() as server:
        place.reach(server)
        place.tell(XDG_STATE_HOME=os.environ["XDG_STATE_HOME"])
        asked = place.run("matrix", "--all", "--also-as", "application,anonymous", "--endpoint", AGENTS, "--rate", "0")
        assert asked.code == 0, asked.err
        async with listed(server) as person:
            await mark_endpoint(person, "list agents")
            await plan(person)
            await person.sees("start over and discard saved results", "5 identities × 1 endpoint")
            await turn(person, "begin", "show the results tested")
            sent = len(server.requests)
            await start(person)
            await person.sees("· 5 identities × 1 endpoint", "A 3 allowed")
            assert len(server.requests) == sent
