"""A person becomes a user, another one, the one before, and themself again; the bar never says what is not so."""

import pytest

from tests.kit import ids
from tests.kit.asking import AGENTS_PATH, Way, act_as, open_agents, request_line
from tests.kit.deployment.dialect import SHORT_LIST_PATH, Dialect
from tests.kit.deployment.faults import answers
from tests.kit.deployment.foreign import AUTHORIZE_PATH, TOKEN_PATH, ForeignAIRisk
from tests.kit.deployment.tokens import GENERIC
from tests.kit.pilot import Person, listed
from tui.sandbox import Options, Sandbox


async def test_the_bar_tells_who_and_how_sure_that_is_and_the_list_is_the_applications_own() -> None:
    with ForeignAIRisk(Dialect(token_form="jwt")) as server:
        async with listed(server) as person:
            await act_as(person, "Grace")
            await person.bar_says(
                "ACTING AS Grace Hopper · u-2 · token confirmed", f"127.0.0.1:{server.port}", "token "
            )
            await person.sees("● Grace Hopper", "1 of 3", "✓ Now acting as Grace Hopper · u-2.")
            before = _lists(server)
            await person.press("ctrl+r")
            await person.until(lambda: _lists(server) > before, "a list")
            lists = [request for request in server.requests if request.path == SHORT_LIST_PATH]
            assert {request.identity for request in lists} == {GENERIC}
            await person.bar_says("ACTING AS Grace")


async def test_a_refused_user_is_reported_by_name_and_the_old_identity_stays() -> None:
    with ForeignAIRisk(Dialect(forbidden_users=frozenset({"u-3"}))) as server:
        async with listed(server) as person:
            await act_as(person, "Grace")
            await person.press("escape", "slash", "ctrl+u")
            await person.type("edsger")
            await person.press("enter", "enter")
            await person.until(lambda: "would not sign in as Edsger Dijkstra · u-3" in person.notice, "the words")
            await person.bar_says("ACTING AS Grace Hopper · u-2 · token not confirmed")
            await person.until(lambda: "SIGNING IN" not in person.bar, "no sign-in")
            await person.press("escape")
            await person.until(lambda: not person.notice, "no more words")


async def test_after_a_refused_switch_placeholders_stand_for_the_user_acted_as() -> None:
    with ForeignAIRisk(Dialect(forbidden_users=frozenset({"u-3"}))) as server:
        async with listed(server, size=(140, 52)) as person:
            await act_as(person, "Grace")
            await open_agents(person)
            await person.press("f6")
            await person.tab_to(ids.RAW_TARGET)
            await person.type("?mail={{user.email}}")
            await person.until(lambda: "mail=grace%40example.com" in request_line(person), "her address")
            await person.press("escape", "escape", "1", "slash", "end", "ctrl+u")
            await person.type("edsger")
            await person.press("enter", "enter")
            await person.until(lambda: "would not sign in as Edsger" in person.notice, "the refusal")
            await person.press("3", "f5")
            await person.until(
                lambda: any(each.target.endswith("mail=grace%40example.com") for each in server.requests),
                "what was shown",
            )


async def test_a_token_for_somebody_else_is_refused() -> None:
    with ForeignAIRisk(Dialect(token_form="jwt", token_subject="u-3")) as server:
        async with listed(server) as person:
            await person.press("enter")
            await person.until(lambda: "AIRisk issued a token for" in person.notice, "the words")
            await person.bar_says("APPLICATION")


async def test_enter_pressed_twice_signs_in_once() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            server.breaks(TOKEN_PATH, "never_answers", times=1)
            tokens = _tokens(server)
            await person.press("enter")
            await person.until(lambda: _tokens(server) > tokens, "the second step")
            lists = _lists(server)
            await person.press("enter", "ctrl+r")
            await person.until(lambda: _lists(server) > lists, "a list, asked for later")
            await person.bar_says("SIGNING IN as Ada")
            assert _asked(server, AUTHORIZE_PATH, "u-1") == 1
            await person.press("escape", "enter")
            await person.bar_says("ACTING AS Ada Lovelace")
            lists = _lists(server)
            await person.press("enter", "ctrl+r")
            await person.until(lambda: _lists(server) > lists, "a list, asked for later than a sign-in would have been")
            assert _asked(server, AUTHORIZE_PATH, "u-1") == 2


