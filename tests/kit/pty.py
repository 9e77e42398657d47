"""A terminal whose every byte is seen: what is written to it, what is typed, and how it is left behind."""

import errno
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyte

from tests.kit.patience import PATIENCE

SIZE = (120, 40)
"""Columns and lines."""

QUIET = 0.15  # seconds without output after which what a key led to is taken for drawn
SETTLES_WITHIN = 0.6  # seconds: a cursor may blink for ever
# The first terminal that a session leader opens becomes the one whose Ctrl+C and whose end it hears of.
_TAKE_TERMINAL = "import os, sys; os.close(os.open(os.ttyname(0), os.O_RDWR)); os.execvp(sys.argv[1], sys.argv[1:])"
_MODE = re.compile(rb"\x1b\[\?(\d+)([hl])")
_LEFT_ON = {b"25", b"7"}  # the cursor and the wrapping of lines: what a shell wants
_ENCLOSING = re.compile("[\u0488\u0489\u1abe\u20dd-\u20e0\u20e2-\u20e4\ua670-\ua672]")


class _Screen(pyte.Screen):
    """Knows that CSI > m is about the keyboard, and not about colours; and that a mark may enclose a character."""

    def draw(self, data: str) -> None:
        super().draw(_ENCLOSING.sub("", data))

    def select_graphic_rendition(self, *attributes: int, private: bool = False) -> None:
        if not private:
            super().select_graphic_rendition(*attributes)


class Terminal:
    """`process` runs in it; `output` is every byte that came."""

    def __init__(self, master: int, path: str, size: tuple[int, int] = SIZE) -> None:
        self.process: subprocess.Popen[bytes]
        self.output = bytearray()
        self._master = master
        self._path = path
        self._before = termios.tcgetattr(master)
        self._screen = _Screen(*size)
        self._stream = pyte.ByteStream(self._screen)
        self._drawn, self._shown = -1, ""

    @property
    def shown(self) -> str:
        """What is on the screen."""
        if self._drawn != len(self.output):
            self._drawn = len(self.output)
            self._shown = "\n".join("".join(cells) for cells in self.cells)
        return self._shown

    @property
    def cells(self) -> list[list[str]]:
        """The same cell by cell; the second of a wide character is empty."""
        columns = range(self._screen.columns)
        return [[self._screen.buffer[row][column].data for column in columns] for row in range(self._screen.lines)]

    @property
    def coloured(self) -> list[tuple[pyte.screens.Char, ...]]:
        """The same with colours."""
        columns = range(self._screen.columns)
        return [tuple(self._screen.buffer[row][column] for column in columns) for row in range(self._screen.lines)]

    def wait_for(self, *words: str) -> None:
        """Return when all of these words are on the screen at once."""
        self.wait_until(lambda: all(each in self.shown for each in words))

    def wait_until(self, is_so: Callable[[], bool]) -> None:
        """Return when it is so; it is asked again whenever something was drawn."""
        end = time.monotonic() + PATIENCE
        while not is_so():
            assert time.monotonic() < end, self.shown
            if not self._draw(end):
                assert is_so(), self.output.decode(errors="replace")[-2000:]
                return

    def settle(self) -> None:
        """Read on while more is drawn: for pictures, never for a test."""
        end = time.monotonic() + SETTLES_WITHIN
        while time.monotonic() < end and select.select([self._master], [], [], QUIET)[0]:
            self._draw(end + PATIENCE)

    def draw_within(self, seconds: float) -> bool:
        """Draw what comes next; False where nothing does in that time, or ever."""
        return bool(select.select([self._master], [], [], seconds)[0]) and self._draw(time.monotonic() + 1)

    def resize(self, columns: int, lines: int) -> None:
        """Pull the window to another size."""
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self._screen.resize(lines, columns)

    def type(self, keys: str | bytes) -> None:
        """Press keys."""
        os.write(self._master, keys.encode() if isinstance(keys, str) else keys)

    def wait_until_read(self) -> None:
        """Return when all that was typed has been read."""
        slave = os.open(self._path, os.O_RDWR | os.O_NOCTTY)
        try:
            unread = bytearray(4)
            while fcntl.ioctl(slave, termios.FIONREAD, unread) or any(unread):
                assert self.process.poll() is None, self.shown
                os.sched_yield()
        finally:
            os.close(slave)

    def ended(self, *, within: float = PATIENCE) -> int:
        """The exit code, once the program has ended and its last words are read."""
        end = time.monotonic() + within
        while self._draw(end):
            assert time.monotonic() < end, self.shown
        return self.process.wait(max(end - time.monotonic(), 1.0))

    def close_window(self) -> None:
        """Take the terminal away, as a closed window does."""
        os.close(self._master)
        self._master = -1

    def unrestored(self) -> list[str]:
        """What the program switched and did not switch back."""
        last = dict(_MODE.findall(self.output))
        faults = [f"?{mode.decode()}" for mode, state in last.items() if (state == b"h") != (mode in _LEFT_ON)]
        if len(re.findall(rb"\x1b\[>\d*u", self.output)) > len(re.findall(rb"\x1b\[<\d*u", self.output)):
            faults.append("keyboard protocol")
        if termios.tcgetattr(self._master) != self._before:
            faults.append("line discipline")
        return faults

    def _draw(self, end: float) -> bool:
        """Draw what comes next; False at the end of the output."""
        if not select.select([self._master], [], [], max(end - time.monotonic(), 0))[0]:
            raise AssertionError(f"nothing came in time; on the screen:\n{self.shown}")
        try:
            data = os.read(self._master, 65536)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            data = b""
        self.output += data
        self._stream.feed(data)
        return bool(data)

    def _release(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        if self._master >= 0:
            os.close(self._master)


@contextmanager
def in_terminal(
    command: Sequence[str], *, cwd: Path, environment: Mapping[str, str], size: tuple[int, int] = SIZE
) -> Iterator[Terminal]:
    """Run a command in a terminal of its own; it is killed where the context ends before it does."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
    terminal = Terminal(master, os.ttyname(slave), size)
    terminal.process = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", _TAKE_TERMINAL, *command],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        cwd=cwd,
        env={"TERM": "xterm-256color", **environment},
        start_new_session=True,
    )
    os.close(slave)
    try:
        yield terminal
    finally:
        terminal._release()
