"""Change the code a little, many times, and see whether a test notices: `make proof ARGS=mutants`.

A sample is taken of each module that decides in whose name, where to and whether something is let in: the same one
each time, by its seed. Each change is run against the tests that come by it (`tool.mutmut` in pyproject.toml).
"""

import argparse
import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from mutmut.mutation.data import SourceFileMutationData
from mutmut.stats import status_by_exit_code
from mutmut.utils.file_utils import walk_mutatable_files

WANTED = 0.85
"""What part of the mutants has to be noticed."""

NOTICED = ("killed", "timeout", "segfault")
STATS = Path("mutants/mutmut-stats.json")


def main() -> int:
    """Sample, run, tell; 1 where too few are noticed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=25, help="how many of each module (25)")
    parser.add_argument("--seed", type=int, default=7, help="which ones (7)")
    parser.add_argument("modules", nargs="*", help="modules, such as tui.airisk.auth.oauth (all)")
    told = parser.parse_args()
    # Makes the mutants, learns which tests come by them, and ends in that nobody is called so.
    _mutmut("nobody*", stderr=subprocess.DEVNULL)
    _leave_out_renamed_tests()
    chosen = sample(told.each, told.seed, told.modules)
    _mutmut(*chosen)
    return tell({name: status for name, status in statuses() if name in set(chosen)})


def sample(each: int, seed: int, modules: Sequence[str]) -> list[str]:
    """Return the mutants to try."""
    chosen = []
    for module, mutants in groupby((name for name, _ in statuses()), module_of):
        names = sorted(mutants)
        if not modules or module in modules:
            chosen += random.Random(f"{seed} {module}").sample(names, min(each, len(names)))
    return chosen


def statuses() -> Iterator[tuple[str, str]]:
    """Every mutant, module by module, and what became of it."""
    for path in sorted(walk_mutatable_files()):
        mutants = SourceFileMutationData(path=path)
        mutants.load()
        yield from ((name, status_by_exit_code[code]) for name, code in mutants.exit_code_by_key.items())


def module_of(mutant: str) -> str:
    """`tui.airisk.auth.token_renewal` of `tui.airisk.auth.token_renewal.xǁTokenSlotǁget__mutmut_1`."""
    return mutant.rpartition(".")[0]


def tell(found: dict[str, str]) -> int:
    """Say how many were noticed, and name the others."""
    for module, names in groupby(sorted(found), module_of):
        _tell_part([found[name] for name in names], module)
    _tell_part(list(found.values()), "all")
    for name, status in sorted(found.items()):
        if status not in NOTICED:
            print(f"{status}: {name}")
    return 0 if _noticed(list(found.values())) >= WANTED * len(found) else 1


def _tell_part(statuses: Sequence[str], name: str) -> None:
    print(f"{_noticed(statuses) / len(statuses):6.1%}  {_noticed(statuses):4} of {len(statuses):4}  {name}")


def _noticed(statuses: Sequence[str]) -> int:
    counted = Counter(statuses)
    return sum(counted[status] for status in NOTICED)


def _leave_out_renamed_tests() -> None:
    """Pytest names a test with a backslash in its name otherwise when it runs again in one process, as it does here."""
    stats = json.loads(STATS.read_text())
    for tests in stats["tests_by_mangled_function_name"].values():
        tests[:] = [test for test in tests if "\\" not in test]
    STATS.write_text(json.dumps(stats))


def _mutmut(*mutants: str, stderr: int | None = None) -> None:
    """Run mutmut, politely: it takes as long as it takes."""
    command = ["nice", "-n", "19", sys.executable, "-m", "mutmut", "run", "--max-children=1", *mutants]
    subprocess.run(command, stderr=stderr, check=False)


if __name__ == "__main__":
    sys.exit(main())
