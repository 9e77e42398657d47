"""Prism, which mocks an API as its OpenAPI document has it, and validates what it is asked."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.kit.machine import needs
from tests.long.wild import npm

_PACKAGE = "@stoplight/prism-cli@5.14.2"
_SECONDS_TO_START = 60


@contextmanager
def mocking(document: Path, log: Path) -> Iterator[str]:
    """Where that document is mocked while the `with` block lasts; what Prism says of it goes to the log."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(_program()), "mock", "--errors", "--port", str(port), str(document)]
    with log.open("wb") as out, subprocess.Popen(command, stdout=out, stderr=out) as process:
        try:
            _wait(port, process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < end and process.poll() is None:
        with socket.socket() as trying:
            if trying.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError(f"Prism did not start: {log.read_text()}")


def _program() -> Path:
    """Return where Prism is; bring it where it is not there yet."""
    place = npm.PLACE / "prism"
    program = place / "node_modules" / ".bin" / "prism"
    if not program.exists():
        needs("npm")
        place.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(place), _PACKAGE]
        subprocess.run(command, check=True, timeout=600)
    return program
