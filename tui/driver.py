"""The driver of the terminal: what cannot be read is no reason to end, nor to lose what was typed beside it."""

import socket
import time
from codecs import getincrementaldecoder
from contextlib import suppress
from functools import partial
from selectors import EVENT_READ, SelectorKey, SelectSelector
from types import SimpleNamespace

from textual.drivers import linux_driver
from textual.drivers.linux_driver import LinuxDriver

# Textual's decoder is strict: a byte that is not UTF-8 would end its input thread, and the program with exit code 0.
linux_driver.getincrementaldecoder = lambda encoding: partial(  # type: ignore[attr-defined]
    getincrementaldecoder(encoding), errors="ignore"
)

_IN_FLIGHT = 0.05
"""Seconds in which the last that the terminal tells, such as where the mouse is, still comes and is thrown away."""


class WakingSelector(SelectSelector):
    """Waits for what is typed until it is woken: Textual's sleeps on for 0.2 s after the key that ends the program."""

    def __init__(self) -> None:
        super().__init__()
        self._bell, self._ear = socket.socketpair()
        self.register(self._ear, EVENT_READ)

    def select(self, timeout: float | None = None) -> list[tuple[SelectorKey, int]]:
        """As of the standard library. Where there is nothing to wait for, the end is near."""
        if len(self.get_map()) == 1:
            time.sleep(_IN_FLIGHT)
            return []
        return [each for each in super().select(timeout) if each[0].fileobj is not self._ear]

    def wake(self) -> None:
        """Wait no more from now on."""
        with suppress(OSError):  # closed: nobody waits any more
            self._bell.send(b"!")

    def close(self) -> None:
        """Give up what it needed."""
        super().close()
        self._bell.close()
        self._ear.close()


class PatientDriver(LinuxDriver):
    """Goes on after bytes that are not UTF-8, and after having been stopped from outside."""

    _selector: WakingSelector | None = None

    def run_input_thread(self) -> None:
        """Read what is typed until the end."""
        linux_driver.selectors = SimpleNamespace(SelectSelector=self._waking, EVENT_READ=EVENT_READ)  # type: ignore[assignment, attr-defined]
        try:
            super().run_input_thread()
        except Exception as error:  # noqa: BLE001 - Textual's report would show values
            self._app.call_later(self._app._handle_exception, error)  # noqa: SLF001

    def disable_input(self) -> None:
        """Read no more, now."""
        if self._selector:
            self._selector.wake()
        super().disable_input()

    def _waking(self) -> WakingSelector:
        self._selector = WakingSelector()
        return self._selector

    def _sigcont_application(self, *arguments: object) -> None:
        """Take the terminal again. Whoever was stopped with SIGSTOP still has it, and would take it twice.

        Two threads would then read what is typed, and the terminal never be as it was before.
        """
        if not self._must_signal_resume:
            self.suspend_application_mode()
            self._must_signal_resume = True
        super()._sigcont_application(*arguments)
