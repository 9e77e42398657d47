"""A screen with an answer: it is saved, viewed, copied, turned into the next page, held against another."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol, cast

from textual import on, work
from textual.content import Content

from tui.airisk.endpoints.extraction import picked_from
from tui.airisk.models import ANONYMOUS, APPLICATION, Draft, Exchange, Identity, User
from tui.airisk.saving import name_to_save
from tui.airisk.users.search_index import normalize
from tui.background import run_in_thread
from tui.bindings import format_keys
from tui.errors import AIRiskError, RequestRejectedError
from tui.files import write_atomic
from tui.format import size
from tui.panes.response.pane import ResponsePane
from tui.panes.response.summary import trace_of
from tui.screens.dialogs import ChoiceDialog, MenuItem, PromptDialog
from tui.screens.external_editor import ExternalProgramError, edit, view
from tui.screens.paging import PagingScreen
from tui.text import clean, clean_lines


class Copying(Protocol):
    """An app that says what became of it."""

    async def copy(self, text: str) -> bool:
        """Copy, and return whether it is known to have worked."""
        ...


class AnsweringScreen(PagingScreen):
    """Everything that is done with what is asked and with what came back."""

    def find_users(self, text: str) -> Sequence[User]:
        """Those who match, the ones acted as lately first."""
        raise NotImplementedError

    def nearby_users(self) -> Sequence[User]:
        """Those around the cursor."""
        raise NotImplementedError

    def keep_value(self, name: str, value: str) -> None:
        """Keep a value under a name.

        Raises:
            RequestRejectedError: the name cannot be used, or the value is too long.
        """
        raise NotImplementedError

    def pick(self, noun: str, thing: Mapping[str, object], identity: Identity) -> None:
        """Let `{{noun.id}}` stand for this thing, for that identity."""
        raise NotImplementedError

    # Saving, viewing, keeping

    @on(ResponsePane.SaveWanted)
    @work(group="save", exclusive=True)
    async def _save(self, event: ResponsePane.SaveWanted) -> None:
        event.stop()
        exchange = self.answer.exchange
        if exchange is None:
            return
        question = Content(f"The body ({size(len(exchange.body))}) is written to this file:")
        name = await self.app.push_screen_wait(
            PromptDialog("Save", question, answer=name_to_save(exchange), objection=_is_there, submit_label="Save")
        )
        if name:
            try:
                written = await run_in_thread(_write, name, exchange.body)
            except OSError as error:
                self.tell(f"{clean(name)} cannot be written: {error.strerror or error}.", "Name another file.")
            else:
                self.tell(f"Saved to {clean(str(written))}.", "", "information")

    @on(ResponsePane.ViewWanted)
    def _view(self, event: ResponsePane.ViewWanted) -> None:
        event.stop()
        exchange = self.answer.exchange
        if exchange is None:
            return
        text = exchange.body.decode("utf-8", errors="replace")
        suffix = ".json" if "json" in exchange.content_type else ".txt"
        try:
            if event.in_editor:
                edit(self.app, text, suffix=suffix)
            else:
                view(self.app, clean_lines("\n".join(self.answer.lines)), suffix=suffix)
        except ExternalProgramError as error:
            self.tell(error.message, error.advice)

    @on(ResponsePane.KeepWanted)
    async def _pick_value(self, event: ResponsePane.KeepWanted) -> None:
        event.stop()
        exchange = self.answer.exchange
        # Waited for here, so that what is typed meanwhile waits for the question, and acts on nothing else.
        picked = await run_in_thread(picked_from, exchange, event.path) if exchange else None
        if exchange and picked:
            noun, thing = picked
            self.pick(noun, thing, exchange.identity)
            self.tell(f"{{{{{noun}.id}}}} stands for {clean(event.value, limit=60)} now.", "", "information")
        else:
            self._name_value(event.path, event.value)

    @work(group="keep", exclusive=True)
    async def _name_value(self, path: str, value: str) -> None:
        """Ask for a name, and have it stand for the value."""
        question = Content.styled(clean(value, limit=200), "bold")
        note = "It stands wherever {{name}} is typed, until the program ends."
        last = re.findall(r"[A-Za-z_]\w*", path)
        beginning = last[-1] if last else "value"
        name = await self.app.push_screen_wait(
            PromptDialog("Keep", question, note=note, answer=beginning, submit_label="Keep")
        )
        if name:
            try:
                self.keep_value(name, value)
            except RequestRejectedError as refusal:
                self.tell(refusal.message, refusal.advice)
            else:
                self.tell(f"{{{{{clean(name)}}}}} stands for it now.", "", "information")

    # Copying

    @work(group="copy", exclusive=True)
    async def copy(self) -> None:
        """Choose what to copy: the request in three languages, or a part of the answer."""
        choices = self._copies()
        if not choices:
            self.tell("There is nothing to copy yet.", format_keys("{go_to_explorer|2} opens the explorer."), "warning")
            return
        chosen = await self.app.push_screen_wait(ChoiceDialog("Copy as", lambda _: choices, submit_label="Copy"))
        if chosen is None:
            return
        try:
            text = chosen()
        except AIRiskError as error:
            self.tell(error.message, error.advice)
        else:
            much = size(len(text.encode(errors="replace")))
            if await cast("Copying", self.app).copy(text):
                self.tell(f"Copied ({much}).", "", "information")
            else:
                self.tell(f"Sent to the terminal’s clipboard ({much}).", "Some terminals ignore it.", "information")

    def _copies(self) -> list[MenuItem[Callable[[], str]]]:
        from tui.airisk.curl.export import as_command, as_curl, as_python  # noqa: PLC0415 - not for the first paint
        from tui.config.deployments import options_for  # noqa: PLC0415

        choices: list[MenuItem[Callable[[], str]]] = []
        session, exchange = self.session, self.answer.exchange
        if session and (asked := self.request_to_copy()):
            draft, identity, origin = asked, session.active, session.settings.origin
            where = options_for(self.told)
            choices += [
                MenuItem("curl", lambda: as_curl(draft, identity, origin), "the token as $AIRISK_TOKEN"),
                MenuItem("Python", lambda: as_python(draft, identity, origin), "httpx, the token from the environment"),
                MenuItem("airisk-tui request", lambda: as_command(draft, identity, where), "for scripts"),
            ]
        if exchange:
            body = exchange.body.decode("utf-8", errors="replace")
            choices.append(MenuItem("the answer's body", lambda: body, size(len(exchange.body))))
        if (place := self.answer.place) is not None:
            path, value = place
            choices += [
                MenuItem("the value under the cursor", lambda: value, value),
                MenuItem("its path", lambda: path, path),
            ]
        if exchange and (trace := trace_of(exchange)):
            choices.append(MenuItem("the traceId", lambda: trace, trace))
        return choices

    def request_to_copy(self) -> Draft | None:
        """The request as it is typed just now, or else the one that was answered last."""
        raise NotImplementedError

    # Comparing

    @work(group="compare", exclusive=True)
    async def compare(self) -> None:
        """Hold the answer against an older one, or against what somebody else gets."""
        from tui.screens.diff import CompareScreen  # noqa: PLC0415 - not for the first paint

        exchange, session = self.answer.exchange, self.session
        if exchange is None or session is None:
            self.tell("There is no answer to compare yet.", format_keys("{send|F5} sends the request."), "warning")
            return
        screen = ChoiceDialog(
            "Compare with", self._others, placeholder="a user to ask the same as", submit_label="Compare"
        )
        chosen = await self.app.push_screen_wait(screen)
        if isinstance(chosen, Exchange):
            self.app.push_screen(CompareScreen(chosen, exchange))
        elif chosen is not None:
            other = await self.ask_also_as(exchange.draft, chosen, exchange.pages)
            if other:
                self.app.push_screen(CompareScreen(exchange, other))

    def _others(self, text: str) -> list[MenuItem[Exchange | Identity]]:
        """Who else could be asked as, and the answers before."""
        exchange = self.answer.exchange
        asked_as = exchange.identity if exchange else APPLICATION
        found_users = [*self.find_users(text), *(() if text else self.nearby_users())]
        users = [Identity.of(user) for user in found_users]
        others = [identity for identity in (APPLICATION, ANONYMOUS) if normalize(text.strip()) in identity.kind]
        identities = [identity for identity in (*users, *others) if identity != asked_as]
        found: list[MenuItem[Exchange | Identity]] = [
            MenuItem(f"the same as {identity}", identity) for identity in dict.fromkeys(identities)
        ]
        earlier = [] if text else [each for each in self.earlier_answers if each is not exchange]
        found += [MenuItem(_earlier(each), each, f"{each.status} as {each.identity}") for each in earlier]
        return found


def _earlier(exchange: Exchange) -> str:
    return f"{exchange.at.astimezone():%H:%M:%S}  {exchange.draft.method} {exchange.draft.path}"


async def _is_there(name: str) -> str:
    """What is there is written over only after a second Enter."""
    is_there = await run_in_thread(lambda: Path(name).expanduser().exists())
    return format_keys("There is such a file. {take_line|Enter} again writes over it.") if is_there else ""


def _write(name: str, body: bytes) -> Path:
    path = Path(name).expanduser()
    write_atomic(path, body, mode=None)
    return path
