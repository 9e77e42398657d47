"""Somebody pulls at the window."""

import pytest

from tests.kit.shell import Place
from tests.kit.tmux import program

pytestmark = pytest.mark.fault("terminal and process")


def test_a_storm_of_sizes_changes_nothing_but_the_layout(place: Place) -> None:
    with program("demo", cwd=place.cwd, environment=place.environment, size=(120, 40)) as terminal:
        terminal.wait_for("200 users")
        terminal.type("/hop\r\r")
        terminal.wait_for("ACTING AS Eleanor Hopper")
        for step in range(40):
            terminal.resize(1 + step * 37 % 190, 1 + step * 17 % 60)
        terminal.resize(1, 1)
        terminal.press("2", "Enter")
        terminal.resize(40, 10)
        terminal.wait_for("ACTING AS", "GET")
        terminal.resize(120, 40)
        terminal.wait_for("ACTING AS Eleanor Hopper · u-000075", "● Eleanor", "GET /api/Chat/ListAgents")
        terminal.press("F5")
        terminal.wait_for("200 OK · as Eleanor Hopper")
        terminal.press("C-q")
        assert terminal.exit_code() == 0


def test_at_40_by_10_everything_can_still_be_done(place: Place) -> None:
    with program("demo", cwd=place.cwd, environment=place.environment, size=(40, 10)) as terminal:
        terminal.wait_for("GENERIC", "Name")
        terminal.type("/hop\r\r")
        terminal.wait_for("ACTING AS Eleanor Hopper")
        terminal.press("2", "Enter")
        terminal.wait_for("ListAgents", "Send")
        terminal.press("Enter")
        terminal.wait_for("200 OK")
        terminal.press("?")
        terminal.wait_for("Esc closes")
        terminal.press("Escape")  # with x right behind it, it would be Alt+X
        terminal.wait_until_gone("Esc closes")
        terminal.press("x")
        terminal.wait_until(lambda: terminal.bar.startswith(" GENERIC"), "the generic identity")


def test_each_pane_has_the_room_that_its_width_gives_it(place: Place) -> None:
    with program("demo", cwd=place.cwd, environment=place.environment, size=(99, 30)) as terminal:
        terminal.wait_for("200 users", "1 Users  2 Explorer  3 Request  4 Answer")
        assert "List agents" not in terminal.screen
        terminal.press("2")
        terminal.wait_for("List agents")
        terminal.wait_until_gone("200 users")
        terminal.resize(100, 30)
        terminal.wait_for("200 users", "List agents", "Nothing was sent yet.")
        terminal.resize(170, 30)
        terminal.wait_for("200 users", "List agents", "Nothing was sent yet.")
        columns = ("1 Users", "2 Explorer", "3 Request")
        terminal.wait_until(lambda: all(title in terminal.lines[1] for title in columns), "three columns")
