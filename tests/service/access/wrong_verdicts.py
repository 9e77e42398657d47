"""A matrix of a deployment whose permissions are known, and how often it is wrong without saying so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tests.kit.conversing import session_with
from tests.kit.deployment.gated import AREA, GatedAIRisk
from tests.kit.deployment.messages import Reply
from tests.service.access.asking import ask
from tests.service.access.confusion import is_about
from tui.access.evaluation import Expectations
from tui.access.live_matrix import LiveMatrix
from tui.access.model import Cell, Row, Verdict
from tui.access.requests import MatrixRequest
from tui.access.suggestions import Suggestion
from tui.airisk.models import Draft

USERS = [Row(f"u-{number}") for number in range(1, 7)]
AREAS = ("east", "west", "north", "vault")
ASKED = [MatrixRequest.of(f"GET {AREA}{name}", Draft("GET", AREA + name)) for name in AREAS]
EVERYBODY = {(row.id, "north") for row in USERS}
MAY_ENTER = frozenset({("u-1", "east"), ("u-1", "west"), ("u-2", "east"), ("u-3", "west")} | EVERYBODY)
"""East and west are open to some, north to all, and the vault to nobody."""


@dataclass
class Tally:
    """Cells that are closed and open, and of those the ones that are shown as the opposite, or cannot be told.

    `unhinted` are those shown as open without a word that they may not be.
    """

    closed: int = 0
    shown_open: int = 0
    unhinted: int = 0
    opened: int = 0
    shown_closed: int = 0
    untold: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))


async def tally(denial: Reply, content: Reply) -> Tally:
    """Ask as everybody, and hold what comes of it against the permissions."""
    with GatedAIRisk(lambda: denial, MAY_ENTER, content=content) as server:
        async with session_with(server) as session:
            cells = await ask(session, USERS, ASKED)
    board = LiveMatrix.evaluated(USERS, [each.column for each in ASKED], Expectations(), cells)
    suggestions = board.suggestions
    counted = Tally()
    for cell in cells:
        is_open = (cell.identity, cell.endpoint.rpartition("/")[2]) in MAY_ENTER
        counted.untold += cell.verdict is Verdict.INCONCLUSIVE
        counted.opened += is_open
        counted.closed += not is_open
        counted.shown_closed += is_open and cell.verdict is Verdict.DENIED
        if not is_open and cell.verdict.is_access:
            counted.shown_open += 1
            counted.unhinted += not _is_hinted(cell, suggestions)
    return counted


def _is_hinted(cell: Cell, suggestions: Iterable[Suggestion]) -> bool:
    """Whether the cell says that it may be no content, or the matrix asks whether that is a denial."""
    return "not valid JSON" in cell.reason or any(
        cell.endpoint in each.endpoints and is_about(each, cell) for each in suggestions
    )
