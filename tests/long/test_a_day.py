"""A day of somebody who looks into a complaint: from the start with two deployments to the report, with few keys."""

import json
import logging
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.kit.hands import Hands
from tests.kit.pty import opened
from tests.kit.shell import Place
from tui.sandbox import Options, Sandbox

MOST_KEYS = 70
POLICY = {"version": 1, "default": "allow", "rules": [{"deny": "GET /api/ListUsers", "roles": ["User"]}]}

_LOG = logging.getLogger(__name__)


@pytest.fixture
def desk(place: Place) -> Iterator[Place]:
    """A desk with two saved deployments, a file for an agent, and last week's policy."""
    directory = place.home / ".config" / "airisk-tui"
    directory.mkdir(parents=True)
    (place.cwd / "evidence.txt").write_text("what was found")
    policy = place.cwd / "policy.json"
    policy.write_text(json.dumps(POLICY))
    a_week_ago = time.time() - 7 * 24 * 3600
    os.utime(policy, (a_week_ago, a_week_ago))
    with ExitStack() as ending:
        for name in ("production", "staging"):
            sandbox = ending.enter_context(Sandbox(Options(reply_pause_ms=100)))
            file = directory / f"{name}.env"
            file.write_text(
                f"AIRISK_URL={sandbox.url}\nCLIENT_ID={sandbox.options.client_id}\nAIRISK_LABEL={name}\n"
                f"CLIENT_SECRET={sandbox.options.client_secret}\n"
            )
            file.chmod(0o600)
        yield place


def pick_a_deployment(hands: Hands) -> None:
    hands.press("down", "enter", until=("200 users", "STAGING"))


def find_a_user_read_the_card_and_act(hands: Hands) -> None:
    hands.press("/", until=("⏎ To the list",))
    hands.type("grace turing", until=("1 of 200", "─ Grace Turing ─", "Works Council, Incident Response, EMEA"))
    hands.press("enter", until=("ACTING AS Grace Turing · u-000000", "Now acting as"))


def talk_to_an_agent_with_a_file(hands: Hands) -> None:
    hands.press("A", until=("Talk to", "Policy Q&A", "Incident Triage"))
    hands.type("policy", until=("policy", "Policy Q&A"))
    hands.press("enter", until=("Write to Policy Q&A as Grace Turing.",))
    hands.press("f3", until=("Choose a file", "evidence.txt  14 B"))
    hands.press("enter", until=("+ evidence.txt",))
    hands.type("Is this enough?")
    hands.press("enter", until=('Talk to "Policy Q&A" as Grace Turing?',))
    hands.press("y", until=("+ evidence.txt, 14 B", "On “Is this enough?”", "filed yet", "Esc Back"))
    hands.press("escape", until=("1 Users", "2 Explorer"))


def compare_with_a_colleague(hands: Hands) -> None:
    hands.press("2", "/", until=("⏎ To the list", "14 endpoints"))
    hands.type("list conv", until=("list conv", "4 endpoints"))
    hands.press("enter", "f5", until=("200 OK · as Grace Turing", "c-000000-59"))
    hands.press("a", until=("All pages loaded:",))
    hands.press("c", until=("Compare with",))
    hands.type("henry lockwood", until=("send as Henry Lockwood",))
    hands.press("enter", until=("─ Compare ─", "Only Henry: 10 conversations."))
    hands.press("escape", until=("1 Users", "4 Response"))


def find_it_again_in_the_history(hands: Hands) -> None:
    hands.press("h", "/", until=("─ History ─", "⏎ To the list"))
    hands.type("askagent", until=("1 of ", "POST /api/Chat/AskAgent"))
    hands.press("enter", until=("Request ready. Press F5 to send it.", '"text":"Is this enough?"'))


def edit_and_resend(hands: Hands) -> None:
    hands.press("tab", "end")
    hands.type(" Or not?", until=("Is this enough? Or not? ",))
    hands.press("f5", until=("Send POST as Grace Turing?", "Don't send"))
    hands.press("y", until=("not?”", "filed yet", "text/event-stream"))


def check_access_against_the_policy_of_last_week(hands: Hands) -> None:
    hands.press("1", "escape", until=("200 users",))
    hands.press("m", until=("Access matrix", "random sample of 200 users", "22 identities × "))
    hands.press("shift+tab", "shift+tab", "space", until=("Choose a file", "policy.json"))
    hands.type("policy", until=("policy", "policy.json"))
    hands.press("enter", until=("policy.json (Space: none)",))
    hands.press("enter", until=("─ Matrix ─", "allowed, but should be denied", "r Retry"))


def save_a_report(hands: Hands) -> None:
    hands.press("s", until=("in this file:", "matrix-"))
    hands.press("enter", until=("Saved to matrix-",))


def stop_acting(hands: Hands) -> None:
    hands.press("escape", until=("1 Users", "2 Explorer"))
    hands.press("x", until=("APPLICATION",))


DAY = (
    pick_a_deployment,
    find_a_user_read_the_card_and_act,
    talk_to_an_agent_with_a_file,
    compare_with_a_colleague,
    find_it_again_in_the_history,
    edit_and_resend,
    check_access_against_the_policy_of_last_week,
    save_a_report,
    stop_acting,
)


def test_a_day_takes_at_most_70_keys(desk: Place) -> None:
    with opened(desk) as terminal:
        hands = Hands(terminal)
        terminal.sees("Deployments", "production", "staging")
        for step in DAY:
            before = hands.pressed
            step(hands)
            _LOG.info("%d keys: %s", hands.pressed - before, step.__name__.replace("_", " "))
        terminal.quits()
    keys = hands.pressed + 1
    _LOG.info("%d keys besides text in all, with the one that quits", keys)
    assert keys <= MOST_KEYS
    (report,) = desk.cwd.glob("matrix-*.html")
    assert "should be denied" in report.read_text()
    trail = json.loads(desk.run("audit", "show", "--format", "json", "--user", "u-000000").out)
    assert {"start", "request", "stop"} <= {entry["event"] for entry in trail}
