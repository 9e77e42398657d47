"""Parts of the machine that tests need. Without one a test is skipped, or fails where REQUIRE_MACHINE_PARTS=1."""

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
    "secret-tool": "libsecret-tools",
    "tmux": "tmux",
    "zsh": "zsh",
}
"""Debian's package for each part; `.ci/run` installs all of them."""
PACKAGES_FOR_LONG = {
    "chromium": "chromium",
    "man": "man-db",
    "npm": "npm",
    "parallel": "parallel",
    "sbatch": "slurm-client",
    "slurmctld": "slurmctld",
    "slurmd": "slurmd",
}
"""The same for parts that only `make long` needs."""

_LACKS = "this machine lacks "
APART = ("unshare", "--user", "--map-root-user", "--mount")
"""Runs a command that may mount what nobody else sees."""


def needs(*parts: str) -> None:
    """Skip the test where a part is missing. Fail it where parts are required and a package would bring this one."""
    missing = [part for part in parts if not _has(part)]
    if not missing:
        return
    words = _LACKS + ", ".join(missing)
    if os.environ.get("REQUIRE_MACHINE_PARTS") == "1" and PACKAGES.keys() & set(missing):
        pytest.fail(words)
    pytest.skip(words)


def libfaketime() -> str:
    """Where it is, to be preloaded."""
    needs("libfaketime")
    return str(_libfaketime())


def left_out(reasons: list[str]) -> str:
    """Return one line for the tests that were skipped for these reasons: how many, and what to install for them."""
    # Below its first line hypothesis tells with which example a test was skipped.
    lists = [words for reason in reasons if (words := reason.partition("\n")[0].partition(_LACKS)[2])]
    parts = sorted({part for words in lists for part in words.split(", ")})
    known = PACKAGES | PACKAGES_FOR_LONG
    packages = sorted({known[part] for part in parts if part in known})
    remedies = [f"apt-get install {' '.join(packages)}"] * bool(packages)
    remedies += [f"this machine allows no {part}" for part in parts if part not in known]
    return f"{len(lists)} left out: {'; '.join(remedies)}" if lists else ""


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
