"""Deployments that the user has set up, one `NAME.env` each."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tui.config.keyring import Secret
from tui.config.paths import directory
from tui.config.settings import DEFAULT_ENV_FILE, RawSettings, Settings, is_no, read
from tui.errors import AIRiskError, SettingsError

_GUARDS = (
    "AIRISK_READ_ONLY",
    "AIRISK_ACT_READ_ONLY",
    "AIRISK_REQUIRE_REASON",
    "AIRISK_REQUIRE_AUDIT",
    "AIRISK_SYSLOG",
)
"""Guard rails that apply to every deployment if they are set in the environment."""

_NAME = re.compile(r"\w[\w.-]{0,63}")


@dataclass(frozen=True, slots=True)
class Deployment:
    """Deployment with its name and its raw settings, or the `error` why it cannot be opened."""

    name: str
    path: Path
    raw: RawSettings | None = None
    error: AIRiskError | None = None

    @property
    def settings(self) -> Settings | None:
        """The validated settings, or None while a required one is missing."""
        return self.raw.settings() if self.raw and not self.raw.missing else None


def deployments(environment: Mapping[str, str]) -> tuple[Deployment, ...]:
    """Return all deployments, sorted by name. Blocks.

    Raises:
        SettingsError: the directory cannot be read.
    """
    return tuple(_deployment(path, environment) for path in _files())


def has_deployments() -> bool:
    """Return whether any deployment is saved. Blocks."""
    try:
        return bool(_files())
    except SettingsError:  # shown where deployments are chosen
        return False


def named(name: str, environment: Mapping[str, str]) -> RawSettings:
    """Return the raw settings of one deployment.

    Only its file counts: an address or a secret in the environment belongs to another deployment.

    Raises:
        SettingsError: there is no such deployment, or its file is unreadable or invalid.
    """
    path = _path_of(name)
    known = [each.stem for each in _files()]
    if name not in known:
        advice = f"Deployments are files NAME.env in {directory()}."
        if near := difflib.get_close_matches(name, known, n=1):
            advice = f"Did you mean {near[0]}?"
        elif known:
            advice = f"Saved deployments: {', '.join(known)}."
        raise SettingsError(f'Unknown deployment "{name}".', advice=advice)
    return _read(path, environment)


def is_saved(raw: RawSettings) -> bool:
    """Return whether these are the settings of a saved deployment, for which its file alone counts."""
    return raw.env_file.parent == directory()


def secret_places(raw: RawSettings) -> tuple[str, ...]:
    """Return the places that the client secret is read from, except the keyring."""
    return (str(raw.env_file),) if is_saved(raw) else ("the environment", str(DEFAULT_ENV_FILE))


def options_for(raw: RawSettings) -> tuple[str, ...]:
    """Return the command-line options that name this deployment; none for the working directory's."""
    path = raw.env_file
    if path == DEFAULT_ENV_FILE:
        return ()
    return ("--deployment", path.stem) if is_saved(raw) else ("--env-file", str(path.absolute()))


def new(name: str) -> RawSettings:
    """Return a new deployment with nothing set but its file, and create the directory.

    Raises:
        SettingsError: the name is invalid or taken, or the directory cannot be created.
    """
    path = _path_of(name)
    if path.exists():
        raise SettingsError(f'Deployment "{name}" already exists.', advice="Choose another name.")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            f"{path.parent} cannot be created: {error.strerror}.", advice="Check its permissions."
        ) from None
    return RawSettings({}, Secret(""), env_file=path)


def _path_of(name: str) -> Path:
    """Return the file of a deployment.

    Raises:
        SettingsError: the name is invalid.
    """
    if not _NAME.fullmatch(name):
        raise SettingsError("Invalid name for a deployment.", advice="Use letters, digits, dots and dashes.")
    return directory() / f"{name}.env"


def _files() -> list[Path]:
    try:
        return sorted(each for each in directory().iterdir() if each.suffix == ".env" and _NAME.fullmatch(each.stem))
    except FileNotFoundError:
        return []
    except OSError as error:
        reason = error.strerror or "no such directory"
        raise SettingsError(f"{directory()} cannot be read: {reason}.", advice="Check its permissions.") from None


def _deployment(path: Path, environment: Mapping[str, str]) -> Deployment:
    try:
        raw = _read(path, environment)
        if not raw.missing:
            raw.settings()
    except AIRiskError as error:
        return Deployment(path.stem, path, error=error)
    return Deployment(path.stem, path, raw)


def _read(path: Path, environment: Mapping[str, str]) -> RawSettings:
    return read(dict(_guards(environment)), path)


def _guards(environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    return ((name, environment[name]) for name in _GUARDS if not is_no(environment.get(name, "")))
