"""What part of the branches was taken, by the JSON that coverage writes: `make coverage` fails below 95 %."""

import json
import sys
from pathlib import Path

WANTED = 0.95


def main() -> int:
    """Tell it; 1 where it is too little."""
    totals = json.loads(Path(sys.argv[1]).read_text())["totals"]
    taken, there = totals["covered_branches"], totals["num_branches"]
    print(f"{taken / there:.1%} of the branches were taken, {taken} of {there}.")
    return 0 if taken >= WANTED * there else 1


if __name__ == "__main__":
    sys.exit(main())
