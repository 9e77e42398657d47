"""Tries every fault there is, and prints how many of each kind were tried, passed and failed: `make faults`."""

import sys
from collections import Counter, defaultdict

import pytest


class Tally:
    """Counts what becomes of each test by the kind of its fault."""

    def __init__(self) -> None:
        self.outcomes: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test is over, or could not begin or end well."""
        if report.when == "call" or report.outcome != "passed":
            self.outcomes[str(dict(report.user_properties).get("fault", "others"))][report.outcome] += 1

    def table(self) -> str:
        """A line for each kind, and one for all."""
        total = sum(self.outcomes.values(), Counter[str]())
        rows = [(kind, self.outcomes[kind]) for kind in sorted(self.outcomes)] + [("all of them", total)]
        lines = [f"{'kind':32}{'tried':>8}{'passed':>8}{'failed':>8}{'skipped':>9}"]
        for kind, each in rows:
            tried, passed, failed, skipped = each.total(), each["passed"], each["failed"], each["skipped"]
            lines.append(f"{kind:32}{tried:8}{passed:8}{failed:8}{skipped:9}")
        return "\n".join(lines)


def main() -> int:
    """Run them; the exit code is pytest's."""
    tally = Tally()
    options = ["-m", "fault", "-q", "--no-header", "--numprocesses", "auto", "--dist", "worksteal"]
    code = pytest.main([*options, *sys.argv[1:]], plugins=[tally])
    sys.stdout.write(f"\n{tally.table()}\n")
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
