"""Annotations for GitHub Actions: workflow commands such as `::error title=Unexpected allow::…`, for the page of a run.

They are written to stderr, which GitHub reads, too, so that the data on stdout stays as it is. GitHub shows ten errors
and ten warnings of a step. Findings are therefore one line for each endpoint, and what is beyond that is counted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from tui.access.live_matrix import LiveMatrix
from tui.access.matrix_document import Matrix
from tui.access.reports.grouping import FindingGroup, group_findings
from tui.access.reports.wording import gap_sentence, headline, waiver_sentence
from tui.format import count
from tui.text import clean

Level = Literal["error", "warning", "notice"]

_MOST = 10
"""Lines of one level that GitHub shows."""

_MOST_NAMES = 5
_LONGEST = 1_000


@dataclass(frozen=True, slots=True)
class Annotation:
    """One line on the page of a run, perhaps at a line of a file in the repository."""

    level: Level
    title: str
    text: str
    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        place = {"file": self.file, "line": str(self.line)} if self.file else {}
        properties = ",".join(f"{name}={_property(value)}" for name, value in (place | {"title": self.title}).items())
        return f"::{self.level} {properties}::{_data(self.text)}"


def are_wanted(when: Literal["auto", "always", "never"]) -> bool:
    """Return whether annotations are written: by default if this is a job of GitHub Actions."""
    return when == "always" or (when == "auto" and os.environ.get("GITHUB_ACTIONS") == "true")


def write_annotations(annotations: Iterable[Annotation]) -> None:
    """Write annotations to stderr."""
    sys.stderr.writelines(f"{each}\n" for each in annotations)
    sys.stderr.flush()


def annotations_of(matrix: Matrix, code: int) -> Iterator[Annotation]:
    """Yield the annotations of a matrix, its headline first, and at most ten of each level.

    Args:
        matrix: the matrix.
        code: the exit code.
    """
    result = Annotation("error" if code else "notice", "Access matrix", headline(LiveMatrix.of(matrix)))
    found = [result, *_findings(matrix), *_incomplete(matrix)]
    for level in ("error", "warning", "notice"):
        lines = [each for each in found if each.level == level]
        shown = lines if len(lines) <= _MOST else lines[: _MOST - 1]
        yield from shown
        if left := len(lines) - len(shown):
            yield replace(result, level=level, text=f"{count(left)} more, in the reports.")


def _findings(matrix: Matrix) -> Iterator[Annotation]:
    fail_on = matrix.parameters.fail_on
    for group in group_findings(matrix):
        level: Level = "error" if group.finding.replace(" ", "-") in fail_on else "warning"
        yield Annotation(level, group.finding.capitalize(), _words(group))


def _words(group: FindingGroup) -> str:
    happened, rows = group.alike[0]
    names = ", ".join(row.label for row in rows[:_MOST_NAMES])
    more = f" and {count(len(group.cells) - _MOST_NAMES)} more" if len(group.cells) > _MOST_NAMES else ""
    return f"{group.column.name} as {names}{more}: {happened}"


def _incomplete(matrix: Matrix) -> Iterator[Annotation]:
    fail_on = matrix.parameters.fail_on
    untested: Level = "error" if "untested" in fail_on else "warning"
    for gap in matrix.gaps:
        yield Annotation(untested, "Not tested", gap_sentence(gap))
    stale: Level = "error" if "stale-waivers" in fail_on else "warning"
    for use in matrix.waivers:
        if use.is_stale:
            yield Annotation(stale, "Stale waiver", waiver_sentence(use))


def _data(text: str) -> str:
    """Return a text as a workflow command holds it; a percent sign, and a line break if any, are escaped."""
    return clean(text, limit=_LONGEST).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
