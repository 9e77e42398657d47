"""A stage on which a session and a deployment play whatever story they are given, and the rules it must not break."""

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable

import httpx

from tests.kit.clock import Clock
from tests.kit.idle import IdleSelector
from tests.kit.prompted import Action, Call, Deployment, Remembering, cause, owner_of
from tui.airisk.identity import APPLICATION, Identity, SubjectCheck
from tui.airisk.models import Draft, User
from tui.airisk.session import Session
from tui.config.keyring import Secret
from tui.config.origin import parse_origin
from tui.config.settings import Settings
from tui.errors import AIRiskError

SIGN_IN = 2 * 3
"""Requests of one sign-in at most: a code, again after a broken connection, and a token; and all that again."""
MOST_REQUESTS = 2 * (SIGN_IN + 2 * SIGN_IN // 2) + 4
"""Requests of one action at most: two tokens, two application ones for each; and itself four times."""

Work = Callable[[Action], Awaitable[None]]


class Stage:
    """One session, the deployment it talks to, and the story so far.

    Args:
        selector: of the loop it runs on.
        clock: what the story looks at.
        seen: counts what happened, over all stories.
        is_single_user: whether users are signed in without the generic token.
    """

    def __init__(self, selector: IdleSelector, clock: Clock, seen: Counter[str], *, is_single_user: bool) -> None:
        origin = parse_origin("http://127.0.0.1")
        # An act notes by the true clock when it began.
        settings = Settings(origin, "client", single_user=is_single_user, act_minutes=float("inf"))
        self.deployment = Deployment()
        self.record = Remembering(self.deployment.wrongs)
        self.session = Session(settings, Secret("a secret"), self.record)
        self.session._client._transport = self.deployment
        self.story = ["in single-user mode"] if is_single_user else []
        self.turns: int | None = None
        self.clock = clock
        self._expected: Identity = APPLICATION
        self._selector, self._seen = selector, seen
        self._actions: dict[Action, asyncio.Task[None]] = {}

    @property
    def running(self) -> list[Action]:
        """What was begun and has not ended, and could be given up: stopping cannot."""
        return [each for each, task in self._actions.items() if not task.done() and (each.draft or each.is_switch)]

    # What the person does

    def act_as(self, user: User) -> Action:
        return self._begin(f"act as {user.name}", Identity.of(user), self._switch)

    def send(self, method: str, identity: Identity | None = None, *, is_streamed: bool = False) -> Action:
        """Ask in an identity's name; the active one's where none is given."""
        identity = identity or self.session.active
        words = f"{'stream' if is_streamed else 'send'} a {method} as {identity.name or identity.kind}"
        draft = Draft(method, f"/api/asked/{len(self._actions) + 1}")
        return self._begin(words, identity, self._stream if is_streamed else self._send, draft)

    def stop_acting(self) -> Action:
        """As the program does it: what is being switched to meanwhile is given up."""
        for action in self.running:
            if action.is_switch:
                self.cancel(action)
        self._expected = APPLICATION
        kept = self.session.stop_acting()
        return self._begin("stop acting", APPLICATION, lambda _: kept)

    def cancel(self, action: Action) -> None:
        self.story.append(f"give up: {action}")
        self._seen["given up"] += 1
        action.is_canceled |= self._actions[action].cancel()

    def _begin(self, words: str, identity: Identity, work: Work, draft: Draft | None = None) -> Action:
        action = Action(len(self._actions) + 1, words, identity, draft)
        self.story.append(str(action))
        self._actions[action] = asyncio.ensure_future(self._do(action, work))
        return action

    async def _do(self, action: Action, work: Work) -> None:
        cause.set(action)
        try:
            await work(action)
        except AIRiskError as error:
            self.story.append(f"    {action} ended: {error.message}")
            self._seen[type(error).__name__] += 1
        except asyncio.CancelledError:
            self.want(action.is_canceled, f"nobody gave up {action}, and it ended as if somebody had")
            raise
        else:
            self.want(not action.is_canceled, f"{action} was given up, and went on")
            self.story.append(f"    {action} is done")

    async def _switch(self, action: Action) -> None:
        self._expected = await self.session.act_as(User(action.identity.id, action.identity.name))
        self.want(self._expected == action.identity, f"{action} made us {self._expected}")
        self.want(self.session.token(action.identity) is not None, f"{action} adopted without a token")
        self._seen["switched"] += 1

    async def _send(self, action: Action) -> None:
        assert action.draft
        exchange = action.exchange = await self.session.send(action.draft, action.identity)
        subject_check = SubjectCheck.CONFIRMED if action.identity.is_user else SubjectCheck.NONE
        is_its = (exchange.identity, exchange.identity.subject_check, exchange.draft) == (
            action.identity,
            subject_check,
            action.draft,
        )
        self.want(is_its, f"{action} was answered for {exchange.identity}")
        self._want_own(action, exchange.status, exchange.body)
        self._seen["replayed"] += exchange.is_replayed
        self._seen["may be repeated"] += exchange.may_be_repeated
        self._seen["answered under another's name"] += exchange.identity != self.session.active

    async def _stream(self, action: Action) -> None:
        assert action.draft
        async with self.session.stream(action.draft, action.identity) as incoming:
            body = b"".join([chunk async for chunk in incoming.chunks])
        self._want_own(action, incoming.status, body)
        self._seen["streamed"] += 1

    def _want_own(self, action: Action, status: int, body: bytes) -> None:
        owner = json.loads(body)["owner"] if status == 200 else action.owner
        self.want(owner == action.owner, f"{action} shows what is {owner}'s")

    # What the deployment does

    def answer(self, call: Call, response: httpx.Response | Exception, words: str = "") -> None:
        """Let a waiting request have its answer, or what the network makes of it in other `words`."""
        status = response.status_code if isinstance(response, httpx.Response) else None
        self.story.append(f"{call} {words or f'is answered with {status}'}")
        sharing = [action for action in self.running if action.owner == call.owner]
        self._seen["several waited for one sign-in"] += call.is_sign_in and len(sharing) > 1
        self.deployment.answer(call, response)

    def stall(self) -> None:
        """What is to be recorded is not, for a while."""
        if not self.record.is_stalled:
            self.story.append("the disk stalls")
            self.record.is_stalled = True

    def go_on(self) -> None:
        """The disk goes on, if it had stalled."""
        if self.record.is_stalled:
            self.story.append("the disk goes on")
            self.record.go_on()

    # What must hold

    async def settle(self) -> None:
        """Let everything run as far as it can, or for the few turns that the story wants; nothing may be wrong then."""
        if self.turns is None:
            await self._selector.settled()
        else:
            self.story.append(f"{self.turns} turns of the loop later:" if self.turns else "in the same moment:")
            for _ in range(self.turns):
                await asyncio.sleep(0)
            self.turns = None
        self._check()

    def want(self, is_so: bool, otherwise: str) -> None:
        """Note what is wrong: raised here, it would be an error for the program to handle."""
        if not is_so:
            self.deployment.wrongs.append(otherwise)

    def _check(self) -> None:
        self._check_session()
        for action, task in self._actions.items():
            most = 1 if action.draft and not action.draft.is_safe else 4
            if action.sent > most or action.requests > MOST_REQUESTS:
                self.want(False, f"{action} led to {action.requests} requests, and was sent {action.sent} times")
            if task.done() and not task.cancelled():
                task.result()
        if self.deployment.wrongs:
            raise AssertionError(self.deployment.wrongs[0])

    def _check_session(self) -> None:
        active, act = self.session.active, self.session.act
        if active != self._expected:
            self.want(False, f"we are {active}, and should be {self._expected}")
        if active != (act.identity if act else APPLICATION):
            self.want(False, f"the act is {act}, and we are {active}")
        for identity in {action.identity for action in self._actions}:
            token = self.session.token(identity)
            owner = self.deployment.tokens[token.secret.reveal()].owner if token else owner_of(identity)
            if owner != owner_of(identity):
                self.want(False, f"the token kept for {identity} is {owner}'s")

    async def end(self) -> None:
        """Answer all that still waits; then the record is whole, and everything works again."""
        self.story.append("at last:")
        self.turns = None
        await self.answer_all()
        for action in self._actions:
            self._check_record(action)
        acted_as = self.record.acted_as
        self.want(acted_as == self.session.active, f"the record ends with {acted_as}, and we are {self.session.active}")
        self.story.append("and once all is well again:")
        self.act_as(User("u-1", "Ada Lovelace"))
        await self.answer_all()
        last = self.send("GET")
        await self.answer_all()
        self.want(last.exchange is not None and last.exchange.status == 200, "nothing works any more")
        self._check()

    async def leave(self) -> None:
        """Give up whatever still goes on, however wrong it is."""
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def answer_all(self) -> None:
        """Let the disk go on, and answer whatever waits, and what comes of that, until nothing goes on."""
        self.go_on()
        await self.settle()
        while self.deployment.waiting:
            call = self.deployment.waiting[0]
            self.answer(call, self.deployment.proper(call))
            await self.settle()
        if self.running:
            self.want(False, f"nothing is left to wait for, but {[str(each) for each in self.running]} do")

    def _check_record(self, action: Action) -> None:
        told, exchange = action.statuses, action.exchange
        self.want(bool(told) == bool(action.sent), f"{action} was sent {action.sent} times, and recorded as {told}")
        answered = [status for status in told if status]
        if exchange and (len(answered), answered[-1:]) != (1 + exchange.is_replayed, [exchange.status]):
            self.want(False, f"{action} ended with {exchange.status}, and was recorded as {told}")
