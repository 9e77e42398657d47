"""Hold a conversation with an agent as the identity in force."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from textual.screen import Screen

from tui.airisk.endpoints import conversation
from tui.airisk.endpoints.conversation import Agent
from tui.airisk.endpoints.model import Endpoint
from tui.airisk.endpoints.uploads import read_upload
from tui.airisk.guard_rails import is_production, needs_confirmation
from tui.airisk.identity import Identity
from tui.airisk.models import Draft, Exchange
from tui.airisk.responses.event_stream import EVENT_STREAM, rebuild_reply
from tui.airisk.responses.status_notes import permission_note
from tui.airisk.users.search_index import normalize
from tui.background import run_in_thread
from tui.errors import AIRiskError, ChangesNotAllowedError
from tui.format import plural, size
from tui.key_labels import format_keys
from tui.panes.conversation import ConversationPane, Turn
from tui.panes.exchange_summary import status_words
from tui.screens.dialogs import ChoiceDialog, ConfirmDialog, MenuItem, SendSummary, confirm_send
from tui.screens.main.controller import Controller
from tui.screens.main.pane_layout import PaneLayout
from tui.screens.main.request_controller import RequestController
from tui.screens.main.state import MainState
from tui.screens.talk import Line, TalkScreen


@dataclass(slots=True)
class _Talk:
    """A conversation, which is held as one identity to its end.

    Attributes:
        id: what AIRisk calls it; empty before the first message.
        is_agreed: whether all of it was confirmed.
    """

    agent: Agent
    identity: Identity
    screen: TalkScreen
    id: str = ""
    is_agreed: bool = False
    left: list[Path] = field(default_factory=list)
    """Files of the current message that are not sent yet."""


class _NotSentError(AIRiskError):
    """The user did not confirm it, or AIRisk refused it."""


class TalkController(Controller):
    """Opens conversations, and sends what is said in them.

    Args:
        screen: where workers run and dialogs open.
        state: state of the screen.
        panes: panes that show the state.
        requests: sends the requests.
    """

    def __init__(
        self, screen: Screen[None], state: MainState, panes: PaneLayout, *, requests: RequestController
    ) -> None:
        super().__init__(screen, state, panes)
        self._requests = requests
        self._talk: _Talk | None = None
        state.watch(panes.request, lambda: (state.switches, state.is_signed_in), self._end)

    @property
    def is_near(self) -> bool:
        """Whether the cursor is on an agent, or on an endpoint of which conversations are made."""
        chosen = self._panes.explorer.under_cursor
        if self._panes.explorer.has_focus_within and isinstance(chosen, Endpoint):
            return chosen.key in conversation.ENDPOINT_KEYS
        exchange = self._state.exchange
        return self._panes.response.has_focus_within and exchange is not None and conversation.lists_agents(exchange)

    def _agent_at_cursor(self) -> Agent | None:
        """Return the agent under the cursor of the response, if it was sent as the identity in force."""
        exchange, place = self._state.exchange, self._panes.response.place
        if exchange is None or place is None or exchange.identity != self._state.active:
            return None
        return conversation.agent_at(exchange, place[0])

    # Opening

    def open(self) -> None:
        """Open a conversation with the agent under the cursor, else with one that the user chooses."""
        if not self._state.is_signed_in:
            self.notify("Not signed in.", format_keys("Press {refresh_users|Ctrl+R} to sign in."), "warning")
        elif identity := self._requests.drawn_identity():
            self.start("talk", self._open, identity)

    async def _open(self, identity: Identity) -> None:
        is_here = self._panes.response.has_focus_within
        try:
            agent = (self._agent_at_cursor() if is_here else None) or await self._chosen_agent(identity)
        except AIRiskError as error:
            self.notify_error(error)
            return
        if agent is None or identity != self._state.active:
            return
        self._state.variables = self._state.variables.pick("agent", agent.thing, identity)
        self._state.publish()
        self._panes.notice.clear()
        line = Line(self._say, self._stop, self._leave)
        screen = TalkScreen(str(agent), identity.name or str(identity), line)
        self._talk = _Talk(agent, identity, screen)
        self._screen.app.push_screen(screen)

    async def _chosen_agent(self, identity: Identity) -> Agent | None:
        """Let the user choose among the agents that this identity sees; None if they do not."""
        self.notify(f"Listing the agents of {identity} …", format_keys("{cancel|Esc} cancels."), "information")
        exchange = await self._requests.converse(conversation.LIST_AGENTS, identity, lambda _: None)
        self._panes.notice.clear()
        _refuse_failure(exchange, identity)
        agents = conversation.agents_in(exchange)
        if not agents:
            raise _NotSentError(f"AIRisk lists no agents for {identity}.")

        def find(text: str) -> list[MenuItem[Agent]]:
            words = normalize(text).split()
            matching = [each for each in agents if all(word in normalize(f"{each.name} {each.id}") for word in words)]
            return [MenuItem(str(each), each, each.id if each.name else "") for each in matching]

        return await self.open_dialog(
            ChoiceDialog("Talk to", find, placeholder="search for an agent", submit_label="Talk")
        )

    # Talking

    def _say(self, text: str, files: tuple[Path, ...]) -> None:
        if self._talk and self.is_running("say"):
            self._talk.screen.conversation.give_back(text, files)
        elif self._talk:
            self.start("say", self._send, self._talk, text, files)

    async def _send(self, talk: _Talk, text: str, files: tuple[Path, ...]) -> None:
        pane, talk.left = talk.screen.conversation, list(files)
        turn = pane.add(talk.identity.name or str(talk.identity), text)
        reply: Turn | None = None
        try:
            if not talk.id:
                exchange = await self._sent(talk, conversation.begin(talk.agent, text), text)
                talk.id = conversation.conversation_in(exchange)
                if not talk.id:
                    raise _NotSentError("AIRisk began no conversation: its response has no id.")
            for path in files:
                upload = await run_in_thread(read_upload, str(path))
                await self._sent(talk, conversation.add_file(talk.id, upload), text)
                talk.left.remove(path)
                pane.note(turn, f"+ {path.name}, {size(len(upload.content))}")
            draft = conversation.ask(talk.id, text)
            await self._agree(talk, draft, text)
            reply = pane.add(str(talk.agent), is_agent=True)
            exchange = await self._requests.converse(draft, talk.identity, partial(pane.say, reply))
            _refuse_failure(exchange, talk.identity)
            _finish(pane, reply, exchange)
        except AIRiskError as error:
            pane.note(reply or turn, f"✗ {error.message}", "$text-error")
            self._give_back(talk, text, error.message, self._advice(error))
        except asyncio.CancelledError:
            if talk.screen.is_attached:
                pane.note(reply or turn, "✗ Canceled. AIRisk may already have processed it.")
            if self._talk is talk:  # One that has ended says why.
                self._give_back(talk, text, "Canceled.", "")
            raise
        finally:
            talk.screen.wait(is_waiting=False)

    def _give_back(self, talk: _Talk, text: str, message: str, advice: str) -> None:
        """Put what was not sent back into the line, and say why."""
        if talk.screen.is_attached:
            talk.screen.conversation.give_back(text, talk.left)
            talk.screen.show_message(message, advice, "warning")

    def _advice(self, error: AIRiskError) -> str:
        if isinstance(error, ChangesNotAllowedError):
            return format_keys("Leave with {leave_talk|Esc}, then {allow_changes|W} allows changes.")
        return error.advice

    async def _sent(self, talk: _Talk, draft: Draft, text: str) -> Exchange:
        """Send a request of the conversation, once it is confirmed; raise if AIRisk refused it."""
        await self._agree(talk, draft, text)
        exchange = await self._requests.converse(draft, talk.identity, lambda _: None)
        _refuse_failure(exchange, talk.identity)
        return exchange

    async def _agree(self, talk: _Talk, draft: Draft, text: str) -> None:
        """Have the user confirm the conversation, or in production each request, if that is required.

        Raises:
            _NotSentError: the user did not.
        """
        session = self._state.session
        if session is None or session.is_read_only(talk.identity):
            return  # The session refuses it, and says why.
        settings, app = session.settings, self._screen.app
        talk.screen.wait(is_waiting=False)  # It waits for the user.
        if is_production(settings.label):
            is_agreed = await confirm_send(app, session, draft, talk.identity)
        elif talk.is_agreed or not needs_confirmation(settings, draft, talk.identity):
            is_agreed = True
        else:
            summary = SendSummary.of_conversation(str(talk.agent), conversation.WRITES, text, talk.identity, settings)
            is_agreed = talk.is_agreed = await self.open_dialog(ConfirmDialog(summary, label=settings.label)) is True
        if not is_agreed:
            raise _NotSentError("Not sent.")
        talk.screen.wait(is_waiting=True)

    # Stopping

    def _stop(self) -> bool:
        return self._requests.stop_stream("conversation") or self.cancel()

    def _leave(self) -> None:
        self._talk = None

    def _end(self, _: object) -> None:
        """End the conversation with the acting session in which it is held, or in which it is opened."""
        talk = self._talk
        if talk and self._state.is_signed_in and self._state.active == talk.identity:
            return
        self.cancel()
        if talk:
            self._talk = None
            talk.screen.end(f"This conversation ended: you no longer act as {talk.identity}.")


def _refuse_failure(exchange: Exchange, identity: Identity) -> None:
    """Raise if a response is no success.

    Raises:
        _NotSentError: its status is 300 or more.
    """
    if exchange.status < 300:
        return
    status = f"{exchange.status} {exchange.reason or status_words(exchange.status)}".strip()
    note = permission_note(exchange.status, identity, how_to_act="") if exchange.status in {401, 403} else ""
    if exchange.may_be_repeated:
        note = "A new token is ready. Send it again."
    raise _NotSentError(f"AIRisk responded with {status}.", advice=note or _SEE)


_SEE = "The Response pane has the whole response."


def _finish(pane: ConversationPane, turn: Turn, exchange: Exchange) -> None:
    """Show the whole reply, and why it is not whole, if it is not."""
    if exchange.content_type == EVENT_STREAM:
        reply = rebuild_reply(exchange.body)
        pane.say(turn, reply.text if reply.is_of_agent else "")
        if not reply.is_of_agent:
            pane.note(turn, f"{plural(reply.count, 'event')}, and none of an agent. {_SEE}")
    else:
        pane.say(turn, conversation.reply_in(exchange))
    if exchange.broken:
        pane.note(turn, f"✗ {exchange.broken}", "$text-error")
    elif not turn.text:
        pane.note(turn, f"No text. {_SEE}")
