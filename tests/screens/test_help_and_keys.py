"""A person finds out what can be done: footer, help, palette, mouse; and leaves whenever they like."""

import pytest
from textual import events
from textual.widgets import Input

from tests.kit import ids
from tests.kit.asking import request_line
from tests.kit.deployment.foreign import TOKEN_PATH, ForeignAIRisk
from tests.kit.pilot import Person, listed, opened
from tui.key_labels import active_bindings, words_of


async def test_help_has_a_line_for_every_key_that_acts_and_the_palette_none_for_what_only_moves() -> None:
    with ForeignAIRisk() as server:
        async with listed(server, size=(120, 80)) as person:
            await person.sees("Enter acts as this user")  # Beside the card, no key scrolls a response.
            screen = person.app.screen
            expected = {words_of(active) for active in active_bindings(screen)}
            await person.press("question_mark")
            await person.sees("Keys", "Moving", "Terms")

            def missing() -> set[str]:
                joined = " ".join(person.text_in(ids.HELP, joint=" ").replace("│", " ").split())
                return {words for words in {*expected, "Ctrl+Q Quit"} if words not in joined}

            await person.becomes(missing, set())
            await person.bar_says("APPLICATION")

            await person.press("escape", "colon")
            await person.sees("Search for commands", "Filter")
            assert "creenshot" not in person.screen
            assert "page down" not in person.screen
            await person.type("screenshot")
            await person.sees_no("Filter the list in focus")
            await person.sees_no("Save")


async def test_help_says_in_plain_words_what_the_keys_of_the_library_do() -> None:
    with ForeignAIRisk() as server:
        async with listed(server, size=(120, 40)) as person:
            await person.press("question_mark")
            await person.type("scroll one page left")
            await person.sees("Scroll one page left")
            await person.press("escape", "escape")
            await person.press("3", "f6")
            await person.tab_to(ids.RAW_HEADERS)
            await person.until(lambda: "Go to the start of the line" in _words(person), "the keys of a text")
            strange = {words for words in _words(person) if words.istitle() and " " in words}
            assert not strange | {words for words in _words(person) if words.startswith("Cursor ")}


def _words(person: Person) -> set[str]:
    """What the keys that act do, in words."""
    return {words_of(active) for active in active_bindings(person.app.screen)}


async def test_help_is_found_by_typing_and_left_by_any_of_the_keys_one_would_try() -> None:
    with ForeignAIRisk() as server:
        async with listed(server, size=(88, 30)) as person:
            await person.press("2", "question_mark")
            await person.sees("This pane: Explorer", "Add to or remove from favorites")
            await person.type("against a policy")
            await person.sees("All keys: Matrix")
            await person.sees_no("This pane")
            await person.type("zz")
            await person.sees("No matches")
            await person.press("escape")
            await person.sees("This pane")
            await person.type("ctrl+enter")
            await person.sees("F5 Ctrl+Enter Ctrl+J  Send")
            await person.press("escape")
            await person.sees("This pane")
            await person.press("escape")
            await person.comes_to(ids.ENDPOINTS)

            await person.press("1", "question_mark")
            for _ in range(2):  # Words are broken alike before and after a search.
                await person.sees("Keys of this screen", f"{'code, token, list':66}│")
                await person.type("zzz")
                await person.sees("No matches")
                await person.press("escape")
            await person.press("escape")
            for key in ("escape", "question_mark", "f1"):
                await person.comes_to(ids.USERS_TABLE)
                await person.press("question_mark")
                await person.sees("Esc closes")
                await person.press("down", "pageup", key)
                await person.sees_no("Esc closes")
            await person.comes_to(ids.USERS_TABLE)


async def test_the_palette_finds_a_command_by_its_words_and_runs_it() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await person.press("ctrl+p")
            await person.sees("Search for commands")
            await person.type("reload the user list")
            await person.sees("Reload users           Ctrl+R   Reload the user list")
            await person.press("escape", "ctrl+p")
            await person.type("go to the explorer")
            await person.sees("Go to the explorer")
            await person.press("enter")
            await person.comes_to(ids.ENDPOINTS)
            await person.press("ctrl+p")
            await person.type("theme")
            await person.sees("Choose the colors, now airisk-dark")
            await person.press("escape")
            await person.press("ctrl+p")
            await person.type("quit")
            await person.sees("Quit the application")
            await person.press("enter")
            await person.until(lambda: not person.app.is_running, "the end")


async def test_the_palette_names_its_own_keys_and_no_others() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await person.press("ctrl+p")
            await _names_only_the_keys_of_a_palette(person, "Search for commands")
            await person.type("theme")
            await person.sees("Choose the colors")
            await person.press("enter")
            await _names_only_the_keys_of_a_palette(person, "Search for themes")
            await person.press("escape")
            await person.until(lambda: "Filter" in person.footer, "the keys of the list")
            await person.press("ctrl+p")
            await person.type("go to the")
            await person.sees("Go to the explorer")
            await person.press("down", "enter")
            await person.comes_to(ids.ENDPOINTS)


