"""The report as a page for a browser and for paper: self-contained, without any script.

Outside text gets into it in one way only: each value that the template writes is cleaned, cut and escaped, whatever it
is. Should that ever fail, the page's own policy keeps a browser from running or loading anything.
"""

from __future__ import annotations

import base64
import functools
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from tui.access.board import Board
from tui.access.cells import Column, Finding, Verdict
from tui.access.document import Matrix
from tui.access.reports import page_facts, words
from tui.access.reports.alike import Section, fewest, merged, sections
from tui.access.reports.findings import found, unsure
from tui.access.reports.page_cells import Shown, show
from tui.access.reports.roles import Heat, heat
from tui.format import count
from tui.text import clean

ACROSS = 14
"""Endpoints side by side: as many as are legible on A4; more make a second table below the first."""

MOST_CELLS = 3_000
"""Cells of the matrix, rows that are alike counted once: a page of about 1 MB."""

LEGIBLE = 1_000
"""Cells beyond which lines that differ only in what could not be told become one."""

LONGEST = 300
"""Columns of a text: beyond, it is cut."""

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Band:
    """Endpoints that stand side by side, the first of them at that place."""

    first: int
    columns: Sequence[Column]

    @property
    def last(self) -> int:
        """The place of the last one."""
        return self.first + len(self.columns) - 1


def encode(matrix: Matrix) -> bytes:
    """Return the page in UTF-8."""
    return _template().render(_told(matrix)).encode()


def _told(matrix: Matrix) -> dict[str, Any]:
    style = (_HERE / "page.css").read_text(encoding="utf-8")
    board = Board.of(matrix)
    by_role = sections(board)
    most = max(40, MOST_CELLS // max(1, len(matrix.endpoints)))
    is_merged = sum(len(section.lines) for section in by_role) * len(matrix.endpoints) > LEGIBLE
    shown, left_out = fewest([merged(section) for section in by_role] if is_merged else by_role, most)
    return {
        "matrix": matrix,
        "board": board,
        "host": matrix.deployment.partition("://")[2] or matrix.deployment,
        # Not escaped, for it is ours: no value of the matrix is in it.
        "style": Markup(style),  # noqa: S704
        "style_hash": base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        "tone": _tone(board),
        "facts": page_facts.facts(matrix),
        "terms": page_facts.terms(matrix),
        "found": found(matrix),
        "unsure": list(unsure(matrix)),
        "bands": [
            Band(first, matrix.endpoints[first : first + ACROSS]) for first in range(0, len(matrix.endpoints), ACROSS)
        ],
        "sections": [_section(section) for section in shown],
        "heat": [_heat(section, len(matrix.endpoints)) for section in by_role],
        "is_merged": is_merged,
        "left_out": left_out,
    }


def _tone(board: Board) -> str:
    """How it looks at first sight: `bad`, `doubtful` or `good`, or `plain` where nothing was expected."""
    if board.summary.count(Finding.UNEXPECTED_ALLOW) or board.summary.count(Finding.UNEXPECTED_DENY):
        return "bad"
    if board.summary.count(Finding.DRIFT) or next(words.caveats(board), None):
        return "doubtful"
    return "good" if board.has_expectations else "plain"


def _title(section: Section) -> str:
    if not section.is_users:
        return "Without a user"
    return section.role or "Without a role"


def _section(section: Section) -> tuple[str, list[Shown]]:
    return _title(section), [show(line) for line in section.lines]


def _heat(section: Section, endpoints: int) -> tuple[str, int, list[Heat]]:
    return _title(section), sum(len(line.rows) for line in section.lines), list(heat(section, endpoints))


@functools.cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_visible,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"count": count, "plural": words.plural, "breakable": _breakable}
    environment.globals |= {
        "words": words,
        "verdicts": list(Verdict),
        "finding_kinds": list(Finding),
    }
    return environment.get_template("page.html.jinja")


def _breakable(path: str) -> Markup:
    """A path that a browser may break before each slash; cleaned and escaped."""
    return Markup("<wbr>/").join(clean(path, limit=LONGEST).split("/"))


def _visible(value: object) -> object:
    """What the template writes: texts cleaned and cut, but for what is markup of our own."""
    return clean(value, limit=LONGEST) if isinstance(value, str) and not isinstance(value, Markup) else value
