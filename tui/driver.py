"""The driver of the terminal: what cannot be read is no reason to end, nor to lose what was typed beside it."""

from codecs import getincrementaldecoder
from functools import partial

from textual.drivers import linux_driver
from textual.drivers.linux_driver import LinuxDriver

# Textual's decoder is strict: a byte that is not UTF-8 would end its input thread, and the program with exit code 0.
linux_driver.getincrementaldecoder = lambda encoding: partial(  # type: ignore[attr-defined]
    getincrementaldecoder(encoding), errors="ignore"
)


class PatientDriver(LinuxDriver):
    """Goes on after bytes that are not UTF-8, and after having been stopped from outside."""

    def run_input_thread(self) -> None:
        """Read what is typed until the end."""
        try:
            super().run_input_thread()
        except Exception as error:  # noqa: BLE001 - Textual's report would show values
            self._app.call_later(self._app._handle_exception, error)  # noqa: SLF001

    def _sigcont_application(self, *arguments: object) -> None:
        """Take the terminal again. Whoever was stopped with SIGSTOP still has it, and would take it twice.

        Two threads would then read what is typed, and the terminal never be as it was before.
        """
        if not self._must_signal_resume:
            self.suspend_application_mode()
            self._must_signal_resume = True
        super()._sigcont_application(*arguments)
