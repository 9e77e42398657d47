"""A person finds somebody in the list, whatever AIRisk made of it."""

from threading import Event

import pytest

from tests.kit import ids
from tests.kit.clock import SteadyClock
from tests.kit.deployment.dialect import SHORT_LIST_PATH, Dialect
from tests.kit.deployment.faults import answers, answers_json, comes_in_two
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.deployment.shapes import NOT_PEOPLE, ListStyle
from tests.kit.deployment.shapes import Person as Listed
from tests.kit.pilot import Person, listed, opened
from tui.errors import AuditError
from tui.sandbox import Options, Sandbox
from tui.text import set_apart_id

HTML = answers(200, b"<html>starting</html>", ("Content-Type", "text/html"))

NO_LISTS = (
    (HTML, "not JSON (text/html)"),
    ("truncated_json", "is not JSON"),
    ("deep_nest", "is not JSON"),
    (answers_json(b'{"message": "nothing here"}'), "contains no list"),
    (answers(500, b"oops"), "returned 500"),
    (answers(403), "returned 403"),
    ("resets_mid_body", "was closed before the response"),
)


async def test_what_is_no_list_is_reported_in_words_and_ctrl_r_asks_again() -> None:
    with ForeignAIRisk(faults={SHORT_LIST_PATH: answers(500)}) as server:
        async with opened(server) as person:
            await person.until(lambda: "returned 500" in person.notice, "the first words")
            for fault, words in NO_LISTS:
                server.breaks(SHORT_LIST_PATH, fault)
                await person.press("escape", "ctrl+r")
                await person.until(lambda: words in person.notice, words)  # noqa: B023
                await person.sees("Press Ctrl+R to retry", "not loaded", "APPLICATION")
            server.mends(SHORT_LIST_PATH)
            await person.press("ctrl+r")
            await person.sees("3 users", "Ada Lovelace")


async def test_a_deployment_without_users_says_what_that_may_mean() -> None:
    with ForeignAIRisk(Dialect(people=())) as server:
        async with opened(server) as person:
            await person.sees("No users.", "The deployment may be empty", "not be allowed to list users.", "0 users")


async def test_a_refresh_leaves_the_cursor_the_filter_and_where_it_fails_the_list() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            server.breaks(SHORT_LIST_PATH, HTML)
            await person.press("ctrl+r")
            await person.sees("not JSON (text/html)")
            await person.sees("Ada Lovelace", "Grace Hopper", "3 users")
            server.breaks(SHORT_LIST_PATH, "never_answers")
            await person.press("ctrl+r")
            await person.sees("Loading users")
            await person.press("escape")
            await person.sees("Canceled.", "3 users")

            server.mends(SHORT_LIST_PATH)
            await person.press("j")
            await is_on(person, "u-2")
            server.add_user(Listed("u-0", "Newest"))
            await person.press("ctrl+r")
            await person.sees("4 users", "Newest", "✓ Reloaded: 4 users.")
            await is_on(person, "u-2")

            await person.press("slash")
            await person.type("hopper")
            await person.press("enter")
            await person.bar_says("ACTING AS Grace Hopper")
            server.add_user(Listed("u-00", "Another", "Hopper"))
            await person.press("ctrl+r")
            await person.sees("2 of 5", "Another Hopper", "✓ Reloaded: 5 users.")


async def test_what_was_told_while_a_list_came_is_not_replaced_by_the_words_that_it_has_come(
    steady_clock: SteadyClock,
) -> None:
    gate = Event()
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            server.breaks(SHORT_LIST_PATH, comes_in_two(b'[{"id": "u-7", ', b'"name": "Lin"}]', gate))
            await person.press("ctrl+r")
            await person.sees("Loading users")
            await person.press("enter")
            await person.sees("✓ Now acting as Ada Lovelace")
            gate.set()
            await person.sees("1 user ─", "Lin", "✓ Now acting as Ada Lovelace")


async def test_nobody_is_acted_as_in_a_session_that_was_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(*_: object, **__: object) -> None:
        raise AuditError("The audit trail cannot be written.")

    with ForeignAIRisk() as server:
        async with listed(server) as person:
            main = person.app.deployments.main
            assert main
            monkeypatch.setattr("tui.screens.main.session_controller.connect", refuse)
            main.session.connect()
            await person.sees("NOT SIGNED IN", "Ada Lovelace")
            await person.press("enter")
            await person.sees("! Not signed in. Press Ctrl+R to sign in again.")
            assert server.issued == ["(generic)"]


