"""`airisk-tui info`: print the version, and where the program's files are."""

from __future__ import annotations

import argparse
import platform
import sys

import tui
from tui.background import run_async
from tui.cli.output import print_json
from tui.config.keyring import Vault
from tui.config.paths import audit_file, directory, history_file, keys_file, runs_directory, state_directory
from tui.config.settings import DEFAULT_ENV_FILE
from tui.errors import VaultError
from tui.text import clean


def run(arguments: argparse.Namespace) -> int:
    """Print the facts. The keyring is named, but no secret is read."""
    paths = {
        "settings": DEFAULT_ENV_FILE.absolute(),
        "config": directory(),
        "keys": keys_file(),
        "state": state_directory(),
        "history": history_file(),
        "runs": runs_directory(),
        "audit": audit_file(),
    }
    facts = {
        "version": tui.__version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "keyring": run_async(_keyring()),
    }
    if arguments.format == "json":
        document = facts | {name: str(path) for name, path in paths.items()}
        print_json(document)
        return 0
    lines = facts | {name: f"{path}{'' if path.exists() else ' (does not exist)'}" for name, path in paths.items()}
    sys.stdout.writelines(f"{name:<9} {clean(words)}\n" for name, words in lines.items())
    return 0


async def _keyring() -> str:
    """Return the name of the keyring, or why there is none."""
    try:
        return await Vault("airisk-tui").describe()
    except VaultError as error:
        return error.message
