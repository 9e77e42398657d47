"""The driver of the terminal: what cannot be read is no reason to end."""

from textual.drivers.linux_driver import LinuxDriver


class PatientDriver(LinuxDriver):
    """Goes on after bytes that are not UTF-8; Textual's would end the program, with exit code 0."""

    def run_input_thread(self) -> None:
        """Read what is typed until the end."""
        while True:
            try:
                super().run_input_thread()
            except UnicodeDecodeError:
                continue
            except Exception as error:  # noqa: BLE001 - Textual's report would show values
                self._app.call_later(self._app._handle_exception, error)  # noqa: SLF001
            return
