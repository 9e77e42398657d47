"""A person looks for a file: the latest first, found by typing, however quickly they type."""

import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual import events
from textual.keys import _character_to_key

from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.patience import PATIENCE
from tests.kit.pilot import Person, listed
from tests.kit.slow_disk import slow_disk, turns


def describe(path: Path, title: str) -> None:
    """Write a description of one endpoint."""
    operation = {"get": {"summary": f"Ask {title}"}}
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"openapi": "3.0.3", "info": {"title": title}, "paths": {"/api/x": operation}}))


@asynccontextmanager
async def importing() -> AsyncIterator[Person]:
    """A person for whom one more Enter asks for a file."""
    with ForeignAIRisk() as server:
        async with listed(server, size=(80, 24)) as person:
            await person.press("o")
            await person.sees("from a file")
            await person.press("down")
            yield person


async def test_the_latest_files_come_first_and_leave_their_frame_and_the_keys_in_sight(here: Path) -> None:
    for number in range(40):
        path = here / f"notes-{number:02}.md"
        path.touch()
        os.utime(path, (number, number))
    async with importing() as person:
        await person.press("enter")
        await person.sees("notes-39.md", "notes-30.md")
        assert "notes-00.md" not in person.screen
        await person.until(lambda: person.footer.startswith("⏎ Open"), "what Enter does")
        assert person.lines[1].startswith("╭─ Choose a file")
        assert person.lines[-3].startswith("╰─")


async def test_enter_typed_before_the_directory_is_read_takes_what_was_typed(here: Path) -> None:
    describe(here / "odd.json", "Odd")
    describe(here / "even.json", "Even")
    async with importing() as person:
        async with slow_disk():
            await person.type("\rodd\r")
            await person.stays(lambda: "Choose a file" in person.screen, "the question")
            assert "odd.json" not in person.screen
        await person.sees("1 endpoint imported from Odd")


async def test_one_goes_from_directory_to_directory_as_quickly_as_one_types(here: Path) -> None:
    describe(here / "below" / "odd.json", "Odd")
    describe(here / "below" / "even.json", "Even")
    for typed in ("below\rodd\r", f"{here}/below\rodd\r"):
        async with importing() as person:
            async with slow_disk():
                await person.type(f"\r{typed}")
            await person.sees("1 endpoint imported from Odd")


async def test_what_is_typed_after_a_path_acts_where_the_path_has_led(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.app.input_queue._LONGEST", PATIENCE)
    async with importing() as person:
        describe(here / "odd.json", "Odd")
        async with slow_disk():
            for character in f"\r{here / 'odd.json'}\rh":
                key = "enter" if character == "\r" else _character_to_key(character)
                person.app.post_message(events.Key(key, character))
            await person.sees("Choose a file")
            await turns(person)
        await person.sees("─ History ─")


async def test_a_directory_that_does_not_come_is_left_with_esc(here: Path) -> None:
    describe(here / "odd.json", "Odd")
    async with importing() as person:
        async with slow_disk():
            await person.type("\rodd\r")
            await person.sees("Choose a file")
            await person.press("escape")
            await person.sees_no("Choose a file")
        await person.stays(lambda: "imported" not in person.screen, "nothing imported")


async def test_what_was_typed_for_a_directory_that_cannot_be_read_takes_nothing(here: Path) -> None:
    describe(here / "odd.json", "Odd")
    (here / "below").mkdir()
    async with importing() as person:
        await person.press("enter")
        await person.sees("below/")
        (here / "below").rmdir()
        async with slow_disk():
            await person.type("below\rodd\r")
        await person.sees("be read: No such file or directory.")
        await person.stays(lambda: "imported" not in person.screen and "Choose a file" in person.screen, "the question")
