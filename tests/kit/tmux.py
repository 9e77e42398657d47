"""tmux between a program and the terminal: what is seen is what tmux draws, and keys and mouse are what it passes on.

Where tmux is missing these tests are skipped; REQUIRE_MACHINE_PARTS=1 makes them fail instead.
"""

import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from tests.kit.machine import needs
from tests.kit.patience import PATIENCE
from tests.kit.pty import SIZE, Terminal, in_terminal

_NUMBERS = count()
_OPTIONS = """
set -g escape-time 0
set -g status off
set -g focus-events on
set -g mouse on
"""


@contextmanager
def in_tmux(
    command: Sequence[str], *, cwd: Path, environment: Mapping[str, str], size: tuple[int, int] = SIZE
) -> Iterator[Terminal]:
    """Run a command in a tmux of its own, which ends with the context; the exit code is that of tmux."""
    needs("tmux")
    # Another one each time: a tmux that is just ending would still be asked.
    socket = cwd.parent / f"tmux{next(_NUMBERS)}"
    config = socket.with_suffix(".conf")
    config.write_text(_OPTIONS)
    tmux = ("tmux", "-u", "-S", str(socket), "-f", str(config))
    told = {"SHELL": "/bin/sh", **environment}
    try:
        # The environment goes to the server as its own, and so appears in no list of processes.
        with in_terminal((*tmux, "new-session", *command), cwd=cwd, environment=told, size=size) as terminal:
            yield terminal
    finally:
        subprocess.run([*tmux, "kill-server"], env=told, capture_output=True, timeout=PATIENCE, check=False)
