"""Measure which branches of the service, the record and the matrix their tests take: `make proof ARGS=coverage`.

Fails below 95 %. Arguments go to pytest.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

WANTED = 0.95
MEASURED = "unit or service or commands"
"""Tiers whose tests count."""
REPORT = Path("build/coverage")
"""`tool.coverage` in pyproject.toml writes there, too."""


def main() -> int:
    """Run the tests and print the figures; return 1 where a test fails or too few branches are taken."""
    shutil.rmtree(REPORT, ignore_errors=True)
    REPORT.mkdir(parents=True)
    told = REPORT / "told.json"
    for words in (
        ("run", "-m", "pytest", "-q", "-m", MEASURED, *sys.argv[1:]),
        ("combine", "--quiet"),
        ("report",),
        ("json", "-q", "-o", str(told)),
    ):
        if code := subprocess.run([sys.executable, "-m", "coverage", *words], check=False).returncode:
            return code
    totals = json.loads(told.read_text())["totals"]
    taken, there = totals["covered_branches"], totals["num_branches"]
    print(f"{taken / there:.1%} of the branches were taken, {taken} of {there}.")
    return 0 if taken >= WANTED * there else 1


if __name__ == "__main__":
    sys.exit(main())