async def is_on(person: Person, user: str) -> None:
    """Wait until the cursor is on that user."""
    await person.sees(f"› {user} ")


async def test_enter_acts_as_the_only_match_and_nothing_else_does() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            for text, keys in (("a", "enter"), ("hopper", "down"), ("hopper", "escape")):
                await person.press("slash", "end", "ctrl+u")
                await person.type(text)
                await person.press(keys)
                await person.stays(lambda: person.who == "APPLICATION", "nobody acted as")
            await person.press("escape", "escape", "slash", "end", "ctrl+u")
            await person.type("hopper")
            await person.press("enter")
            await person.bar_says("ACTING AS Grace Hopper")
            await person.comes_to(ids.USERS_TABLE)
            assert server.issued.count("u-2") == 1


async def test_esc_clears_the_filter_and_goes_to_the_list_and_a_slash_asks_for_it_again() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            for key, user in (("G", "u-3"), ("k", "u-2"), ("g", "u-1"), ("G", "u-3")):
                await person.press(key)
                await is_on(person, user)
            await person.press("slash")
            await person.type("a")
            await person.press("enter")
            await person.comes_to(ids.USERS_TABLE)
            await is_on(person, "u-1")

            await person.press("slash", "ctrl+u")
            await person.type("grace")
            await person.sees("1 of 3")
            await person.press("escape")
            await person.sees("3 users")
            await person.comes_to(ids.USERS_TABLE)

            await person.press("slash")
            await person.type("jkxmhy-/?:1234")
            await person.sees("│ jkxmhy-/?:1234", "0 of 3")
            await person.reads_in(ids.USERS_TABLE, "No matching users. Press Esc to clear the filter.")
            await person.press("escape")
            await is_on(person, "u-2")  # where the cursor was before
            await person.type("/gra")
            await person.sees("│ gra ", " 1 of 3 ")
            await person.press("escape", "escape", "2")
            await person.comes_to(ids.ENDPOINTS)
            await person.type("//chat/ask")
            await person.sees("│ /chat/ask ", "Ask agent")


async def test_strangers_in_the_list_are_counted_and_the_others_shown() -> None:
    with ForeignAIRisk(Dialect(list_style=ListStyle(other_entries=NOT_PEOPLE))) as server:
        async with opened(server, size=(160, 40)) as person:
            await person.sees("Ada Lovelace", "3 users · 8 of 11 entries were not users")


async def test_the_list_narrows_while_typing_and_counts() -> None:
    with Sandbox(Options(users=200)) as sandbox:
        async with listed(sandbox) as person:
            await person.press("slash")
            await person.type("ha")
            await person.sees(" of 200 ─")
            broad = _count(person)
            await person.type("n")
            await person.until(lambda: _count(person) < broad, "fewer")
            await person.press("backspace")
            await person.until(lambda: _count(person) == broad, "as many as before")


def _count(person: Person) -> int:
    row = person.row(" of 200 ─")
    return int(row.split(" of 200 ─")[0].split()[-1]) if row else 200


async def test_all_that_is_typed_in_one_burst_arrives_where_it_leads() -> None:
    with ForeignAIRisk() as server:
        async with listed(server, USER_ID="u-3") as person:
            for key in ("slash", *"hop", "enter", "enter"):
                person.app.simulate_key(key)
            await person.bar_says("ACTING AS Grace Hopper · u-2")
        assert "u-3" not in server.issued


async def test_ids_are_shown_and_sent_as_they_came() -> None:
    from tests.kit.deployment.shapes import AWKWARD_PEOPLE

    with ForeignAIRisk(Dialect(people=AWKWARD_PEOPLE)) as server:
        async with listed(server) as person:
            for place, each in enumerate(AWKWARD_PEOPLE):
                await person.press("g", *["j"] * place, "enter")
                await person.bar_says(f"ACTING AS {each.name} · {set_apart_id(each.identity, 64)} ")
            assert [identity for identity in server.issued if identity in {one.identity for one in AWKWARD_PEOPLE}] == [
                each.identity for each in AWKWARD_PEOPLE
            ]
