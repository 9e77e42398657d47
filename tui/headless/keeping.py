"""`airisk-tui setup` and `forget`: the client secret into the OS keyring, and out of it."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import sys

from tui.airisk.envfile import rewrite_env_file
from tui.airisk.errors import SettingsError
from tui.airisk.settings import Settings, Told
from tui.airisk.vault import CLIENT_SECRET, Secret
from tui.headless.connecting import vault_of
from tui.text import clean


def setup(told: Told, arguments: argparse.Namespace) -> int:
    """Keep the secret; it is read back before the program says so."""
    settings = told.settings()
    secret = _from_env(told) if arguments.from_env else _asked(settings)
    asyncio.run(vault_of(settings).set(CLIENT_SECRET, secret))
    if arguments.from_env and told.secret_file:
        rewrite_env_file(told.secret_file, {"CLIENT_SECRET": None})
        _say(f"Moved the client secret from {told.secret_file} to the keyring.")
    else:
        _say(f"The keyring now holds the client secret for {settings.origin.name}.")
    return 0


def forget(told: Told, _arguments: argparse.Namespace) -> int:
    """Remove everything that the keyring holds for this deployment and client."""
    settings = told.settings()
    removed = asyncio.run(vault_of(settings).forget())
    held = "nothing" if not removed else "1 item" if removed == 1 else f"{removed} items"
    _say(f"Removed {held} from the keyring for {settings.origin.name}.")
    return 0


def _from_env(told: Told) -> Secret:
    if not told.secret:
        raise SettingsError("CLIENT_SECRET is not set, so there is nothing to move.", advice="Leave out --from-env.")
    return told.secret


def _asked(settings: Settings) -> Secret:
    """The secret typed unseen, or the first line of what is piped in."""
    prompt = f"Client secret for {clean(settings.client_id)} at {settings.origin.name}: "
    typed = getpass.getpass(prompt) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    if not typed:
        raise SettingsError("No secret was entered; nothing was changed.", advice="Run it again.")
    return Secret(typed)


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")
