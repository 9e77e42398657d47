"""A part of a JSON document, found by a JSONPath (RFC 9535)."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tui.background import run_in_thread
from tui.text import clean
from tui.widgets.json_viewer.json_outline import step
from tui.widgets.json_viewer.line_buffer import LineBuffer

_PROCESS = Path(__file__).with_name("query_process.py")
_DEADLINE = 10.0
"""Seconds; 10 MB take one or two."""

_PLACE = re.compile(r"\$\[(\d+)\]")
_ONLY = ("SYSTEMROOT",)
"""What a Python needs of the environment, on Windows; the rest may hold secrets and is none of its business."""


class QueryError(Exception):
    """The expression gives nothing; the text says why, fit to be shown."""


@dataclass(frozen=True, slots=True)
class JSONPathResult:
    """What an expression gave: the matching values as one JSON array."""

    expression: str
    lines: LineBuffer
    places: Sequence[Sequence[str | int]]
    is_cut: bool

    def path(self, path: str) -> str:
        """The path in the whole document of what is at `path` in the array."""
        place = _PLACE.match(path)
        if place is None:
            return self.expression
        return "".join(["$", *map(step, self.places[int(place[1])])]) + path[place.end() :]


def complete_expression(expression: str) -> str:
    """The expression with the `$` that people leave out."""
    expression = expression.strip()
    return expression if expression.startswith("$") else f"${'' if expression[:1] in '.[' else '.'}{expression}"


async def find_matches(text: str, expression: str) -> JSONPathResult:
    """Filter a JSON text in a process of its own, which ends when this is cancelled.

    Raises:
        QueryError: the expression is none, or takes too long or too much memory.
    """
    asked = json.dumps(expression).encode() + b"\n"
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        str(_PROCESS),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={name: os.environ[name] for name in _ONLY if name in os.environ},
    )
    try:
        async with asyncio.timeout(_DEADLINE):
            answer, _ = await process.communicate(asked + await run_in_thread(text.encode))
    except TimeoutError:
        raise QueryError(f"given up after {_DEADLINE:.0f} s") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return await run_in_thread(_read, answer, expression)


def _read(answer: bytes, expression: str) -> JSONPathResult:
    head, _, values = answer.partition(b"\n")
    if not head:
        raise QueryError("given up: it takes too much time or memory")
    told = json.loads(head)
    if "error" in told:
        raise QueryError(clean(told["error"], limit=100))
    return JSONPathResult(expression, LineBuffer(values.decode()), told["parts"], told["is_cut"])
