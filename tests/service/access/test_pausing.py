"""A run that stands still, and goes on."""

import asyncio

from tests.kit.conversing import session_with
from tests.kit.permissions import QUESTIONS, everybody, people_of
from tui.access.cells import Cell
from tui.access.judging import Judge
from tui.access.plan import Plan
from tui.access.rules import default_rules
from tui.access.running import Run
from tui.sandbox import Options, Sandbox


async def test_the_time_in_which_a_run_stands_still_is_not_counted():
    with Sandbox(Options(users=12)) as sandbox:
        async with session_with(sandbox) as session:
            questions = (QUESTIONS["/api/Chat/ListAgents"],)
            plan = Plan(rows=everybody(people_of(sandbox)), questions=questions, concurrency=2, rate=0.0)
            run = Run(session, plan, Judge(default_rules()))
            cells: list[Cell] = []
            paused = asyncio.Event()

            def take(cell: Cell) -> None:
                cells.append(cell)
                if len(cells) == 3:
                    run.pause()
                    paused.set()

            going = asyncio.create_task(run.go(take, lambda _: None))
            await paused.wait()
            assert run.progress.is_paused
            asked = -1
            while asked != len(sandbox.log):  # what was under way comes to its end
                asked = len(sandbox.log)
                await asyncio.sleep(0.2)
            left = run.progress
            await asyncio.sleep(0.05)
            assert run.progress == left
            assert left.done < plan.cells
            run.go_on()
            run.go_on()
            await going
    assert run.progress.done == plan.cells == len(cells)
    assert not run.progress.is_paused
