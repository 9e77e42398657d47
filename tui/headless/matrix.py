"""`airisk-tui matrix`: the same requests as many identities; the plan to stderr, then what was found to stdout."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tui.access.document import Matrix, now, read_matrix
from tui.access.judging import Judge
from tui.access.kept import RunFile
from tui.access.merging import assemble
from tui.access.plan import Plan
from tui.access.rules import Rules, default_rules, explained, read_rules
from tui.access.running import Run
from tui.access.weighing import Scales
from tui.airisk.errors import AIRiskError
from tui.airisk.session import Session
from tui.airisk.settings import Told
from tui.airisk.threads import in_thread
from tui.headless.connecting import open_session
from tui.headless.matrix_out import check_reports, deliver, expected_by
from tui.headless.matrix_plan import Planning, say, say_plan
from tui.readable import clock, count

_A_MOMENT, _A_WHILE = 0.5, 30.0
"""Seconds between two words on how far it is: on a terminal, and elsewhere."""


def run(told: Told, arguments: argparse.Namespace) -> int:
    """Plan, run, report.

    Raises:
        AIRiskError: it cannot be asked at all; what could not be asked in one name is inconclusive.
    """
    if arguments.show_rules:
        sys.stdout.writelines(f"{line}\n" for line in explained())
        return 0
    check_reports(arguments.reports)
    baseline = read_matrix(arguments.baseline) if arguments.baseline else None
    compared = arguments.compare_with
    key = (compared if compared in {"generic", "anonymous"} else "user", compared) if compared else None
    scales = Scales(expected_by(arguments.policy), baseline, key)
    rules = read_rules(arguments.rules) if arguments.rules else default_rules()
    matrix = asyncio.run(_ask(told, arguments, rules, scales))
    return deliver(matrix, arguments) if matrix else 0


async def _ask(told: Told, arguments: argparse.Namespace, rules: Rules, scales: Scales) -> Matrix | None:
    async with open_session(told) as session:
        planning = Planning(session, arguments, rules)
        questions, left_out = await planning.questions()
        file = await in_thread(RunFile.open, planning.file(questions))
        try:
            head = await planning.head(file, questions)
            plan = planning.plan(head, questions, left_out)
            say_plan(plan, session.settings.origin.name, head, file)
            if arguments.plan:
                return None
            if file.head is not head:
                await in_thread(file.begin, head)
            await _run(session, plan, rules, file)
            named = {name: str(getattr(arguments, name) or "") for name in ("policy", "baseline")}
            return await in_thread(lambda: assemble(file, scales, now(), **named))
        finally:
            await in_thread(file.close)


async def _run(session: Session, plan: Plan, rules: Rules, file: RunFile) -> None:
    run = Run(session, plan, Judge(rules), file.known())
    try:
        async with _telling(run):
            await run.go(file.take, file.take_row)
    except (asyncio.CancelledError, AIRiskError):
        say("The run was ended; what is known is kept, and --resume goes on with it.")
        raise
    finally:
        await asyncio.shield(in_thread(file.flush))


@asynccontextmanager
async def _telling(run: Run) -> AsyncIterator[None]:
    """Say how far it is: on one line of a terminal, else now and then."""
    is_terminal = sys.stderr.isatty()

    async def tell() -> None:
        while True:
            await asyncio.sleep(_A_MOMENT if is_terminal else _A_WHILE)
            now = run.progress
            held = f", AIRisk asks to wait {now.held:.0f} s" if now.held > 1 else ""
            line = f"{count(now.done)} of {count(now.total)}, {clock(now.seconds_left)} left{held}"
            sys.stderr.write(f"\r\x1b[K{line}" if is_terminal else f"airisk-tui: {line}\n")
            sys.stderr.flush()

    telling = asyncio.create_task(tell())
    try:
        yield
    finally:
        telling.cancel()
        if is_terminal:
            sys.stderr.write("\r\x1b[K")
