"""A matrix of a deployment whose permissions are known, beside these permissions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.kit.conversing import session_with
from tests.kit.deployment.seeded import AREA, SeededAIRisk
from tests.service.access.asking import ask
from tui.access.evaluation import Expectations
from tui.access.live_matrix import LiveMatrix
from tui.access.model import Cell, Row
from tui.access.requests import MatrixRequest
from tui.access.rules import Rules, read_rules, rules_problems
from tui.access.structured_file import StructuredFile
from tui.access.suggestions import Suggestion, rules_file
from tui.airisk.models import Draft


class Place(NamedTuple):
    """A place of the confusion table: how the endpoint denies, whether the cell is open, and what the matrix says."""

    way: str
    is_open: bool
    shown: str


SHOWN = ("allowed", "allowed?", "denied", "inconclusive")
"""What a matrix says of a cell. `allowed?`: it asks above the matrix whether that is a denial."""


async def judged(server: SeededAIRisk, rules: Rules | None = None) -> LiveMatrix:
    """Send every request as every user, and those without a conclusive answer a few times more."""
    rows = [Row(each.identity, name=each.name, role=each.role, groups=each.groups) for each in server.people]
    requests = [MatrixRequest.of(each.endpoint, Draft("GET", AREA + each.name)) for each in server.areas]
    cells: dict[tuple[str, str, str], Cell] = {}
    async with session_with(server) as session:
        for _ in range(5):
            known = {row.key: frozenset(key[2] for key in cells if key[:2] == row.key) for row in rows}
            found = await ask(session, rows, requests, rules=rules, known=known)
            cells |= {cell.key: cell for cell in found if cell.status not in {None, 429, 500}}
    return LiveMatrix.evaluated(rows, [each.column for each in requests], Expectations(), cells.values())


def table(server: SeededAIRisk, board: LiveMatrix) -> Counter[Place]:
    """The confusion table."""
    areas = {area.endpoint: area for area in server.areas}
    suggestions = board.suggestions
    return Counter(
        Place(
            areas[cell.endpoint].way + (", for all" if areas[cell.endpoint].is_vault else ""),
            (cell.identity, areas[cell.endpoint].name) in server.may_enter,
            _shown(cell, suggestions),
        )
        for cell in board.cells
    )


def _shown(cell: Cell, suggestions: Iterable[Suggestion]) -> str:
    if not cell.verdict.is_access:
        return cell.verdict.value
    is_asked = any(cell.endpoint in each.endpoints and is_about(each, cell) for each in suggestions)
    return "allowed?" if is_asked else "allowed"


def is_about(suggestion: Suggestion, cell: Cell) -> bool:
    """Whether a suggestion is about responses like that of this cell."""
    rule = suggestion.rule
    if rule.get("empty"):
        return bool(cell.rule == "empty" and cell.status == rule["status"])
    if "content_type" in rule:
        return cell.rule == "HTML page"
    if "json" in rule:
        return str(rule["json"]).removeprefix("$.") in cell.shape
    return bool(cell.status == rule["status"])


def silent(counted: Counter[Place]) -> dict[Place, int]:
    """The cells that are shown as the opposite of what they are, without a word."""
    wrong = {(True, "denied"), (False, "allowed")}
    return {place: number for place, number in counted.items() if (place.is_open, place.shown) in wrong}


def lines(counted: Counter[Place]) -> Iterator[str]:
    """The table as text."""
    yield f"{'way to deny':<30}{'closed, shown as':>44}{'open, shown as':>48}"
    yield (
        f"{'':<30}"
        + "".join(f"{each:>14}" for each in SHOWN[:3])
        + "  inconcl."
        + "".join(f"{each:>14}" for each in SHOWN[:3])
        + "  inconcl."
    )
    for way in dict.fromkeys(sorted(place.way for place in counted)):
        numbers = [counted[Place(way, is_open, shown)] for is_open in (False, True) for shown in SHOWN]
        yield f"{way:<30}" + "".join(
            f"{number:>{10 if place % 4 == 3 else 14}}" for place, number in enumerate(numbers)
        )


def pasted(server: SeededAIRisk, suggestions: Sequence[Suggestion], path: Path) -> Rules:
    """The suggested rules, answered by somebody who knows the deployment, and saved in a file."""
    path.write_text(rules_file(_answered(server, suggestions)))
    assert rules_problems(StructuredFile.read(path)) == []
    return read_rules(path)


def _answered(server: SeededAIRisk, suggestions: Iterable[Suggestion]) -> Iterator[Suggestion]:
    """Each rule for the endpoints that deny in this way; for the others, that it is no denial."""
    often_empty = {area.endpoint for area in server.areas if area.is_often_empty}
    for each in suggestions:
        for verdict, endpoints in (
            ("denied", [name for name in each.endpoints if name not in often_empty]),
            ("allowed", [name for name in each.endpoints if name in often_empty]),
        ):
            if endpoints:
                rule = each.rule | {
                    "name": f"{each.rule['name']} ({verdict})",
                    "endpoint": endpoints,
                    "verdict": verdict,
                }
                yield Suggestion(each.cells, each.what, each.others, rule)
