"""What keeps a matrix from being believed too readily is said above it."""

from __future__ import annotations

from tests.kit.conversing import session_with
from tests.kit.deployment.gated import AREA, DENIALS, GatedAIRisk
from tests.service.access.asking import ask
from tui.access.cells import Row
from tui.access.document import Matrix
from tui.access.questions import Question
from tui.access.reports.words import caveats
from tui.airisk.models import Draft

USERS = [Row(f"u-{number}") for number in range(1, 5)]
ASKED = [Question.of(f"GET {AREA}{name}", Draft("GET", AREA + name)) for name in ("east", "west")]


async def told_of(denial: str, may_enter: frozenset[tuple[str, str]]) -> list[str]:
    """The caveats of a run against a deployment that denies in this way."""
    with GatedAIRisk(DENIALS[denial], may_enter) as server:
        async with session_with(server) as session:
            cells = await ask(session, USERS, ASKED)
    columns = [question.column for question in ASKED]
    return list(caveats(Matrix.of(USERS, columns, cells, deployment="https://a.example", started="")))


async def test_who_is_answered_401_everywhere_may_have_a_token_that_is_not_accepted_at_all():
    (words,) = await told_of("401", frozenset({("u-1", "east"), ("u-2", "west")}))
    assert words == (
        "2 users got 401 everywhere though signing in worked: "
        "nothing here is open to them, or AIRisk does not accept their tokens here at all."
    )


async def test_an_empty_answer_beside_full_ones_may_be_a_refusal():
    (words,) = await told_of("an empty list", frozenset({("u-1", "east"), ("u-2", "east")}))
    assert words == "2 cells are let in but shown nothing, where others are shown something."


async def test_where_all_is_plain_nothing_is_said():
    assert await told_of("403", frozenset({("u-1", "east")})) == []
