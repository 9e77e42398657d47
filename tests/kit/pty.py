"""A pseudo-terminal whose every byte is seen: what is written to it, what is typed, and how it is left behind."""

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
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pyte

from tests.kit.patience import PATIENCE, until
from tests.kit.person import Person
from tests.kit.shell import COMMAND, Forked, Place, can_be_forked

Process = subprocess.Popen[bytes] | Forked

SIZE = (120, 40)
"""Columns and lines."""

# The first terminal that a session leader opens becomes the one whose Ctrl+C and whose end it hears of.
_TAKE_TERMINAL = "import os, sys; os.close(os.open(os.ttyname(0), os.O_RDWR)); os.execvp(sys.argv[1], sys.argv[1:])"
_MODE = re.compile(rb"\x1b\[\?(\d+)([hl])")
_LEFT_ON = {b"25", b"7"}  # the cursor and the wrapping of lines: what a shell wants
_OTHER_SCREEN = 1049
_END_OF_KEYBOARD_PROTOCOL = b"\x1b[<u"  # of which pyte would draw the last letter
_ENCLOSING = re.compile("[\u0488\u0489\u1abe\u20dd-\u20e0\u20e2-\u20e4\ua670-\ua672]")

# Synchronized output: https://gist.github.com/christianparpart/d8a62cc1ab659194337d73e399004036
_ARE_FRAMES_TOLD_APART, _THEY_ARE = b"\x1b[?2026$p", b"\x1b[?2026;1$y"
_BEGIN_OF_FRAME, END_OF_FRAME = b"\x1b[?2026h", b"\x1b[?2026l"

_CSI = {
    **dict(zip(("up", "down", "right", "left", "end", "home", "shift+tab"), "ABCDFHZ", strict=True)),
    **{f"f{number}": f"{code}~" for number, code in enumerate((15, 17, 18, 19, 20, 21, 23, 24), 5)},
    # As terminals send it that can tell it from the beginning of a sequence: with X right behind it, it is not Alt+X.
    "escape": "27u",
    "delete": "3~",
    "pageup": "5~",
    "pagedown": "6~",
}
KEYS = {
    **{key: f"\x1b[{code}" for key, code in _CSI.items()},
    **{f"f{number}": f"\x1bO{letter}" for number, letter in enumerate("PQRS", 1)},
    **{f"ctrl+{letter}": chr(ord(letter) & 0x1F) for letter in "abcdefghijklmnopqrstuvwxyz"},
    "enter": "\r",
    "tab": "\t",
    "space": " ",
    "backspace": "\x7f",
}
"""What a terminal sends for a key."""


class _Screen(pyte.Screen):
    """Knows that CSI > m is about the keyboard, and not about colours; and that a mark may enclose a character.

    It is cleared where a real terminal shows its other screen, and has none itself: what the program leaves, stays.
    """

    def set_mode(self, *modes: int, **options: bool) -> None:
        super().set_mode(*modes, **options)
        if _OTHER_SCREEN in modes and options.get("private"):
            self.erase_in_display(2)

    def draw(self, data: str) -> None:
        super().draw(_ENCLOSING.sub("", data))

    def select_graphic_rendition(self, *attributes: int, private: bool = False) -> None:
        if not private:
            super().select_graphic_rendition(*attributes)


