"""The driver of the terminal: what cannot be read is no reason to end, nor to lose what was typed beside it."""

import termios
import threading
import tty
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from io import TextIOWrapper

from textual._parser import ParseError, Parser
from textual._xterm_parser import XTermParser
from textual.drivers import linux_driver
from textual.drivers.linux_driver import LinuxDriver
from textual.events import Key, Resize
from textual.geometry import Size
from textual.message import Message

from tui.textual_ext.sequences import MOST_COLUMNS, MOST_ROWS, PASTE, Sequences

# Textual's decoder is strict: a byte that is not UTF-8 would end its input thread, and the program with exit code 0.
linux_driver.getincrementaldecoder = lambda encoding: partial(  # type: ignore[attr-defined]
    getincrementaldecoder(encoding), errors="ignore"
)

_ALTERNATE_SCREEN_NO_CURSOR_REPORT_FOCUS = "\x1b[?1049h\x1b[?25l\x1b[?1004h"
_CLEAR = "\x1b[m\x1b[H\x1b[2J"


_PASTED = "\x1b[201~"


class SafePasteParser(XTermParser):
    """Takes what is pasted for text, drops the sequences that are no keys, and outlives what it cannot read.

    Textual's goes on to look for escape sequences in what is pasted, and presses the keys of those that it does not
    know: a text with an ESC in it, which not every terminal takes out, could send what is in sight.
    """

    def __init__(self, debug: bool = False) -> None:  # noqa: FBT001, FBT002 - Textual's signature
        super().__init__(debug)
        self._sequences = Sequences()
        self._is_pasting = False
        self._held_back = ""

    @property
    def is_waiting(self) -> bool:
        """Whether more may come of what was sent."""
        return self._sequences.is_waiting or self._timeout_time is not None

    def feed(self, data: str) -> Iterable[Message]:
        """As Textual's; nothing at all is the end."""
        if not data:
            yield from super().feed(data)
        for piece in self._harmless(data):
            yield from self._read(piece) if piece else ()

    def tick(self) -> Iterable[Message]:
        """As Textual's."""
        if late := self._sequences.late():
            yield from [Key("escape", late)] if late == "\x1b" else self._read(late)
        yield from super().tick()

    def _read(self, piece: str) -> Iterable[Message]:
        """What one piece is; one that cannot be read is lost, and nothing else."""
        try:
            yield from super().feed(piece)
        except ParseError:
            raise
        except Exception:  # noqa: BLE001 - whatever a terminal sends
            Parser.__init__(self)

    def _harmless(self, data: str) -> Iterable[str]:
        """The same with no ESC but the one that ends it in what is pasted; its beginning and end may come in parts."""
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
    """How much of the mark behind a pasted text is there already."""
    return next((_PASTED[:size] for size in range(len(_PASTED) - 1, 0, -1) if pasted.endswith(_PASTED[:size])), "")


class RobustDriver(LinuxDriver):
    """Goes on after bytes that are not UTF-8, and after having been stopped from outside; what is pasted is text."""

    _has_terminal = False

    def run_input_thread(self) -> None:
        """Read what is typed until the end."""
        linux_driver.XTermParser = SafePasteParser  # type: ignore[attr-defined]
        try:
            super().run_input_thread()
        except Exception as error:  # noqa: BLE001 - Textual's report would show values
            threading.excepthook(threading.ExceptHookArgs((type(error), error, error.__traceback__, None)))

    def start_application_mode(self) -> None:
        """Take the terminal. Whatever the locale says, what is drawn goes to it as UTF-8: else every line is broken."""
        if isinstance(self._file, TextIOWrapper):
            self._file.reconfigure(encoding="utf-8", errors="replace")
        super().start_application_mode()  # type: ignore[no-untyped-call]
        self._has_terminal = True

    def stop_application_mode(self) -> None:
        """Give it back as it was. Where there is no other screen, as in GNU screen, the last frame would stay."""
        self._has_terminal = False
        self.write(_CLEAR)
        super().stop_application_mode()

    def _get_terminal_size(self) -> tuple[int, int]:
        """The size that the system tells, within bounds."""
        columns, rows = super()._get_terminal_size()
        return min(columns, MOST_COLUMNS), min(rows, MOST_ROWS)

    def _sigtstp_application(self, *arguments: object) -> None:
        """Give the terminal back, and stop."""
        self._in_turn(super()._sigtstp_application, *arguments)

    def _sigcont_application(self, *arguments: object) -> None:
        """Take the terminal again: at once where it was given back, for nothing can be drawn before."""
        if self._must_signal_resume:
            super()._sigcont_application(*arguments)
        else:
            self._in_turn(self._take_terminal_anew)

    def _in_turn(self, act: Callable[..., None], *arguments: object) -> None:
        """Act when nothing else is half done. A signal may come while a frame is written, which would wait for itself.

        Whoever has lent the terminal away, as to a pager, does nothing else.
        """
        if self._auto_restart:
            with suppress(RuntimeError):  # the program has ended
                self._loop.call_soon_threadsafe(act, *arguments)
        else:
            act(*arguments)

    def _take_terminal_anew(self) -> None:
        """After SIGSTOP, which gave no time to give it back: others have used it since. What was typed is kept."""
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
