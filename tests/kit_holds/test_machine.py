"""What a machine lacks is named in the last line of a run, and CI installs it."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kit.machine import PACKAGES, left_out, needs

ROOT = Path(__file__).parents[2]
NEEDS_MANDOC = "tests/pages/test_generated.py::test_the_manual_is_shown_without_a_warning"


def lacking(*parts: str) -> str:
    """Return the reason of a skipped test."""
    return f"Skipped: this machine lacks {', '.join(parts)}"


def test_the_line_counts_the_tests_and_names_each_package_once() -> None:
    reasons = [lacking("dbus-daemon", "secret-tool"), lacking("dbus-run-session"), lacking("npm"), "Skipped: no Linux"]
    assert left_out(reasons) == "3 left out: apt-get install dbus libsecret-tools npm"
    assert left_out([lacking("zsh"), lacking("namespaces")]) == (
        "2 left out: apt-get install zsh; this machine allows no namespaces"
    )
    assert (
        left_out([f"{lacking('curl')}\nFailing explicit example: test(x=1, y=2)"]) == "1 left out: apt-get install curl"
    )
    assert left_out(["Skipped: no Linux"]) == ""


@pytest.mark.parametrize(
    ("required", "package", "ends"),
    [("1", "", "skip"), ("0", "a-package", "skip"), ("1", "a-package", "fail")],
    ids=["no package", "not required", "in CI"],
)
def test_what_a_package_brings_is_required_in_ci(
    monkeypatch: pytest.MonkeyPatch, required: str, package: str, ends: str
) -> None:
    monkeypatch.setenv("REQUIRE_MACHINE_PARTS", required)
    if package:
        monkeypatch.setitem(PACKAGES, "a-part-of-no-machine", package)
    with pytest.raises(getattr(pytest, ends).Exception, match="this machine lacks a-part-of-no-machine"):
        needs("a-part-of-no-machine")


def test_without_a_part_the_last_line_says_so(tmp_path: Path) -> None:
    environment = {**os.environ, "PATH": str(tmp_path), "REQUIRE_MACHINE_PARTS": "0"}
    options = ["-q", "-p", "no:cacheprovider", "-n", "1", f"--basetemp={tmp_path / 'inner'}"]
    command = [sys.executable, "-m", "pytest", *options, NEEDS_MANDOC]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    last = done.stdout.splitlines()[-1]
    assert last == "1 left out: apt-get install mandoc", f"{done.returncode}\n{done.stdout}\n{done.stderr}"


def test_ci_installs_every_package() -> None:
    (line,) = (line for line in (ROOT / ".ci" / "run").read_text().splitlines() if line.startswith("needed=("))
    assert sorted(shlex.split(line.removeprefix("needed=(").rstrip(")"))) == sorted(set(PACKAGES.values()))
