"""Start a sandbox in a child process, which ends with this one."""

import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tui.sandbox.options import Options

_SECONDS_TO_START = 30
_SECONDS_TO_STOP = 5
_HOME = Path(__file__).parents[2]


class SandboxError(Exception):
    """Raised if the sandbox did not start; the message is for the user."""


class ChildSandbox(NamedTuple):
    """A sandbox that runs in another process."""

    url: str
    options: Options
    pid: int


@contextmanager
def start_child(options: Options) -> Iterator[ChildSandbox]:
    """Serve in a child process within the context; raise SandboxError.

    The options go over stdin, so that the secret is in no argument list and no environment. When this process ends, for
    whatever reason, the pipe closes and the child ends, too.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "tui.sandbox.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        # The directory of this package, so that no other package called tui in the working directory is imported.
        cwd=_HOME,
        env={name: value for name, value in os.environ.items() if name != "CLIENT_SECRET"},
        start_new_session=True,
    )
    with process:
        try:
            yield ChildSandbox(_ready(process, options), options, process.pid)
        finally:
            _end(process)


def _ready(process: subprocess.Popen[bytes], options: Options) -> str:
    """Pass the options, and return the URL once it is served."""
    told = {}
    assert process.stdin  # noqa: S101 - a pipe was asked for
    assert process.stdout  # noqa: S101 - a pipe was asked for
    try:
        process.stdin.write(json.dumps(options.handed_over()).encode() + b"\n")
        process.stdin.flush()
        if select.select([process.stdout], [], [], _SECONDS_TO_START)[0]:
            told = json.loads(process.stdout.readline() or b"{}")
    except (OSError, ValueError):
        raise SandboxError("the sandbox did not start") from None
    if "url" not in told:
        raise SandboxError(told.get("error", "the sandbox did not start"))
    return str(told["url"])


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.stdin:
        process.stdin.close()
    try:
        process.wait(_SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
