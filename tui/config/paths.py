"""Where the program's configuration lives."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from platformdirs import user_config_path, user_state_path


def directory() -> Path:
    """Where a person writes down what the program is to be like, and where the deployments are."""
    return user_config_path("airisk-tui", appauthor=False)


def keys_file() -> Path:
    """Return the file of the user's own keys, whether it exists or not."""
    return directory() / "keys.toml"


def state_directory() -> Path:
    """Where the program keeps what it remembers and records."""
    return user_state_path("airisk-tui", appauthor=False)


def audit_file() -> Path:
    """The one audit trail of this person on this machine, for all deployments."""
    return state_directory() / "audit" / "audit.jsonl"


def history_file() -> Path:
    """The history of requests."""
    return state_directory() / "history.sqlite3"


def appearance_file() -> Path:
    """The theme that was chosen last."""
    return state_directory() / "appearance.json"


def copies_directory() -> Path:
    """Where a text lies while another program shows or edits it."""
    return state_directory() / "copies"


def workspaces_directory() -> Path:
    """Where each deployment has a directory for how its endpoints are used."""
    return state_directory() / "deployments"


def runs_directory() -> Path:
    """Where each deployment has a directory for the runs of its matrix."""
    return state_directory() / "matrix"


def of_deployment(directory: Path, origin: str) -> Path:
    """The directory in this one that belongs to a deployment."""
    return directory / sha256(origin.encode()).hexdigest()[:16]
