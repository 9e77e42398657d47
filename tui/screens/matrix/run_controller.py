"""Run a matrix on its screen, evaluate it, and save reports."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path, PurePath
from typing import Any

import msgspec
from textual.content import Content
from textual.screen import Screen
from textual.worker import Worker

from tui import clocks
from tui.access.classifier import Classifier
from tui.access.evaluation import Evaluator, Expectations
from tui.access.live_matrix import LiveMatrix
from tui.access.matrix_document import Matrix
from tui.access.merge import assemble
from tui.access.model import Cell, Gap, Row, Verdict
from tui.access.objects import evaluated_with_objects
from tui.access.plan import Plan
from tui.access.reports import check, write
from tui.access.runner import Run
from tui.airisk.models import AuditHead
from tui.airisk.session import Session
from tui.background import run_in_slices, run_in_thread, shielded
from tui.errors import AIRiskError, SettingsError
from tui.format import count, moment
from tui.key_labels import format_keys
from tui.panes.matrix.pane import MatrixPane
from tui.screens.dialogs import PromptDialog
from tui.screens.matrix.plan import StartedRun
from tui.text import clean, with_advice
from tui.widgets.notice import Notice

_LOOK = 0.25
"""Seconds between two updates of the progress."""

_QUITTING = 1.5
"""Seconds that leaving may take."""

_NAME = 40
"""Columns of a name on the frame."""

_KINDS = "The extension sets the format: .html, .md (Markdown), .json, .csv, .xml (JUnit) or .sarif."


@dataclass(slots=True)
class CurrentBoard:
    """The matrix as it is known, which is another one once the objects are. It outlives the screen."""

    board: LiveMatrix


class RunController:
    """Runs a plan on a screen. Cells are stored as they arrive, and shown periodically.

    Args:
        screen: the screen whose workers run it.
        session: the session to send in; its identity in force stays.
        started: the plan, the identities and the file of the run.
        pane: shows the cells and the progress.
        notice: shows messages.
        on_drawn: called after the pane was updated.
    """

    def __init__(
        self,
        screen: Screen[None],
        session: Session,
        started: StartedRun,
        *,
        pane: MatrixPane,
        notice: Notice,
        on_drawn: Callable[[], None],
    ) -> None:
        self.plan = started.plan
        self.file = started.file
        self.scales = started.scales
        self.names = dict(started.names)
        self.running: Run | None = None
        head, known = started.head, [*self.file.cells.values()]
        board = LiveMatrix(head.rows, head.columns, self.scales, known, listed=head.parameters.listed)
        self.current = CurrentBoard(board)
        self._lacks_objects = bool(head.parameters.objects)
        self._screen = screen
        self._session = session
        self._pane = pane
        self._notice = notice
        self._on_drawn = on_drawn
        self._judge = Classifier(started.rules)
        self._unmatched = started.unmatched
        self._gaps: Sequence[Gap] = ()
        self._is_over = asyncio.Event()
        self._is_over.set()
        self._is_stale = True
        self._is_drawing = False
        self._had_gaps: bool | None = None

    @property
    def board(self) -> LiveMatrix:
        """The matrix as it is known."""
        return self.current.board

    def start(self) -> None:
        """Start with the unknown cells."""
        self._show_comparison()
        self._screen.set_interval(_LOOK, self._look)
        self._work(self._check_policy, "policy")
        if self.plan.request_count:
            self.run(self.plan)
        else:
            self._draw()

    async def close(self) -> None:
        """End the run, and release its file."""
        self.cancel()
        with contextlib.suppress(TimeoutError):  # Quitting does not wait for an unresponsive disk.
            async with asyncio.timeout(_QUITTING):
                await self._is_over.wait()
                await run_in_thread(self.file.close)

    def cancel(self) -> bool:
        """Cancel the run; return whether there was one."""
        is_running = self.running is not None
        self._screen.workers.cancel_group(self._screen, "run")
        return is_running

    def run(self, plan: Plan) -> None:
        """Send requests, until all cells are known or the user cancels."""
        self._work(partial(self._run, plan), "run")

    def toggle_pause(self) -> None:
        """Pause or resume the run."""
        if run := self.running:
            (run.go_on if run.progress.is_paused else run.pause)()
            self._pane.show_progress(run.progress)

    @property
    def has_gaps(self) -> bool:
        """Whether any cell is inconclusive or was not tested."""
        summary = self.board.summary
        return summary.count(Verdict.INCONCLUSIVE) > 0 or summary.cells < self.board.planned

    def evaluate(self, scales: Expectations, **names: str) -> None:
        """Evaluate against other expectations; `names` are the file names, by policy and baseline."""
        self.scales = scales
        self.names |= names
        self._show_comparison()
        self._work(partial(self._evaluate, scales), "weigh")

    def compare_with(self, row: Row | None) -> None:
        """Compare all responses with those of one row, or stop comparing."""
        self.evaluate(replace(self.scales, compared_with=row.key if row else None))

    def save_report(self) -> None:
        """Prompt for a name, and save a report of the known cells."""
        self._work(self._save_report, "save")

    def _work(self, work: Callable[[], Coroutine[Any, Any, None]], group: str) -> Worker[None]:
        """Start work, and replace any other of its group, also one that has not begun."""
        return self._screen.run_worker(work, group=group, exclusive=True)

    @property
    def _is_there(self) -> bool:
        """Whether the pane still exists: at exit, a screen loses its widgets before its workers end."""
        return self._screen.is_attached and self._pane in self._screen.children

    async def _run(self, plan: Plan) -> None:
        self._is_over.clear()
        try:
            await self._send(Run(self._session, plan, self._judge, self.file.cells.values()))
        except AIRiskError as error:
            self._notice.show_message(error.message, error.advice, "error")
        except asyncio.CancelledError:
            if self._is_there:
                self._notice.show_message(
                    "Run canceled. Results so far are saved.",
                    format_keys("Press {retry|r} to finish the remaining cells."),
                    "warning",
                )
            raise
        finally:
            self._is_over.set()
            self.running = None
            if self._is_there:
                self._pane.show_progress(None)
                self._draw()
                self._screen.refresh_bindings()

    async def _send(self, run: Run) -> None:
        self.running = run
        self._notice.clear()
        self._screen.refresh_bindings()
        try:
            await run.go(self._take, self._take_row)
        finally:
            await shielded(run_in_thread(self.file.flush))

    def _take(self, cell: Cell) -> None:
        self.file.on_cell(cell)
        self._lacks_objects = bool(self.plan.objects)
        self.board.on_cell(cell)
        self._is_stale = True

    def _take_row(self, row: Row) -> None:
        self.file.on_row(row)
        self.board.on_row(row)

    def _look(self) -> None:
        """Show the progress, and new cells unless drawing is in progress."""
        if self.running:
            self._pane.show_progress(self.running.progress)
        self._pane.show_time()
        if self._is_stale and not self._is_drawing:
            self._draw()

    def _draw(self) -> None:
        self._work(self._show, "draw")

    async def _show(self) -> None:
        """Show the known cells."""
        self._is_stale, self._is_drawing = False, True
        try:
            await run_in_slices(self.board.flush())
            if self._lacks_objects and self.running is None:
                self.current.board = await run_in_thread(self._with_objects)
                self._lacks_objects = False
        finally:
            self._is_drawing = False
        if not self._is_there:
            return
        self._pane.show(self.board)
        self._on_drawn()
        # This redraws the footer, which should not happen at every look at a run.
        if self.running is None or self._had_gaps is not self.has_gaps:
            self._had_gaps = self.has_gaps
            self._screen.refresh_bindings()

    def _with_objects(self) -> LiveMatrix:
        """Return the matrix with a column for each object. Only when all lists are known, it is certain which."""
        head, board = self.file.head, self.board
        assert head is not None  # noqa: S101 - the run was started
        cells, kinds = [*self.file.cells.values()], head.parameters.objects
        return evaluated_with_objects(
            board.rows, head.columns, self.scales, cells, kinds, listed=board.listed, gaps=self._gaps
        )

    async def _check_policy(self) -> None:
        """Find what the policy names in vain, and show it among the gaps of the matrix and of its reports."""
        await self._find_unmatched()
        self._draw()

    async def _find_unmatched(self) -> None:
        policy = self.scales.policy
        self._gaps = await run_in_thread(self._unmatched, policy) if policy else ()
        self.board.other_gaps = [*self._gaps, *(gap for gap in self.board.other_gaps if gap.kind != "policy")]

    async def _evaluate(self, scales: Expectations) -> None:
        await self._find_unmatched()
        rows = {row.key: row for row in self.board.rows}
        self._lacks_objects = bool(self.plan.objects)
        self.board.reevaluate(await run_in_thread(Evaluator, scales, rows, self.board.columns))
        self._draw()

    def _show_comparison(self) -> None:
        compared = self.scales.compared_with
        parts = [f"{name} {clean(PurePath(path).name, limit=_NAME)}" for name, path in self.names.items() if path]
        parts += [f"compared with {clean(compared[1], limit=_NAME)}"] if compared and not self.scales.baseline else []
        self._pane.note(" · ".join(parts))

    async def _save_report(self) -> None:
        question = Content(f"Save a report of {count(self.board.cell_count)} cells in this file:")
        proposal = f"matrix-{clocks.local():%Y-%m-%d-%H%M}.html"
        prompt = PromptDialog(
            "Save report", question, note=_KINDS, answer=proposal, objection=_objection, submit_label="Save"
        )
        name = await self._screen.app.push_screen_wait(prompt)
        if not name:
            return
        path = _path(name)
        try:
            audit = await self._session.audit_head()
            await run_in_thread(lambda: write(self._assembled(audit), path))
        except AIRiskError as error:
            self._notice.show_message(error.message, error.advice, "error")
        except OSError as error:
            self._notice.show_message(
                f"{name} could not be written: {error.strerror or error}.", "Choose another file.", "error"
            )
        else:
            self._notice.show_message(f"Saved to {path}.", "" if path.is_absolute() else f"It is in {Path.cwd()}.")

    def _assembled(self, audit: AuditHead | None) -> Matrix:
        """Return the matrix of the known cells. Takes a second for 100,000 cells, so call it off the event loop."""
        matrix = assemble(
            self.file,
            self.scales,
            is_over=self.running is None,
            policy=self.names.get("policy", ""),
            baseline=self.names.get("baseline", ""),
            gaps=self._gaps,
            audit=audit,
        )
        compared = self.scales.compared_with
        parameters = msgspec.structs.replace(matrix.parameters, compared_with=compared[1] if compared else "")
        return msgspec.structs.replace(matrix, parameters=parameters)


async def _objection(name: str) -> str:
    """Return why a report of that name cannot be written, or that it would overwrite a file."""
    path = _path(name)
    try:
        await run_in_thread(check, path)
    except SettingsError as error:
        return clean(with_advice(error.message, error.advice))
    is_there = await run_in_thread(path.exists)
    return format_keys("File exists. Press {take_line|Enter} again to overwrite it.") if is_there else ""


def _path(name: str) -> Path:
    return Path(name).expanduser()


def access_words(current: CurrentBoard, user_id: str) -> str:
    """Return how many endpoints a user reached, and when; empty if the matrix has no cell of that user."""
    board = current.board
    place = board.place_of(("user", user_id))
    columns = range(len(board.columns)) if place is not None else ()
    cells = [cell for column in columns if (cell := board.cell(place or 0, column))]
    if not cells:
        return ""
    allowed, last = sum(cell.verdict.is_access for cell in cells), max(cell.at for cell in cells)
    asked = f", {moment(datetime.fromisoformat(last), clocks.local())}" if last else ""
    return f"allowed at {count(allowed)} of {count(len(cells))} endpoints{asked}"
