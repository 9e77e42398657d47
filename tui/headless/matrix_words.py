"""What `airisk-tui matrix` says to stderr: the plan, and how far it is."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tui.access.plan import ProposedRun
from tui.access.runner import Run
from tui.airisk.users.remarks import part_words
from tui.format import count, mmss
from tui.text import clean

_A_MOMENT, _A_WHILE = 0.5, 30.0
"""Seconds between two words on how far it is: on a terminal, and elsewhere."""


def say_plan(proposal: ProposedRun, host: str, *, goes_on: bool) -> None:
    """What will be asked, of whom, and how long that takes."""
    plan, earlier = proposal.plan, proposal.earlier
    kinds = " and ".join(f"{count(number)} {method}" for method, number in plan.by_method.items())
    pace = f"{plan.rate:g} a second" if plan.rate else "any number a second"
    say(
        f"{count(len(plan.rows))} identities × {count(len(plan.questions))} endpoints at {host}: "
        f"{kinds}, and {count(plan.sign_ins)} requests to sign in; "
        f"{plan.concurrency} at once, {pace}: about {mmss(plan.seconds)}."
    )
    for left in plan.left_out:
        say(f"left out: {left.name}: {left.why}")
    if proposal.terms.listed:
        say(f"Only {part_words(proposal.terms.listed)} are listed: `airisk-tui users` says why.")
    if proposal.terms.seed is not None:
        say(f"The sample is that of --seed {proposal.terms.seed}.")
    if earlier and goes_on:
        say(f"{count(sum(map(len, earlier.known().values())))} of {count(plan.cells)} cells are known already.")
    elif earlier and not earlier.is_whole:
        say("A run of this was not finished, and is begun anew; --resume would go on with it.")


def say(line: str) -> None:
    """A line."""
    sys.stderr.write(f"airisk-tui: {clean(line)}\n")


@asynccontextmanager
async def telling(run: Run) -> AsyncIterator[None]:
    """Say how far it is: on one line of a terminal, else now and then."""
    is_terminal = sys.stderr.isatty()

    async def tell() -> None:
        while True:
            await asyncio.sleep(_A_MOMENT if is_terminal else _A_WHILE)
            now = run.progress
            held = f", AIRisk asks to wait {now.held:.0f} s" if now.held > 1 else ""
            line = f"{count(now.done)} of {count(now.total)}, {mmss(now.seconds_left)} left{held}"
            sys.stderr.write(f"\r\x1b[K{line}" if is_terminal else f"airisk-tui: {line}\n")
            sys.stderr.flush()

    telling = asyncio.create_task(tell())
    try:
        yield
    finally:
        telling.cancel()
        if is_terminal:
            sys.stderr.write("\r\x1b[K")
