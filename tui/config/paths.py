"""Paths of the program's configuration and state."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from platformdirs import user_config_path, user_state_path


def directory() -> Path:
    """Return the configuration directory, which also holds the deployments."""
    return user_config_path("airisk-tui", appauthor=False)


def keys_file() -> Path:
    """Return the path of the user's own key bindings; the file may not exist."""
    return directory() / "keys.toml"


def state_directory() -> Path:
    """Return the directory of everything that the program stores and records."""
    return user_state_path("airisk-tui", appauthor=False)


def audit_file() -> Path:
    """Return the path of the user's audit trail, shared by all deployments."""
    return state_directory() / "audit" / "audit.jsonl"


def history_file() -> Path:
    """Return the path of the request history."""
    return state_directory() / "history.sqlite3"


def appearance_file() -> Path:
    """Return the path of the file that stores the chosen theme."""
    return state_directory() / "appearance.json"


def copies_directory() -> Path:
    """Return the directory of texts that another program shows or edits."""
    return state_directory() / "copies"


def workspaces_directory() -> Path:
    """Return the directory that holds each deployment's endpoint usage."""
    return state_directory() / "deployments"


def runs_directory() -> Path:
    """Return the directory that holds each deployment's matrix runs."""
    return state_directory() / "matrix"


def of_deployment(directory: Path, origin: str) -> Path:
    """Return a deployment's subdirectory of this directory."""
    return directory / sha256(origin.encode()).hexdigest()[:16]
