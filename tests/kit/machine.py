"""What a test needs of the machine: without it the test is skipped, or fails where REQUIRE_MACHINE_PARTS=1."""

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

PACKAGES = {
    "curl": "curl",
    "dbus-daemon": "dbus",
    "dbus-run-session": "dbus",
    "fish": "fish",
    "gnome-keyring-daemon": "gnome-keyring",
    "libfaketime": "faketime",
    "mandoc": "mandoc",
    "namespaces": "util-linux",
    "secret-tool": "libsecret-tools",
    "tmux": "tmux",
    "zsh": "zsh",
}
"""What brings each part, on Debian. A part that no package brings has a line of its own in `_has`."""

_LACKS = "this machine lacks "
APART = ("unshare", "--user", "--map-root-user", "--mount")
"""Runs a command that may mount what nobody else sees."""


def needs(*parts: str) -> None:
    """Skip the test, or fail it, where a part of the machine is missing."""
    missing = [part for part in parts if not _has(part)]
    if not missing:
        return
    words = _LACKS + ", ".join(missing)
    if os.environ.get("REQUIRE_MACHINE_PARTS") == "1":
        pytest.fail(words)
    pytest.skip(words)


def libfaketime() -> str:
    """Where it is, to be preloaded."""
    needs("libfaketime")
    return str(_libfaketime())


def left_out(reasons: list[str]) -> str:
    """One line for all tests that were skipped for these reasons, and what to install; empty where there are none."""
    parts = [part for reason in reasons for part in reason.partition(_LACKS)[2].split(", ") if part]
    if not parts:
        return ""
    packages = sorted({PACKAGES.get(part, part) for part in parts})
    return f"{len(reasons)} left out: apt-get install {' '.join(packages)}"


@cache
def _has(part: str) -> bool:
    if part == "libfaketime":
        return _libfaketime() is not None
    if part == "namespaces":
        return bool(shutil.which("unshare")) and _can([*APART, "--net", "true"])
    return shutil.which(part) is not None


def _libfaketime() -> Path | None:
    return next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)


def _can(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
