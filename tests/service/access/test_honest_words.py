"""What keeps a matrix from being believed too readily is said above it."""

from __future__ import annotations

from tests.kit.conversing import session_with
from tests.kit.deployment.gated import AREA, DENIALS, Denial, GatedAIRisk
from tests.kit.deployment.refusing import UNKNOWN_REFUSALS
from tests.service.access.asking import ask
from tui.access.evaluation import Expectations
from tui.access.live_matrix import LiveMatrix
from tui.access.model import Row
from tui.access.reports.wording import warnings
from tui.access.requests import MatrixRequest
from tui.airisk.models import Draft

IN_ANOTHER_LANGUAGE = UNKNOWN_REFUSALS["in another language"]
USERS = [Row(f"u-{number}") for number in range(1, 5)]
ASKED = [MatrixRequest.of(f"GET {AREA}{name}", Draft("GET", AREA + name)) for name in ("east", "west")]


async def told_of(denial: Denial, may_enter: frozenset[tuple[str, str]]) -> list[str]:
    """The caveats of a run against a deployment that denies in this way."""
    with GatedAIRisk(denial, may_enter) as server:
        async with session_with(server) as session:
            cells = await ask(session, USERS, ASKED)
    columns = [request.column for request in ASKED]
    return list(warnings(LiveMatrix.evaluated(USERS, columns, Expectations(), cells)))


async def test_who_is_answered_401_everywhere_may_have_a_token_that_is_not_accepted_at_all():
    (words,) = await told_of(DENIALS["401"], frozenset({("u-1", "east"), ("u-2", "west")}))
    assert words == (
        "2 users got 401 on every endpoint although sign-in succeeded. Their tokens may not be accepted by this API."
    )


async def test_an_empty_response_beside_full_ones_may_be_a_refusal():
    west, east = await told_of(DENIALS["an empty list"], frozenset({("u-1", "east"), ("u-2", "east")}))
    assert east == (
        "2 responses of GET /api/area/east were 200 with an empty list where others got data: is that a denial? "
        "Add the suggested rule “denied: 200 with an empty list”."
    )
    assert west.startswith("All 4 responses of GET /api/area/west were 200 with an empty list: is that a denial?")


async def test_successes_of_two_shapes_are_reported_as_one_question():
    may_enter = frozenset({("u-1", "east"), ("u-2", "east"), ("u-3", "east"), ("u-3", "west")})
    (words,) = await told_of(lambda: IN_ANOTHER_LANGUAGE, may_enter)
    assert words.startswith(
        "4 responses of GET /api/area/east, GET /api/area/west were a success with meldung where others got data"
    )


async def test_where_all_is_plain_nothing_is_said():
    assert await told_of(DENIALS["403"], frozenset({("u-1", "east")})) == []
