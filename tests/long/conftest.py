"""What long tests share: a seed, and the count of the faults that were tried."""

import logging
import os
import time
from collections import Counter, defaultdict

import pytest

_LOG = logging.getLogger(__name__)
_HEADINGS = ("tried", "passed", "failed", "skipped")


@pytest.fixture
def seed() -> int:
    """Return $SEED, or a new seed; the report of each test names it."""
    seed = int(os.environ.get("SEED") or time.time())
    _LOG.info("SEED=%d", seed)
    return seed


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Count the faults that were tried by their kind."""
    outcomes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for outcome in ("passed", "failed", "error", "skipped"):
        for report in terminalreporter.stats.get(outcome, []):
            kind = dict(getattr(report, "user_properties", ())).get("fault")
            if kind:
                outcomes[kind]["failed" if outcome == "error" else outcome] += 1
    if outcomes:
        outcomes["all of them"] = sum(outcomes.values(), Counter[str]())
        terminalreporter.section("faults by kind")
        terminalreporter.write_line(f"{'':32}" + "".join(f"{heading:>9}" for heading in _HEADINGS))
        for kind, each in outcomes.items():
            counts = (each.total(), *(each[heading] for heading in _HEADINGS[1:]))
            terminalreporter.write_line(f"{kind:32}" + "".join(f"{count:9}" for count in counts))
