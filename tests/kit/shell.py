"""`airisk-tui` as another process sees it: in a place of its own, with the least environment.

What runs a hundred times is forked from a server that has imported it already.
"""

import argparse
import multiprocessing
import os
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import cast

import pytest

from tests.kit.deployment.breakable import BreakableServer
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.patience import ENOUGH, PATIENCE
from tui.cli import main

COMMAND = (sys.executable, "-m", "tui")
MEASURED = {name: value for name, value in os.environ.items() if name.startswith("COVERAGE_")}
"""By what `make proof` reaches the commands as well."""

UTF8 = "C.UTF-8"
_READ_ONCE = ("COVERAGE_", "LC_", "LD_", "PYTHON")
"""Beginnings of the names of what Python, or what measures it, reads as it starts."""

AT_ONCE = 6  # most of them wait

_NUMBERS = count()
_STREAMS = (("r", "surrogateescape"), ("w", "surrogateescape"), ("w", "backslashreplace"))
"""Standard streams as Python opens them with LANG=C.UTF-8."""

_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["tests.kit.preloaded"])


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
            "LANG": UTF8,
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
        """Run `airisk-tui` to its end; by an interpreter of its own where that reads something in the environment."""
        told = self.environment | environment
        if can_be_forked(told):
            (outcome,) = run_all([Run(self, tuple(map(os.fsdecode, arguments)), environment, stdin)])
            return outcome
        done = subprocess.run(
            [*COMMAND, *arguments],
            cwd=self.cwd,
            env=told,
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


def can_be_forked(environment: Mapping[str, str]) -> bool:
    """Whether a program that is forked finds all of this environment in force, and needs no interpreter of its own."""
    return environment.get("LANG") == UTF8 and not any(name.startswith(_READ_ONCE) for name in environment)


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
    stdin: bytes = b""


def run_all(runs: Sequence[Run]) -> list[Outcome]:
    """Run them, several at once; how each ended, in their order."""
    waiting = deque(enumerate(runs))
    running: dict[int, tuple[int, BaseProcess, Path]] = {}
    outcomes: dict[int, Outcome] = {}
    while waiting or running:
        while waiting and len(running) < AT_ONCE:
            number, run = waiting.popleft()
            written = run.place.tmp / f"run{next(_NUMBERS)}"
            process = _started(run, written)
            running[process.sentinel] = number, process, written
        ended = wait(list(running), timeout=PATIENCE)
        assert ended, f"{[runs[number] for number, *_ in running.values()]} do not end"
        for each in ended:
            number, process, written = running.pop(cast("int", each))
            outcomes[number] = _outcome(process, written)
    return [outcomes[number] for number in range(len(runs))]


def _started(run: Run, written: Path) -> BaseProcess:
    environment = {**run.place.environment, **run.environment}
    written.with_suffix(".in").write_bytes(run.stdin)
    told = (run.arguments, str(run.place.cwd), environment, str(written))
    process = _PROCESSES.Process(target=_become, args=told, daemon=True)
    process.start()
    return process


def _outcome(process: BaseProcess, written: Path) -> Outcome:
    process.join()
    code, files = process.exitcode, [written.with_suffix(suffix) for suffix in (".in", ".out", ".err")]
    assert code is not None
    process.close()
    _, out, err = (file.read_bytes() for file in files)
    for file in files:
        file.unlink()
    return Outcome(code, out, err.decode())


def _become(arguments: Sequence[str], cwd: str, environment: Mapping[str, str], written: str) -> None:
    """Be the command, in a process of its own, to its end."""
    for number, (suffix, mode) in enumerate(((".in", "r"), (".out", "w"), (".err", "w"))):
        with Path(written + suffix).open(mode) as file:
            os.dup2(file.fileno(), number)
    _enter(cwd, environment)
    code = main.main(arguments)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _enter(cwd: str, environment: Mapping[str, str]) -> None:
    """Have this working directory, this environment and these streams, as from the beginning."""
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    streams = [
        open(number, mode, encoding="utf-8", errors=errors, closefd=False)  # noqa: SIM115
        for number, (mode, errors) in enumerate(_STREAMS)
    ]
    sys.stdin, sys.stdout, sys.stderr = streams
    sys.__stdin__, sys.__stdout__, sys.__stderr__ = streams  # type: ignore[misc, assignment]


class Forked:
    """The program, forked into a terminal; it has of `subprocess.Popen` what tests use."""

    def __init__(self, arguments: Sequence[str], cwd: Path, environment: Mapping[str, str], terminal: int) -> None:
        with Connection(os.dup(terminal)) as handed_over:
            told = (arguments, str(cwd), dict(environment), handed_over)
            self._process = _PROCESSES.Process(target=_become_in_terminal, args=told, daemon=True)
            self._process.start()

    @property
    def pid(self) -> int:
        """Its number."""
        assert self._process.pid is not None
        return self._process.pid

    def poll(self) -> int | None:
        """Return the exit code, if it has ended."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Return the exit code, once it has ended."""
        self._process.join(timeout)
        code = self.poll()
        assert code is not None, f"{self._process} does not end"
        return code

    def kill(self) -> None:
        """End it as no program can keep from being ended."""
        self._process.kill()


def _become_in_terminal(
    arguments: Sequence[str], cwd: str, environment: Mapping[str, str], handed_over: Connection
) -> None:
    """Be the program, as the leader of a session in this terminal."""
    os.setsid()
    # The first terminal that a session leader opens becomes the one whose Ctrl+C and whose end it hears of.
    terminal = os.open(os.ttyname(handed_over.fileno()), os.O_RDWR)
    for number in range(3):
        os.dup2(terminal, number)
    os.close(terminal)
    handed_over.close()
    _enter(cwd, environment)
    sys.argv[1:] = arguments
    sys.exit(main.main(arguments))


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
