"""Copy by a program of the system, if there is one, because terminals never confirm a copy."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from textual.app import App

_DEADLINE = 2.0
"""Seconds. The programs wait much longer for a display that is gone, or behind a slow network."""

_PASSED_ON = (
    *("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE"),
    *("DISPLAY", "XAUTHORITY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR"),
)
"""Variables that such a program needs. Secrets in the environment are withheld."""


async def copy(app: App[Any], text: str) -> bool:
    """Copy by the terminal and by a program of the system; return whether it is known to have worked."""
    App.copy_to_clipboard(app, text)
    return await copy_by_program(text, os.environ)


async def copy_by_program(text: str, environment: Mapping[str, str]) -> bool:
    """Hand a text to the first program that takes it; return whether one did."""
    for command in _commands(environment):
        if await _is_taken(text, command, environment):
            return True
    return False


def _commands(environment: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """Yield the commands for the display that the user looks at: a login over SSH comes from another one."""
    is_here = "SSH_CONNECTION" not in environment
    display = environment.get("DISPLAY", "")
    if is_here and environment.get("WAYLAND_DISPLAY"):
        yield ("wl-copy",)
    if display and (is_here or not display.startswith(":")):
        yield ("xclip", "-selection", "clipboard")
        yield ("xsel", "--clipboard", "--input")
    if is_here and sys.platform == "darwin":
        yield ("pbcopy",)


async def _is_taken(text: str, command: tuple[str, ...], environment: Mapping[str, str]) -> bool:
    program = shutil.which(command[0], path=environment.get("PATH"))
    if not program:
        return False
    try:
        process = await asyncio.create_subprocess_exec(
            program,
            *command[1:],
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,  # Part of it keeps running to serve the text: a pipe would never close.
            stderr=asyncio.subprocess.DEVNULL,
            env={name: environment[name] for name in _PASSED_ON if name in environment},
            start_new_session=True,
        )
    except OSError:
        return False
    try:
        async with asyncio.timeout(_DEADLINE):
            await process.communicate(text.encode(errors="replace"))
    except TimeoutError:
        return False
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    return process.returncode == 0
