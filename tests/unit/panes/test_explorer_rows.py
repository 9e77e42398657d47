"""Lines of the explorer: an endpoint that shares its title with another is told apart by the end of its path."""

import pytest

from tui.airisk.endpoints.model import Endpoint
from tui.panes.explorer_rows import ExplorerRows, twins_among

LISTS = (
    Endpoint("List conversations", "Chat", "GET", "/api/Chat/GetConversations"),
    Endpoint("List conversations", "Chat", "GET", "/api/Chat/GetConversations/{agentid}"),
)


@pytest.mark.parametrize(
    ("room", "title"),
    [(40, "/api/Chat/GetConversations/{agentid}"), (36, "/api/Chat/GetConversations/{agentid}"), (12, "…s/{agentid}")],
)
def test_the_path_takes_the_room_that_there_is(room: int, title: str) -> None:
    rows = ExplorerRows(LISTS, twins=twins_among(LISTS), room=room)
    assert str(rows.cells(0)[0]) == "  GET    List conversations"
    assert str(rows.cells(1)[0]) == f"  GET    {title}"
