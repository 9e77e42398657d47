"""Two hours' work in a few minutes: `make endure` prints what the program holds as the day goes on.

The exit code is 1 where it grew.
"""

import sys
import tempfile
import time
from pathlib import Path

from tests.endurance.day import Counts, a_day

DEEDS = 1440  # a person does something every five seconds
STAGES = 12
WARM = 3  # stages after which all is imported, and the answers that can be compared with are there
MOST_MIB = 6.0


def main() -> int:
    """Work through the day; the seed may be given."""
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else int(time.time())
    sys.stdout.write(f"seed {seed}\n{'done':>6}{'minutes':>9}{'MiB':>8}{'files':>7}{'threads':>9}{'tasks':>7}\n")
    started, stages = time.monotonic(), list[Counts]()
    with tempfile.TemporaryDirectory() as folder, a_day(Path(folder), seed) as day:
        for _ in range(STAGES):
            day.work(DEEDS // STAGES)
            counts = day.rest()
            stages.append(counts)
            minutes = (time.monotonic() - started) / 60
            told = f"{counts.memory:8.1f}{counts.files:7}{counts.threads:9}{counts.tasks:7}"
            sys.stdout.write(f"{day.done:6}{minutes:9.1f}{told}\n")
            sys.stdout.flush()
    grown = faults_of(stages[WARM], stages[-1])
    sys.stdout.write(f"grown: {', '.join(grown) or 'nothing'}\n")
    return 1 if grown else 0


def faults_of(before: Counts, after: Counts) -> list[str]:
    """What there is more of."""
    limits = {"memory": MOST_MIB, "files": 4, "threads": 12, "tasks": 12}
    more = {name: getattr(after, name) - getattr(before, name) for name in limits}
    return [f"{name} by {more[name]:g}" for name, limit in limits.items() if more[name] > limit]


if __name__ == "__main__":
    sys.exit(main())
