"""The main job, in a real terminal: find a user, become them, look around as them, and come back."""

import re

import pytest

from tests.kit.deployment.dialect import CUSTOM_LIST_PATH, LONG_LIST_PATH, Dialect
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.deployment.shapes import ListStyle
from tests.kit.pty import Terminal, frames, opened
from tests.kit.shell import COMMAND, Place
from tests.kit.tmux import in_tmux

AGENTS_PATH = "/api/Chat/ListAgents"

SIZES = {f"{columns}x{lines}": (columns, lines) for columns, lines in ((80, 24), (120, 40), (200, 60))}

DIALECTS = {
    "wrapped, Pascal case, 307, no state, generic Bearer everywhere": Dialect(
        list_style=ListStyle(
            shape="data_items", key_case="pascal", id_key="UserID", name_keys=("FirstName", "LastName")
        ),
        redirect_status=307,
        is_state_echoed=False,
        generic_bearer="both",
        generic_elsewhere=403,
        expiration="seven_digits",
    ),
    "the other list path, snake case, form only, an offset": Dialect(
        list_path=LONG_LIST_PATH,
        list_style=ListStyle(shape="users", key_case="snake", id_key="user_id"),
        location_order=("state", "code"),
        token_body="form",
        expiration="offset",
        generic_elsewhere=403,
    ),
    "a path of its own, JSON only, every parameter required, no zone": Dialect(
        list_path=CUSTOM_LIST_PATH,
        list_style=ListStyle(shape="result_count", name_keys=("displayName",)),
        is_response_type_required=True,
        is_grant_type_required=True,
        token_body="json",
        expiration="no_zone",
    ),
    "a token that names its user and never says when it ends": Dialect(
        token_form="jwt", expiration="missing", generic_bearer="token", clock_skew_seconds=3600
    ),
}


def do_the_main_job(terminal: Terminal, letters: str, name: str, user_id: str) -> None:
    """Three letters, Enter, Enter; the agents as that user; x; and the same request with the application's token."""
    terminal.sees("APPLICATION", " users ─╯")
    assert {len(line) for line in terminal.lines if "╮" in line or "╯" in line} == {len(terminal.lines[0])}
    terminal.type(f"/{letters}")
    terminal.sees(" of ")
    terminal.press("enter", "enter")
    terminal.sees(f"ACTING AS {name} · {user_id}", f"● {name[:5]}")
    terminal.press("2", "enter")
    terminal.sees("GET /api/Chat/ListAgents", "Send")
    terminal.press("f5")
    terminal.sees(f"200 OK · as {name} · {user_id}", " name ")
    terminal.press("x")
    terminal.sees(" APPLICATION", f"200 OK · as {name}")
    terminal.press("f5")
    terminal.sees("as application", "The application's token can only list users")


def left_behind(place: Place) -> set[str]:
    """The files that a demo leaves: each is a deployment of its own, which nobody comes back to."""
    return {path.name for path in place.home.rglob("*") if path.is_file()}


def test_with_the_demo(place: Place) -> None:
    with opened(place, "demo", size=(120, 40)) as terminal:
        do_the_main_job(terminal, "hop", "Eleanor Hopper", "u-000075")
        terminal.sees("403 Forbidden")
        terminal.press("-")
        terminal.sees("ACTING AS Eleanor Hopper")
        terminal.quits()
    assert left_behind(place) <= {"audit.jsonl", "audit.head", "history.sqlite3"}


def test_with_a_demo_that_takes_its_time(place: Place) -> None:
    with opened(place, "demo", "--latency", "10m") as terminal:
        terminal.until(lambda: re.search(r"SIGNING IN … \d+ s · Esc cancels", terminal.bar) is not None, "the seconds")
        terminal.press("escape")
        terminal.bar_says("NOT SIGNED IN")
        terminal.quits()


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=DIALECTS)
def test_with_a_deployment_that_is_not_the_sandbox(place: Place, dialect: Dialect) -> None:
    size = list(SIZES.values())[list(DIALECTS.values()).index(dialect) % 3]
    with ForeignAIRisk(dialect) as server:
        settings = {"AIRISK_URL": server.url, "CLIENT_ID": server.client_id, "AIRISK_LABEL": "staging"}
        if dialect.list_path == CUSTOM_LIST_PATH:
            settings["AIRISK_LIST_USERS"] = CUSTOM_LIST_PATH
        place.write_env(settings)
        place.tell(CLIENT_SECRET=server.client_secret)
        with opened(place, size=size) as terminal:
            do_the_main_job(terminal, "gra", "Grace Hopper", "u-2")
            terminal.sees(str(dialect.generic_elsewhere))
            terminal.bar_says("STAGING")
            terminal.quits()
        assert next(request.identity for request in server.requests if request.path == AGENTS_PATH) == "u-2"
        assert server.cookies_received == []


@pytest.mark.usefixtures("airisk")
def test_typed_as_fast_as_a_script_does(place: Place) -> None:
    with opened(place) as terminal:
        terminal.sees("3 users")
        terminal.type("/hop\r\r")
        terminal.sees("ACTING AS Grace Hopper")
        terminal.type("2\r")
        terminal.press("f5")
        terminal.sees("200 OK · as Grace Hopper · u-2")
        terminal.quits()


@pytest.mark.usefixtures("airisk")
def test_the_bar_is_in_every_frame_while_dialogs_open_and_close(place: Place) -> None:
    size = (80, 24)
    dialogs = {"?": "Esc closes", "ctrl+p": "Search for commands", "f1": "Esc closes"}
    with opened(place, size=size) as terminal:
        terminal.sees("3 users")
        before = len(list(frames(terminal.output, size)))
        for key, words in dialogs.items():
            terminal.press(key)
            terminal.sees(words)
            terminal.press("escape")
            terminal.sees_no(words)
        drawn = list(frames(terminal.output, size))[before:]
        terminal.quits()
    assert [frame for frame in drawn if not frame[0].startswith(" APPLICATION")] == []
    assert all(any(words in "".join(frame) for frame in drawn) for words in dialogs.values())


def test_the_terminals_cursor_is_where_the_selection_is(place: Place) -> None:
    """Braille displays and magnifiers follow it."""
    with opened(place, "demo") as terminal:
        terminal.sees("200 users")
        for keys, words in (
            (("j", "j"), "› u-000001  Ruth Bradshaw"),
            (("2",), "›   GET    List agents"),
            (("f5", "4"), "▾›{"),
            (("j", "j", "j"), '"title": "Forbidden"'),
            (("Y", "j"), "Python"),
        ):
            terminal.press(*keys)
            terminal.until(lambda: words in terminal.cursor_line, f"the cursor at {words}")  # noqa: B023
        terminal.quits()


def test_with_the_mouse(place: Place) -> None:
    command = (*COMMAND, "demo")
    with in_tmux(command, cwd=place.cwd, environment=place.environment, size=(200, 60)) as terminal:
        terminal.sees("200 users")
        her_row = "u-000001  Ruth Bradshaw"  # her name is also in the title of a pane, once the cursor is on her
        terminal.click(her_row)
        terminal.until(lambda: "›" in terminal.row(her_row), "the cursor on her")
        terminal.click(her_row, times=2)
        terminal.sees("ACTING AS Ruth Bradshaw")
        terminal.click("List agents")
        # The button; until that is there, the first place of the word is in the footer, which is about to change.
        terminal.until(lambda: any("Send    F5" in line for line in terminal.lines), "the button")
        terminal.click("Send ")
        terminal.sees("200 OK · as Ruth Bradshaw")
