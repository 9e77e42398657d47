"""The matrix on the screen, and the effects of its keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tui.access.matrix_document import read_matrix
from tui.access.model import Cell, Column, Finding, Row, RowKey, Verdict
from tui.access.object_lists import listed_kind
from tui.access.plan import Plan
from tui.access.policy import read_policy
from tui.access.reports.wording import HOW_TO_SUGGESTED
from tui.access.requests import MatrixRequest
from tui.access.suggestions import Suggestion, rules_file
from tui.access.why_not import why_not, why_not_lines
from tui.airisk.session import Session
from tui.background import run_in_thread
from tui.errors import AIRiskError, RequestRejectedError
from tui.format import plural
from tui.key_labels import format_keys, keys_wait
from tui.panes.matrix.pane import MatrixPane
from tui.screens.common_bindings import COMMANDS, HELP, STOP_ACTING
from tui.screens.copying import copy_and_describe
from tui.screens.dialogs import ChoiceDialog, MenuItem, confirm_send
from tui.screens.file_picker import FilePicker
from tui.screens.matrix.cell import CellDetails, CellScreen
from tui.screens.matrix.plan import StartedRun
from tui.screens.matrix.run_controller import RunController, access_words
from tui.textual_ext.screens import TabStopScreen
from tui.widgets.identity_bar import IdentityBar
from tui.widgets.key_bar import KeyBar
from tui.widgets.notice import Notice


class MatrixScreen(TabStopScreen[None]):
    """Users down, endpoints across.

    Args:
        session: the session to send in.
        started: the plan, the identities and the file of the run.
    """

    VERTICAL_BREAKPOINTS = [(0, "-short"), (18, "-low"), (30, "-tall")]  # noqa: RUF012 - as Screen declares it

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Filter", id="filter", tooltip="Filter by name, ID, role or group"),
        Binding("space", "pause", "Pause", id="pause", tooltip="Pause or resume the run"),
        Binding(
            "r",
            "retry",
            "Retry…",
            id="retry",
            tooltip="Retry this cell, its row, its column, or all that is inconclusive or missing",
        ),
        Binding("P", "expect", "Policy…", id="expect", tooltip="Check the matrix against a policy or a baseline"),
        Binding("s", "save", "Save", id="save_matrix", tooltip="Save a report: .html, .md, .json, .csv, .xml, .sarif"),
        Binding("f", "only", "Only…", id="only", tooltip="Show only rows that contain a verdict"),
        Binding(
            "n",
            "next_finding(1)",
            "Next finding",
            show=False,
            id="next_finding",
            tooltip="Go to the next finding, or to a response that may be a denial",
        ),
        Binding(
            "N",
            "next_finding(-1)",
            "Previous finding",
            show=False,
            id="previous_finding",
            tooltip="Go to the previous finding, or to a response that may be a denial",
        ),
        Binding(
            "c",
            "compare",
            "Compare",
            show=False,
            id="compare_with",
            tooltip="Compare every response with this row's; press again to stop",
        ),
        Binding(
            "y",
            "copy_rules",
            "Copy rules",
            show=False,
            id="copy_rules",
            tooltip="Copy the suggested verdict rules, for responses that may be denials",
        ),
        Binding("escape", "back", "Back", id="back", tooltip="Cancel the run, end a filter or comparison, or go back"),
        STOP_ACTING,
        HELP,
        COMMANDS,
    ]

    def __init__(self, session: Session, started: StartedRun) -> None:
        super().__init__()
        self._session = session
        self._pane, self._notice = MatrixPane(), Notice()
        self._run = RunController(
            self, session, started, pane=self._pane, notice=self._notice, on_drawn=self._update_cell
        )
        self._opened: tuple[CellScreen, RowKey, Column] | None = None

    def compose(self) -> ComposeResult:
        """Compose the identity bar, the matrix, the notice and the footer."""
        yield IdentityBar()
        yield self._pane
        yield self._notice
        yield KeyBar()

    def on_mount(self) -> None:
        """Start with the unknown cells."""
        self._run.start()

    async def on_unmount(self) -> None:
        """End the run."""
        await self._run.close()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's
        """Enable only actions that are possible now."""
        is_running = self._run.running is not None
        if action == "pause":
            return is_running
        if action == "copy_rules":
            return bool(self._run.board.suggestions)
        return not (is_running and action == "retry")

    @property
    def footer_labels(self) -> dict[str, str]:
        """The key bar's label for Esc: it cancels the run, clears the filters, or ends the comparison first."""
        if self._run.running:
            return {"back": "Cancel"}
        return {"back": "Clear"} if self._pane.is_filtered or self._run.scales.compared_with else {}

    @property
    def access_of(self) -> Callable[[str], str]:
        """Returns how many endpoints a user reached, and when. It outlives the screen, but does not keep it."""
        return partial(access_words, self._run.current)

    # The run

    def action_pause(self) -> None:
        """Pause or resume the run."""
        self._run.toggle_pause()

    def action_back(self) -> None:
        """Cancel the run, else clear the filters, else stop comparing, else go back."""
        if self._run.cancel() or self._pane.clear_filters():
            return
        if self._run.scales.compared_with:
            self._run.compare_with(None)
        else:
            self.dismiss(None)

    # Again

    @work(group="retry", exclusive=True)
    async def action_retry(self) -> None:
        """Choose what is requested again: the cell under the cursor, its row, its column, or what is still open."""
        choices = [*self._retries()]
        if not choices:
            return
        retry = await self.app.push_screen_wait(ChoiceDialog("Retry", lambda _: choices, submit_label="Retry"))
        if retry and not self._run.running:
            retry()

    def _retries(self) -> Iterator[MenuItem[Callable[[], object]]]:
        plan, spot = self._run.plan, self._pane.spot
        at = self._requests_at(spot.column) if spot and spot.column else []
        if spot:
            whose = "" if spot.is_one else f" of {plural(len(spot.rows), 'identity')}"
            if at:
                yield MenuItem(f"this cell{whose}", partial(self._again, spot.rows, at))
            yield MenuItem(f"this row{whose}", partial(self._again, spot.rows, plan.requests))
        if at:
            yield MenuItem("this column", partial(self._again, plan.rows, at))
        if self._run.has_gaps:
            yield MenuItem("all inconclusive and missing cells", self._finish)

    def _finish(self) -> None:
        """Resend the safe requests whose results are inconclusive or missing."""
        safe = [request for request in self._run.plan.requests if request.is_safe]
        self._run.run(replace(self._run.plan, requests=tuple(safe), known=self._run.file.known()))

    def _requests_at(self, column: Column) -> list[MatrixRequest]:
        """Return the request of an endpoint, or those that list objects of that kind."""
        requests = self._run.plan.requests
        if column.is_object:
            return [request for request in requests if listed_kind(request.column) == column.kind]
        return [request for request in requests if request.column.name == column.name]

    @work(group="again", exclusive=True)
    async def _again(self, rows: Sequence[Row], requests: Sequence[MatrixRequest]) -> None:
        """Resend requests. Unsafe ones are confirmed again, and only sent for one user and one endpoint at a time."""
        if self._run.running:
            return
        unsafe = [request for request in requests if not request.is_safe]
        try:
            if unsafe and len(rows) * len(requests) == 1 and not await self._confirm(rows[0], unsafe[0]):
                self._notice.show_message("Not sent.", "", "warning")
                return
        except RequestRejectedError as refusal:
            self._notice.show_message(refusal.message, refusal.advice)
            return
        if len(rows) * len(requests) > 1:
            requests = [request for request in requests if request.is_safe]
        if not requests:
            self._notice.show_message(
                "Requests that may change data are retried one cell at a time.", "Unfold to one user.", "warning"
            )
            return
        self._run.run(self._part(rows, requests))

    def _part(self, rows: Sequence[Row], requests: Sequence[MatrixRequest]) -> Plan:
        return replace(self._run.plan, rows=list(rows), requests=tuple(requests), known={})

    async def _confirm(self, row: Row, request: MatrixRequest) -> bool:
        draft = request.make(row.identity)
        return await confirm_send(self.app, self._session, draft, row.identity, always=True)

    # One cell

    @on(MatrixPane.Opened)
    @work(group="cell", exclusive=True)
    async def _open(self, event: MatrixPane.Opened) -> None:
        event.stop()
        spot = event.spot
        row, column = spot.rows[0], spot.column
        if column is None:
            return
        request = self._requests_at(column)[0]
        key = self._run.scales.compared_with
        compared = self._run.board.row(key) if key and key != row.key else None
        cell, doubt = self._result_at(row.key, column)
        details = CellDetails(
            row=row,
            cell=cell,
            doubt=doubt,
            request=request,
            column=column,
            compared=compared,
            allowed=lambda: self._allowed_beside(row, column),
            against={name: path for name, path in self._run.names.items() if path},
            reason=self._run.plan.reason,
            why_not=lambda: self._why_not(row, column),
        )
        screen = CellScreen(self._session, details)
        self._opened = (screen, row.key, column)
        try:
            if await self.app.push_screen_wait(screen):
                self._again([row], [request])
        finally:
            self._opened = None

    def _allowed_beside(self, row: Row, column: Column) -> Iterator[Row]:
        place = self._run.board.place_of_column(column)
        allowed = () if place is None else self._run.board.allowed_rows(place)
        return (other for other in allowed if other.key != row.key)

    def _why_not(self, row: Row, column: Column) -> list[str]:
        board = self._run.board
        place, across = board.place_of(row.key), board.place_of_column(column)
        why = None if place is None or across is None else why_not(board, place, across)
        return [*why_not_lines(why)] if why else []

    def _update_cell(self) -> None:
        """Update the open cell, if there is one."""
        if self._opened:
            screen, key, column = self._opened
            if self._run.board.place_of_column(column) is not None:  # An object that nobody lists any more has none.
                screen.follow(*self._result_at(key, column))

    def _result_at(self, key: RowKey, column: Column) -> tuple[Cell | None, Suggestion | None]:
        board, place = self._run.board, self._run.board.place_of_column(column)
        cell = None if place is None else board.cell_of(key, place)
        return cell, board.suggestion_for(cell)

    # What is seen

    def action_filter(self) -> None:
        """Focus the filter."""
        self._pane.focus_filter()

    def action_next_finding(self, step: int) -> None:
        """Move the cursor to the next finding or possible denial, or to the one before."""
        if not self._pane.go_to_finding(step):
            self._notice.show_message(
                "No findings in these rows.", format_keys("{expect|P} compares with a policy or a baseline."), "warning"
            )

    @work(group="only", exclusive=True)
    async def action_only(self) -> None:
        """Choose which rows are shown."""
        summary = self._run.board.summary
        choices: list[MenuItem[Verdict | Finding | str]] = [MenuItem("all rows", "")]
        says: Sequence[Verdict | Finding] = (*Finding, *Verdict)
        choices += [
            MenuItem(each.value, each, plural(summary.count(each), "cell")) for each in says if summary.count(each)
        ]
        chosen = await self.app.push_screen_wait(
            ChoiceDialog("Show only rows with", lambda _: choices, submit_label="Show")
        )
        if chosen is not None:
            self._pane.show_only(chosen if isinstance(chosen, Verdict | Finding) else None)

    @work(group="copy", exclusive=True)
    async def action_copy_rules(self) -> None:
        """Copy the suggested verdict rules as a file of rules."""
        text = rules_file(self._run.board.suggestions)
        message, advice = await copy_and_describe(self.app, text)
        self._notice.show_message(message, advice or HOW_TO_SUGGESTED)

    # What it is held against

    def action_compare(self) -> None:
        """Compare every row with the one under the cursor, or stop comparing."""
        spot = self._pane.spot
        if self._run.scales.baseline:
            self._notice.show_message(
                "Responses are compared with a baseline.", format_keys("Press {expect|P} to remove it."), "warning"
            )
        elif spot and spot.is_one:
            self._run.compare_with(None if self._run.scales.compared_with == spot.rows[0].key else spot.rows[0])
        elif spot:
            self._notice.show_message(
                "The reference must be one user.",
                format_keys("Press {open_cell|Enter} to unfold the row."),
                "warning",
            )

    @work(group="expect", exclusive=True)
    async def action_expect(self) -> None:
        """Choose a policy, or an earlier run."""
        choices = [
            MenuItem("a policy file…", "policy"),
            MenuItem("a baseline: the .json report of an earlier run…", "baseline"),
        ]
        choices += [
            MenuItem(f"no {name}", f"no {name}", Path(path).name) for name, path in self._run.names.items() if path
        ]
        chosen = await self.app.push_screen_wait(
            ChoiceDialog("Check against", lambda _: choices, submit_label="Select")
        )
        if chosen in {"policy", "baseline"}:
            await self._choose_file(chosen)
        elif chosen == "no policy":
            self._run.evaluate(replace(self._run.scales, policy=None), policy="")
        elif chosen:
            self._run.evaluate(replace(self._run.scales, baseline=None), baseline="")

    async def _choose_file(self, kind: str) -> None:
        path = await self.app.push_screen_wait(FilePicker(Path.cwd()))
        if path is None:
            return
        try:
            with keys_wait(self.app):  # A report is saved with it.
                if kind == "policy":
                    policy = await run_in_thread(read_policy, path)
                    self._run.evaluate(replace(self._run.scales, policy=policy), policy=str(path))
                else:
                    baseline = await run_in_thread(read_matrix, path)
                    self._run.evaluate(replace(self._run.scales, baseline=baseline), baseline=str(path))
        except AIRiskError as error:
            self._notice.show_message(error.message, error.advice, "error")

    def action_save(self) -> None:
        """Save a report."""
        self._run.save_report()
