"""Subjects of commits are short: those of the latest, and what the hook lets through."""

import subprocess

import pytest

from tests.pages.pages import ROOT

LONGEST = 72
LATEST = 100


def test_the_latest_subjects_are_short():
    command = ["git", "log", "--no-merges", f"--max-count={LATEST}", "--format=%s"]
    log = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=30).stdout
    assert log, "there are commits"
    assert [subject for subject in log.splitlines() if len(subject) > LONGEST] == []


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (
            "é" * LONGEST
            + "\n\nWhy it is so, in a body that is as long as it needs to be to say it and all the rest.\n",
            0,
        ),
        ("é" * (LONGEST + 1) + "\n", 1),
        ("# A comment of git, which is as long as it likes to be and is not counted as a subject.\nShort\n", 0),
        ("fixup! " + "a" * LONGEST + "\n", 0),
    ],
)
def test_the_hook_refuses_a_long_subject(tmp_path, message, code):
    file = tmp_path / "COMMIT_EDITMSG"
    file.write_text(message)
    done = subprocess.run([ROOT / "tools" / "hooks" / "commit-msg", file], check=False, timeout=30)
    assert done.returncode == code
