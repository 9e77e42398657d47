"""A program that works without a pause is killed at any moment, again and again."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.kit.canaries import files_with
from tests.kit.conversing import settings_for
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.patience import PATIENCE
from tests.kit.shell import another_program
from tests.kit.trails import entries_in
from tests.kit.working import CHANGED, history_path, trail_path, work_for_ever
from tui.audit.entry import UNKNOWN
from tui.audit.log import AuditLog
from tui.audit.process_locks import close_crashed_runs
from tui.audit.verify import verify
from tui.history.store import History

USUALLY = 3  # answers that it has by then
LONGEST = 0.02  # seconds that it is left to work then


@dataclass
class Seen:
    """How often a program was killed while it acted as somebody or changed something, and what is kept in the end."""

    open_acts: int = 0
    unknown: int = 0
    changes: int = 0
    entries: int = 0
    remembered: int = 0
    tokens: int = 0


async def kill(state: Path, *, times: int, seed: int = 20261124) -> Seen:
    """Kill as many programs; after each the trail is whole, the history opens, and no secret is in a file."""
    chance = Random(seed)
    seen = Seen()
    with ForeignAIRisk() as server:
        settings = settings_for(server, timeout=PATIENCE)
        for number in range(times):
            with another_program(work_for_ever, state, settings, server.client_secret, number) as (program, heard):
                for _ in range(1 + chance.randrange(2 * USUALLY)):
                    assert heard.poll(PATIENCE), "it does not work"
                    heard.recv_bytes()
                await asyncio.sleep(chance.uniform(0, LONGEST))  # the moment is what is tried, and not waited for
                program.kill()
                program.join()
            verdict = verify(trail_path(state))
            assert verdict.error is None, f"after kill {number}: {verdict}"
            closed = close_crashed_runs(AuditLog(trail_path(state)))
            unknown = [entry for entry in closed if entry.event == "request"]
            seen.open_acts += len(closed) - len(unknown)
            seen.unknown += len(unknown)
            seen.changes = compare(trail_path(state), server)
            async with History(history_path(state)) as history:
                seen.remembered = await history.count("", str(settings.origin))
        tokens = server.tokens
    final = verify(trail_path(state))
    assert final.error is None
    assert files_with({server.client_secret, *Random(1).sample(sorted(tokens), min(20, len(tokens)))}, state) == []
    seen.entries, seen.tokens = final.entries, len(tokens)
    return seen


def compare(trail: Path, server: ForeignAIRisk) -> int:
    """Say how many changes there were: each that arrived was announced, and what came of each is told as it was."""
    arrived = {each.path: each for each in server.requests if each.path.startswith(CHANGED)}
    entries = [entry for entry in entries_in(trail, is_torn=True) if entry.path.startswith(CHANGED)]
    intents = {entry.path: entry for entry in entries if entry.event == "intent"}
    outcomes = {entry.path: entry for entry in entries if entry.event == "request"}
    assert arrived.keys() <= intents.keys()
    assert intents.keys() == outcomes.keys()
    assert len(entries) == 2 * len(intents)
    for path, outcome in outcomes.items():
        assert outcome.intent == intents[path].sequence
        if outcome.sent is not None:
            assert (path in arrived) >= (outcome.status is not None)
            assert outcome.sent or path not in arrived
        else:
            assert outcome.why == UNKNOWN
        if path in arrived and outcome.status is not None:
            assert (outcome.status, outcome.identity) == (arrived[path].status, arrived[path].identity)
    return len(intents)
