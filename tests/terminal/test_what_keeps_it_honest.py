"""What is asked, refused, ended and written down while an admin acts as a user, in a real terminal."""

import json

from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.pty import Terminal, opened
from tests.kit.shell import Place


def test_the_first_frame_needs_no_response(place: Place) -> None:
    with ForeignAIRisk(faults={"*": "never_answers"}) as server:
        place.reach(server)
        with opened(place) as terminal:
            terminal.sees("SIGNING IN", "1 Users", "List agents")
            terminal.press("escape")
            terminal.sees("NOT SIGNED IN", "Canceled.")
            server.mends("*")
            terminal.press("ctrl+r")
            terminal.sees("APPLICATION", "Grace Hopper")
            terminal.quits()


def test_what_was_done_is_in_the_audit_trail(place: Place) -> None:
    with ForeignAIRisk() as server:
        place.reach(server)
        place.tell(AIRISK_REQUIRE_REASON="true", AIRISK_PROTECTED_USERS="u-3")
        with opened(place) as terminal:
            terminal.sees("Ada Lovelace", "protected")
            terminal.press("enter")
            terminal.sees("requires a reason")
            terminal.type("T-42")
            terminal.press("enter")
            terminal.bar_says("ACTING AS Ada Lovelace")
            terminal.press("G", "enter")
            terminal.sees("airisk-tui will not act as this user")
            send_list_agents(terminal)
            terminal.sees("200 OK")
            terminal.quits()
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


def test_copies_that_nobody_takes_are_reported_and_the_trail_is_whole(place: Place) -> None:
    with ForeignAIRisk() as server:
        place.reach(server)
        place.tell(AIRISK_SYSLOG="tcp://127.0.0.1:1")
        with opened(place) as terminal:
            terminal.sees("Ada Lovelace")
            terminal.press("enter")
            terminal.sees("ACTING AS Ada", "Copies of the audit trail do not reach")
            terminal.press("x")
            terminal.sees("APPLICATION", "u-2   Grace")
            terminal.quits()
        done = place.run("request", "GET", "/api/Chat/ListAgents", "--as", "u-1")
        assert done.code == 0
        words = "Copies of the audit trail do not reach tcp://127.0.0.1:1 (connection refused). Check AIRISK_SYSLOG"
        assert done.err.count(words) == 1
    assert place.run("audit", "verify").code == 0


def test_a_change_is_confirmed_first(place: Place) -> None:
    with ForeignAIRisk() as server:
        place.reach(server)
        place.tell(AIRISK_LABEL="production")
        with opened(place) as terminal:
            terminal.sees("Ada Lovelace")
            terminal.press("enter")
            terminal.bar_says("ACTING AS Ada Lovelace")
            open_endpoint(terminal, "create conv")
            terminal.sees("title*")
            terminal.type("A title\tagent-0")
            terminal.press("f5")
            terminal.sees("Don't send", "POST /api/Chat/CreateConversation", "Ada Lovelace · u-1", "PRODUCTION")
            terminal.press("enter", "escape")
            terminal.sees("Not sent.")
            assert not [request for request in server.requests if "CreateConversation" in request.path]

            terminal.press("f5")
            terminal.sees("Type production to confirm")
            terminal.type("production")
            terminal.press("enter")
            terminal.sees("200 OK · as Ada Lovelace · u-1 ·")
        assert len([request for request in server.requests if "CreateConversation" in request.path]) == 1


def test_an_act_ends_by_itself(place: Place) -> None:
    with ForeignAIRisk() as server:
        place.reach(server)
        place.tell(AIRISK_ACT_MINUTES="0.1")
        with opened(place) as terminal:
            terminal.sees("Ada Lovelace")
            terminal.press("enter")
            terminal.sees("APPLICATION", "Acting as Ada Lovelace · u-1 ended after 0.1 minutes.")


def test_the_history_survives_and_is_sent_again_as_it_was(place: Place) -> None:
    with ForeignAIRisk() as server:
        place.reach(server)
        with opened(place) as terminal:
            terminal.sees("Ada Lovelace")
            terminal.press("enter")
            terminal.bar_says("ACTING AS Ada Lovelace")
            send_list_agents(terminal)
            terminal.sees("200 OK")
            terminal.quits()
        with opened(place) as terminal:
            terminal.sees("Ada Lovelace", "APPLICATION")
            terminal.press("h")
            terminal.sees("History", "/api/Chat/ListAgents", "1 request")
            terminal.press("R")
            terminal.bar_says("ACTING AS Ada Lovelace")
            terminal.sees("200 OK", "as Ada Lovelace · u-1")


def send_list_agents(terminal: Terminal) -> None:
    """Find the endpoint in the explorer, open it, and send it."""
    open_endpoint(terminal, "list agents")
    terminal.sees("GET /api/Chat/ListAgents", "Send")
    terminal.press("f5")


def open_endpoint(terminal: Terminal, words: str) -> None:
    """Find an endpoint by words, and open it."""
    terminal.press("2")
    terminal.type(f"/{words}\r")
