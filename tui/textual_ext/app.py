"""An app whose crash report shows no values, whose work ends with its widgets, and which keeps only what it draws."""

from __future__ import annotations

from textual._styles_cache import StylesCache
from textual.app import App, ReturnType
from textual.await_remove import AwaitRemove
from textual.dom import DOMNode
from textual.widget import Widget
from textual.worker import WorkerFailed

# Textual means this to be a method of the class. As one of each instance its lru_cache keeps what the last 1,024 of
# the widgets that were taken away had drawn: some 40 MB.
StylesCache.get_inner_outer = classmethod(StylesCache.get_inner_outer)  # type: ignore[arg-type, assignment]


class GuardedApp(App[ReturnType]):
    """An app that can say itself where it failed: Textual's report shows local variables, tokens among them."""

    _fault: BaseException | None = None

    def report_crash(self, fault: BaseException) -> None:  # noqa: ARG002 - for those made from this one
        """Say where the app failed, and end it."""
        super()._fatal_error()

    def is_of_leaving(self, fault: BaseException) -> bool:  # noqa: ARG002 - for those made from this one
        """Return whether this fails only because the app ends."""
        return False

    def fail(self, error: Exception) -> None:
        """Treat what failed outside Textual's messages as Textual treats what fails within."""
        self._handle_exception(error)

    def _handle_exception(self, error: Exception) -> None:
        # Textual hands over a failed worker in an exception that was never raised, and so has no place.
        fault = error.error if isinstance(error, WorkerFailed) else error
        if not self.is_of_leaving(fault):
            self._fault = fault
            super()._handle_exception(error)

    def _prune(self, *nodes: Widget, parent: DOMNode | None = None) -> AwaitRemove:
        # Textual takes the panes of a screen away before it: a worker that still went on would look for them, or
        # close the screen once more.
        for worker in self.workers:
            if not worker.is_finished and set(nodes).intersection(worker.node.ancestors_with_self):
                worker.cancel()
        return super()._prune(*nodes, parent=parent)

    def _fatal_error(self) -> None:
        if self._fault:
            self.report_crash(self._fault)
