"""What the last whole run told, with the machine and the day: RESULTS.md."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.measuring import HEADING, Row
from benchmarks.peers import HERE

RESULTS = HERE / "RESULTS.md"
_NOTES = "<!-- Below here is written by hand, and kept. -->"


def keep(rows: Sequence[Row], *, is_whole: bool) -> None:
    """Write the table; unless `is_whole`, what was not measured this time stays, as does what stands below it."""
    before = RESULTS.read_text() if RESULTS.exists() else ""
    table, _, notes = before.partition(_NOTES)
    lines = {_subject(line): line for line in table.splitlines() if line.startswith("| ") and line not in HEADING}
    if is_whole:
        lines.clear()
    lines |= {_subject(str(row)): str(row) for row in rows}
    missed, met = (sum(line.endswith(verdict) for line in lines.values()) for verdict in ("**missed** |", "| met |"))
    head = (
        "# Measured by `make bench`\n\n"
        "Each ratio is of two medians, measured by turns in one run: real pseudo-terminals, real HTTP on loopback.\n\n"
        f"{_machine()}, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC. {met} met, {missed} missed.\n\n"
    )
    RESULTS.write_text("\n".join([head + HEADING, *lines.values(), "", _NOTES]) + (notes or "\n"))


def _subject(line: str) -> tuple[str, ...]:
    return tuple(line.split(" | ")[:2])


def _machine() -> str:
    names = [line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")]
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    return (
        f"{names[0] if names else platform.processor()}, {os.cpu_count()} cores, {pages * size / 2**30:.0f} GiB, "
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}, Textual {version('textual')}"
    )


def _lines(name: str) -> list[str]:
    path = Path(name)
    return path.read_text().splitlines() if path.exists() else []
