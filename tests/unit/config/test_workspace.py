"""What is remembered of a deployment between runs."""

import stat

import pytest

from tui.config.workspace import EndpointUsage, WorkspaceStore
from tui.errors import WorkspaceError

ORIGIN = "https://demo.aicrisk.com"


async def test_what_was_typed_and_liked_is_there_at_the_next_start(tmp_path):
    habits = (
        EndpointUsage()
        .used("GET /api/x", {"results": "5"})
        .favoured("GET /api/y")
        .knowing("Create User", "POST", "/api/u")
    )
    await WorkspaceStore(ORIGIN, tmp_path).keep_habits(habits)
    assert await WorkspaceStore(ORIGIN, tmp_path).habits() == habits
    assert habits.recent == ("GET /api/x",)


async def test_another_deployment_sees_nothing_of_it(tmp_path):
    await WorkspaceStore(ORIGIN, tmp_path).keep_habits(EndpointUsage(favourites=("GET /api/y",)))
    await WorkspaceStore(ORIGIN, tmp_path).keep_document(b"{}")
    assert await WorkspaceStore("https://other.example", tmp_path).habits() == EndpointUsage()
    assert await WorkspaceStore("https://other.example", tmp_path).document() == b""


def test_the_latest_come_first_and_old_forms_are_forgotten():
    habits = EndpointUsage()
    for number in range(300):
        habits = habits.used(f"GET /{number}", {"a": "b"})
    habits = habits.used("GET /150", {"a": "c"})
    assert habits.recent[:2] == ("GET /150", "GET /299")
    assert len(habits.recent) == 8
    assert len(habits.typed) == 200
    assert "GET /0" not in habits.typed
    assert habits.typed["GET /150"] == {"a": "c"}


def test_a_favourite_is_taken_back_with_the_same_key():
    assert EndpointUsage().favoured("GET /a").favoured("GET /b").favoured("GET /a").favourites == ("GET /b",)


def test_what_is_very_long_is_not_remembered():
    assert EndpointUsage().used("GET /a", {"text": "x" * 200_000, "title": "y"}).typed == {"GET /a": {"title": "y"}}


async def test_only_its_owner_may_read_it_and_nothing_else_is_left(tmp_path):
    memory = WorkspaceStore(ORIGIN, tmp_path)
    await memory.keep_habits(EndpointUsage())
    await memory.keep_document(b"openapi: 3.1.0")
    (directory,) = tmp_path.iterdir()
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    assert {file.name: stat.S_IMODE(file.stat().st_mode) for file in directory.iterdir()} == {
        "habits.json": 0o600,
        "openapi": 0o600,
    }
    assert await memory.document() == b"openapi: 3.1.0"


async def test_forgetting_leaves_nothing(tmp_path):
    memory = WorkspaceStore(ORIGIN, tmp_path)
    assert memory.forget() is False
    await memory.keep_habits(EndpointUsage(favourites=("GET /a",)))
    assert memory.forget() is True
    assert list(tmp_path.iterdir()) == []
    assert await memory.habits() == EndpointUsage()


async def test_a_description_is_dropped_by_keeping_an_empty_one(tmp_path):
    memory = WorkspaceStore(ORIGIN, tmp_path)
    await memory.keep_document(b"{}")
    await memory.keep_document(b"")
    assert await memory.document() == b""


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", ""),
        (b"{", "damaged"),
        (b"\xff\xfe", "damaged"),
        (b"[" * 100_000, "damaged"),
        (b'{"version": 1, "origin": "https://demo.aicrisk.com", "habits": {"recent": 3}}', "damaged"),
        (b'{"version": 2, "origin": "https://demo.aicrisk.com", "habits": {}}', "another version"),
        (b'{"version": 1, "origin": "https://elsewhere.example", "habits": {"recent": ["GET /a"]}}', ""),
    ],
)
async def test_a_damaged_file_is_reported_and_left_as_it_is(tmp_path, content, words):
    memory = WorkspaceStore(ORIGIN, tmp_path)
    await memory.keep_habits(EndpointUsage(recent=("GET /b",)))
    (file,) = tmp_path.rglob("habits.json")
    file.write_bytes(content)
    if words:
        with pytest.raises(WorkspaceError, match=words):
            await memory.habits()
    else:
        assert await memory.habits() == EndpointUsage()
    assert file.read_bytes() == content


async def test_where_nothing_can_be_written_it_says_so(tmp_path):
    place = tmp_path / "a file"
    place.write_text("in the way")
    with pytest.raises(WorkspaceError, match="cannot be saved"):
        await WorkspaceStore(ORIGIN, place).keep_habits(EndpointUsage())
