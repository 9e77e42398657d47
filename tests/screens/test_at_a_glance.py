"""What is seen at a glance: who and where, what is waited for and how long, what failed, what Enter does."""

import re

from tests.kit import ids
from tests.kit.asking import AGENTS_PATH, act_as_ada, send_agents
from tests.kit.clock import SteadyClock
from tests.kit.deployment.dialect import SHORT_LIST_PATH
from tests.kit.deployment.faults import answers
from tests.kit.deployment.foreign import TOKEN_PATH, ForeignAIRisk
from tests.kit.pilot import Person, drawn, listed, opened
from tui.sandbox import Options, Sandbox
from tui.widgets.notice import Notice


async def test_where_one_is_goes_before_how_the_application_is_called() -> None:
    with ForeignAIRisk() as server:
        host = server.url.removeprefix("http://")
        async with listed(server, size=(80, 24), AIRISK_LABEL="staging") as person:
            await person.bar_says("APPLICATION", host, "STAGING", "token")
            assert server.client_id not in person.bar
            await person.pilot.resize_terminal(160, 40)
            await person.bar_says(f"APPLICATION  not acting as anyone · client {server.client_id}")


async def test_it_is_reported_how_long_a_sign_in_is_waited_for(steady_clock: SteadyClock) -> None:
    with ForeignAIRisk() as server:
        server.breaks(TOKEN_PATH, "never_answers")
        async with opened(server, AIRISK_TIMEOUT="600") as person:
            await person.bar_says("SIGNING IN … Esc cancels")
            await person.until(lambda: _seconds_waited(person) > 0, "how long")
            for _ in range(2):
                before = _seconds_waited(person)
                steady_clock.forward(5)
                await person.until(lambda before=before: _seconds_waited(person) >= before + 5, "5 s more")  # type: ignore[misc]


def _seconds_waited(person: Person) -> int:
    """How long is told to be waited for; 0 where it is not worth telling."""
    found = re.search(r"SIGNING IN … (\d+) s · Esc cancels", person.bar)
    return int(found[1]) if found else 0


async def test_nobody_is_reported_to_be_signed_out_while_users_are_coming() -> None:
    with Sandbox(Options(users=5000, faults=("slow-list=300",))) as server:
        async with opened(server) as person:
            await person.sees("users so far")
            assert "NOT SIGNED IN" not in person.bar


async def test_a_list_that_failed_is_marked_as_such_and_the_keys_stand_below() -> None:
    with ForeignAIRisk(faults={SHORT_LIST_PATH: answers(500)}) as server:
        async with opened(server, size=(80, 24)) as person:
            await person.sees(
                "✗ Not a user list: /api/ListUsers returned 500, /api/Users/ListUsers", "Press Ctrl+R to retry"
            )


async def test_what_is_looked_for_is_underlined_in_those_who_are_found() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            assert not _underlined(person, "Grace Hopper")
            await person.press("slash")
            await person.type("HOP gr")
            await person.sees("1 of 3")
            await person.until(lambda: _underlined(person, "Grace Hopper") == ["Gr", "Hop"], "both words underlined")
            await person.press("escape")
            await person.sees("3 users")
            await person.becomes(lambda: _underlined(person, "Grace Hopper"), [])


def _underlined(person: Person, name: str) -> list[str]:
    strips = person.app.screen._compositor.render_strips()
    line = next(strip for strip in strips if f" {name}  " in strip.text)  # in the list, not in the card's edge
    return [segment.text for segment in line if segment.style and segment.style.underline]


DIALOGS = (
    ("s", "in this file:", "⏎ Save"),
    ("Y", "Copy as", "⏎ Copy"),
    ("c", "Compare with", "⏎ Compare"),
    ("o", "from a file", "⏎ Select"),
    ("p", "Paste a curl command", "F5 Create request"),
    ("ctrl+o", "This deployment is open", "⏎ Open"),
)


async def test_a_response_is_dimmed_until_the_next_one_is_there_and_a_dialog_says_what_enter_does() -> None:
    with ForeignAIRisk() as server:
        async with listed(server, size=(120, 40)) as person:
            await act_as_ada(person)
            await send_agents(person)
            await person.sees("200 OK", "› agent-1-of-u-1", "Agent 2 of Ada")
            bright = _color_of(person, "Agent 2 of Ada")
            server.breaks(AGENTS_PATH, "never_answers")
            await person.press("f5")
            await person.until(lambda: _color_of(person, "Agent 2 of Ada") != bright, "another color")
            await person.press("escape")
            await person.sees("✗ Canceled", "Previous response: 200 OK")
            await person.stays(lambda: _color_of(person, "Agent 2 of Ada") != bright, "the color of what is old")
            server.mends(AGENTS_PATH)
            await person.press("f5")
            await person.until(lambda: _color_of(person, "Agent 2 of Ada") == bright, "the color it had")
            for key, words, enter in DIALOGS:
                await person.press("escape", "4")
                await person.comes_to(ids.TABLE)
                await person.press(key)
                await person.sees(words)
                await person.until(lambda enter=enter: enter in person.footer, enter)  # type: ignore[misc]


