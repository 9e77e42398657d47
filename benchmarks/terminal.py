"""A real pseudo-terminal: keys are typed into it, and the time is taken until something is painted."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import tempfile
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyte

COLUMNS, LINES = 120, 40
_CONTROL = re.compile(rb"\x1b\[[0-9;?<>=]*[A-Za-z]|\x1b[\]P][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[()][AB0]|[\x0e\x0f]")
_PATIENCE = 40.0
"""Seconds after which something that was waited for has failed."""


class Painted:
    """A program in a terminal; `output` is what it wrote since the last `forget`."""

    def __init__(self, near: int, process: subprocess.Popen[bytes], started: float) -> None:
        self.output = bytearray()
        self.process = process
        self.started = started
        self.moment = started
        self.is_drawn = False
        self._near = near
        self._fed = 0
        self._screen = pyte.Screen(COLUMNS, LINES)
        self._stream = pyte.ByteStream(self._screen)

    def wait_for(self, *words: str, patience: float = _PATIENCE) -> float:
        """The moment at which all of these have been painted."""
        wanted = [each.encode() for each in words]
        end = time.perf_counter() + patience
        while True:
            at = time.perf_counter()
            text = _CONTROL.sub(b"", bytes(self.output))
            if all(each in text for each in wanted):
                return at
            if at > end or not self._read(max(end - at, 0)):
                raise TimeoutError(f"waited for {words}; the last that came: {text[-600:].decode(errors='replace')}")

    def wait_to_see(self, *words: str) -> float:
        """As `wait_for`, for a program that paints no more of a word than what has changed of it."""
        self.is_drawn = True
        self.moment = time.perf_counter()
        self._feed()  # What was read before may have all of it.
        end = self.moment + _PATIENCE
        while not any(all(each in line for each in words) for line in self._screen.display):
            left = end - time.perf_counter()
            if left < 0 or not self._read(left):
                shown = " / ".join(line.strip() for line in self._screen.display if line.strip())
                raise TimeoutError(f"waited to see {words} in {shown[:600]}")
            self.moment = time.perf_counter()
            self._feed()
        return self.moment

    def _feed(self) -> None:
        if not self.is_drawn:
            return
        self._stream.feed(bytes(self.output[self._fed :]))
        self._fed = len(self.output)

    def type(self, keys: str) -> float:
        """Type, and return when that was."""
        at = time.perf_counter()
        os.write(self._near, keys.encode())
        return at

    def wait_for_anything(self) -> float:
        """The moment at which something is painted next."""
        if not self._read(_PATIENCE):
            raise TimeoutError("nothing was painted")
        return time.perf_counter()

    def first_paint_after(self, keys: str) -> float:
        """Seconds from typing to the first thing that is painted."""
        self.quiet()
        at = self.type(keys)
        return self.wait_for_anything() - at

    def seconds_to(self, keys: str, *words: str) -> float:
        """Seconds from typing to the painting of words, which were not there before."""
        self.quiet()
        at = self.type(keys)
        return self.wait_for(*words) - at

    def watch(self, seconds: float) -> None:
        """Read for so long, as a terminal does: a program whose output nobody reads must wait."""
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            self._read(left)
        self._feed()

    def quiet(self, seconds: float = 0.03) -> None:
        """Return when nothing has been painted for a while, and forget what was."""
        while self._read(seconds):
            pass
        self._feed()
        self.output.clear()
        self._fed = 0

    def memory(self) -> float:
        """MiB of memory in use."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024

    def processor_seconds(self) -> float:
        """Seconds of the processor used so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(") ")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def ended(self) -> float:
        """The moment at which it has ended; what it still says is read."""
        while self._read(_PATIENCE):
            pass
        self.process.wait(_PATIENCE)
        return time.perf_counter()

    def _read(self, patience: float) -> bool:
        if not select.select([self._near], [], [], patience)[0]:
            return False
        try:
            data = os.read(self._near, 1 << 20)
        except OSError:  # its end
            return False
        self.output += data
        return bool(data)


@contextmanager
def painted(
    command: Sequence[str | Path], environment: Mapping[str, str] | None = None, *, stdin: Path | None = None
) -> Iterator[Painted]:
    """Run a command in a terminal of its own, at home in an empty directory; it is ended where the context ends."""
    near, far = pty.openpty()
    fcntl.ioctl(far, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
    with tempfile.TemporaryDirectory() as home:
        given = {"HOME": home, "TERM": "xterm-256color", "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
        source = stdin.open("rb") if stdin else None
        started = time.perf_counter()
        process = subprocess.Popen(
            [str(each) for each in command],
            stdin=source or far,
            stdout=far,
            stderr=far,
            env=given | dict(environment or {}),
            cwd=home,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(1, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - no threads yet
        )
        os.close(far)
        try:
            yield Painted(near, process, started)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            os.close(near)
            if source:
                source.close()


def seconds_to_paint(command: Sequence[str | Path], words: str, environment: Mapping[str, str] | None = None) -> float:
    """Seconds from launching a command until words are painted."""
    with painted(command, environment) as program:
        return program.wait_for(words) - program.started
