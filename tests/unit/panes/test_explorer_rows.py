"""Lines of the explorer: endpoints of one title are told apart by their paths, which are cut in the middle."""

import pytest

from tui.airisk.endpoints.model import Endpoint
from tui.panes.explorer_rows import ExplorerRows, twins_among

LISTS = (
    Endpoint("List conversations", "Chat", "GET", "/api/Chat/GetConversations", trait="pages"),
    Endpoint("List conversations", "Chat", "GET", "/api/Chat/GetConversations/{agentid}"),
)


def lines(title_room: int, path_room: int = 0) -> list[list[str]]:
    rows = ExplorerRows(LISTS, lambda: (title_room, path_room), twins=twins_among(LISTS))
    return [[str(cell) for cell in rows.cells(index)] for index in range(len(rows))]


@pytest.mark.parametrize(
    ("room", "title"),
    [(40, "/api/Chat/GetConversations/{agentid}"), (36, "/api/Chat/GetConversations/{agentid}"), (12, "/api/C…ntid}")],
)
def test_the_path_takes_the_room_that_there_is(room: int, title: str) -> None:
    first, second = lines(room)
    assert first[0].startswith("  GET    List")
    assert second[0] == f"  GET    {title}"


def test_beside_its_title_a_path_is_cut_in_the_middle_and_a_note_ends_the_line() -> None:
    assert lines(20, 24) == [
        ["  GET    List conversations", "/api/Cha…rsations  pages"],
        ["  GET    List conversations", "/api/Chat/Ge…s/{agentid}"],
    ]
    assert lines(25)[0] == ["  GET    List conversations  pages", ""]
