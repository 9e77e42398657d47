"""Where the program's configuration lives."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_config_path


def directory() -> Path:
    """Where the deployments are, too; XDG_CONFIG_HOME is respected."""
    return user_config_path("airisk-tui", appauthor=False)


def keys_file() -> Path:
    """Return the file of the user's own keys, whether it exists or not."""
    return directory() / "keys.toml"