async def _names_only_the_keys_of_a_palette(person: Person, words: str) -> None:
    await person.sees(words)
    await person.until(lambda: person.footer.strip() == "↑↓ Choose  ⏎ Run  Esc Cancel", "the palette's keys")
    await person.bar_says("APPLICATION")


async def test_the_footer_offers_only_what_can_be_done() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await person.until(lambda: _offered(person) == {"Act as", "Filter", "Help"}, "the footer")
            await person.press("slash")
            await person.type("zzz")
            await person.press("enter")
            await person.until(lambda: "Act as" not in person.footer and "Filter" in person.footer, "nobody offered")
            await person.press("slash", "escape")
            await person.until(lambda: "Act as" in person.footer, "the footer")
            await person.press("enter")
            await person.bar_says("ACTING AS")
            await person.until(lambda: "Stop acting" in person.footer, "x offered")
            expected = {"Filter", "Previous", "Stop acting", "Help"}
            await person.until(lambda: _offered(person) == expected, "the footer")
            await person.press("2", "enter")
            await person.until(lambda: "Send" in person.footer, "Send offered")
            await person.press("x")
            await person.until(
                lambda: "Stop acting" not in person.footer and "Previous" in person.footer, "x no longer offered"
            )


def _offered(person: Person) -> set[str]:
    known = {"Act as", "Filter", "Previous", "Stop acting", "Send", "Help", "Open", "Headers", "Clear", "To the list"}
    return {words for words in known if words in person.footer}


async def test_the_mouse_chooses_a_row_presses_the_button_and_goes_to_a_pane() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await person.click("Grace Hopper  ")
            await person.until(lambda: "› u-2" in person.row("Grace Hopper"), "the cursor where it was clicked")
            await person.press("2")
            await person.click("Grace Hopper  ")
            await person.comes_to(ids.USERS_TABLE)
            await person.stays(lambda: person.bar.startswith(" APPLICATION"), "the application")
            await person.click("Grace Hopper  ", times=2)
            await person.bar_says("ACTING AS Grace Hopper")
            await person.click("List agents")
            await person.until(lambda: "/api/Chat/ListAgents" in request_line(person), "the form")
            await person.click(" Send ")
            await person.sees("200 OK · as Grace Hopper")
            await person.click("Agent 1 of Grace")
            await person.comes_to(ids.TABLE)


async def test_what_is_typed_before_a_click_is_not_typed_into_what_is_clicked() -> None:
    with ForeignAIRisk() as server:
        async with opened(server, secret="", AIRISK_URL="", CLIENT_ID="") as person:
            await person.sees("Client secret")
            for label, text in (("Client ID", "the client"), ("Client secret", "the secret"), ("User ID", "u-2")):
                row, line = next((row, line) for row, line in enumerate(person.lines) if label in line)
                for kind in (events.MouseDown, events.MouseUp):
                    place = line.index(label) + 25
                    person.app.post_message(kind(None, place, row, 0, 0, 1, shift=False, meta=False, ctrl=False))
                for character in text:
                    person.app.post_message(events.Key(character, character))
            await person.sees("the client", "•" * len("the secret"), "u-2")
            entered = {field.id: field.value for field in person.app.screen.query(Input)}
            typed = {ids.CLIENT_ID: "the client", ids.CLIENT_SECRET: "the secret", ids.USER_ID: "u-2"}
            assert {name: entered[name] for name in typed} == typed


@pytest.mark.parametrize("under_way", ["list", "sign-in", "request"])
async def test_quitting_waits_for_nothing(under_way: str) -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            server.breaks("*" if under_way != "sign-in" else TOKEN_PATH, "never_answers")
            asked = len(server.requests)
            await person.press(*{"list": ["ctrl+r"], "sign-in": ["enter"], "request": ["2", "enter", "f5"]}[under_way])
            await person.until(lambda: len(server.requests) > asked, "a request under way")
            await person.press("ctrl+q")
            await person.until(lambda: not person.app.is_running, "the end")
        assert person.app.return_code == 0


async def test_tab_goes_round_all_the_panes_and_a_dialog_that_is_open_when_its_work_ends_is_no_trouble() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            for place in (ids.ENDPOINTS, ids.DOCUMENT, ids.USERS_TABLE):
                await person.tab_to(place)
            await person.press("enter", "question_mark")
            await person.sees("Esc closes")
            await person.bar_says("ACTING AS Ada Lovelace")
            await person.press("escape")
            await person.sees("● Ada Lovelace")
