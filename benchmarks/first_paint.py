"""From the launch to the first frame, in a real terminal's stead: a pseudo-terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path

from benchmarks.measuring import Row, by_turns

MINIMAL = """
from textual.app import App
from textual.widgets import Static
class Minimal(App):
    def compose(self):
        yield Static("painted")
Minimal().run()
"""

SETTINGS = {"AIRISK_URL": "http://127.0.0.1:9", "CLIENT_ID": "bench", "CLIENT_SECRET": "none"}


def measure(rounds: int) -> Row:
    """The program on a deployment that does not answer, beside an app with one Static."""
    ours = Path(sys.executable).parent / "airisk-tui"
    peer, own = by_turns(
        lambda: _paint([sys.executable, "-c", MINIMAL], b"painted"),
        lambda: _paint([str(ours)], b"1 Users"),
        rounds,
    )
    return Row("launch → first paint", "minimal Textual app", peer, own, 1.10)


def _paint(command: list[str], marker: bytes) -> float:
    """Seconds until the marker is written to the terminal."""
    near, far = pty.openpty()
    fcntl.ioctl(far, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    with tempfile.TemporaryDirectory() as home:
        environment = {"HOME": home, "TERM": "xterm-256color", "PATH": os.environ["PATH"], **SETTINGS}
        started = time.perf_counter()
        with subprocess.Popen(command, stdin=far, stdout=far, stderr=far, env=environment, cwd=home) as process:
            os.close(far)
            seen = b""
            while marker not in seen:
                seen += os.read(near, 65536)
            seconds = time.perf_counter() - started
            process.kill()
    os.close(near)
    return seconds
