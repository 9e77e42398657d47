"""A screen that runs a plan: cells come, are kept, and are shown now and then."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Literal

import msgspec
from textual import work
from textual.content import Content
from textual.screen import Screen

from tui.access.classifier import Classifier
from tui.access.document import Matrix
from tui.access.evaluation import Evaluator, Expectations
from tui.access.live_matrix import LiveMatrix
from tui.access.merge import assemble
from tui.access.model import Cell, Row, Verdict
from tui.access.plan import Plan
from tui.access.reports import check, write
from tui.access.runner import Run
from tui.airisk.session import Session
from tui.background import run_in_slices, run_in_thread, run_in_thread_yielding, shielded
from tui.bindings import format_keys
from tui.clocks import timestamp
from tui.errors import AIRiskError, SettingsError
from tui.format import count
from tui.panes.matrix.pane import MatrixPane
from tui.screens.dialogs import PromptDialog
from tui.screens.matrix.plan import StartedRun
from tui.text import clean, with_advice
from tui.widgets.notice import Notice

_LOOK = 0.25
"""Seconds between two looks at how far the run is."""

_QUITTING = 1.5
"""Seconds that leaving may take."""

_NAME = 40
"""Columns of what is told of on the frame."""

_KINDS = "Its name tells the kind: .html, .json, .csv, .xml (JUnit) or .sarif."


class RunningScreen(Screen[None]):
    """Everything about a run and about what it is held against; what the keys do is for the screen made from this one.

    Args:
        session: in which it asks; whoever is acted as there stays so.
        planned: what to ask, of whom, and where it is kept.
    """

    def __init__(self, session: Session, planned: StartedRun) -> None:
        super().__init__()
        self.session = session
        self.plan = planned.plan
        self.file = planned.file
        self.scales = planned.scales
        self.names = dict(planned.names)
        self.running_now: Run | None = None
        self._judge = Classifier(planned.rules)
        self._is_over = asyncio.Event()
        self._is_over.set()
        self._is_stale = True
        self._is_drawing = False
        self._had_gaps: bool | None = None
        head, known = planned.head, [*self.file.cells.values()]
        self.board = LiveMatrix(head.rows, head.columns, self.scales, known, listed=head.terms.listed)

    def on_mount(self) -> None:
        """Begin with what is not known yet."""
        self._say_against()
        self.set_interval(_LOOK, self._look)
        if self.plan.requests:
            self.run_plan(self.plan)
        else:
            self.draw()

    async def on_unmount(self) -> None:
        """End the run, and let another program have it."""
        self.workers.cancel_group(self, "run")
        with contextlib.suppress(TimeoutError):  # A disk that does not answer is not waited for.
            async with asyncio.timeout(_QUITTING):
                await self._is_over.wait()
                await run_in_thread(self.file.close)

    @property
    def pane(self) -> MatrixPane:
        """The matrix."""
        return self.query_one(MatrixPane)

    @property
    def _is_there(self) -> bool:
        """Whether anything can still be shown: as the program ends, a screen loses its parts before its workers end."""
        return self.is_attached and bool(self.query(MatrixPane))

    def tell(
        self, message: str, advice: str = "", severity: Literal["information", "warning", "error"] = "error"
    ) -> None:
        """Say what happened, and what to do, above the footer."""
        self.query_one(Notice).tell(message, advice, severity)

    # Asking

    @work(group="run", exclusive=True)
    async def run_plan(self, plan: Plan) -> None:
        """Ask, until all is known or the person cancels."""
        self._is_over.clear()
        try:
            await self._ask(Run(self.session, plan, self._judge))
        except AIRiskError as error:
            self.tell(error.message, error.advice)
        except asyncio.CancelledError:
            if self._is_there:
                self.tell(
                    "Cancelled; what is known is kept.", format_keys("{again_unsure|i} asks for the rest."), "warning"
                )
            raise
        finally:
            self._is_over.set()
            self.running_now = None
            if self._is_there:
                self.pane.show_progress(None)
                self.draw()
                self.refresh_bindings()

    async def _ask(self, run: Run) -> None:
        self.running_now = run
        self.query_one(Notice).clear()
        self.refresh_bindings()
        try:
            await run.go(self._take, self._take_row)
        finally:
            await shielded(run_in_thread(self.file.flush))

    def _take(self, cell: Cell) -> None:
        self.file.on_cell(cell)
        self.board.on_cell(cell)
        self._is_stale = True

    def _take_row(self, row: Row) -> None:
        self.file.on_row(row)
        self.board.on_row(row)

    # Showing

    def _look(self) -> None:
        """Tell how far it is; now and then show what came."""
        if self.running_now:
            self.pane.show_progress(self.running_now.progress)
        self.pane.show_time()
        if self._is_stale and not self._is_drawing:
            self.draw()

    @work(group="draw", exclusive=True)
    async def draw(self) -> None:
        """Show what is known by now."""
        self._is_stale, self._is_drawing = False, True
        try:
            await run_in_slices(self.board.flush())
        finally:
            self._is_drawing = False
        if not self._is_there:
            return
        self.pane.show(self.board)
        self.has_drawn()
        # The footer is made anew for that, which is not to happen at each look at a run.
        if self.running_now is None or self._had_gaps is not self.has_gaps:
            self._had_gaps = self.has_gaps
            self.refresh_bindings()

    def has_drawn(self) -> None:
        """What is shown elsewhere of it can be brought up to date."""

    @property
    def has_gaps(self) -> bool:
        """Whether anything could not be told, or was not asked."""
        summary = self.board.summary
        return summary.count(Verdict.INCONCLUSIVE) > 0 or summary.cells < self.board.planned

    def assembled(self) -> Matrix:
        """The matrix as it is known by now. For a hundred thousand cells this takes a second: off the loop."""
        matrix = assemble(self.file, self.scales, "" if self.running_now else timestamp(), **self.names)
        compared = self.scales.compared_with
        terms = msgspec.structs.replace(matrix.terms, compared_with=compared[1] if compared else "")
        return msgspec.structs.replace(matrix, terms=terms)

    # What it is held against

    @work(group="weigh", exclusive=True)
    async def weigh(self, scales: Expectations, **names: str) -> None:
        """Hold it against something else; `names` are those of the files, by policy and baseline."""
        self.scales = scales
        self.names |= names
        self._say_against()
        rows = {row.key: row for row in self.board.rows}
        self.board.reevaluate(await run_in_thread(Evaluator, scales, rows, self.board.columns))
        self.draw()

    def compare_with(self, row: Row | None) -> None:
        """Compare everybody's answers with those of one row, or with nobody's."""
        self.weigh(replace(self.scales, compared_with=row.key if row else None))

    def _say_against(self) -> None:
        compared = self.scales.compared_with
        told = [f"{name} {clean(PurePath(path).name, limit=_NAME)}" for name, path in self.names.items() if path]
        told += [f"compared with {clean(compared[1], limit=_NAME)}"] if compared and not self.scales.baseline else []
        self.pane.note(" · ".join(told))

    # Reports

    @work(group="save", exclusive=True)
    async def save_report(self) -> None:
        """Ask for a name, and save a report of what is known by now."""
        question = Content(f"A report of {count(self.board.cell_count)} cells is written to this file:")
        asking = PromptDialog("Save", question, note=_KINDS, answer="matrix.html", objection=_objection, does="Save")
        name = await self.app.push_screen_wait(asking)
        if not name:
            return
        path = _path(name)
        try:
            await run_in_thread_yielding(lambda: write(self.assembled(), path))
        except AIRiskError as error:
            self.tell(error.message, error.advice)
        except OSError as error:
            self.tell(f"{name} cannot be written: {error.strerror or error}.", "Name another file.")
        else:
            self.tell(f"Saved to {path}.", "" if path.is_absolute() else f"It is in {Path.cwd()}.", "information")


async def _objection(name: str) -> str:
    """Why a report of that name would not be written, or what it would replace."""
    path = _path(name)
    try:
        await run_in_thread(check, path)
    except SettingsError as error:
        return clean(with_advice(error.message, error.advice))
    is_there = await run_in_thread(path.exists)
    return format_keys("There is such a file. {take_line|Enter} again writes over it.") if is_there else ""


def _path(name: str) -> Path:
    return Path(name).expanduser()
