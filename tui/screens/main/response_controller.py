"""Actions on a response: save, view, copy, compare, and store values of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from textual.content import Content
from textual.screen import Screen

from tui import clocks
from tui.airisk.curl.export import as_command, as_curl, as_python
from tui.airisk.endpoints.extraction import picked_from
from tui.airisk.identity import ANONYMOUS, APPLICATION, Identity
from tui.airisk.models import Draft, Exchange
from tui.airisk.responses.download_name import name_to_save
from tui.airisk.responses.pagination import extent_of, page_of, previous_page
from tui.airisk.users.search_index import normalize
from tui.background import run_in_thread
from tui.config.deployments import options_for
from tui.errors import AIRiskError, ExternalProgramError, RequestRejectedError
from tui.files import write_atomic
from tui.format import short_moment, size
from tui.key_labels import format_keys
from tui.panes.exchange_summary import trace_of
from tui.screens.copying import copy_and_describe
from tui.screens.dialogs import ChoiceDialog, MenuItem, PromptDialog
from tui.screens.diff import CompareScreen
from tui.screens.external_editor import edit, view
from tui.screens.main.controller import Controller
from tui.screens.main.identity_controller import IdentityController
from tui.screens.main.pane_layout import PaneLayout
from tui.screens.main.request_controller import RequestController
from tui.screens.main.state import MainState
from tui.screens.unasked import until_keys_rest
from tui.text import clean, clean_lines, squeeze


class ResponseController(Controller):
    """Acts on the response that is shown.

    Args:
        screen: where workers run and dialogs open.
        state: state of the screen.
        panes: panes that show the state.
        identity: finds the users to compare with.
        requests: sends as them.
    """

    def __init__(
        self,
        screen: Screen[None],
        state: MainState,
        panes: PaneLayout,
        *,
        identity: IdentityController,
        requests: RequestController,
    ) -> None:
        super().__init__(screen, state, panes)
        self._identity = identity
        self._requests = requests
        state.watch(panes.response, lambda: state.position, lambda place: panes.response.show_position(*place))
        state.watch(panes.response, lambda: state.switches, self._cancel_for_switch)

    # Saving and viewing

    def save(self) -> None:
        """Prompt for a file, and save the body to it."""
        if self._state.exchange:
            self.start("save", self._save, self._state.exchange)

    async def _save(self, exchange: Exchange) -> None:
        question = Content(f"Save the body ({size(len(exchange.body))}) in this file:")
        dialog = PromptDialog(
            "Save response", question, answer=name_to_save(exchange), objection=_objection, submit_label="Save"
        )
        name = await self.open_dialog(dialog)
        if name:
            try:
                written = await run_in_thread(_write, name, exchange.body)
            except OSError as error:
                self.notify(f"{clean(name)} could not be written: {error.strerror or error}.", "Choose another file.")
            else:
                self.notify(f"Saved to {clean(str(written))}.", "", "information")

    def view(self, *, in_editor: bool) -> None:
        """Open the body in the user's pager, or a copy in the editor. The program is suspended until it exits."""
        exchange = self._state.exchange
        if exchange is None:
            return
        try:
            if in_editor:
                text = exchange.body.decode("utf-8", errors="replace")
                suffix = ".json" if "json" in exchange.content_type else ".txt"
                edit(self._screen.app, text, suffix=suffix)
            else:
                view(self._screen.app, clean_lines("\n".join(self._panes.response.lines)))
        except ExternalProgramError as error:
            self.notify(error.message, error.advice)

    # Keeping values

    async def save_value(self, path: str, value: str) -> None:
        """Store an agent's id as `{{agent.id}}`, and so on. Prompt for a name for any other value."""
        exchange = self._state.exchange
        # Awaited here, so that keys typed during that time wait for the dialog, and act on nothing else.
        picked = await run_in_thread(picked_from, exchange, path) if exchange else None
        if exchange and picked:
            noun, thing = picked
            self._select(noun, thing, exchange.identity)
            self.notify(f"{{{{{noun}.id}}}} now refers to {clean(value, limit=60)}.", "", "information")
        else:
            self.start("keep", self._name_value, path, value)

    def _select(self, noun: str, thing: Mapping[str, object], identity: Identity) -> None:
        self._state.variables = self._state.variables.pick(noun, thing, identity)
        self._state.publish()

    async def _name_value(self, path: str, value: str) -> None:
        """Prompt for a name, and store the value under it."""
        question = Content.styled(clean(value, limit=200), "bold")
        note = "Use it anywhere as {{name}} until you quit."
        names = re.findall(r"[A-Za-z_]\w*", path)
        proposal = names[-1] if names else "value"
        name = await self.open_dialog(
            PromptDialog("Save value as", question, note=note, answer=proposal, submit_label="Save")
        )
        if name:
            try:
                self._state.variables = self._state.variables.keep(name, value)
            except RequestRejectedError as refusal:
                self.notify(refusal.message, refusal.advice)
            else:
                self._state.publish()
                self.notify(f"Saved as {{{{{clean(name)}}}}}.", "", "information")

    # Earlier responses

    def turns_pages(self, step: int) -> bool:
        """Return whether to request the next or the previous page, rather than to show another response.

        From the first page, a step back leads to the response before, unless that is a page of the same list.
        """
        number, total = self._state.position
        exchange = self._state.exchange
        if exchange is None or not self._state.has_pages or number < total:
            return False
        is_first = step < 0 and previous_page(exchange) is None
        return not is_first or total < 2 or self._state.earlier[1].draft.path == exchange.draft.path

    def show_neighbor(self, step: int) -> None:
        """Show the response before the shown one, or the one after it. Nothing is sent."""
        number, total = self._state.position
        if 1 <= number + step <= total:
            self.start_lasting("show", self._show_earlier, self._state.earlier[total - number - step])
        else:
            words = "This is the latest response." if step > 0 else "This is the first response of this run."
            self.notify(words, "", "information")

    async def _show_earlier(self, exchange: Exchange) -> None:
        self._panes.notice.clear()
        await self._requests.show(exchange)
        self._state.publish()

    # Copying

    def copy(self) -> None:
        """Copy the thing under the cursor: the user's id, the endpoint's path, or the value in the response."""
        text = self._panes.text_at_cursor()
        if text:
            self.start("copy", self._copy, text)
        else:
            keys = format_keys("{copy_as|Y} copies the request or the response.")
            self.notify("Nothing under the cursor to copy.", keys, "warning")

    async def _copy(self, text: str) -> None:
        self.notify(*await copy_and_describe(self._screen.app, text), "information")

    def copy_as(self) -> None:
        """Let the user choose what to copy: the request in three languages, or a part of the response."""
        choices = self._copies()
        if choices:
            self.start("copy", self._copy_as, choices)
        else:
            keys = format_keys("Press {go_to_explorer|2} for the explorer.")
            self.notify("Nothing to copy yet.", keys, "warning")

    async def _copy_as(self, choices: list[MenuItem[Callable[[], str]]]) -> None:
        chosen = await self.open_dialog(ChoiceDialog("Copy as", lambda _: choices, submit_label="Copy"))
        if chosen is None:
            return
        try:
            text = chosen()
        except AIRiskError as error:
            self.notify(error.message, error.advice)
            return
        await self._copy(text)

    def _copies(self) -> list[MenuItem[Callable[[], str]]]:
        choices: list[MenuItem[Callable[[], str]]] = []
        session, exchange = self._state.session, self._state.exchange
        if session and (draft := self._request_to_copy()):
            identity, origin = session.active, session.settings.origin
            options = options_for(self._state.raw_settings)
            always = [name for name, _ in session.settings.headers]
            choices += [
                MenuItem("curl", lambda: as_curl(draft, identity, origin, always), "uses $AIRISK_TOKEN for the token"),
                MenuItem(
                    "Python",
                    lambda: as_python(draft, identity, origin, always),
                    "httpx, uses $AIRISK_TOKEN for the token",
                ),
                MenuItem("airisk-tui request", lambda: as_command(draft, identity, options), "for scripts"),
            ]
        if exchange:
            body = exchange.body.decode("utf-8", errors="replace")
            choices.append(MenuItem("response body", lambda: body, size(len(exchange.body))))
        if (place := self._panes.response.place) is not None:
            path, value = place
            choices += [
                MenuItem("value under the cursor", lambda: value, value),
                MenuItem("path of the value", lambda: path, path),
            ]
        if exchange and (trace := trace_of(exchange)):
            choices.append(MenuItem("traceId", lambda: trace, trace))
        return choices

    def _request_to_copy(self) -> Draft | None:
        """Return the form's request, or else the one of the response."""
        try:
            return self._panes.request.draft()
        except RequestRejectedError:
            return self._state.exchange.draft if self._state.exchange else None

    # Comparing

    def compare(self) -> None:
        """Compare the response with an earlier one, or with another identity's."""
        if self._state.exchange and self._state.session:
            self.start("compare", self._compare, self._state.exchange)
        else:
            keys = format_keys("Press {send|F5} to send the request.")
            self.notify("No response to compare yet.", keys, "warning")

    def _cancel_for_switch(self, _: object) -> None:
        """Cancel a comparison when an identity is adopted: none is sent as another user after acting has stopped."""
        if work := self._cancelable.get("compare"):
            work.worker.cancel()

    async def _compare(self, exchange: Exchange) -> None:
        dialog = ChoiceDialog("Compare with", self._others, placeholder="search for a user", submit_label="Compare")
        chosen = await self.open_dialog(dialog)
        if isinstance(chosen, Exchange):
            await self._show_comparison(chosen, exchange)
        elif chosen is not None:
            extent = await run_in_thread(extent_of, exchange)
            pages = None if extent and extent.is_whole else exchange.pages
            other = await self._requests.send_as_other(exchange.draft, chosen, pages)
            if other:
                await self._show_comparison(exchange, other)

    async def _show_comparison(self, one: Exchange, other: Exchange) -> None:
        self._state.has_compared = True
        self._state.publish()
        await until_keys_rest(self._screen.app)
        self._screen.app.push_screen(CompareScreen(one, other))

    def _others(self, text: str) -> list[MenuItem[Exchange | Identity]]:
        """Return the identities that the request can be sent as, and the earlier responses."""
        exchange = self._state.exchange
        sent_as = exchange.identity if exchange else APPLICATION
        users = [*self._identity.find_users(text), *(() if text else self._identity.nearby_users())]
        others = [identity for identity in (APPLICATION, ANONYMOUS) if normalize(text.strip()) in identity.kind]
        identities = [each for each in (*map(Identity.of, users), *others) if each != sent_as]
        found: list[MenuItem[Exchange | Identity]] = [
            MenuItem(f"send as {identity}", identity) for identity in dict.fromkeys(identities)
        ]
        earlier = [] if text else [each for each in self._state.earlier if each is not exchange]
        found += [MenuItem(*_described(each)) for each in earlier]
        return found


_QUERY = 24
"""Terminal columns of a query that is cut."""


def _described(exchange: Exchange) -> tuple[str, Exchange, str]:
    """Return the time and the path of a response, and how it differs from others of that path."""
    path, _, query = exchange.draft.shown_target.partition("?")
    page = page_of(exchange.draft)
    others = [each for each in query.split("&") if not (page and re.match("(results|skip)=", each, re.IGNORECASE))]
    asked = f"page {page.number}" if page else "", squeeze(clean("&".join(others)), _QUERY)
    facts = *asked, f"{exchange.status} as {exchange.identity}"
    at = short_moment(exchange.at, clocks.local())
    return f"{at}  {exchange.draft.method} {path}", exchange, " · ".join(filter(None, facts))


async def _objection(name: str) -> str:
    """Object to an existing file, which only a second Enter overwrites."""
    exists = await run_in_thread(lambda: Path(name).expanduser().exists())
    return format_keys("File exists. Press {take_line|Enter} again to overwrite it.") if exists else ""


def _write(name: str, body: bytes) -> Path:
    path = Path(name).expanduser()
    write_atomic(path, body, mode=None)
    return path
