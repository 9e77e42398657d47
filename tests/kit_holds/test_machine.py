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


def test_what_no_package_brings_is_not_required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUIRE_MACHINE_PARTS", "1")
    with pytest.raises(pytest.skip.Exception, match="this machine lacks a-part-of-no-package"):
        needs("a-part-of-no-package")


@pytest.mark.parametrize(
    ("required", "workers", "outcome"),
    [("0", "1", "1 left out: apt-get install mandoc"), ("1", "0", "1 failed in ")],
    ids=["here, in other processes", "in CI"],
)
def test_without_a_part_the_last_line_says_so(tmp_path: Path, required: str, workers: str, outcome: str) -> None:
    environment = {**os.environ, "PATH": str(tmp_path), "REQUIRE_MACHINE_PARTS": required}
    options = ["-q", "-p", "no:cacheprovider", "-n", workers, f"--basetemp={tmp_path / 'inner'}"]
    command = [sys.executable, "-m", "pytest", *options, NEEDS_MANDOC]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert outcome in done.stdout.splitlines()[-1], f"{done.returncode}\n{done.stdout}\n{done.stderr}"


def test_ci_installs_every_package() -> None:
    (line,) = (line for line in (ROOT / ".ci" / "run").read_text().splitlines() if line.startswith("needed=("))
    assert sorted(shlex.split(line.removeprefix("needed=(").rstrip(")"))) == sorted(set(PACKAGES.values()))
