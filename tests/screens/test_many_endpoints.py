"""A description with 1,500 operations is imported, browsed, folded and filtered; keys act meanwhile."""

import gc
import json
from pathlib import Path

import pytest

from tests.kit import ids
from tests.kit.asking import request_line
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.pilot import Person, listed

GROUPS, EACH = 30, 50


@pytest.fixture
def description(tmp_path: Path) -> Path:
    """30 groups of 50 operations."""
    paths = {
        f"/api/g{group}/things/{{id}}/part{number}": {
            "get": {"tags": [f"Group {group}"], "summary": f"Part {number} of group {group}"},
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
        }
        for group in range(GROUPS)
        for number in range(EACH)
    }
    file = tmp_path / "many.json"
    file.write_text(json.dumps({"openapi": "3.0.3", "info": {"title": "Many"}, "paths": paths}))
    return file


async def test_a_description_of_1_500_operations_is_browsed(description: Path) -> None:
    with ForeignAIRisk() as server:
        async with listed(server, size=(150, 45)) as person:
            await import_file(person, description)
            await person.sees("1,500 endpoints imported from Many")
            await person.press("2", "G")
            await person.sees("Part 49 of group 29")
            await person.press("left")
            await person.sees("▸ Group 29  50")
            await person.press("right", "slash")
            await person.type("group 17 part 33")
            await person.until(lambda: " 1 endpoint " in person.screen, "one left")
            await person.press("enter")
            await person.comes_to("id")
            await person.until(lambda: "/api/g17/things/" in request_line(person), "its path")
            await person.press("escape", "escape", "slash", "escape", "g", "left")
            await person.until(lambda: "▸ " in person.row("Chat"), "the first group folded")


async def test_keys_act_while_a_description_is_read_and_no_garbage_is_looked_for_in_it(description: Path) -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            before = gc.get_freeze_count()
            await import_file(person, description)
            await person.press("1", "j")
            await person.until(lambda: "› u-2" in person.row("Grace Hopper"), "the next user")
            await person.sees("1,500 endpoints imported")
            await person.stays(lambda: person.focus == ids.USERS_TABLE, "the focus")
            assert gc.get_freeze_count() > before
            assert gc.isenabled()


async def import_file(person: Person, path: Path) -> None:
    """Import a description as a person does."""
    await person.press("2", "o")
    await person.sees("from a file")
    await person.press("down", "enter")
    await person.sees("Choose a file")
    await person.type(str(path))
    await person.press("enter")
    await person.sees_no("Choose a file")
