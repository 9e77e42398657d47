"""An answer of 10 MB: seen, moved in, searched and folded."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace

import msgspec

from benchmarks.launching import listed
from benchmarks.material import large_file, users_file
from benchmarks.measuring import Row, all_by_turns, at_most, beside, by_turns, not_run, p95, within
from benchmarks.peers import NotThereError, installed, program
from benchmarks.server import served
from benchmarks.terminal import Painted, painted
from tui.widgets.json_viewer.highlight import TextSearch
from tui.widgets.json_viewer.line_buffer import LineBuffer

_FIRST = "c-000000"
"""Stands in the first lines."""

_AS_JSON = f'"{_FIRST}"'

_PATIENCE = 35
_F5, _DOWN, _PAGE_DOWN = "\x1b[15~", "\x1b[B", "\x1b[6~"


def large(rounds: int) -> Iterator[Row]:
    """From F5 to the first rows and lines, beside jq and posting; then the keys, and what it all takes."""
    what = "10 MB JSON → on screen"
    few = min(rounds, 5)
    with listed(1000, large_file()) as (server, ours):
        ours.seconds_to("\r", "ACTING AS")
        ours.seconds_to("2", "")
        ours.quiet(0.3)
        ours.seconds_to("\r", "GET /api/Chat/ListAgents")
        server.choose("large")
        peer, table = by_turns(_jq, lambda: _sent(ours, _FIRST), few)
        ours.seconds_to("4", "")
        rows = [ours.first_paint_after(key) for key in [_DOWN, _PAGE_DOWN] * 20]
        ours.seconds_to("r", _AS_JSON)
        ours.quiet(0.3)
        keys = [ours.first_paint_after(key) for key in _keys()]
        memory = ours.memory()
        peer_again, lines = by_turns(_jq, lambda: _sent(ours, _AS_JSON), few)
    yield beside(f"{what}, as a table", "`jq .`", peer, table, 0.5)
    yield within("keys in the table of 10 MB: p95", p95(rows), 0.016)
    yield beside(f"{what}, foldable", "`jq .`", peer_again, lines, 0.5)
    yield within("keys while it is shown, searched, folded: p95", p95(keys), 0.016)
    yield at_most("memory with it, after that", memory, 120, "MiB")
    yield _beside_posting(f"{what}, foldable", lines)


def _keys() -> Iterator[str]:
    yield from (_DOWN, _PAGE_DOWN, "C", _DOWN, "E", "/", *"audit", "\r", "n", "n", "n", "N", _PAGE_DOWN, "\x1b")
    yield from [_DOWN, _PAGE_DOWN] * 20


def _sent(ours: Painted, words: str) -> float:
    seconds = ours.seconds_to(_F5, "200 OK", words)
    ours.quiet(0.3)
    return seconds


def _jq() -> float:
    command = [str(program("jq")), ".", str(large_file())]
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def _beside_posting(what: str, mine: float) -> Row:
    try:
        command = [installed("posting") / "posting"]
    except NotThereError as error:
        return not_run(what, "posting", "≤ 1/100", str(error))
    with served(users_file(1000), large_file()) as server, painted(command) as posting:
        server.choose("large")
        posting.wait_for("Enter a URL")
        posting.quiet(0.3)  # its cursor blinks every half second
        posting.type(f"{server.url}/api/Chat/ListAgents")
        posting.quiet(0.3)
        asked, at = server.asked, posting.type("\n")
        try:
            seconds = posting.wait_for(_FIRST, patience=_PATIENCE) - at
        except TimeoutError:
            if server.asked == asked:
                return not_run(what, "posting", "≤ 1/100", "it did not send")
            return replace(beside(what, "posting", _PATIENCE, mine, 1 / 100), limit=f"> {_PATIENCE} s")
    return beside(what, "posting", seconds, mine, 1 / 100)


def searching(rounds: int) -> Iterator[Row]:
    """From one hit to the next, in the search itself and in Python's `str.find`."""
    text = msgspec.json.format(large_file().read_bytes(), indent=2).decode()
    wanted = text[text.rindex('"c-') + 1 :][:8]
    search = TextSearch(LineBuffer(text), wanted)
    search.next(0)

    def ours() -> float:
        started = time.perf_counter()
        assert search.next(0)
        return time.perf_counter() - started

    def python() -> float:
        started = time.perf_counter()
        assert text.find(wanted)
        return time.perf_counter() - started

    peer, mine = all_by_turns([python, ours], rounds * 10)
    yield beside("search in it, next hit 10 MB further", "`str.find` over the text", peer, mine, 2)
