"""`airisk-tui` as another process sees it: in a place of its own, with the least environment.

What runs a hundred times is forked from a server that has imported it already.
"""

import argparse
import multiprocessing
import os
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import cast

import pytest

from tests.kit.deployment.breakable import BreakableServer
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.patience import ENOUGH, PATIENCE
from tui.airisk import session  # noqa: F401 - forked with everything that it needs
from tui.airisk.users import stream_parser  # noqa: F401
from tui.cli import main
from tui.config import secret_service  # noqa: F401

COMMAND = (sys.executable, "-m", "tui")
MEASURED = {name: value for name, value in os.environ.items() if name.startswith("COVERAGE_")}
"""By what `make proof` reaches the commands as well."""

AT_ONCE = 6  # most of them wait
PRELOADED = (__name__, "tests.kit.trails", "tests.kit.working")
"""What the server that forks has imported. There is one server in a process, and so this is the only list."""

_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload([*PRELOADED])


@dataclass(frozen=True)
class Outcome:
    """How a command ended; `out` is as it came, `err` is text."""

    code: int
    out: bytes = field(repr=False)
    err: str

    @property
    def text(self) -> str:
        """What was written to stdout, as text."""
        return self.out.decode()

    @property
    def line(self) -> str:
        """The only line on stderr, without the program's name; a second one fails the test."""
        assert self.err.count("\n") == 1, self.err
        return self.err.removeprefix("airisk-tui: ").rstrip("\n")


class Place:
    """A home, a working directory, a runtime and a temporary directory under `root`; `environment` names them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.home, self.cwd, self.tmp, self.run_dir = (root / name for name in ("home", "cwd", "tmp", "run"))
        for directory in (self.home, self.cwd, self.tmp, self.run_dir):
            directory.mkdir(mode=0o700)
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "TMPDIR": str(self.tmp),
            "XDG_RUNTIME_DIR": str(self.run_dir),
            "LANG": "C.UTF-8",
            **MEASURED,
        }

    def tell(self, **settings: str) -> None:
        """Add to the environment of every later command."""
        self.environment |= settings

    def reach(self, server: BreakableServer) -> None:
        """Name a deployment, and the client in it, in the environment."""
        self.tell(
            AIRISK_URL=server.url,
            CLIENT_ID=getattr(server, "client_id", "client"),
            CLIENT_SECRET=getattr(server, "client_secret", "a secret"),
            AIRISK_TIMEOUT=str(ENOUGH),
        )

    def write_env(self, settings: Mapping[str, str], *, mode: int = 0o600) -> Path:
        """Write `.env` into the working directory."""
        path = self.cwd / ".env"
        path.write_text("".join(f"{name}='{value}'\n" for name, value in settings.items()))
        path.chmod(mode)
        return path

    def run(self, *arguments: str | bytes, stdin: bytes = b"", **environment: str) -> Outcome:
        """Run `airisk-tui` to its end."""
        done = subprocess.run(
            [*COMMAND, *arguments],
            cwd=self.cwd,
            env=self.environment | environment,
            input=stdin,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
        return Outcome(done.returncode, done.stdout, done.stderr.decode())

    def shell(self, script: str, **environment: str) -> Outcome:
        """Run a line of shell, in which `airisk-tui` is the program, to its end."""
        defined = f'airisk-tui() {{ "{sys.executable}" -m tui "$@"; }}\n{script}'
        done = subprocess.run(
            ["bash", "-c", defined],
            cwd=self.cwd,
            env=self.environment | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
        return Outcome(done.returncode, done.stdout, done.stderr.decode())

    @contextmanager
    def running(self, *arguments: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
        """Run `airisk-tui` while the context lasts."""
        with subprocess.Popen(
            [*COMMAND, *arguments],
            cwd=self.cwd,
            env=self.environment | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            try:
                yield process
            finally:
                process.kill()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Where no setting is made."""
    return Place(tmp_path)


@pytest.fixture
def airisk(place: Place) -> Iterator[ForeignAIRisk]:
    """A deployment in good health, which the environment of `place` names."""
    with ForeignAIRisk() as server:
        place.reach(server)
        yield server


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
    told = (run.arguments, str(run.place.cwd), environment, str(written))
    process = _PROCESSES.Process(target=_become, args=told, daemon=True)
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
    code = main.main(arguments)
    sys.stderr.flush()
    os._exit(code)


@contextmanager
def another_program(
    does: Callable[..., None], path: Path, *arguments: object
) -> Iterator[tuple[BaseProcess, Connection]]:
    """One that does something with a path, until it is done or killed; what it says is heard on the connection."""
    heard, said = _PROCESSES.Pipe(duplex=False)
    program = _PROCESSES.Process(target=does, args=(path, said, *arguments), daemon=True)
    program.start()
    said.close()
    try:
        yield program, heard
    finally:
        program.kill()
        program.join()
        program.close()
        heard.close()


def parsers(parser: argparse.ArgumentParser | None = None, name: str = "") -> dict[str, argparse.ArgumentParser]:
    """Every parser by what is typed for it: the program's, its commands', and their parts'."""
    parser = parser or main._parser()
    parts = [action.choices for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    found = {name: parser}
    for part, inner in (each for choices in parts for each in choices.items()):
        found |= parsers(inner, f"{name} {part}".strip())
    return found