async def test_the_cursor_goes_to_whom_the_palette_acts_as_if_the_list_shows_them() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            for sorting in ((), ("t", "t", "T")):
                await person.press("1", *sorting)
                for name, row in (("Edsger", "› u-3"), ("Grace", "› u-2")):
                    await person.press("colon", *name, "enter")
                    await person.bar_says(f"ACTING AS {name}")
                    await person.sees(row)
            await person.press("slash", *"edsger", "down", "colon", *"ada", "enter")
            await person.bar_says("ACTING AS Ada")
            await person.sees("1 of 3", "› u-3")


async def test_who_is_acted_as_already_is_not_acted_as_again() -> None:
    with ForeignAIRisk() as server:
        async with listed(server, AIRISK_REQUIRE_REASON="true") as person:
            await person.press("enter")
            await person.sees("─ Reason ─")
            await person.type("Ticket 4711\r")
            await person.bar_says("ACTING AS Ada Lovelace")
            words = "You already act as Ada Lovelace · u-1. Press 2 to explore, x to stop."
            await person.press("enter")
            await person.until(lambda: words in person.notice, "why nothing happens")
            await person.press("escape")
            await person.until(lambda: not person.notice, "no more words")
            await person.press("colon", *"ada", "enter")
            await person.until(lambda: words in person.notice, "the same for the palette")
            assert _asked(server, AUTHORIZE_PATH, "u-1") == 1


async def test_choosing_the_active_user_again_cancels_a_switch_to_somebody_else() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await person.press("enter")
            await person.bar_says("ACTING AS Ada Lovelace")
            server.breaks(TOKEN_PATH, "never_answers")
            await person.press("j", "enter")
            await person.bar_says("SIGNING IN as Grace Hopper")
            await person.press("k", "enter")
            await person.until(lambda: "You already act as Ada Lovelace" in person.notice, "the words")
            await person.until(lambda: person.who.startswith("ACTING AS Ada"), "the bar")


async def test_esc_between_code_and_token_adopts_nothing() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            server.breaks(TOKEN_PATH, "never_answers")
            before = _tokens(server)
            await person.press("enter")
            await person.until(lambda: _tokens(server) > before, "the second step")
            await person.bar_says("SIGNING IN as Ada Lovelace · u-1 … Esc cancels · still APPLICATION")
            await person.press("escape")
            await person.until(lambda: "Canceled." in person.notice, "the words")
            await person.until(lambda: person.who == "APPLICATION", "the bar")
            await person.stays(lambda: person.who == "APPLICATION" and "●" not in person.screen, "nobody acted as")
            server.mends(TOKEN_PATH)
            await person.press("enter")
            await person.bar_says("ACTING AS Ada Lovelace")


async def test_esc_cancels_signing_in_for_a_request_of_the_history_too() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await act_as(person, "Ada")
            await open_agents(person)
            await person.press("f5")
            await person.sees("200 OK")
        async with listed(server) as person:
            server.breaks(TOKEN_PATH, "never_answers")
            await person.press("h")
            await person.sees("resend as before, as Ada Lovelace")
            await person.press("R")
            await person.bar_says("SIGNING IN as Ada Lovelace · u-1 … Esc cancels · still APPLICATION")
            await person.press("escape")
            await person.until(lambda: "Canceled." in person.notice, "the words")
            await person.until(lambda: person.who == "APPLICATION", "the bar")


async def test_another_choice_while_signing_in_wins() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            server.breaks(AUTHORIZE_PATH, "never_answers", times=1)
            await person.press("enter")
            await person.bar_says("SIGNING IN as Ada")
            await person.press("j", "enter")
            await person.bar_says("ACTING AS Grace Hopper · u-2")
            assert "u-1" not in server.issued


async def test_x_works_with_airisk_gone_and_what_is_sent_right_after_it_is_the_applications_own() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await act_as(person, "Grace")
            await open_agents(person)
            await person.press("x", "f5")
            await person.sees("401 Unauthorized · as application")
            asked = [request.identity for request in server.requests if request.path == AGENTS_PATH]
            assert set(asked) == {GENERIC}

            await person.press("minus")
            await person.bar_says("ACTING AS Grace")
            await person.press("f5")
            await person.sees("200 OK · as Grace Hopper · u-2")
            server.breaks("*", "resets_before_answer")
            await person.press("x")
            await person.bar_says("APPLICATION")
            await person.sees_no("●")
            await person.until(lambda: "Stop acting" not in person.footer, "the footer")
            await person.sees("200 OK · as Grace Hopper · u-2")


