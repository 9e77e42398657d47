"""What has room: nothing that matters is cut, hidden or offered in vain in a window of 80 × 24, or in a larger one."""

import pytest

from tests.kit import ids
from tests.kit.asking import open_endpoint, send_agents
from tests.kit.deployment.foreign import AUTHORIZE_PATH, ForeignAIRisk
from tests.kit.matrix import ended, explored, plan
from tests.kit.pilot import listed
from tui.access.runner import Progress
from tui.panes.matrix.formatting import progress_words
from tui.sandbox import Options, Sandbox

NARROW = (80, 24)


async def test_whose_name_is_still_acted_in_is_not_cut_for_the_time_of_a_token() -> None:
    with ForeignAIRisk() as server:
        async with listed(server, size=NARROW) as person:
            server.breaks(AUTHORIZE_PATH, "never_answers")
            await person.press("enter")
            await person.bar_says(
                "SIGNING IN as Ada Lovelace · u-1", " · still APPLICATION", f"127.0.0.1:{server.port}"
            )


async def test_no_key_is_offered_that_would_be_typed_into_the_field() -> None:
    with ForeignAIRisk() as server:
        async with listed(server, size=NARROW) as person:
            await person.until(lambda: "/ Filter" in person.footer, "the keys of the list")
            await person.press("slash")
            await person.until(lambda: "Esc Leave" in person.footer, "the keys of the field")
            assert "/ Filter" not in person.footer
            await person.press("a")
            await person.until(lambda: "Esc Clear" in person.footer, "that Esc clears first")
            await person.press("escape", "escape", "enter")
            await person.bar_says("ACTING AS Ada")
            await person.until(lambda: "- Previous" in person.footer, "the way back")
            await open_endpoint(person, "create conversation")
            await person.until(lambda: "F6 Raw" in person.footer, "the keys of the form")
            assert "- Previous" not in person.footer


async def test_what_the_request_does_not_need_is_the_responses() -> None:
    with ForeignAIRisk() as server:
        async with listed(server, size=(120, 40)) as person:
            await send_agents(person)
            await person.sees("· as application")
            for rows in (40, 60):
                await person.pilot.resize_terminal(120, rows)
                panes = [person.app.screen.query_one(f"#{name}") for name in (ids.REQUEST, ids.ANSWER)]
                await person.becomes(lambda panes=panes: [pane.outer_size.height for pane in panes], [4, rows - 3 - 4])  # type: ignore[misc]


async def test_the_palette_begins_with_what_can_be_done_here_and_ends_with_leaving() -> None:
    with ForeignAIRisk() as server:
        async with listed(server, size=(80, 40)) as person:
            await person.press("ctrl+p")
            await person.sees("Act as the user under the cursor", "Sort by the next column", "Quit the application")
            words = [line.strip("│ ").split("  ") for line in person.lines]
            begins = [each[0] for each in words]
            assert begins.index("Act as") < begins.index("Sort") < begins.index("Filter")
            assert "Quit" in begins  # Each command takes one line.
            assert words[begins.index("Sort")][-1] == "Sort by the next column"


async def test_a_path_in_the_explorer_is_cut_in_its_middle_to_the_room_of_each_window() -> None:
    with Sandbox(Options(users=8)) as server:
        async with listed(server, size=(120, 50)) as person:
            await person.press("2")
            await person.sees("GET    /api/Chat/GetConv…sations/{agentid}")
            await person.pilot.resize_terminal(150, 50)
            await person.sees("GET    /api/Chat/GetConversations/{agentid}")
            await person.pilot.resize_terminal(80, 50)
            await person.sees("List conversations            /api/Chat/GetCon…tions/{agentid}")


async def test_what_goes_on_below_stands_under_its_beginning() -> None:
    with Sandbox(Options(users=8)) as server:
        async with explored(server, size=NARROW) as person:
            await plan(person)
            await person.press("enter")
            await ended(person)
            await person.press("slash")
            await person.type("zzz")
            await person.sees("No matches. Press Esc to show everything.", "0 of 10 identities × 5 endpoints")
            await person.press("escape", "enter")
            await person.sees("evidence  status 403")
            place = person.app.screen.query_one(f"#{ids.CELL_FACTS}").region
            facts = [line[place.x : place.right] for line in person.lines[place.y : place.bottom]]
            assert any(line.startswith(" " * 10) and line.strip() for line in facts)
            assert all(line[9] == " " for line in facts)


@pytest.mark.parametrize(
    ("room", "end"),
    [(120, "1,234 of 56,789 cells · 1:00 left · Space pauses, Esc cancels"), (60, "1,234 of 56,789 cells · 1:00 left")],
)
def test_the_progress_of_a_run_is_reported_whole(room: int, end: str) -> None:
    words = progress_words(Progress(done=1_234, total=56_789, seconds_left=60, held=0, is_paused=False), room).plain
    assert words.endswith(end)
    assert len(words) <= room
