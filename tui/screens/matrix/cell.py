"""One cell of a matrix: request, response and the basis of its verdict, and a fresh response on demand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import PurePath
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui import clocks
from tui.access.model import Cell, Column, Row
from tui.access.reports.wording import MEANINGS, doubt_words, who
from tui.access.requests import MatrixRequest
from tui.access.suggestions import Suggestion
from tui.airisk.models import Exchange
from tui.airisk.session import Session
from tui.airisk.users.search_index import normalize
from tui.background import run_in_thread
from tui.errors import AIRiskError
from tui.format import moment
from tui.key_labels import format_keys
from tui.panes.exchange_summary import exchange_words
from tui.panes.matrix.formatting import facts, mark
from tui.panes.response.decode import decode_body
from tui.screens.common_bindings import HELP, STOP_ACTING
from tui.screens.dialogs import ChoiceDialog, Dialog, MenuItem, confirm_send
from tui.screens.diff import CompareScreen
from tui.text import clean, with_advice
from tui.widgets.json_viewer.text_view import TextView

_OFFERED = 200
"""Users that are offered to compare with."""

_WIDTH, _FRAME, _NAMES = 96, 7, 10
"""Columns of the dialog if there is room, of its frame and scrollbar, and of each line's name."""

_NOT_KEPT = (
    "Runs don't store bodies. Press {show_response|F5} to resend the request and show the response, "
    "or {difference|c} to resend it as two users and compare."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CellDetails:
    """All data of a cell.

    Args:
        row: the identity.
        column: the endpoint.
        cell: its result; None if it was not tested yet.
        doubt: the suggestion about the result if it may be a denial.
        request: its request.
        compared: the reference user, whose responses the others' are compared with.
        allowed: the other identities that this endpoint allowed.
        against: the files it is evaluated against, by policy and baseline.
        reason: the reason for the audit trail.
        why_not: returns how a denied user differs from those who are allowed, in sentences. Blocks.
    """

    row: Row
    column: Column
    cell: Cell | None
    request: MatrixRequest
    doubt: Suggestion | None = None
    compared: Row | None = None
    allowed: Callable[[], Iterable[Row]] = tuple
    against: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    why_not: Callable[[], Sequence[str]] = tuple


class CellScreen(Dialog[bool]):
    """Dialog that returns whether the cell should be requested again.

    Args:
        session: the session to send in.
        details: the cell.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "again", "Retry", id="again", tooltip="Retry this cell in the run"),
        Binding("f5", "show", "Response", id="show_response", tooltip="Resend now and show the response"),
        Binding("c", "compare", "Compare", id="difference", tooltip="Compare this response with another user's"),
        HELP,
        Binding("escape,q", "leave", "Back", id="leave_cell", tooltip="Go back", key_display="Esc"),
        STOP_ACTING,
    ]

    def __init__(self, session: Session, details: CellDetails) -> None:
        super().__init__(
            clean(f"{details.row.identity} at {details.column.label}", limit=80), VerticalScroll(classes="cell")
        )
        self._facts = Static(id="cell-facts")
        self._words = Static(id="cell-words", classes="dialog-note")
        self._document = TextView(id="cell-response")
        self._document.display = False
        self._session = session
        self._details = details
        self._why_not: Sequence[str] = ()

    def body(self) -> ComposeResult:
        """Compose the facts and the response, which is empty at first."""
        yield self._facts
        yield self._words
        yield self._document

    def on_mount(self) -> None:
        """Show the facts, and that there is no response yet."""
        self._say(Content.styled(format_keys(_NOT_KEPT), "$foreground-muted"))
        self._show_facts()
        self._explain()

    @work(group="explain", exclusive=True)
    async def _explain(self) -> None:
        """Show why not, once it is known."""
        self._why_not = await run_in_thread(self._details.why_not)
        self._show_facts()

    def on_resize(self) -> None:
        """Wrap the facts again."""
        self._show_facts()

    def follow(self, cell: Cell | None, doubt: Suggestion | None) -> None:
        """Update the cell after the run has requested it, for the first time or again."""
        before = self._details
        if self.is_attached and (cell != before.cell or _why_doubtful(doubt) != _why_doubtful(before.doubt)):
            self._details, self._why_not = replace(before, cell=cell, doubt=doubt), ()
            self._show_facts()
            self._explain()

    def action_again(self) -> None:
        """Request the cell again, within the matrix."""
        self.dismiss(result=True)

    @work(group="send", exclusive=True)
    async def action_show(self) -> None:
        """Send the request again, and show the response."""
        exchange = await self._send(self._details.row)
        if exchange is None:
            return
        reading = await run_in_thread(decode_body, exchange, exchange.body)
        self._document.display = True
        self._document.show(reading.lines, is_json=reading.is_json)
        self._document.focus()
        self._say(Content("Just now: ") + exchange_words(exchange))

    @work(group="send", exclusive=True)
    async def action_compare(self) -> None:
        """Send the request as both identities, and compare the responses."""
        other = self._details.compared or await self.app.push_screen_wait(
            ChoiceDialog("Compare with", self._others, placeholder="search the allowed users", submit_label="Compare")
        )
        if other is None:
            return
        before = await self._send(other)
        after = await self._send(self._details.row) if before else None
        if before and after:
            self.app.push_screen(CompareScreen(before, after))

    def _others(self, text: str) -> list[MenuItem[Row]]:
        words = normalize(text).split()
        found = (row for row in self._details.allowed() if all(word in normalize(who(row)) for word in words))
        return [MenuItem(who(row), row) for row, _ in zip(found, range(_OFFERED), strict=False)]

    async def _send(self, row: Row) -> Exchange | None:
        """Send the cell's request as that identity, outside the run. Return None if it was not sent or failed."""
        self._say(Content(f"Sending as {clean(str(row.identity), limit=60)}…"))
        try:
            draft = self._details.request.make(row.identity)
            if not await confirm_send(self.app, self._session, draft, row.identity, always=not draft.is_safe):
                self._say(Content("Not sent."))
                return None
            async with self._session.temporary_identity(row.identity, self._details.reason) as identity:
                exchange = await self._session.send(draft, identity)
        except AIRiskError as error:
            self._say(Content.styled(clean(with_advice(error.message, error.advice)), "$text-error"))
            return None
        finally:
            self._session.forget(row.identity)
        self._say(Content("Just now: ") + exchange_words(exchange))
        return exchange

    def _show_facts(self) -> None:
        room = min(_WIDTH, self.app.size.width) - _FRAME
        self._facts.update(Content("\n").join(fact_lines(self._details, room, self._why_not)))

    def _say(self, words: Content) -> None:
        self._words.update(words)


def fact_lines(details: CellDetails, room: int, why_not: Sequence[str] = ()) -> list[Content]:
    """Return the facts of the cell, each after its name; long ones wrap below their first line."""
    explained = (("" if number else "why not", Content(clean(each, limit=200))) for number, each in enumerate(why_not))
    return [
        Content.assemble((f"{'' if number else name:<{_NAMES}}", "$foreground-muted"), line)
        for name, words in (*_facts(details), *explained)
        for number, line in enumerate(words.wrap(max(room - _NAMES, _NAMES)))
    ]


def _facts(details: CellDetails) -> Iterator[tuple[str, Content]]:
    row, cell, column = details.row, details.cell, details.column
    if column.is_object:
        yield column.kind, Content.styled(clean(column.path, limit=200), "bold")
    requested = details.request.column
    yield (
        "request",
        Content.styled(clean(f"{requested.method} {requested.target or requested.path}", limit=200), "bold"),
    )
    yield "as", Content(" · ".join(filter(None, (clean(who(row), limit=100), row.subject_check.words))))
    if row.groups:
        yield "groups", Content(clean(", ".join(row.groups), limit=100))
    if cell is None:
        yield "verdict", Content("not tested yet")
        return
    found = f", {cell.finding}" if cell.finding else ""
    meaning = (f": {MEANINGS[cell.verdict]}", "$foreground-muted")
    yield "verdict", Content.assemble(mark(cell, details.doubt), (f" {cell.verdict}{found}", "bold"), meaning)
    yield "because", Content(clean(cell.reason, limit=300))
    if why := _why_doubtful(details.doubt):
        yield "doubt", Content.styled(why, "$text-warning")
    yield "evidence", Content(_evidence(cell))
    if cell.at:
        yield "tested", Content(_moment(cell.at))
    if cell.expected or cell.baseline:
        yield "expected", Content(_expected(details, cell))
    if details.compared:
        yield "baseline", Content(f"the response to {clean(who(details.compared), limit=80)}")


def _why_doubtful(doubt: Suggestion | None) -> str:
    return clean(doubt_words(doubt), limit=200) if doubt else ""


def _moment(at: str) -> str:
    """Return a time in the local zone. A report from elsewhere may hold any text, which is cleaned."""
    try:
        return moment(datetime.fromisoformat(at), clocks.local())
    except (ValueError, OverflowError):
        return clean(at, limit=19)


def _evidence(cell: Cell) -> str:
    response = f"status {cell.status}" if cell.status is not None else "no response"
    rule = f" · rule “{clean(cell.rule, limit=40)}”" if cell.rule else ""
    return response + facts(cell) + rule


def _expected(details: CellDetails, cell: Cell) -> str:
    by = details.against.get("policy") or details.against.get("baseline") or ""
    expected = f"{cell.expected} by {clean(PurePath(by).name, limit=40)}" if cell.expected else ""
    before = f"{cell.baseline} in the baseline" if cell.baseline else ""
    accepted = f"accepted by {clean(cell.waiver, limit=80)}" if cell.waiver else ""
    return " · ".join(filter(None, (expected, before, accepted)))
