"""A text is handed to a program of the system where there is one for the display that the person looks at."""

import os
import sys
from pathlib import Path

import pytest

from tui import clipboard
from tui.clipboard import copy_by_program

TEXT = "airisk-tui request GET /api/Chat/ListAgents --as 'Günther 👍'\n$(id)"

KEEPS = 'cat >"$0.text"\nenv >"$0.env"\necho "$@" >"$0.arguments"\nsleep 5 & exit 0\n'
"""Hands the text out from the background, as xclip does: it keeps all that it has inherited."""

HOST = {"DISPLAY": ":0", "CLIENT_SECRET": "a secret", "AIRISK_TOKEN": "a token"}


def install(folder: Path, name: str, script: str) -> Path:
    """Put a program of that name on the path."""
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}")
    program.chmod(0o700)
    return program


def kept(program: Path, what: str) -> str:
    """What that program has kept; nothing where it did not come to that."""
    path = Path(f"{program}.{what}")
    return path.read_text(encoding="utf-8") if path.exists() else ""


def environment(folder: Path, **more: str) -> dict[str, str]:
    """What a program started with such a path finds."""
    return {"PATH": f"{folder}:/usr/bin:/bin", **more}


async def test_the_text_and_no_secret_reaches_the_program(tmp_path: Path) -> None:
    program = install(tmp_path, "xclip", KEEPS)
    assert await copy_by_program(TEXT, environment(tmp_path, **HOST)), "waited for what stays in the background"
    assert kept(program, "text") == TEXT
    assert kept(program, "arguments").split() == ["-selection", "clipboard"]
    inherited = {line.partition("=")[0] for line in kept(program, "env").splitlines()}
    assert "DISPLAY" in inherited
    assert not inherited & {"CLIENT_SECRET", "AIRISK_TOKEN"}


DISPLAYS = {
    "Wayland": ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, "wl-copy"),
    "X": ({"DISPLAY": ":0"}, "xclip"),
    "X, forwarded": ({"DISPLAY": "localhost:10.0", "SSH_CONNECTION": "a 1 b 22"}, "xclip"),
    "over SSH, where somebody else may sit at the display": (
        {"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0", "SSH_CONNECTION": "a 1 b 22"},
        None,
    ),
    "none": ({}, None),
}


@pytest.mark.skipif(sys.platform == "darwin", reason="there is pbcopy everywhere")
@pytest.mark.parametrize(("display", "expected"), DISPLAYS.values(), ids=DISPLAYS)
async def test_the_program_is_that_of_the_display(
    tmp_path: Path, display: dict[str, str], expected: str | None
) -> None:
    programs = [install(tmp_path, name, KEEPS) for name in ("wl-copy", "xclip", "xsel", "pbcopy")]
    assert await copy_by_program(TEXT, environment(tmp_path, **display)) == (expected is not None)
    asked = [program.name for program in programs if kept(program, "text")]
    assert asked == ([expected] if expected else [])


async def test_one_that_fails_or_hangs_is_given_up_and_the_next_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, "wl-copy", "exit 1\n")
    hanging = install(tmp_path, "xclip", 'echo $$ >"$0.pid"\nexec sleep 3600\n')
    last = install(tmp_path, "xsel", KEEPS)
    monkeypatch.setattr(clipboard, "_DEADLINE", 1.0)
    assert await copy_by_program(TEXT, environment(tmp_path, WAYLAND_DISPLAY="wayland-0", DISPLAY=":0"))
    assert kept(last, "text") == TEXT
    with pytest.raises(ProcessLookupError):
        os.kill(int(kept(hanging, "pid")), 0)
