"""Run the command that prints the client secret, for people who have it in a password manager."""

from __future__ import annotations

import asyncio
import os
import signal
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence
from contextlib import suppress

from tui.config.keyring import Secret
from tui.config.settings import SECRET_COMMAND, without_secrets
from tui.errors import SettingsError

DEADLINE = 30.0
"""Seconds: enough to unlock a password manager in its own window."""

_MOST = 64 * 1024
"""Bytes of output; a secret is shorter."""

_TRY = "Run the command in a terminal to see why."


async def run_secret_command(command: Sequence[str], *, deadline: float = DEADLINE) -> Secret:
    """Run the command without a shell, and return the first line of its output.

    It has no terminal and reads nothing, so that it cannot draw over the app or take its keys. Its output is never
    shown, not even in an error.

    Raises:
        SettingsError: the command is missing, failed, took too long, or printed no text.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=DEVNULL,
            env=without_secrets(os.environ),
            start_new_session=True,
        )
    except FileNotFoundError:
        raise _failed(f"was not found: {command[0]}", "Check its name, or write its full path.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "invalid"
        raise _failed(f"cannot be run: {reason}", "Check its permissions.") from None
    try:
        async with asyncio.timeout(deadline):
            output = await _output(process)
            code = await process.wait()
    except TimeoutError:
        advice = f"Unlock the password manager, then try again. {_TRY}"
        raise _failed(f"did not finish within {deadline:g} s", advice) from None
    finally:
        await _end(process)
    if code:
        raise _failed(f"exited with {code}", _TRY)
    return _secret_in(output)


async def _output(process: Process) -> bytes:
    output = b""
    while process.stdout and (chunk := await process.stdout.read(_MOST)):
        output += chunk
        if len(output) > _MOST:
            raise _failed("printed more than 64 kB", "Let it print the secret only.")
    return output


async def _end(process: Process) -> None:
    """End the command and what it has started, if it is still running."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


def _secret_in(output: bytes) -> Secret:
    try:
        text = output.decode()
    except UnicodeDecodeError:
        text = None
    if text is None:  # not raised above: the decoder's error holds the output
        raise _failed("printed something that is not UTF-8 text", _TRY)
    line = text.partition("\n")[0].removesuffix("\r")
    if not line.strip():
        raise _failed("printed no secret in its first line", _TRY)
    if not line.isprintable():
        raise _failed("printed an invisible character in its first line", "Let it print the secret as plain text.")
    return Secret(line)


def _failed(what: str, advice: str) -> SettingsError:
    return SettingsError(f"{SECRET_COMMAND} {what}.", advice=advice)
