"""The program on a disk of its own that is so small that it can be filled: a tmpfs that only the program sees."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.kit.machine import APART, needs
from tests.kit.pty import Terminal, in_terminal
from tests.kit.shell import COMMAND, Place

SIZE = "2m"
_ROOMS = ("home", "cwd", "tmp", "run")
_MOUNT = f"""
mount -t tmpfs -o size={SIZE},mode=700 tmpfs "$1" && cd "$1" && mkdir -m 700 {" ".join(_ROOMS)} && cd cwd || exit
shift
exec "$@"
"""


def command_on(root: Path, *command: str) -> tuple[str, ...]:
    """That command, for which `root` is an empty disk with the rooms of a Place on it."""
    return (*APART, "sh", "-c", _MOUNT, "sh", str(root), *command)


class SmallDisk:
    """What is on it, and how full it is."""

    def __init__(self, terminal: Terminal, root: Path) -> None:
        self.terminal = terminal
        self.root = Path(f"/proc/{terminal.process.pid}/root{root}")
        self._filler = self.root / "filler"

    def fill(self) -> None:
        """Leave no room for another byte of a new file."""
        descriptor = os.open(self._filler, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
            _write_for_ever(descriptor)
        os.close(descriptor)

    def make_room(self) -> None:
        """Remove what fills it."""
        self._filler.unlink()


def _write_for_ever(descriptor: int) -> None:
    while True:
        os.write(descriptor, bytes(4096))


@contextmanager
def on_a_small_disk(place: Place) -> Iterator[SmallDisk]:
    """The program in a terminal."""
    needs("namespaces")
    command = command_on(place.root, *COMMAND)
    with in_terminal(command, cwd=place.root, environment=place.environment) as terminal:
        terminal.sees("users ─")
        yield SmallDisk(terminal, place.root)
