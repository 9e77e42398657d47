"""An admin becomes a user, looks around, and comes back: the whole program, in a real terminal."""

import json
import re

import pytest

from tests.commands import Place
from tests.servers.behaviours import BEHAVIOURS
from tests.servers.dialect import LONG_LIST_PATH, Dialect
from tests.servers.foreign import ForeignAIRisk
from tests.servers.shapes import ListStyle
from tests.terminal import Terminal, program
from tui.sandbox import Options, Sandbox

pytest_plugins = ["tests.places", "tests.keyrings"]

SIZES = [(80, 24), (120, 40), (200, 60)]

DIALECTS = {
    "long path, wrapped Pascal case": Dialect(
        list_path=LONG_LIST_PATH,
        list_style=ListStyle(
            shape="data_items", key_case="pascal", id_key="UserID", name_keys=("FirstName", "LastName")
        ),
        expiration="seven_digits",
    ),
    "307, no state, generic Bearer required": Dialect(
        redirect_status=307, is_state_echoed=False, generic_bearer="both", expiration="offset"
    ),
    "JSON only, no zone, a JWT": Dialect(token_body="json", expiration="no_zone", token_form="jwt"),
}


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "×".join(map(str, size)))
def test_in_the_demo(place: Place, size: tuple[int, int]) -> None:
    with program("demo", cwd=place.cwd, environment=place.environment, size=size) as terminal:
        terminal.wait_for("GENERIC", "Defne", "▸")
        become(terminal, "gra", "Grace Turing", "u-000000")
        send_list_agents(terminal)
        terminal.wait_for("200 OK", "as Grace Turing · u-000000", "agent-0")

        terminal.press("x")
        terminal.wait_until(lambda: "GENERIC" in terminal.bar, "the generic identity in the bar")
        terminal.press("F5")
        terminal.wait_for("403 Forbidden", "as generic", "This is what the generic token may do")

        terminal.press("-")
        terminal.wait_until(lambda: "ACTING AS Grace Turing" in terminal.bar, "Grace Turing in the bar again")
        terminal.press("C-q")
        assert terminal.exit_code() == 0


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=DIALECTS)
def test_on_a_deployment_that_speaks_otherwise(place: Place, dialect: Dialect) -> None:
    with ForeignAIRisk(dialect) as server:
        place.reach(server)
        with program(cwd=place.cwd, environment=place.environment) as terminal:
            terminal.wait_for("Grace Hopper")
            become(terminal, "hop", "Grace Hopper", "u-2")
            send_list_agents(terminal)
            terminal.wait_for("200 OK", "as Grace Hopper · u-2")
            terminal.press("x", "F5")
            terminal.wait_for("401 ", "as generic")
        assert server.cookies_received == []


def test_a_single_user_is_signed_in_at_once_and_nobody_is_listed(place: Place) -> None:
    with ForeignAIRisk() as server:
        place.reach(server)
        place.tell(SINGLE_USER="true", USER_ID="u-2")
        with program(cwd=place.cwd, environment=place.environment) as terminal:
            terminal.wait_for("ACTING AS u-2", "Single-user mode")
        assert all("/ListUsers" not in request.target for request in server.requests)


def test_the_first_frame_needs_no_answer(place: Place) -> None:
    with ForeignAIRisk(overrides={"*": BEHAVIOURS["never_answers"]}) as server:
        place.reach(server)
        with program(cwd=place.cwd, environment=place.environment) as terminal:
            terminal.wait_for("SIGNING IN", "1 Users", "List agents")
            terminal.press("Escape")
            terminal.wait_for("NOT SIGNED IN", "Cancelled.")
            server.restore("*")
            terminal.press("C-r")
            terminal.wait_for("GENERIC", "Grace Hopper")
            terminal.press("C-q")
            assert terminal.exit_code() == 0


def test_a_refused_user_leaves_everything_as_it_was(place: Place) -> None:
    with ForeignAIRisk(Dialect(forbidden_users=frozenset({"u-2"}))) as server:
        place.reach(server)
        with program(cwd=place.cwd, environment=place.environment) as terminal:
            terminal.wait_for("Ada Lovelace")
            terminal.press("Enter")
            terminal.wait_until(lambda: "ACTING AS Ada Lovelace" in terminal.bar, "Ada in the bar")
            terminal.press("j", "Enter")
            terminal.wait_for("AIRisk refused to let you act as Grace Hopper · u-2")
            assert "ACTING AS Ada Lovelace" in terminal.bar


def test_nothing_set_asked_for_kept_in_the_keyring_and_found_again(place: Place, real_keyring) -> None:
    place.environment = {**place.environment, **real_keyring.environment}
    with Sandbox(Options(users=20)) as sandbox:
        secret = sandbox.options.client_secret
        with program(cwd=place.cwd, environment=place.environment) as terminal:
            terminal.wait_for("Connect to AIRisk", "Keep the secret in the OS keyring")
            terminal.type(sandbox.url)
            terminal.wait_for(sandbox.url)
            terminal.move("Tab")
            terminal.type(sandbox.options.client_id)
            terminal.wait_for(sandbox.options.client_id)
            terminal.move("Tab", "Tab", "Tab")
            terminal.type("not the secret")
            terminal.wait_for("•" * 14)
            terminal.press("F5")
            terminal.wait_for("AIRisk refused the client secret")
            terminal.type(secret)
            terminal.wait_for("•" * len(secret))
            terminal.press("F5")
            terminal.wait_for("GENERIC", "20 users", "The client secret is in the keyring.")
            assert secret not in terminal.styled
            terminal.press("C-q")
            assert terminal.exit_code() == 0

        written = (place.cwd / ".env").read_text()
        assert "CLIENT_SECRET" not in written
        assert (place.cwd / ".env").stat().st_mode & 0o077 == 0
        with program(cwd=place.cwd, environment=place.environment) as terminal:
            terminal.wait_for("GENERIC", "20 users")


