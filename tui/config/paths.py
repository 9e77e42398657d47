"""Where the program's configuration lives."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_config_path


def directory() -> Path:
    """Where the deployments are, too; XDG_CONFIG_HOME is respected."""
    return user_config_path("airisk-tui", appauthor=False)


def keys_file() -> Path:
    """The keys of a person's own, if there are any."""
    return directory() / "keys.toml"
