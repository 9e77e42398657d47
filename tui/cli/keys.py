"""`airisk-tui keys`: print the keys of every action, and check the user's own."""

from __future__ import annotations

import argparse
import sys

import msgspec
from textual.keys import format_key

from tui import clocks
from tui.airisk.diagnostics import DiagnosticResult
from tui.app.app import AIRiskApp
from tui.app.keymap import read_keymap
from tui.config.paths import keys_file
from tui.errors import AIRiskError, SettingsError
from tui.format import plural
from tui.screens.key_scopes import key_scopes


def run(_arguments: argparse.Namespace) -> int:
    """Print every action with its keys."""
    sys.stdout.write(list_keys())
    return 0


def check_own_keys() -> DiagnosticResult:
    """Check `keys.toml` against the actions of all screens."""
    started = clocks.precise()
    try:
        keymap = read_keymap(AIRiskApp)
        if keymap.faults:
            raise SettingsError(
                f"{keys_file()}, " + "; ".join(keymap.faults), advice="Those actions keep their default keys."
            )
    except AIRiskError as error:
        return DiagnosticResult("keys", error.message, clocks.precise() - started, error.advice, error)
    number = len(keymap.keys)
    return DiagnosticResult("keys", plural(number, "custom key binding"), clocks.precise() - started)


def list_keys() -> str:
    """Return every action with its keys, as a `keys.toml` in which those with their default keys are comments."""
    own = read_keymap(AIRiskApp).keys if keys_file().exists() else {}
    listed: set[str] = {""}
    lines = [f"# {keys_file()}: remove the # from the lines that you change"]
    for place in key_scopes(AIRiskApp):
        new = {each.id or "": each for each in reversed(place.bindings) if each.id not in listed}
        lines += [f"\n# {place.name}"] if new else []
        for name, binding in reversed(new.items()):
            keys = [_written(key) for key in own.get(name, binding.key).split(",")]
            line = f"{name} = {msgspec.json.encode(keys).decode()}  # {binding.tooltip or binding.description}"
            lines.append(("" if name in own else "# ") + line.rstrip("# "))
        listed |= new.keys()
    return "\n".join(lines) + "\n"


def _written(key: str) -> str:
    """Return a key as a user writes it: `/` for `slash`."""
    shown = format_key(key)
    return shown if len(shown) == 1 and shown.isascii() else key
