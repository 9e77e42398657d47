"""Keys of a person's own: what can be bound, and whether what they wrote can."""

from __future__ import annotations

import msgspec

from tui import clocks
from tui.airisk.diagnostics import DiagnosticResult
from tui.config.paths import keys_file
from tui.errors import AIRiskError, SettingsError


def check_keys() -> DiagnosticResult | None:
    """None where nobody wrote any: then nothing of the screens has to be imported."""
    if not keys_file().exists():
        return None
    from tui.app import AIRiskApp  # noqa: PLC0415
    from tui.keymap import read_keymap  # noqa: PLC0415

    started = clocks.precise()
    try:
        keymap = read_keymap(AIRiskApp)
        if keymap.faults:
            raise SettingsError(
                f"{keys_file()}, " + "; ".join(keymap.faults), advice="Those actions keep their usual keys."
            )
    except AIRiskError as error:
        return DiagnosticResult("keys", error.message, clocks.precise() - started, error.advice, error)
    number = len(keymap.keys)
    words = "1 action has a key" if number == 1 else f"{number} actions have keys"
    return DiagnosticResult("keys", f"{words} of your own", clocks.precise() - started)


def listed_keys() -> str:
    """Every action with its keys, as a `keys.toml` in which those that are as usual are comments."""
    from tui.app import AIRiskApp  # noqa: PLC0415
    from tui.keymap import read_keymap  # noqa: PLC0415
    from tui.screens.places import places  # noqa: PLC0415

    own = read_keymap(AIRiskApp).keys if keys_file().exists() else {}
    told: set[str] = {""}
    lines = [f"# {keys_file()}: take the # away from what is to be changed"]
    for place in places(AIRiskApp):
        new = {each.id or "": each for each in reversed(place.bindings) if each.id not in told}
        lines += [f"\n# {place.name}"] if new else []
        for name, binding in reversed(new.items()):
            keys = [_written(key) for key in own.get(name, binding.key).split(",")]
            line = f"{name} = {msgspec.json.encode(keys).decode()}  # {binding.tooltip or binding.description}"
            lines.append(("" if name in own else "# ") + line.rstrip("# "))
        told |= new.keys()
    return "\n".join(lines) + "\n"


def _written(key: str) -> str:
    """As one writes it: `/` for `slash`."""
    from textual.keys import format_key  # noqa: PLC0415

    shown = format_key(key)
    return shown if len(shown) == 1 and shown.isascii() else key