class Terminal(Person[None]):
    """A terminal, and the person in front of it.

    Frames that the program tells apart are drawn whole: no look at the screen finds half a frame.

    Attributes:
        process: runs in it.
        output: every byte that came.
        on_frame: called as each frame is drawn that the program tells apart.
    """

    def __init__(self, master: int, path: str, size: tuple[int, int] = SIZE) -> None:
        self.process: Process
        self.output = bytearray()
        self.on_frame: Callable[[], object] = lambda: None
        self._master = master
        self._path = path
        self._before = termios.tcgetattr(master)
        self._screen = _Screen(*size)
        self._stream = pyte.ByteStream(self._screen)
        self._undrawn = bytearray()
        self._lines: list[str] = []
        self._is_at_end = False

    # What is read

    @property
    def lines(self) -> list[str]:
        """The lines of the screen, each as wide as it."""
        self._lines = self._lines or ["".join(cells) for cells in self.cells]
        return self._lines

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

    @property
    def cursor_line(self) -> str:
        """The line from where the cursor is, which braille displays and magnifiers follow."""
        return self.lines[self._screen.cursor.y][self._screen.cursor.x :]

    # What is done

    def press(self, *keys: str) -> None:
        """Press keys: those of `KEYS` by their names, any other as the character that it is."""
        assert all(key in KEYS or len(key) == 1 for key in keys), keys
        self.type("".join(KEYS.get(key, key) for key in keys))

    def type(self, text: str | bytes) -> None:
        """Send this to the program."""
        os.write(self._master, text.encode() if isinstance(text, str) else text)

    def click(self, words: str, times: int = 1) -> None:
        """Click in the middle of the first place where these words stand, so many times at once."""
        row, line = next((row, cells) for row, cells in enumerate(self.cells, 1) if words in "".join(cells))
        character = "".join(line).index(words) + len(words) // 2
        # A wide character is one of the line, and two cells.
        column = next(column for column in range(1, len(line) + 1) if len("".join(line[:column])) > character)
        self.type(f"\x1b[<0;{column};{row}M\x1b[<0;{column};{row}m" * times)

    def resize(self, columns: int, lines: int) -> None:
        """Pull the window to another size."""
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self._screen.resize(lines, columns)
        self._lines = []

    def clear(self) -> None:
        """Empty the screen, as whoever else uses the terminal may."""
        self._screen.erase_in_display(2)
        self._lines = []

    # What is waited for

    def until(self, is_so: Callable[[], bool], wanted: str) -> None:
        """Wait until it is so; it is asked again at each frame, and in between."""
        until(is_so, wanted, seen=self._said, meanwhile=self._go_on)

    def draw_within(self, seconds: float) -> bool:
        """Draw what comes next; False where nothing does in that time, or ever."""
        if self._is_at_end or not select.select([self._master], [], [], seconds)[0]:
            return False
        self._read()
        return not self._is_at_end

    def wait_until_read(self) -> None:
        """Return when all that was typed has been read."""
        slave = os.open(self._path, os.O_RDWR | os.O_NOCTTY)
        unread = bytearray(4)

        def is_read() -> bool:
            assert self.process.poll() is None, self.screen
            fcntl.ioctl(slave, termios.FIONREAD, unread)
            return not any(unread)

        try:
            until(is_read, "what was typed to be read", seen=self._said)
        finally:
            os.close(slave)

    def wait_until_stopped(self) -> None:
        """Return when the program is stopped, as by Ctrl+Z, and so writes no more."""
        self.until(lambda: self._state() == "T", "the program to be stopped")

    def wait_until_asleep(self) -> None:
        """Return when the program waits. Python handles a signal that comes just before a read only after it."""
        self.until(lambda: self._state() == "S", "the program to wait")

    def _state(self) -> str:
        return Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(") ")[2][0]

    def ended(self) -> int:
        """The exit code, once the program has ended and its last words are read."""
        until(lambda: self._is_at_end, "its end", seen=self._said, meanwhile=self.draw_within)
        return self.process.wait(PATIENCE)

    def quits(self) -> None:
        """Leave the program: it ends well, and leaves the terminal as it was."""
        self.press("ctrl+q")
        assert self.ended() == 0
        assert self.unrestored() == []

    def kill(self) -> None:
        """End the program as no program can keep from being ended, and wait until it is gone."""
        self.process.kill()
        self.process.wait(PATIENCE)

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

    def _go_on(self, seconds: float) -> None:
        assert not self._is_at_end, f"the program has ended\n{self._said()}"
        self.draw_within(seconds)

    def _said(self) -> str:
        return self.screen if self.screen.strip() else self.output.decode(errors="replace")[-2000:]

    def _read(self) -> None:
        """Read what came, and draw it up to the end of its last whole frame."""
        try:
            data = os.read(self._master, 65536)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            data = b""
        self._is_at_end = not data
        self.output += data
        self._undrawn += data
        if _ARE_FRAMES_TOLD_APART in self.output[-len(data) - len(_ARE_FRAMES_TOLD_APART) + 1 :]:
            self.type(_THEY_ARE)
        whole = len(self._undrawn) if self._is_at_end else _whole(self._undrawn)
        if whole:
            *begun, rest = bytes(self._undrawn[:whole]).replace(_END_OF_KEYBOARD_PROTOCOL, b"").split(END_OF_FRAME)
            del self._undrawn[:whole]
            for frame in begun:
                self._draw(frame + END_OF_FRAME)
                self.on_frame()
            self._draw(rest)

    def _draw(self, output: bytes) -> None:
        self._stream.feed(output)
        self._lines = []

    def _release(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        if self._master >= 0:
            os.close(self._master)


def _whole(output: bytearray) -> int:
    """How much of it is no frame that has yet to end, nor the beginning of its mark."""
    begun = output.rfind(_BEGIN_OF_FRAME)
    if begun > output.rfind(END_OF_FRAME):
        return begun
    parts = range(len(_BEGIN_OF_FRAME) - 1, 0, -1)
    return len(output) - next((part for part in parts if output.endswith(_BEGIN_OF_FRAME[:part])), 0)


def frames(output: bytes | bytearray, size: tuple[int, int] = SIZE) -> Iterator[list[str]]:
    """The lines of the screen after each frame that is told apart in this output."""
    screen = _Screen(*size)
    stream = pyte.ByteStream(screen)
    for frame in bytes(output).split(END_OF_FRAME)[:-1]:
        stream.feed(frame)
        yield list(screen.display)


@contextmanager
def in_terminal(
    command: Sequence[str], *, cwd: Path, environment: Mapping[str, str], size: tuple[int, int] = SIZE
) -> Iterator[Terminal]:
    """Run a command in a terminal of its own; it is killed where the context ends before it does."""

    def start(slave: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _TAKE_TERMINAL, *command],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=cwd,
            env={"TERM": "xterm-256color", **environment},
            start_new_session=True,
        )

    with _window(size, start) as terminal:
        yield terminal


