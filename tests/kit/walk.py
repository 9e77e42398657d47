"""The way through every place of the program with a hostile text, in a terminal: nothing acts, and nothing is askew."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.kit.calm import COPIED, acts, askew
from tests.kit.canaries import files_with, is_in
from tests.kit.hostile import Hostile
from tests.kit.pty import KEYS, Terminal, opened
from tests.kit.shell import Place

SIZE = (110, 34)
ESC, ENTER, DOWN, CTRL_O, CTRL_R = (KEYS[key] for key in ("escape", "enter", "down", "ctrl+o", "ctrl+r"))
F2, F4, F5 = (KEYS[key] for key in ("f2", "f4", "f5"))
FIND = f"{ESC}{ESC}2/\x1b[F\x15"  # in the explorer, whatever was looked for before
TEXT = "{text}"
"""Stands for the text, pasted."""

KINDS = ("html", "json", "csv", "xml", "sarif")
"""Of reports."""


@dataclass(frozen=True)
class Step:
    """What is typed, and what is then on the screen; `places` are those of `tui.screens.key_scopes` that are seen."""

    keys: str
    words: tuple[str, ...]
    places: tuple[str, ...] = ()


def step(keys: str, *words: str, places: tuple[str, ...] = ()) -> Step:
    """One step."""
    return Step(keys, words, places)


TO_A_RESPONSE = (
    step("", "keys.toml", places=("Text dialog",)),
    step(ESC, "3 users ─", "3 endpoints imported", places=("Users", "Explorer")),
    step(f"/{TEXT}", " of 3 ─", places=("Filter",)),
    step(ESC + ESC + "g", "3 users ─"),
    step(ENTER, "Recorded in the audit trail", places=("Prompt",)),
    step(f"{TEXT}{ENTER}", "ACTING AS"),
    step(f"{FIND}odd{DOWN}{ENTER}", "/api/odd", "POST", places=("Request",)),
    step(F4, "{", places=("Body of a request",)),
    step(F5, "Don't send", places=("Confirmation",)),
    step("n", "Not sent"),
    step(f"{FIND}upload{DOWN}{ENTER}", "POST /api/upload", places=("File field of a request",)),
    step(f"{FIND}list agents{DOWN}{ENTER}", "GET /api/Chat/ListAgents"),
    step(F5, " 200 ", places=("Response", "Response as a table")),
)
"""The main job, where all is well."""

WALK = (
    *TO_A_RESPONSE,
    step(ESC + "4A", "─ Talk "),  # to an agent that is to be chosen, or with that of the response
    step(ENTER, "Nothing said yet", places=("Conversation",)),
    step(TEXT, "Nothing said yet"),
    step(ESC + ESC, "4 Response"),
    step(ESC + "4i", "X-Text"),
    step("i/" + TEXT + ENTER, "Response", places=("Search or filter of a response",)),
    step(f"{ESC}f$.*{ENTER}", "Response"),
    step(ESC + "4Y", "Copy as", places=("Menu",)),
    step(ENTER, "Sent to the terminal’s clipboard: "),
    step("s", "in this file:"),
    step(ESC + "4c", "Compare with"),
    step("hopper" + ENTER, "requires a reason"),
    step(TEXT + ENTER, "differ", places=("Comparison",)),
    step(ENTER, "Esc Back"),
    step(ESC + ESC, "4 Response"),
    step("h", "History", places=("History", "Request in the history")),
    step(ESC + "?", "Esc closes", places=("Help",)),
    step(ESC + ":", "Search for commands", places=("Palette",)),
    step("u-1", "u-1"),
    step(ESC + "p", "Paste a curl command", places=("Paste dialog",)),
    step(TEXT, "Paste a curl command"),
    step(ESC + ESC + CTRL_O, "Deployments", places=("Deployments",)),
    step(ESC + "o" + DOWN + ENTER, "Choose a file", places=("File browser",)),
    step(ESC + F2, "All checks passed", places=("Connection check",)),
    step(ESC + "1gm", "Access matrix", places=("Matrix plan",)),
    step(ENTER, "requires a reason"),
    step(TEXT + ENTER, "cells tested", "r Retry", places=("Matrix",)),
    step(DOWN + ENTER, "because", places=("Matrix cell",)),
    step(F5, "Just now"),
    step(ESC + "P" + ENTER, "Choose a file", "policy-"),
    step("policy", "policy-"),
    step(ENTER, "policy policy-"),
    *(step(f"s\x1b[F\x15report.{kind}{ENTER}", f"Saved to report.{kind}") for kind in KINDS),
    step(ESC + ESC, "3 users ─"),
    step(f"{FIND}refused{DOWN}{ENTER}{F5}", " 403 "),
)
"""Every place, where all is well."""

REFUSED = (
    step(f"{ESC}1x{DOWN}{DOWN}{ENTER}", "requires a reason"),
    step(TEXT + ENTER, "✗"),
    step(F2, "✗ authorize", places=("Connection check",)),
    step(ESC + CTRL_R, "✗"),
)
"""Where nobody gets a code any more."""

FIRST = (
    step("", "Connect to AIRisk", places=("Sign-in",)),
    step(TEXT + F2, "Check the connection"),
    step(f"{ESC}{ENTER}", "Connect to AIRisk"),
)
"""Where the secret is asked for."""


def walk(place: Place, text: str) -> None:
    """Go everywhere, where all is well and where nobody gets a code any more."""
    _walk(place, Hostile(text), WALK, REFUSED)


def walk_to_a_response(place: Place, text: str) -> None:
    """Do the main job, where all is well."""
    _walk(place, Hostile(text), TO_A_RESPONSE)


def _walk(place: Place, hostile: Hostile, steps: Sequence[Step], refused: Sequence[Step] = ()) -> None:
    with hostile.served() as server:
        place.reach(server)
        hostile.write_beside(place)
        with opened(place, size=SIZE) as terminal:
            _go(terminal, steps, hostile)
            hostile.refuses_to_sign_in(server)
            _go(terminal, refused, hostile)
            _leave(terminal)
        canaries = [server.client_secret, *server.tokens]
    assert not any(is_in(canary, terminal.output) for canary in canaries)
    assert files_with(canaries, place.root) == []


def walk_before_signing_in(place: Place, text: str) -> None:
    """Go wherever one can where the secret is asked for."""
    hostile = Hostile(text)
    with hostile.served() as server:
        place.tell(AIRISK_URL=server.url, CLIENT_ID=hostile.sendable if hostile.sendable.isprintable() else "client")
        with opened(place, size=SIZE) as terminal:
            _go(terminal, FIRST, hostile)
            _leave(terminal)


def _go(terminal: Terminal, steps: Sequence[Step], hostile: Hostile) -> None:
    """Take steps, and look at what is on the screen after each."""
    for each in steps:
        for number, keys in enumerate(each.keys.split(TEXT)):
            terminal.type((hostile.typed if number else "") + keys)
        try:
            terminal.sees(*each.words)
            terminal.until(lambda: not askew(terminal), "straight frames")
        except AssertionError as fault:
            raise AssertionError(f"after {each}, askew: {askew(terminal)}\n{fault}") from None


def _leave(terminal: Terminal) -> None:
    """Leave the program; all that it ever drew was harmless."""
    terminal.quits()
    written = terminal.output.decode()
    assert acts(COPIED.sub("", written)) == ""
