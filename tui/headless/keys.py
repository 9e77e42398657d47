"""Whether a person's own keys can be bound as they wrote."""

from __future__ import annotations

import time

from tui.airisk.configuration import keys_file
from tui.airisk.doctor import Check
from tui.airisk.errors import AIRiskError, SettingsError


def check_keys() -> Check | None:
    """None where nobody wrote any: then nothing of the screens has to be imported."""
    if not keys_file().exists():
        return None
    from tui.app import AIRiskApp  # noqa: PLC0415
    from tui.keymap import read_keymap  # noqa: PLC0415

    started = time.perf_counter()
    try:
        keymap = read_keymap(AIRiskApp)
        if keymap.faults:
            raise SettingsError(
                f"{keys_file()}, " + "; ".join(keymap.faults), advice="Those actions keep their usual keys."
            )
    except AIRiskError as error:
        return Check("keys", error.message, time.perf_counter() - started, error.advice, error)
    return Check("keys", f"{len(keymap.keys)} actions have keys of your own", time.perf_counter() - started)
