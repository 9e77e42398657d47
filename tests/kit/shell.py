"""`airisk-tui` as another process sees it: in a place of its own, with the least environment."""

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.kit.deployment.breakable import BreakableServer
from tests.kit.patience import PATIENCE
from tui import cli

COMMAND = (sys.executable, "-m", "tui")
MEASURED = {name: value for name, value in os.environ.items() if name.startswith("COVERAGE_")}
"""By what `make coverage` reaches the commands as well."""


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
            AIRISK_TIMEOUT="10",
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


def parsers(parser: argparse.ArgumentParser | None = None, name: str = "") -> dict[str, argparse.ArgumentParser]:
    """Every parser by what is typed for it: the program's, its commands', and their parts'."""
    parser = parser or cli._parser()
    parts = [action.choices for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    found = {name: parser}
    for part, inner in (each for choices in parts for each in choices.items()):
        found |= parsers(inner, f"{name} {part}".strip())
    return found