def test_what_was_done_is_in_the_audit_trail(place: Place) -> None:
    with ForeignAIRisk() as server:
        place.reach(server)
        place.tell(AIRISK_REQUIRE_REASON="true", AIRISK_PROTECTED_USERS="u-3")
        with program(cwd=place.cwd, environment=place.environment) as terminal:
            terminal.wait_for("Ada Lovelace", "protected")
            terminal.press("Enter")
            terminal.wait_for("needs a reason")
            terminal.type("T-42")
            terminal.press("Enter")
            terminal.wait_until(lambda: "ACTING AS Ada Lovelace" in terminal.bar, "Ada in the bar")
            terminal.move("G")
            terminal.press("Enter")
            terminal.wait_for("is protected and cannot be acted as")
            send_list_agents(terminal)
            terminal.wait_for("200 OK")
            terminal.press("C-q")
            assert terminal.exit_code() == 0
        asked = [
            (record.method, record.path, record.status) for record in server.requests if "oauth2" not in record.path
        ]

    entries = json.loads(place.run("audit", "show", "--format", "json").out)
    recorded = [(each["method"], each["path"], each["status"]) for each in entries if each["event"] == "request"]
    assert recorded == asked
    assert [(each["event"], each["identity"]) for each in entries if each["event"] != "request"] == [
        ("start", "u-1"),
        ("refusal", "u-3"),
        ("stop", "u-1"),
    ]
    assert {each["reason"] for each in entries if each["identity"] == "u-1"} == {"T-42"}
    assert place.run("audit", "verify").code == 0


def test_a_change_is_confirmed_first(place: Place) -> None:
    with ForeignAIRisk() as server:
        place.reach(server)
        place.tell(AIRISK_LABEL="production")
        with program(cwd=place.cwd, environment=place.environment) as terminal:
            terminal.wait_for("Ada Lovelace")
            terminal.press("Enter")
            terminal.wait_until(lambda: "ACTING AS Ada Lovelace" in terminal.bar, "Ada in the bar")
            open_endpoint(terminal, "create conv")
            terminal.wait_for("title*")
            terminal.type("A title")
            terminal.wait_for("A title")
            terminal.move("Tab")
            terminal.type("agent-0")
            terminal.wait_for("agent-0")
            terminal.press("F5")
            terminal.wait_for("Send this?", "POST /api/Chat/CreateConversation", "Ada Lovelace · u-1", "PRODUCTION")
            terminal.press("Enter", "Escape")
            terminal.wait_for("Not sent.")
            assert not [request for request in server.requests if "CreateConversation" in request.path]

            terminal.press("F5")
            terminal.wait_for("type production to allow it")
            terminal.type("production")
            terminal.press("Enter")
            terminal.wait_for("as Ada Lovelace · u-1 ·")
        assert len([request for request in server.requests if "CreateConversation" in request.path]) == 1


def test_an_act_ends_by_itself(place: Place) -> None:
    with ForeignAIRisk() as server:
        place.reach(server)
        place.tell(AIRISK_ACT_MINUTES="0.1")
        with program(cwd=place.cwd, environment=place.environment) as terminal:
            terminal.wait_for("Ada Lovelace")
            terminal.press("Enter")
            terminal.wait_for("ACTING AS Ada Lovelace", "ends in 0:0")
            terminal.wait_for("GENERIC", "minutes of acting as Ada Lovelace · u-1 are over")


def test_the_history_survives_and_is_asked_again_as_it_was(place: Place) -> None:
    with ForeignAIRisk() as server:
        place.reach(server)
        with program(cwd=place.cwd, environment=place.environment) as terminal:
            terminal.wait_for("Ada Lovelace")
            terminal.press("Enter")
            terminal.wait_until(lambda: "ACTING AS Ada Lovelace" in terminal.bar, "Ada in the bar")
            send_list_agents(terminal)
            terminal.wait_for("200 OK")
            terminal.press("C-q")
            terminal.exit_code()
        with program(cwd=place.cwd, environment=place.environment) as terminal:
            terminal.wait_for("Ada Lovelace", "GENERIC")
            terminal.press("h")
            terminal.wait_for("History", "/api/Chat/ListAgents", "1 exchange")
            terminal.press("R")
            terminal.wait_for("200 OK", "as Ada Lovelace · u-1")
            assert "ACTING AS Ada Lovelace" in terminal.bar


def become(terminal: Terminal, letters: str, name: str, identity: str) -> None:
    """Find somebody by a few letters, and act as them."""
    terminal.press("/")
    terminal.wait_for("To the list")
    terminal.type(letters)
    terminal.wait_until(lambda: bool(re.search(r"▸ .*" + name, terminal.screen)), f"the cursor on {name}")
    terminal.press("Enter", "Enter")
    terminal.wait_until(lambda: f"ACTING AS {name} · {identity}" in terminal.bar, f"{name} in the bar")


def send_list_agents(terminal: Terminal) -> None:
    """Find the endpoint in the explorer, open it, and send it."""
    open_endpoint(terminal, "list agents")
    terminal.wait_for("GET /api/Chat/ListAgents", "Send")
    terminal.press("F5")


def open_endpoint(terminal: Terminal, words: str) -> None:
    """Find an endpoint by words, and open it."""
    terminal.press("2")
    terminal.wait_for("Open")
    terminal.press("/")
    terminal.wait_for("To the list")
    terminal.type(words)
    terminal.wait_for(words)
    terminal.press("Enter", "Enter")
