"""tmux between a program and the terminal: what is seen is what tmux draws, and keys and mouse are what it passes on.

Where tmux is missing these tests are skipped; REQUIRE_MACHINE_PARTS=1 makes them fail instead.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Self

from tests.kit import pty
from tests.kit.machine import needs
from tests.kit.patience import PATIENCE
from tests.kit.pty import SIZE, in_terminal

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
) -> Iterator[pty.Terminal]:
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


_PAUSE = 0.05  # seconds between two looks at the screen
_SERVER_OPTIONS = (
    "set -g escape-time 0 ; set -g status off ; set -g remain-on-exit on ; set -g remain-on-exit-format '' ; "
    "set -g history-limit 0 ; set -g focus-events on"
)


class Terminal:
    """One program in a tmux of its own, which ends with the context.

    Args:
        command: the program and its arguments.
        size: columns and lines.
        cwd: where it is started; the tmux's socket lies there as well, outside anybody's home.
        environment: all that it is told.
    """

    def __init__(
        self, *command: str, size: tuple[int, int] = (120, 40), cwd: Path, environment: Mapping[str, str]
    ) -> None:
        # Another one each time: a tmux that is just ending would still be asked.
        self._socket = cwd.parent / f"tmux{next(_NUMBERS)}"
        self._environment = {"TERM": "xterm-256color", "SHELL": "/bin/sh", **environment}
        self._cwd = cwd
        self._command = command
        self._size = size

    def __enter__(self) -> Self:
        columns, lines = self._size
        options = _SERVER_OPTIONS.format(columns=columns, lines=lines).split(" ; ")
        config = self._socket.with_suffix(".conf")
        config.write_text("\n".join(options))
        self._tmux("-f", str(config), "new-session", "-d", "-x", str(columns), "-y", str(lines), *self._command)
        return self

    def __exit__(self, *_: object) -> None:
        self._tmux("kill-server", is_checked=False)

    # What is seen

    @property
    def screen(self) -> str:
        """What is on the screen, without colours."""
        return self._tmux("capture-pane", "-p")

    @property
    def styled(self) -> str:
        """What is on the screen, with its colours as escape sequences."""
        return self._tmux("capture-pane", "-p", "-e")

    @property
    def lines(self) -> list[str]:
        """The screen by lines; the bar is the first."""
        return self.screen.splitlines()

    @property
    def bar(self) -> str:
        """The identity bar."""
        return self.lines[0]

    def line_with(self, *words: str) -> str:
        """The first line on which all of these stand."""
        return next((line for line in self.lines if all(word in line for word in words)), "")

    # What a person does

    def press(self, *keys: str) -> None:
        """Press keys by tmux's names: Enter, Escape, C-q, F5; anything else is typed as it is."""
        self._tmux("send-keys", *keys)

    def type(self, text: str) -> None:
        """Type a text, whatever is in it; it may be a secret, and so appears in no list of processes."""
        if not text:
            return
        self._tmux("load-buffer", "-b", "typed", "-", given=text)
        self._tmux("paste-buffer", "-b", "typed", "-d", "-r")

    def click(self, words: str) -> None:
        """Click on the first place where these words stand."""
        row, line = next((row, line) for row, line in enumerate(self.lines, 1) if words in line)
        column = line.index(words) + 1
        self.type(f"\x1b[<0;{column};{row}M\x1b[<0;{column};{row}m")

    def resize(self, columns: int, lines: int) -> None:
        """Pull the window to another size."""
        self._tmux("resize-window", "-x", str(columns), "-y", str(lines))

    def kill(self) -> None:
        """End the program as no program can keep from being ended, and wait until it is gone."""
        os.kill(int(self._tmux("display-message", "-p", "#{pane_pid}")), signal.SIGKILL)
        end = time.monotonic() + PATIENCE
        while self._tmux("display-message", "-p", "#{pane_dead}").strip() != "1":
            assert time.monotonic() < end, "still running"
            time.sleep(_PAUSE)

    # What is waited for

    def wait_for(self, *words: str) -> None:
        """Return when all of these are on the screen at once."""
        self.wait_until(lambda: all(word in self.screen for word in words), f"{words} on the screen")

    def wait_until_gone(self, words: str) -> None:
        """Return when this is no longer on the screen."""
        self.wait_until(lambda: words not in self.screen, f"{words!r} gone from the screen")

    def wait_until(self, is_so: Callable[[], bool], wanted: str) -> None:
        """Return when it is so."""
        end = time.monotonic() + PATIENCE
        while not is_so():
            assert time.monotonic() < end, f"waited for {wanted}; on the screen:\n{self.screen}"
            assert self._dead == "" or is_so(), f"ended ({self._dead}) without {wanted}:\n{self.screen}"
            time.sleep(_PAUSE)

    def exit_code(self) -> int:
        """The program's exit code, once it has ended."""
        end = time.monotonic() + PATIENCE
        while self._dead == "":
            assert time.monotonic() < end, f"still running; on the screen:\n{self.screen}"
            time.sleep(_PAUSE)
        return int(self._dead)

    @property
    def _dead(self) -> str:
        return self._tmux("display-message", "-p", "#{?pane_dead,#{pane_dead_status},}").strip()

    def _tmux(self, *arguments: str, given: str = "", is_checked: bool = True) -> str:
        # The environment goes to the server as its own, and so appears in no list of processes.
        done = subprocess.run(
            ["tmux", "-u", "-S", str(self._socket), *arguments],
            cwd=self._cwd,
            env=self._environment,
            input=given,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
        assert done.returncode == 0 or not is_checked, done.stderr
        return done.stdout


PROGRAM = (sys.executable, "-m", "tui")


@contextmanager
def program(
    *arguments: str, cwd: Path, environment: Mapping[str, str], size: tuple[int, int] = (120, 40)
) -> Iterator[Terminal]:
    """`airisk-tui` with these arguments, in a terminal of that size."""
    needs("tmux")
    with Terminal(*PROGRAM, *arguments, size=size, cwd=cwd, environment=environment) as terminal:
        yield terminal
