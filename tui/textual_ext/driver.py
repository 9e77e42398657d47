"""Terminal driver that tolerates invalid bytes without exiting or dropping other keys."""

import fcntl
import sys
import termios
import threading
import tty
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from io import TextIOWrapper
from typing import TextIO, cast

from textual._parser import ParseError, Parser
from textual._xterm_parser import XTermParser
from textual.drivers import linux_driver
from textual.drivers.linux_driver import LinuxDriver
from textual.events import Key, Resize
from textual.geometry import Size
from textual.message import Message

from tui.textual_ext.sequences import MOST_COLUMNS, MOST_ROWS, PASTE, Sequences

# Textual's strict decoder would end the input thread at a byte that is not UTF-8, and the program with exit code 0.
linux_driver.getincrementaldecoder = lambda encoding: partial(  # type: ignore[attr-defined]
    getincrementaldecoder(encoding), errors="ignore"
)

_ALTERNATE_SCREEN_NO_CURSOR_REPORT_FOCUS = "\x1b[?1049h\x1b[?25l\x1b[?1004h"
_CLEAR = "\x1b[m\x1b[H\x1b[2J"


_PASTED = "\x1b[201~"


class SafePasteParser(XTermParser):
    """Parser that treats pasted input as text, drops sequences that are not keys, and survives invalid input.

    Textual's parser also looks for escape sequences in pasted text, and presses the characters of unknown ones as keys.
    Text with an ESC, which not every terminal removes, could thus send the request on screen.

    Args:
        debug: as in XTermParser.
        early: how many characters were typed before the terminal was taken. Until then it turns Enter into a line feed,
            which is Ctrl+J, a key of its own.
    """

    def __init__(self, debug: bool = False, early: int = 0) -> None:  # noqa: FBT001, FBT002 - Textual's signature
        super().__init__(debug)
        self._early = early
        self._sequences = Sequences()
        self._is_pasting = False
        self._held_back = ""

    @property
    def is_waiting(self) -> bool:
        """Whether more of a sequence may arrive."""
        return self._sequences.is_waiting or self._timeout_time is not None

    def feed(self, data: str) -> Iterable[Message]:
        """Parse input like Textual's parser; an empty string marks the end."""
        if not data:
            yield from super().feed(data)
        early, self._early = self._early, max(self._early - len(data), 0)
        data = data[:early].replace("\n", "\r") + data[early:]
        for piece in self._harmless(data):
            yield from self._read(piece) if piece else ()

    def tick(self) -> Iterable[Message]:
        """Parse held-back input that turned out to be complete, then do as Textual's parser."""
        if late := self._sequences.late():
            yield from [Key("escape", late)] if late == "\x1b" else self._read(late)
        yield from super().tick()

    def _read(self, piece: str) -> Iterable[Message]:
        """Parse one piece. One that cannot be parsed is dropped, and the parser is reset."""
        try:
            yield from super().feed(piece)
        except ParseError:
            raise
        except Exception:  # noqa: BLE001 - whatever a terminal sends
            Parser.__init__(self)

    def _harmless(self, data: str) -> Iterable[str]:
        """Replace each ESC within pasted text, which may arrive in several parts, and filter all other input."""
        while data:
            if self._is_pasting:
                pasted, end, data = (self._held_back + data).partition(_PASTED)
                self._is_pasting = not end
                self._held_back = "" if end else _beginning_of_end(pasted)
                yield pasted.removesuffix(self._held_back).replace("\x1b", "␛") + end
                continue
            rest = ""
            for piece, following in self._sequences.take(data):
                yield piece
                if piece == PASTE:
                    self._is_pasting, rest = True, following
                    break
            data = rest


def _beginning_of_end(pasted: str) -> str:
    """Return the part of the end mark that the pasted text ends with."""
    return next((_PASTED[:size] for size in range(len(_PASTED) - 1, 0, -1) if pasted.endswith(_PASTED[:size])), "")


def _unread(terminal: int) -> int:
    """Return how many bytes have been typed and not yet read."""
    size = bytearray(4)
    with suppress(OSError):
        fcntl.ioctl(terminal, termios.FIONREAD, size)
    return int.from_bytes(size, sys.byteorder)


