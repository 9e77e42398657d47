"""What is remembered of a deployment, as other versions of the program, other programs and bad disks leave it."""

import asyncio
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.kit.shaking import shaken, unless_refused
from tui.config.workspace import EndpointUsage, WorkspaceStore
from tui.errors import WorkspaceError

ORIGIN = "https://demo.aicrisk.com"
WRITTEN = {
    "version": 1,
    "origin": ORIGIN,
    "habits": {
        "favourites": ["GET /a"],
        "recent": ["GET /b"],
        "typed": {"GET /b": {"results": "5"}},
        "completed": {"Create User": ["POST", "/api/u"]},
        "has_looked": True,
    },
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    asyncio.run(WorkspaceStore(ORIGIN, tmp_path).keep_habits(EndpointUsage(recent=("GET /a",))))
    (file,) = tmp_path.rglob("habits.json")
    return file


@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_stands_there_is_how_endpoints_are_used_or_is_reported_and_left(file, data):
    content = json.dumps(shaken(WRITTEN, data)).encode()
    file.write_bytes(data.draw(st.sampled_from([content, content[: len(content) // 2], content + b"\0"])))
    before = file.read_bytes()
    habits = unless_refused(lambda: asyncio.run(WorkspaceStore(ORIGIN, file.parent.parent).habits()), WorkspaceError)
    assert habits is None or habits.used("GET /c", {"a": "b"}).favoured("GET /d").recent[0] == "GET /c"
    assert file.read_bytes() == before


NEWER = {
    "the same, and more": {**WRITTEN, "version": 2, "colour": "red"},
    "habits of another shape": {**WRITTEN, "version": 2, "habits": ["GET /a"]},
    "no habits at all": {"version": 3, "deployments": {}},
}


@pytest.mark.parametrize("written", NEWER.values(), ids=NEWER)
async def test_what_a_newer_version_wrote_is_said_to_be_that(file, written):
    file.write_text(json.dumps(written))
    with pytest.raises(WorkspaceError, match="written by another version"):
        await WorkspaceStore(ORIGIN, file.parent.parent).habits()


async def test_what_an_older_version_did_not_know_has_its_usual_value(file):
    file.write_text(json.dumps({"version": 1, "origin": ORIGIN, "habits": {"favourites": ["GET /a"]}}))
    assert await WorkspaceStore(ORIGIN, file.parent.parent).habits() == EndpointUsage(favourites=("GET /a",))
