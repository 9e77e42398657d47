"""Somebody pulls at the window."""

import pytest

from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.pty import opened
from tests.kit.shell import COMMAND, Place
from tests.kit.tmux import in_tmux

pytestmark = pytest.mark.fault("terminal and process")


def test_a_storm_of_sizes_changes_nothing_but_the_layout(place: Place, airisk: ForeignAIRisk) -> None:
    with in_tmux(COMMAND, cwd=place.cwd, environment=place.environment) as terminal:
        terminal.sees("3 users")
        terminal.type("/hop\r\r")
        terminal.sees("ACTING AS Grace Hopper")
        for step in range(40):
            terminal.resize(1 + step * 37 % 190, 1 + step * 17 % 60)
        terminal.resize(1, 1)
        terminal.press("2", "enter")
        terminal.resize(40, 10)
        terminal.sees("ACTING AS", "GET")
        terminal.resize(120, 40)
        terminal.sees("ACTING AS Grace Hopper · u-2", "● Grace", "GET /api/Chat/ListAgents")
        terminal.press("f5")
        terminal.sees("200 OK · as Grace Hopper")
        terminal.press("ctrl+q")
        terminal.ended()


def test_at_40_by_10_everything_can_still_be_done(place: Place, airisk: ForeignAIRisk) -> None:
    with opened(place, size=(40, 10)) as terminal:
        terminal.sees("APPLICATION", "Name")
        terminal.type("/hop\r\r")
        terminal.bar_says("ACTING AS Grace…opper · u-2")
        terminal.press("2", "enter")
        terminal.sees("ListAgents", "Send")
        terminal.press("f5")
        terminal.sees("200 OK")
        terminal.press("?")
        terminal.sees("Esc closes")
        terminal.press("escape", "x")
        terminal.bar_says("APPLICATION")


def test_each_pane_has_the_room_that_its_width_gives_it(place: Place, airisk: ForeignAIRisk) -> None:
    with opened(place, size=(99, 30)) as terminal:
        terminal.sees("3 users", "1 Users  2 Explorer  3 Request  4 Response")
        assert "List agents" not in terminal.screen
        terminal.press("2")
        terminal.sees("List agents")
        terminal.sees_no("3 users")
        terminal.resize(100, 30)
        terminal.sees("3 users", "List agents", "No response yet.")
        terminal.resize(170, 30)
        terminal.sees("3 users", "List agents", "No response yet.")
        columns = ("1 Users", "2 Explorer", "3 Request")
        terminal.until(lambda: all(title in terminal.lines[1] for title in columns), "three columns")
