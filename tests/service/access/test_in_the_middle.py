"""A matrix that is paused, given up, or meets somebody who is gone."""

from __future__ import annotations

import asyncio

import pytest

from tests.kit.conversing import session_with
from tests.kit.deployment.faults import answers
from tests.kit.deployment.gated import AREA, DENIALS, GatedAIRisk
from tests.service.access.asking import ask
from tui.access.classifier import Classifier
from tui.access.model import Cell, Row, Verdict
from tui.access.plan import Plan
from tui.access.requests import MatrixRequest
from tui.access.rules import default_rules
from tui.access.runner import Run
from tui.airisk.identity import SubjectCheck
from tui.airisk.models import Draft

AREAS = ("east", "west", "vault")
MAY_ENTER = frozenset({("u-1", "east"), ("u-2", "east"), ("u-3", "west")})
USERS = [Row(f"u-{number}") for number in range(1, 7)]
ASKED = [MatrixRequest.of(f"GET {AREA}{name}", Draft("GET", AREA + name)) for name in AREAS]


async def test_a_pause_lets_nothing_pass_and_a_run_goes_on_after_it():
    runs: list[Run] = []

    def at_first(run: Run) -> None:
        run.throttle.pause()
        runs.append(run)

    with GatedAIRisk(DENIALS["403"], MAY_ENTER) as server:
        async with session_with(server) as session:
            task = asyncio.create_task(ask(session, USERS, ASKED, watch=at_first))
            for _ in range(50):
                await asyncio.sleep(0)
            assert runs[0].progress.is_paused
            assert runs[0].progress.done == 0
            assert server.requests == []
            runs[0].throttle.go_on()
            cells = await task
    assert len(cells) == runs[0].progress.done == 18
    assert runs[0].progress.seconds_left == 0


async def test_canceled_it_stops_and_what_it_handed_over_stays():
    cells: list[Cell] = []
    with GatedAIRisk(DENIALS["403"], MAY_ENTER) as server:
        server.breaks(f"{AREA}vault", "never_answers")
        async with session_with(server) as session:
            plan = Plan(rows=USERS, requests=tuple(ASKED), concurrency=6, rate=0)
            handed = asyncio.Event()

            def take(cell) -> None:
                cells.append(cell)
                if len(cells) == 12:
                    handed.set()

            task = asyncio.create_task(Run(session, plan, Classifier(default_rules())).go(take, lambda _: None))
            await handed.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
    assert len(cells) == 12


async def test_a_user_who_is_gone_or_refused_is_reported_and_the_others_go_on():
    with GatedAIRisk(DENIALS["403"], MAY_ENTER) as server:
        server.remove_user("u-2")
        rows: list[Row] = []
        async with session_with(server) as session:
            plan = Plan(rows=USERS[:3], requests=tuple(ASKED[:1]), rate=0)
            await Run(session, plan, Classifier(default_rules())).go(lambda _: None, rows.append)
    told = {row.id: (bool(row.error), row.subject_check) for row in rows}
    assert told == {
        "u-1": (False, SubjectCheck.NOT_CONFIRMED),
        "u-2": (True, SubjectCheck.NONE),
        "u-3": (False, SubjectCheck.NOT_CONFIRMED),
    }


async def test_sign_in_that_is_too_much_for_the_moment_is_tried_again():
    with GatedAIRisk(DENIALS["403"], MAY_ENTER) as server:
        async with session_with(server) as session:
            await session.sign_in()
            server.breaks("/api/oauth2", answers(429), times=1)
            (cell,) = await ask(session, USERS[:1], ASKED[:1])
    assert cell.verdict is Verdict.ALLOWED
