"""A matrix where something is in the way: a deployment, a name, another window, a disk, a terminal."""

from pathlib import Path

import pytest

from tests.kit.deployment.dialect import Dialect
from tests.kit.deployment.faults import answers
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.deployment.shapes import Person as Listed
from tests.kit.matrix import (
    hold_against,
    mark_endpoint,
    plan,
    policy_file,
    run,
    start,
    turn,
)
from tests.kit.patience import ENOUGH
from tests.kit.permissions import AGENTS, USERS
from tests.kit.pilot import Person, listed


async def test_a_deployment_that_stops_answering_is_reported_in_words() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await plan(person)
            server.breaks("/api/oauth2", answers(500, b"out of order"))
            await start_and_wait(person, "inconclusive")
            await person.press("down", "down", "down", "left")
            await person.sees("The authorization request returned 500")


async def start_and_wait(person: Person, words: str) -> None:
    """Start, and wait for these words at the end of the run."""
    await person.press("enter")
    await person.sees(words, "r Retry")


async def test_hostile_names_act_on_nothing_and_the_columns_stay() -> None:
    people = (
        Listed("u-1", "[/]\x1b]52;c;x\x07[@click=app.quit]"),
        Listed("u-2", "Zoë\u202e\u200b"),
        Listed("u-3", "Ada"),
    )
    with ForeignAIRisk(Dialect(people=people)) as server:
        async with listed(server) as person:
            await run(person)
            await person.press("down", "down", "enter")
            await person.sees("[/]␛]52;c;x␇[@click=app.quit]", "Zoë<U+202E><U+200B>")
            await person.until(lambda: len(_letters(person)) == 2, "both rows")
            assert len(set(_letters(person))) == 1


def _letters(person: Person) -> list[int]:
    """In which columns it stands that those of hostile names are allowed."""
    return [line.rindex(" A ") for line in person.lines if ("u-1" in line or "u-2" in line) and " A " in line]


async def test_the_letters_are_enough_without_colours(monkeypatch: pytest.MonkeyPatch, here: Path) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    policy_file(here / "who.yaml", {"deny": USERS}, {"allow": AGENTS, "identities": ["anonymous"]})
    with ForeignAIRisk() as server:
        async with listed(server, size=(80, 24)) as person:
            await run(person)
            await hold_against(person, "policy", "who.yaml")
            await person.sees(" A!", " D!", "unexpected result")


async def test_a_change_that_cannot_be_made_for_somebody_is_reported_when_it_is_sent_again() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await person.press("space", "2", "slash")
            await person.type("submit feedback")
            await person.press("enter")
            for words in ("{{user.id}}", "m-1"):
                await person.press("end", "ctrl+u")
                await person.type(words)
                await person.press("tab")
            await person.press("enter", "down", "enter")
            await person.press("escape")
            await mark_endpoint(person, "submit feedback")
            await plan(person)
            await person.tab_to("unsafe-0")
            await person.press("space")
            await person.sees("3 POST")
            await start_and_wait(person, "inconclusive")
            await person.press("r")
            await person.sees("this cell")
            await person.press("enter")
            await person.until(lambda: "user.id" in person.notice, "what is not known")
            await person.press("escape")


async def test_a_run_of_another_window_is_left_alone() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await run(person)
            async with listed(server) as other:
                await other.press("m")
                await other.sees("This run is in use by another airisk-tui process.")


async def test_a_report_that_cannot_be_written_is_reported(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.screens.dialogs._READ", ENOUGH)
    (here / "there.csv").write_text("x")
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await plan(person)
            await turn(person, "plan-users", "all 3 users")
            await start(person)
            await person.press("s", "end", "ctrl+u")
            await person.type("matrix.docx")
            await person.press("enter")
            await person.sees("matrix.docx: unknown report format.")
            await person.press("ctrl+u")
            await person.type("there.csv")
            await person.press("enter")
            await person.sees("File exists.")
            await person.press("enter")
            await person.stays(lambda: "File exists." in person.screen, "the question after Enter was pressed twice")
            monkeypatch.setattr("tui.screens.dialogs._READ", 0)
            await person.press("enter")
            await person.sees("Saved to")
            assert (here / "there.csv").read_text().startswith("identity,")


async def test_at_40_by_10_the_matrix_can_still_be_read_and_a_storm_of_sizes_changes_nothing() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await run(person)
            for width, height in ((1, 1), (190, 3), (7, 60)):
                await person.pilot.resize_terminal(width, height)
                await person.press("down", "right", "G")
            await person.pilot.resize_terminal(40, 10)
            await person.press("G")
            await person.sees("List …", "2 more ›", "Grace Hopper · u-2")
            await person.press(*["right"] * 6)
            await person.sees("‹ ")
            await person.pilot.resize_terminal(120, 40)
            await person.sees("List agents", "List users", "5 identities × 3 endpoints")
            await person.bar_says("APPLICATION")
