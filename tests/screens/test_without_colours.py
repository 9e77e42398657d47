"""Whoever sees no colours misses nothing: each state has a word, a mark or a weight of its own."""

import time
from itertools import combinations

from tests.kit.asking import send_agents
from tests.kit.deployment.faults import answers
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.pilot import Person, listed
from tools.pages.bars import states
from tui.widgets.identity_bar import bar_lines
from tui.widgets.notice import MARKS

PANES = ("1 Users", "2 Explorer", "3 Request", "4 Response")


def test_the_bar_says_each_of_its_states_in_words() -> None:
    told = {name: bar_lines(status, 110, time.monotonic())[0].plain for name, status in states()}
    assert [pair for pair in combinations(told, 2) if told[pair[0]] == told[pair[1]]] == []
    assert "confirmed" in told["acting as, confirmed"]
    assert "not confirmed" in told["acting as, not confirmed"]
    assert "READ-ONLY" in told["read-only"]
    assert "PRODUCTION" in told["production, application"]
    assert "ACTING AS" in told["production, acting as"]
    assert "PRODUCTION" in told["production, acting as"]


async def test_who_is_who_in_the_list_is_reported_by_marks() -> None:
    with ForeignAIRisk() as server:
        async with listed(server, AIRISK_PROTECTED_USERS="u-3") as person:
            await person.press("enter")
            await person.bar_says("ACTING AS Ada")
            await person.press("j", "space")
            await person.sees("● Ada", "✓ Grace", "⊘ Edsger", "› u-3")
            assert "protected" in person.row("Edsger")


async def test_the_place_is_shown_by_the_weight_of_the_title() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            for number, pane in enumerate(PANES, start=1):
                await person.press(str(number))
                await person.until(lambda pane=pane: _bold(person) == [pane], f"{pane} in bold")  # type: ignore[misc]


def _bold(person: Person) -> list[str]:
    """The titles of panes that are written in bold."""
    segments = [segment for strip in person.app.screen._compositor.render_strips() for segment in strip]
    return [title for each in segments if (title := each.text.strip()) in PANES and each.style and each.style.bold]


async def test_how_something_went_is_reported_by_marks_and_words() -> None:
    assert len(set(MARKS.values())) == len(MARKS)
    with ForeignAIRisk(faults={"/api/Chat/ListAgents": answers(403, b"{}")}) as server:
        async with listed(server) as person:
            await send_agents(person)
            await person.sees("403 Forbidden · as application", "The application's token can only list users")
            await person.press("escape", "4")
            await person.sees("›{}")
            await person.press("y")
            await person.until(lambda: person.notice.startswith("✓ Sent to the terminal’s clipboard"), "what was done")
