"""Record a walk through the demo in a real terminal, and draw it as an animated SVG: docs/demo.svg.

Time in it is that of a person who types and reads, not of the machine that records: what a key leads to comes at once.
"""

import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.kit.pty import Terminal, in_terminal
from tools.pages.animation import Frame, animated

DOCS = Path(__file__).parents[2] / "docs"

SIZE = (100, 30)
"""Columns and lines."""

QUIET = 0.15  # seconds without output after which what a key led to is taken for drawn
SETTLES_WITHIN = 0.6  # seconds: a cursor may blink for ever


@dataclass(frozen=True)
class Step:
    """Keys, what is then on the screen, and the seconds for which a person looks at it."""

    keys: str
    shown: str
    seconds: float = 0.15


WALK = (
    Step("", "200 users", 1.5),
    Step("/", "To the list", 0.5),
    Step("l", "of 200", 0.2),
    Step("o", "of 200", 1.2),
    Step("\r", "Act as", 0.8),
    Step("\r", "ACTING AS", 1.8),
    Step("2", "List agents", 0.8),
    Step("\x1b[15~", "200 OK", 2.5),  # F5
    Step("x", "GENERIC", 1.5),
    Step("m", "Start", 1.5),
    Step("\r", "r Again", 4.0),
)


def record() -> list[Frame]:
    """Walk through the demo, and return what was seen."""
    frames = []
    with tempfile.TemporaryDirectory() as home:
        environment = {"HOME": home, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "COLORTERM": "truecolor"}
        command = (sys.executable, "-m", "tui", "demo")
        with in_terminal(command, cwd=Path.cwd(), environment=environment, size=SIZE) as terminal:
            for step in WALK:
                terminal.type(step.keys)
                terminal.sees(step.shown)
                _settle(terminal)
                frames.append(Frame(terminal.coloured, step.seconds))
    return frames


def _settle(terminal: Terminal) -> None:
    """Read on while more is drawn."""
    end = time.monotonic() + SETTLES_WITHIN
    while time.monotonic() < end and terminal.draw_within(QUIET):
        pass


if __name__ == "__main__":
    (DOCS / "demo.svg").write_text(animated(record(), "A walk through the demo of airisk-tui"), encoding="utf-8")
