"""Change the code a little, many times, and see whether a test notices: `make mutants`.

There are ten thousand such changes, so a sample of each module is taken: the same one each time, by its seed. Each is
run against the tests that come by the changed function, the quick ones (`tool.mutmut` in pyproject.toml).
"""

import argparse
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from mutmut.configuration import config
from mutmut.mutation.data import SourceFileMutationData
from mutmut.stats import status_by_exit_code
from mutmut.utils.file_utils import walk_mutatable_files

WANTED = 0.85
"""What part of the mutants has to be noticed."""

NOTICED = ("killed", "timeout", "segfault", "caught by type check")


def main() -> int:
    """Sample, run, tell; 1 where too few are noticed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=30, help="how many of each module (30)")
    parser.add_argument("--seed", type=int, default=7, help="which ones (7)")
    parser.add_argument("modules", nargs="*", help="modules, such as tui.airisk.oauth (all)")
    told = parser.parse_args()
    # With a name that nobody has it makes the mutants and learns which tests come by them, and no more.
    mutmut("run", "--max-children=1", "nobody")
    chosen = sample(told.each, told.seed, told.modules)
    mutmut("run", "--max-children=1", *chosen)
    return tell({name: status for name, status in statuses() if name in set(chosen)})


def mutmut(*arguments: str) -> None:
    """Run mutmut, politely: it takes as long as it takes."""
    subprocess.run(["nice", "-n", "19", sys.executable, "-m", "mutmut", *arguments], check=False)


def sample(each: int, seed: int, modules: Sequence[str]) -> list[str]:
    """The mutants to be tried."""
    chosen = []
    for module, mutants in groupby((name for name, _ in statuses()), module_of):
        names = sorted(mutants)
        if not modules or module in modules:
            chosen += random.Random(f"{seed} {module}").sample(names, min(each, len(names)))
    return chosen


def statuses() -> Iterator[tuple[str, str]]:
    """Every mutant, module by module, and what became of it."""
    config()
    for path in sorted(walk_mutatable_files()):
        mutants = SourceFileMutationData(path=path)
        mutants.load()
        yield from ((name, status_by_exit_code[code]) for name, code in mutants.exit_code_by_key.items())


def module_of(mutant: str) -> str:
    """`tui.airisk.tokens` of `tui.airisk.tokens.xǁTokenHolderǁget__mutmut_1`."""
    return mutant.rpartition(".")[0]


def tell(found: dict[str, str]) -> int:
    """Say how many were noticed, and name the others."""
    for module, names in groupby(sorted(found), module_of):
        counted = Counter(found[name] for name in names)
        noticed = sum(counted[status] for status in NOTICED)
        print(f"{noticed / counted.total():6.1%}  {noticed:4} of {counted.total():4}  {module}")
    noticed = sum(status in NOTICED for status in found.values())
    print(f"{noticed / len(found):6.1%}  {noticed:4} of {len(found):4}")
    for name, status in sorted(found.items()):
        if status not in NOTICED:
            print(f"{status}: {name}   (mutmut show {name})")
    return 0 if noticed >= WANTED * len(found) else 1


if __name__ == "__main__":
    sys.exit(main())