class TerminalOutput:
    """Writes to the terminal, and to nowhere once a write has failed.

    A failed write would end Textual's writer thread. Its queue would fill up, and the program would wait for it forever
    instead of handling the hang-up of its terminal.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._is_gone = False

    def write(self, text: str) -> None:
        """Write text."""
        self._try(self._file.write, text)

    def flush(self) -> None:
        """Send what was written."""
        self._try(self._file.flush)

    def fileno(self) -> int:
        """Return the descriptor of the terminal."""
        return self._file.fileno()

    def _try(self, do: Callable[..., object], *arguments: object) -> None:
        if not self._is_gone:
            try:
                do(*arguments)
            except OSError:
                self._is_gone = True


class RobustDriver(LinuxDriver):
    """Driver that survives invalid UTF-8 and being stopped from outside, and treats pasted input as text."""

    _has_terminal = False

    def run_input_thread(self) -> None:
        """Read input until the end."""
        linux_driver.XTermParser = partial(  # type: ignore[attr-defined, assignment]
            SafePasteParser, early=_unread(self.fileno)
        )
        try:
            super().run_input_thread()
        except Exception as error:  # noqa: BLE001 - Textual's report would show values
            threading.excepthook(threading.ExceptHookArgs((type(error), error, error.__traceback__, None)))

    def start_application_mode(self) -> None:
        """Take the terminal. Output is UTF-8 whatever the locale, as otherwise every line would break."""
        if isinstance(self._file, TextIOWrapper):
            self._file.reconfigure(encoding="utf-8", errors="replace")
            self._file = cast("TextIOWrapper", TerminalOutput(self._file))
        super().start_application_mode()  # type: ignore[no-untyped-call]
        self._has_terminal = True

    def stop_application_mode(self) -> None:
        """Restore the terminal.

        Clear the last frame first, which would stay without an alternate screen (GNU screen).
        """
        self._has_terminal = False
        self.write(_CLEAR)
        super().stop_application_mode()

    def _get_terminal_size(self) -> tuple[int, int]:
        """Return the terminal size that the system reports, within bounds."""
        columns, rows = super()._get_terminal_size()
        return min(columns, MOST_COLUMNS), min(rows, MOST_ROWS)

    def _sigtstp_application(self, *arguments: object) -> None:
        """Restore the terminal, and stop."""
        self._in_turn(super()._sigtstp_application, *arguments)

    def _sigcont_application(self, *arguments: object) -> None:
        """Take the terminal again, at once if it was restored, because nothing can be drawn before."""
        if self._must_signal_resume:
            super()._sigcont_application(*arguments)
        else:
            self._in_turn(self._retake_terminal)

    def _in_turn(self, act: Callable[..., None], *arguments: object) -> None:
        """Run `act` in the event loop: a signal handler could interrupt a write and deadlock.

        While the terminal is lent to another program, such as a pager, `act` runs at once.
        """
        if self._auto_restart:
            with suppress(RuntimeError):  # the program has ended
                self._loop.call_soon_threadsafe(act, *arguments)
        else:
            act(*arguments)

    def _retake_terminal(self) -> None:
        """Set the terminal up again after SIGSTOP, when it was not restored and others have used it.

        Keeps typed input.
        """
        if not self._has_terminal:
            return
        modes = termios.tcgetattr(self.fileno)
        modes[tty.LFLAG] = self._patch_lflag(modes[tty.LFLAG])
        modes[tty.IFLAG] = self._patch_iflag(modes[tty.IFLAG])
        modes[tty.CC][termios.VMIN] = 1
        termios.tcsetattr(self.fileno, termios.TCSANOW, modes)
        self.write(_ALTERNATE_SCREEN_NO_CURSOR_REPORT_FOCUS)
        self._enable_mouse_support()
        self._query_in_band_window_resize()
        self._enable_bracketed_paste()
        self._disable_line_wrap()
        size = Size(*self._get_terminal_size())
        self.send_message(Resize(size, size))
        self.send_message(self.SignalResume())