async def history(person: Person) -> None:
    await person.press("escape", "h")
    await person.sees("ListAgents", "F5 Resend")


async def history_filter(person: Person) -> None:
    await history(person)
    await person.press("slash", "x")
    await person.sees("0 of 1 request")
    await person.bar_says("ACTING AS Grace")
    await person.press("escape", "down")


async def comparison(person: Person) -> None:
    await person.press("escape", "4", "c")
    await person.sees("Compare with")
    await person.type("application")
    await person.press("enter")
    await person.sees("Grace: 200 OK, JSON.")


async def matrix(person: Person) -> None:
    await person.press("escape", "m")
    await person.sees("Access matrix")
    await person.press("enter")
    await person.sees(" allowed ", "r Retry")


async def cell(person: Person) -> None:
    await matrix(person)
    await person.press("enter")
    await person.sees("because ", "F5 Response")


async def check(person: Person) -> None:
    await person.press("f2")
    await person.sees("All checks passed.")


@pytest.mark.parametrize("go", [history, history_filter, comparison, matrix, cell, check])
async def test_x_stops_acting_on_every_screen_and_changes_nothing_else_there(go: Way) -> None:
    with ForeignAIRisk() as server:
        async with listed(server, size=(120, 40)) as person:
            await act_as(person, "Grace")
            await open_agents(person)
            await person.press("f5")
            await person.sees("200 OK · as Grace Hopper · u-2")
            await go(person)
            await person.until(lambda: "x Stop acting" in person.footer, "the key")
            screen, sent = person.app.screen, len(server.requests)
            await person.press("x")
            await person.bar_says("APPLICATION")
            await person.until(lambda: "Stop acting" not in person.footer, "the footer without the key")
            await person.stays(
                lambda: (person.app.screen, len(server.requests)) == (screen, sent), "screen, and nothing"
            )


async def test_minus_goes_back_and_forth() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await person.until(lambda: "- Previous" not in person.footer, "the footer")
            await act_as(person, "Grace")
            await act_as(person, "Ada")
            for name in ("Grace", "Ada", "Grace"):
                await person.press("minus")
                await person.bar_says(f"ACTING AS {name}")
            await person.press("x")
            await person.bar_says("APPLICATION")
            await person.press("minus")
            await person.bar_says("ACTING AS Grace")


async def test_a_switch_cancels_the_request_in_flight_and_its_response_is_never_shown_as_the_new_ones() -> None:
    with Sandbox(Options(users=20)) as sandbox:
        async with listed(sandbox, USER_ID=sandbox.options.user_id) as person:
            await person.press("enter")
            await person.bar_says("ACTING AS")
            first = person.bar.split(" · ")[1]
            await open_agents(person)
            sandbox.faults.switch_on("hang")
            await person.press("f5")
            await person.sees(f"… GET {AGENTS_PATH}", "Esc cancels")
            sandbox.faults.clear()
            await person.press("1", "j", "enter")
            await person.until(lambda: "ACTING AS" in person.bar and first not in person.bar, "somebody else")
            await person.sees("Canceled. AIRisk may already have processed the request.")
            await person.until(lambda: first in person.row(f"GET {AGENTS_PATH} as "), "in whose name")
            assert "200 OK" not in person.screen


async def test_an_authorize_that_breaks_or_knows_the_user_no_more_leaves_all_as_it_was() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            for fault in ("captive_portal", answers(500), "short_body"):
                server.breaks(AUTHORIZE_PATH, fault)
                await person.press("escape", "enter")
                await person.until(lambda: "✗" in person.notice, "the words")
                await person.until(lambda: person.bar.strip().startswith("APPLICATION"), "the application")
                await person.sees("3 users")
            server.mends(AUTHORIZE_PATH)
            server.remove_user("u-1")
            await person.press("escape", "enter")
            await person.until(lambda: "Ada Lovelace · u-1" in person.notice, "the words")
            await person.bar_says("APPLICATION")
            await person.sees("3 users")


def _lists(server: ForeignAIRisk) -> int:
    return sum(request.path == SHORT_LIST_PATH for request in server.requests)


def _tokens(server: ForeignAIRisk) -> int:
    return sum(request.path == TOKEN_PATH for request in server.requests)


def _asked(server: ForeignAIRisk, path: str, userid: str) -> int:
    return sum(request.path == path and ("userid", userid) in request.query for request in server.requests)