async def test_z_gives_the_whole_window_to_a_pane_and_takes_it_back() -> None:
    with ForeignAIRisk() as server:
        async with listed(server, size=(160, 40)) as person:
            await person.sees("1 Users ─", "2 Explorer ─", "ada@example.com")
            await person.press("4", "z")
            await person.sees("1 Users  2 Explorer  3 Request  4 Response")
            await person.sees_no("ada@example.com")
            await person.press("1")
            await person.sees("ada@example.com")
            await person.sees_no("List agents")
            await person.pilot.resize_terminal(180, 40)
            await person.press("j")
            await person.stays(lambda: "List agents" not in person.screen, "one pane")
            await person.press("z")
            await person.sees("1 Users ─", "2 Explorer ─", "─ Grace Hopper ─", "List agents")


async def test_what_only_one_of_two_responses_has_is_reported_in_words() -> None:
    with Sandbox(Options(users=40)) as server:
        async with listed(server) as person:
            await person.press("enter")
            await person.bar_says("ACTING AS Grace Turing")
            await send_agents(person)
            await person.sees("200 OK")
            await person.press("escape", "4", "c")
            await person.sees("send as Ruth Bradshaw")
            await person.press("enter")
            await person.sees("Only Grace: ", "Nothing else differs.", "(missing)")
            await person.press("question_mark")
            await person.sees("This pane: Compare")


def _color_of(person: Person, words: str) -> object:
    """The color in which these words are drawn, if they are."""
    segments = (segment for strip in drawn(person.app) for segment in strip)
    return next((segment.style.color for segment in segments if words in segment.text and segment.style), None)


DEAD_KEYS = {
    "T": "The list is not sorted. Press t to sort it.",
    "x": "You are not acting as anyone.",
    "f5": "Nothing to send yet.",
    "c": "No response to compare yet.",
    "right_square_bracket": "There is no next response.",
    "U": "Nothing is marked.",
    "equals_sign": "= acts in the Response pane only. Press 4 to go there.",
    "w": "w acts in the Response pane only. Press 4 to go there.",
    "f6": "F6 acts in the Request pane only. Press 3 to go there.",
    "asterisk": "* acts in the Explorer pane only. Press 2 to go there.",
}


async def test_a_key_in_the_footer_has_a_color_of_its_own_and_can_be_clicked_and_one_that_can_do_nothing_says_so(
    steady_clock: SteadyClock,
) -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await person.until(lambda: "h History" in person.footer, "the footer")
            footer = person.app.screen._compositor.render_strips()[-1]
            colors = {each.text.strip(): each.style.color for each in footer if each.style}
            assert colors["h"] != colors["History"]
            await person.click("h History")
            await person.sees("No requests yet")
            await person.press("escape")
            await person.sees("1 Users")
            for key, words in DEAD_KEYS.items():
                await person.press(key)
                await person.until(lambda: words in person.notice, words)  # noqa: B023
            steady_clock.forward(10)
            await person.until(lambda: not person.notice, "nothing any more")
            await person.press("4", "v")
            await person.stays(lambda: not person.notice, "silence where the key acts once there is a response")
            for pane in ("3", "4"):
                await person.press(pane, "slash")
                await person.until(lambda: "Nothing to filter or search here." in person.notice, "why")
                await person.until(
                    lambda: "/ Search" not in person.footer and "/ Filter" not in person.footer, "no such key"
                )
                await person.press("escape")


async def test_enter_and_space_on_no_user_say_so() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await person.press("slash", *"zzz", "down")
            await person.sees("0 of 3")
            await person.comes_to(ids.USERS_TABLE)
            for key in ("enter", "space"):
                await person.press("slash", "down", key)
                await person.until(lambda: "No user is under the cursor. Esc clears a filter" in person.notice, "why")
                await person.press("escape")
                await person.press("slash", *"zzz", "down")


async def test_what_is_told_beside_an_error_leaves_it_its_color() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            notice = person.app.screen.query_one(Notice)
            notice.show_message("It failed.", severity="error")
            await person.sees("✗ It failed.")
            color = _color_of(person, "It failed.")
            notice.show_background("The secret was saved.", severity="information")
            await person.sees("✗ It failed.  ✓ The secret was saved.")
            assert _color_of(person, "It failed.") == color


async def test_the_palette_is_opened_again_while_the_one_before_is_still_going() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await person.press("ctrl+p")
            await person.sees("Search for commands")
            await person.type("matrix")
            await person.sees("Send the same requests")
            person.app.pop_screen()  # As Esc does; on a busy machine it takes longer than the next key.
            person.app.action_command_palette()
            await person.sees("Search for commands")
            await person.press("escape")
            await person.sees_no("Search for commands")
