"""Record a walk through the demo in a real terminal, and draw it as an animated SVG: docs/demo.svg.

It is recorded as an asciinema cast (version 2), which svg-term, from npm, draws.

Time in it is that of a person who types and reads, not of the machine that records: what a key leads to comes at once.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.pseudoterminal import in_terminal

HERE = Path(__file__).parent

SIZE = (100, 30)
"""Columns and lines."""


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
    Step("m", "Begin", 1.5),
    Step("\r", "r Again", 4.0),
)


def record() -> str:
    """Walk through the demo, and return the cast."""
    columns, lines = SIZE
    cast = [json.dumps({"version": 2, "width": columns, "height": lines, "title": "airisk-tui demo"})]
    moment = 0.0
    with tempfile.TemporaryDirectory() as home:
        environment = {"HOME": home, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "COLORTERM": "truecolor"}
        command = (sys.executable, "-m", "tui", "demo")
        with in_terminal(command, cwd=Path.cwd(), environment=environment, size=SIZE) as terminal:
            for step in WALK:
                before = len(terminal.output)
                terminal.type(step.keys)
                terminal.wait_for(step.shown)
                terminal.settle()
                cast.append(json.dumps([round(moment, 2), "o", terminal.output[before:].decode(errors="replace")]))
                moment += step.seconds
    return "\n".join((*cast, json.dumps([round(moment, 2), "o", ""]), ""))


def draw(cast: str) -> str:
    """The cast as an animated SVG, in which spaces count."""
    with tempfile.TemporaryDirectory() as directory:
        recorded, drawn = Path(directory, "demo.cast"), Path(directory, "demo.svg")
        recorded.write_text(cast, encoding="utf-8")
        command = (
            "npx",
            "--yes",
            "svg-term-cli@2.1.1",
            "--in",
            recorded,
            "--out",
            drawn,
            "--no-cursor",
            "--no-optimize",
        )
        subprocess.run(command, check=True)  # noqa: S603
        return drawn.read_text(encoding="utf-8").replace("<text ", '<text xml:space="preserve" ')


if __name__ == "__main__":
    if shutil.which("npx"):
        (HERE / "demo.svg").write_text(draw(record()), encoding="utf-8")
    else:
        sys.exit("npx is not installed: docs/demo.svg stays as it is")
