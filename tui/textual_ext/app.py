"""App that reports a crash without values, ends work with its widgets, and parses styles once."""

from __future__ import annotations

from collections.abc import Collection

from rich.console import RenderableType
from textual._compositor import ChopsUpdate
from textual._styles_cache import StylesCache
from textual.app import App, ReturnType
from textual.await_remove import AwaitRemove
from textual.command import CommandPalette
from textual.dom import DOMNode
from textual.events import Mount
from textual.geometry import Region
from textual.screen import Screen
from textual.widget import Widget
from textual.worker import WorkerFailed

from tui.textual_ext.stylesheet import ReusingStylesheet

# Textual means this to be a class method. As an instance method, its lru_cache keeps what the last 1,024 removed
# widgets had drawn: some 40 MB.
StylesCache.get_inner_outer = classmethod(StylesCache.get_inner_outer)  # type: ignore[arg-type, assignment]

_mount_palette = CommandPalette._on_mount  # noqa: SLF001


def _mount_open_palette(palette: CommandPalette, event: Mount) -> None:
    """Mount a palette unless it was closed before, with the screen below, for which Textual would look."""
    if palette in palette.app.screen_stack:
        _mount_palette(palette, event)


CommandPalette._on_mount = _mount_open_palette  # type: ignore[assignment]  # noqa: SLF001


class Frame:
    """What was written to the terminal at once: the whole screen, or the spans that differ.

    Args:
        update: what Textual's compositor made of the screen.
    """

    def __init__(self, update: RenderableType) -> None:
        self._spans = update.spans if isinstance(update, ChopsUpdate) else None

    def holds(self, region: Region) -> bool:
        """Return whether every line of a region was written.

        Textual also renders widgets outside the spans. What they rendered is not written before a later frame.
        """
        if self._spans is None:
            return True
        whole = {y for y, start, end in self._spans if start <= region.x and region.right <= end}
        return whole.issuperset(range(region.y, region.bottom))


class GuardedApp(App[ReturnType]):
    """App with its own crash report, and that knows its frames.

    Textual's crash report shows local variables, including tokens. Its `post_display_hook` also follows updates of
    which nothing is written.
    """

    _fault: BaseException | None = None

    def __init__(self) -> None:
        super().__init__()
        self.stylesheet = ReusingStylesheet(self.get_css_variables())

    def report_crash(self, fault: BaseException) -> None:  # noqa: ARG002 - for those made from this one
        """Report where the app failed, and end it."""
        super()._fatal_error()

    def frame_written(self, frame: Frame) -> None:
        """Handle a frame that was just written."""

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        super()._display(screen, renderable)
        if renderable is not None and not self._batch_count:
            self.frame_written(Frame(renderable))

    def is_of_leaving(self, fault: BaseException) -> bool:  # noqa: ARG002 - for those made from this one
        """Return whether this error occurs only because the app ends."""
        return False

    def fail(self, error: Exception) -> None:
        """Handle an exception from outside Textual's messages like one from within."""
        self._handle_exception(error)

    def _handle_exception(self, error: Exception) -> None:
        # Textual wraps a failed worker's exception in one that was never raised, so it has no traceback.
        fault = error.error if isinstance(error, WorkerFailed) else error
        if not self.is_of_leaving(fault):
            self._fault = fault
            super()._handle_exception(error)

    def _prune(self, *nodes: Widget, parent: DOMNode | None = None) -> AwaitRemove:
        # Textual removes the panes of a screen before the screen: a worker that still runs would look for them, or
        # close the screen again.
        for worker in self.workers:
            if not worker.is_finished and _is_within(worker.node, nodes):
                worker.cancel()
        # Textual keeps what watches the app until the watched value changes: each text area until the theme does.
        for watchers in getattr(self, "__watchers", {}).values():
            watchers[:] = [watcher for watcher in watchers if not _is_within(watcher[0], nodes)]
        return super()._prune(*nodes, parent=parent)

    def _fatal_error(self) -> None:
        if self._fault:
            self.report_crash(self._fault)


def _is_within(node: DOMNode, parents: Collection[DOMNode]) -> bool:
    return any(parent in parents for parent in node.ancestors_with_self)