@contextmanager
def _window(size: tuple[int, int], start: Callable[[int], Process]) -> Iterator[Terminal]:
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
    terminal = Terminal(master, os.ttyname(slave), size)
    terminal.process = start(slave)
    os.close(slave)
    try:
        yield terminal
    finally:
        terminal._release()


def opened(place: Place, *arguments: str, size: tuple[int, int] = SIZE) -> AbstractContextManager[Terminal]:
    """`airisk-tui` with these arguments, in a terminal of that size."""
    return program(*arguments, cwd=place.cwd, environment=place.environment, size=size)


def started(place: Place, *arguments: str, size: tuple[int, int] = SIZE) -> AbstractContextManager[Terminal]:
    """The same by an interpreter of its own: for tests of how the program starts and ends."""
    return in_terminal([*COMMAND, *arguments], cwd=place.cwd, environment=place.environment, size=size)


@contextmanager
def program(
    *arguments: str, cwd: Path, environment: Mapping[str, str], size: tuple[int, int] = SIZE
) -> Iterator[Terminal]:
    """`airisk-tui` with these arguments, in a terminal of that size; forked where that makes no difference."""
    told = {"TERM": "xterm-256color", **environment}
    if can_be_forked(told):
        with _window(size, lambda slave: Forked(arguments, cwd, told, slave)) as terminal:
            yield terminal
    else:
        with in_terminal([*COMMAND, *arguments], cwd=cwd, environment=told, size=size) as terminal:
            yield terminal
