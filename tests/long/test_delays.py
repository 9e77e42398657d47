"""Every story at a screen holds when messages and threads are late."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_every_story_at_a_screen_holds_when_messages_and_threads_are_late(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEED", str(seed))
    arguments = ["-p", "tests.kit.delays", "-n", "auto", "--dist", "loadgroup", "-q", "tests/panes", "tests/screens"]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout[-20_000:]
