"""A person with an empty home, who installs the program."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.kit.pty import in_terminal

PYTHONS = {name: path for name in ("python3.11", "python3.13") if (path := shutil.which(name))}
TAKES = 600  # seconds, for the package index may be slow


@dataclass
class Newcomer:
    """A person with an empty home; `bin` is where installers put commands, `tools` where pipx and uv are."""

    home: Path
    tools: Path

    @property
    def bin(self):
        return self.home / ".local" / "bin"

    @property
    def environment(self):
        path = f"{self.bin}:{self.tools}:/usr/bin:/bin"
        index = {
            name: value for name, value in os.environ.items() if name.startswith(("PIP_", "UV_", "SSL_", "HTTPS_"))
        }
        return {"HOME": str(self.home), "PATH": path, "LANG": "C.UTF-8", **index}

    def types(self, *command: str | Path) -> str:
        """Run a command to its end, from /."""
        done = subprocess.run(
            [*map(str, command)],
            cwd="/",
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=TAKES,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def opens_the_demo(self, *command: str | Path) -> None:
        """Open it from /, see its users, and quit."""
        with in_terminal([*map(str, command), "demo"], cwd=Path("/"), environment=self.environment) as terminal:
            terminal.sees("200 users")
            terminal.type("\x11")
            assert terminal.ended() == 0

    def what_is_left(self):
        """The files in the home in whose path the program is named, but for what installers keep for themselves."""
        files = (path.relative_to(self.home) for path in self.home.rglob("*") if path.is_file() or path.is_symlink())
        theirs = (Path(".cache"), Path(".local/share/pipx"), Path(".local/state/pipx"))
        kept = (path for path in files if not any(path.is_relative_to(each) for each in theirs))
        return {str(path) for path in kept if "airisk" in str(path)}
