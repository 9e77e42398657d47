"""The history: view past requests and responses, and send requests again."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container

from tui.airisk.curl.export import as_curl, as_python
from tui.airisk.identity import Identity
from tui.airisk.models import Draft, Exchange
from tui.config.origin import Origin, parse_origin
from tui.errors import HistoryError, RequestRejectedError
from tui.history.entry import HistoryEntry
from tui.history.store import History
from tui.key_labels import keys_wait
from tui.panes.history import HistoryPane, PastPane, Way, why_not
from tui.panes.history_rows import PAGE, HistoryRows
from tui.screens.common_bindings import COMMANDS, HELP, STOP_ACTING
from tui.screens.copying import copy_and_describe
from tui.screens.dialogs import ChoiceDialog, MenuItem
from tui.textual_ext.screens import DismissibleScreen
from tui.widgets.identity_bar import IdentityBar, identity_bar_app
from tui.widgets.key_bar import KeyBar
from tui.widgets.notice import Notice


@dataclass(frozen=True, slots=True)
class Replay:
    """Past request to open in the form, or to send again.

    `identity`: the identity that it was sent as, or, "as now", the one that the bar showed when the key was pressed.
    `exchange`: the whole exchange, if it is remembered. `past`: its entry in the history. `lacks_body`: its body was
    not stored, so it can only be opened.
    """

    draft: Draft
    identity: Identity
    way: Way
    exchange: Exchange | None = None
    past: HistoryEntry | None = field(default=None, compare=False)
    lacks_body: bool = False


class HistoryScreen(DismissibleScreen[Replay | None]):
    """Finds a past exchange. It sends nothing itself: it returns the request to send again, or None.

    Args:
        history: the stored exchanges.
        deployment: origin of the deployment whose exchanges are shown.
        at: the exchange that was not sent after all, to go on from; by default the newest.
    """

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (150, "-wide")]  # noqa: RUF012 - as Screen declares it

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Filter", id="filter", tooltip="Filter the list"),
        Binding("y", "copy", "Copy", id="copy_past", tooltip="Copy the path of the request under the cursor"),
        Binding(
            "Y",
            "copy_as",
            "Copy as",
            show=False,
            id="copy_past_as",
            tooltip="Copy the request under the cursor as curl or Python, or the user's ID",
        ),
        Binding("ctrl+r", "reload_history", "Reload", show=False, id="reload_history", tooltip="Reload the history"),
        Binding("escape", "back", "Back", id="back", tooltip="Clear the filter, or go back"),
        STOP_ACTING,
        HELP,
        COMMANDS,
    ]

    def __init__(
        self, history: History, deployment: str, at: HistoryEntry | None = None, headers: Collection[str] = ()
    ) -> None:
        super().__init__()
        self._history = history
        self._deployment = deployment
        self._headers = headers
        self._everything = 0
        self._past = at
        self._is_found = asyncio.Event()
        # Not looked up: while the screen is removed, a late message would find no widget.
        self._pane = HistoryPane()
        self._details = PastPane()
        self._notice = Notice()

    def compose(self) -> ComposeResult:
        """Compose the identity bar, the list, the entry under the cursor, the notice and the footer."""
        yield IdentityBar()
        with Container(id="history"):
            yield self._pane
            yield self._details
        yield self._notice
        yield KeyBar()

    def on_mount(self) -> None:
        """Read the newest entries, and show the identity that requests would be sent as now."""
        self._pane.focus_list()
        self._find("", self._past)
        self._hold_keys()
        if self._past:
            self._notice.show_message("Not sent.", "", "warning")
        self.watch(self.app, "identity_status", self._describe)

    # Reading

    @work(group="hold_keys")
    async def _hold_keys(self) -> None:
        """Let keys wait for the first rows: the next one is for the entry under the cursor."""
        with keys_wait(self.app):
            await self._is_found.wait()

    def _find(self, text: str, keep: HistoryEntry | None = None) -> None:
        """Search, and let what depends on the result wait. A search in progress is canceled."""
        self._is_found.clear()
        self._search(text, keep)

    @work(group="search", exclusive=True)
    async def _search(self, text: str, keep: HistoryEntry | None = None) -> None:
        """Find entries that match, with the cursor on `keep`, or else on the newest."""
        try:
            first = await self._history.search(text, self._deployment, limit=PAGE)
            upto = first[0].number if first else 0
            total = await self._history.count(text, self._deployment, upto=upto)
            older = await self._history.count(text, self._deployment, upto=keep.number) if keep else total
        except HistoryError as error:
            self._pane.show_failed(error.message, error.advice)
        else:
            self._everything = total if not text else max(total, self._everything)
            self._pane.show_nothing(is_filtered=bool(text))
            self._pane.show_found(HistoryRows(text, total, upto, {0: first}), self._everything, cursor=total - older)
        self._is_found.set()
        self.refresh_bindings()

    @work(group="read_page")
    async def _read_page(self, rows: HistoryRows, page: int) -> None:
        try:
            found = await self._history.search(
                rows.text, self._deployment, limit=PAGE, offset=page * PAGE, upto=rows.upto
            )
        except HistoryError as error:
            self._notice.show_message(error.message, error.advice, "error")
        else:
            self._pane.show_page(rows, page, found)

    @on(HistoryPane.Narrowed)
    def _narrow(self, event: HistoryPane.Narrowed) -> None:
        self._notice.clear()
        self._find(event.text, None if event.text else self._past)

    @on(HistoryPane.PageWanted)
    def _turn_to(self, event: HistoryPane.PageWanted) -> None:
        self._read_page(event.rows, event.page)

    @on(HistoryPane.Pointed)
    def _point(self, event: HistoryPane.Pointed) -> None:
        if event.past != self._past:
            self._notice.clear()
        self._past = event.past
        self._describe()

    def _describe(self) -> None:
        exchange = self._history.recall(self._past) if self._past else None
        now = identity_bar_app(self.app).identity_status.identity
        self._details.show(self._past, now, exchange)
        self.refresh_bindings()

    # Doing it again

    @on(HistoryPane.Chosen)
    def _choose(self, event: HistoryPane.Chosen) -> None:
        try:
            now = identity_bar_app(self.app).drawn_identity if event.way == "as now" else None
        except RequestRejectedError as refusal:
            self._notice.show_message(refusal.message, refusal.advice, "warning")
        else:
            self._replay(event.way, now)

    @work(group="replay", exclusive=True)
    async def _replay(self, way: Way, now: Identity | None) -> None:
        """Return the exchange under the cursor, to be sent as `now`, after any search has finished."""
        with keys_wait(self.app):  # The next key is for the form, or for the screen below.
            await self._is_found.wait()
            await self._leave_with(way, now)

    @on(HistoryPane.OnlyMatchWanted)
    @work(group="replay", exclusive=True)
    async def _open_only_match(self) -> None:
        with keys_wait(self.app):  # The next key is for the list, or for the form.
            await self._is_found.wait()
            if self._pane.has_only_match:
                await self._leave_with("open", None)

    async def _leave_with(self, way: Way, now: Identity | None) -> None:
        past = self._pane.past_under_cursor
        if past is None:
            return
        message, advice = why_not(past)
        opens_rest = way == "open" and past.lacks_only_body
        if message and not opens_rest:
            self._notice.show_message(message, advice, "warning")
            return
        try:
            draft = await self._history.draft(past)
        except HistoryError as error:
            self._notice.show_message(error.message, error.advice, "error")
        else:
            self.dismiss(Replay(draft, now or past.identity, way, self._history.recall(past), past, opens_rest))

    # Keys

    @property
    def footer_labels(self) -> dict[str, str]:
        """The key bar's label for Esc: it clears the filter first."""
        return {"back": "Clear"} if self._pane.filter_text else {}

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's
        """Offer to copy only if there is an entry under the cursor."""
        return self._past is not None if action in {"copy", "copy_as"} else True

    def action_filter(self) -> None:
        """Focus the filter."""
        self._pane.focus_filter()

    def action_copy(self) -> None:
        """Copy the path of the request under the cursor."""
        if self._past:
            self._copy(self._past.draft.shown_target)

    @work(group="copy", exclusive=True)
    async def _copy(self, text: str) -> None:
        self._notice.show_message(*await copy_and_describe(self.app, text), "information")

    @work(group="copy", exclusive=True)
    async def action_copy_as(self) -> None:
        """Let the user choose what to copy of the request under the cursor."""
        past = self._past
        if past is None:
            return
        try:
            draft = None if past.left_out else await self._history.draft(past)
        except HistoryError as error:
            self._notice.show_message(error.message, error.advice, "error")
            return
        copies = _copies(past, draft, parse_origin(self._deployment), self._headers)
        chosen = await self.app.push_screen_wait(ChoiceDialog("Copy as", lambda _: copies, submit_label="Copy"))
        if chosen:
            self._notice.show_message(*await copy_and_describe(self.app, chosen), "information")

    def action_reload_history(self) -> None:
        """Read the history again, because another window may have added to it."""
        self._notice.clear()
        self._find(self._pane.filter_text, self._past)

    def action_back(self) -> None:
        """Clear the filter, or go back if there is none."""
        if self._pane.filter_text:
            self._pane.clear_filter()
        else:
            self.dismiss(None)


def _copies(past: HistoryEntry, draft: Draft | None, origin: Origin, headers: Collection[str]) -> list[MenuItem[str]]:
    """Return what can be copied of a request; without its draft, which was not stored whole, no command."""
    path, identity = past.draft.shown_target, past.identity
    copies = [MenuItem("the path", path, path)]
    if identity.is_user:
        copies.append(MenuItem("the user's ID", identity.id, str(identity)))
    if draft:
        copies += [
            MenuItem("curl", as_curl(draft, identity, origin, headers), "the token as $AIRISK_TOKEN"),
            MenuItem("Python", as_python(draft, identity, origin, headers), "httpx, the token from the environment"),
        ]
    return copies
