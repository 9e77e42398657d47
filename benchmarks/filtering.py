"""A filter typed letter by letter, until the number of matches is seen: beside fzf on the same lines."""

from __future__ import annotations

import statistics
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from benchmarks.launching import listed
from benchmarks.lists import MANY, MILLION
from benchmarks.material import CACHE, users
from benchmarks.measuring import Row, beside, not_run, p95, within
from benchmarks.peers import NotThereError, program
from benchmarks.terminal import Painted, painted
from tui.airisk.users.lazy_list import index_of
from tui.airisk.users.search_index import columns_of

_WORDS = ("hopper", "privacy", "zzz", "monitor", "u-0421", "grace h")
_FEW = ("hopper", "zzz", "grace h")
"""Among a million, where each letter takes a second."""

Counted = dict[str, int]
Counts = dict[str, list[int]]
_CLEAR = "\x15"


def filtering(rounds: int) -> Iterator[Row]:
    """At 100,000 and at 1,000,000 rows; both are asked by turns, a word each."""
    for number, words, times in ((MANY, _WORDS, min(rounds, 3)), (MILLION, _FEW, 1)):
        what = f"filter key → settled, {number:,} rows"
        try:
            fzf = program("fzf")
        except NotThereError as error:
            yield not_run(what, "fzf", "≤ 1 ×", str(error))
            continue
        theirs, ours, first = _measured(fzf, number, words, times)
        if number == MANY:
            yield beside(what, "fzf --exact", statistics.median(theirs), statistics.median(ours), 1.0)
        else:
            yield within("filter key → first new paint, 1,000,000 rows", statistics.median(first), 0.016, "a frame")
            yield beside(f"{what}, p95", "fzf --exact, p95", p95(theirs), p95(ours), 1.0)


def _measured(fzf: Path, number: int, words: Sequence[str], times: int) -> tuple[list[float], list[float], list[float]]:
    lines, our_counts, their_counts = _prepared(fzf, number, words)
    theirs, ours, first = [], [], []
    with painted([fzf, "--exact"], stdin=lines) as peer, listed(number) as (_, ours_):
        peer.wait_to_see(f"{number}/{number}")
        ours_.seconds_to("/", "")
        for _ in range(times):
            for word in words:
                shown = [f" {count}/{number}" for count in their_counts[word]]
                theirs += [settled for _, settled in _typed(peer, word, shown, peer.wait_to_see)]
                shown = [f"─ {count:,} of {number:,}" for count in our_counts[word]]
                for painted_at, settled in _typed(ours_, word, shown, ours_.wait_for):
                    first.append(painted_at)
                    ours.append(settled)
    return theirs, ours, first


def _typed(
    typed_into: Painted, word: str, settled: Sequence[str], wait: Callable[[str], float]
) -> Iterator[tuple[float, float]]:
    """Seconds to the first paint and to the number of matches, for each letter that changes it."""
    before = ""
    for letter, words in zip(word, settled, strict=True):
        typed_into.quiet(0.05)
        at = typed_into.type(letter)
        first = typed_into.wait_for_anything() - at
        # A number that stays as it was tells nothing.
        if words != before:
            yield first, max(wait(words) - at, first)
        before = words
    typed_into.quiet(0.05)
    typed_into.type(_CLEAR)
    typed_into.quiet(0.3)  # Less than the cursor takes to blink.


def _prepared(fzf: Path, number: int, words: Sequence[str]) -> tuple[Path, Counts, Counts]:
    """The lines that are searched, and how many of them hold each beginning of each word: ours, and fzf's."""
    found = users(number)
    index = index_of(found)
    path = CACHE / f"lines-{number}.txt"
    if not path.exists():
        with path.open("w") as file:
            file.writelines(" ".join(columns_of(user)) + "\n" for user in found)
    ours = {word: [len(index.matching(part)) for part in _parts(word)] for word in words}
    theirs = {word: [_counted(fzf, path, part) for part in _parts(word)] for word in words}
    return path, ours, theirs


def _parts(word: str) -> list[str]:
    return [word[: end + 1] for end in range(len(word))]


def _counted(fzf: Path, lines: Path, word: str) -> int:
    """How many lines fzf finds, which is asked once: the lines stay as they are."""
    path = lines.with_suffix(".counts.json")
    known = msgspec.json.decode(path.read_bytes(), type=Counted) if path.exists() else {}
    if word not in known:
        with lines.open() as file:
            done = subprocess.run([fzf, "--exact", "--filter", word], stdin=file, capture_output=True, check=False)
        known[word] = done.stdout.count(b"\n")
        path.write_bytes(msgspec.json.encode(known))
    return known[word]
