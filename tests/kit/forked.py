"""`airisk-tui` for those who run it a hundred times: forked from a process that has imported it already."""

import multiprocessing
import os
import sys
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import cast

from tests.kit.patience import PATIENCE
from tests.kit.shell import Outcome, Place
from tui import cli
from tui.airisk import listing, secret_service, session  # noqa: F401 - forked with everything that it needs

AT_ONCE = 6  # most of them wait
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload([__name__])


@dataclass(frozen=True)
class Run:
    """A command, where it is run, and what its environment has besides that of the place."""

    place: Place
    arguments: tuple[str, ...]
    environment: Mapping[str, str]


def run_all(runs: Sequence[Run]) -> list[Outcome]:
    """Run them, several at once; how each ended, in their order."""
    waiting = deque(enumerate(runs))
    running: dict[int, tuple[int, BaseProcess]] = {}
    outcomes: dict[int, Outcome] = {}
    while waiting or running:
        while waiting and len(running) < AT_ONCE:
            number, run = waiting.popleft()
            process = _started(run, _written(run, number))
            running[process.sentinel] = number, process
        ended = wait(list(running), timeout=PATIENCE)
        assert ended, f"{[runs[number] for number, _ in running.values()]} do not end"
        for each in ended:
            number, process = running.pop(cast("int", each))
            outcomes[number] = _outcome(process, _written(runs[number], number))
    return [outcomes[number] for number in range(len(runs))]


def _written(run: Run, number: int) -> Path:
    return run.place.tmp / f"run{number}"


def _started(run: Run, written: Path) -> BaseProcess:
    environment = {**run.place.environment, **run.environment}
    process = _PROCESSES.Process(target=_become, args=(run.arguments, str(run.place.cwd), environment, str(written)))
    process.start()
    return process


def _outcome(process: BaseProcess, written: Path) -> Outcome:
    process.join()
    code, out, err = process.exitcode, written.with_suffix(".out"), written.with_suffix(".err")
    assert code is not None
    process.close()
    outcome = Outcome(code, out.read_bytes(), err.read_text(encoding="utf-8"))
    out.unlink()
    err.unlink()
    return outcome


def _become(arguments: Sequence[str], cwd: str, environment: Mapping[str, str], written: str) -> None:
    """Be the command, in a process of its own, to its end."""
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environment)
    for number, (name, mode) in enumerate((("/dev/null", "r"), (f"{written}.out", "w"), (f"{written}.err", "w"))):
        with open(name, mode) as file:  # noqa: PTH123 - a Path has nothing to give here
            os.dup2(file.fileno(), number)
    sys.stdin, sys.stdout, sys.stderr = (
        open(number, mode, encoding="utf-8", closefd=False)  # noqa: SIM115
        for number, mode in enumerate(("r", "w", "w"))
    )
    code = cli.main(arguments)
    sys.stderr.flush()
    os._exit(code)
