"""Start a sandbox in a process of its own, which ends when this one does."""

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
    """The sandbox did not start; in words for the person at the keyboard."""


class ChildSandbox(NamedTuple):
    """A sandbox that runs in another process."""

    url: str
    options: Options
    pid: int


@contextmanager
def start_child(options: Options) -> Iterator[ChildSandbox]:
    """Serve in a separate process while the `with` block lasts; raises SandboxError.

    The options go over stdin, so the secret is in no argument list and no environment; the other end
    of that pipe tells the child when this process is gone, however it went.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "tui.sandbox.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        # Where this package is: no other one called tui, in the working directory, is taken for it.
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
    """Hand the options over and return the URL once it is served."""
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
