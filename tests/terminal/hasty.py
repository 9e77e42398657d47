"""An admin who does not wait, and who knows afterwards what was done."""

import asyncio
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from random import Random

from tui.airisk.identity import Identity
from tui.airisk.models import Draft, Exchange, User
from tui.airisk.session import Session
from tui.errors import AIRiskError


@dataclass
class HastyAdmin:
    """Uses a session as the screen does, but awaits several answers at once, and some of them after the next switch.

    `done` is what came of the switches, in order: `became`, `failed`, `gave up` or `stopped`, and whom it was about.
    `turns` tells at which turn a path was asked for; none is asked for twice.
    """

    session: Session
    chance: Random
    done: list[tuple[str, str]] = field(default_factory=list)
    turns: dict[str, int] = field(default_factory=dict)
    answers: list[Exchange] = field(default_factory=list)
    _becoming: asyncio.Task[None] | None = None
    _asking: dict[asyncio.Task[None], Identity] = field(default_factory=dict)
    _asked: Counter[str] = field(default_factory=Counter)

    async def switch(self, user: User) -> None:
        """Enter on a user. Sometimes the next Enter, or x, comes before there is an answer."""
        if self._becoming:
            self._becoming.cancel()
        self._becoming = asyncio.create_task(self._become(user))
        is_patient = self.chance.random() < 0.7
        await asyncio.wait([self._becoming], timeout=None if is_patient else self.chance.uniform(0, 0.06))
        if self.chance.random() < 0.2:
            await self._stop()

    async def ask(self, turn: int) -> None:
        """Send up to three requests at once, without waiting, where those before in the same name are over."""
        active = self.session.active
        await self._wait_for({task for task, identity in self._asking.items() if identity == active})
        for _ in range(self.chance.randrange(4)):
            self._asked[active.id] += 1
            path = f"/api/Chat/GetConversation/c-{self._asked[active.id]}-of-{active.id or 'application'}"
            self.turns[path] = turn
            draft = Draft(self.chance.choice(["GET", "GET", "GET", "POST"]), path)
            self._asking[asyncio.create_task(self._send(draft, active))] = active

    async def finish(self) -> None:
        """Wait for all that is under way."""
        await self._wait_for([*self._asking, *([self._becoming] if self._becoming else [])])

    async def _become(self, user: User) -> None:
        try:
            identity = await self.session.act_as(user)
        except asyncio.CancelledError:
            self._note("gave up", user.id)
            raise
        except AIRiskError:
            self._note("failed", user.id)
        else:
            self._note("became", identity.id)
            self._cancel_some()

    async def _stop(self) -> None:
        """X, which also gives up whom it was asked for just now."""
        if self._becoming:
            self._becoming.cancel()
        before = self.session.active
        await self.session.stop_acting()
        if before.is_user:
            self._note("stopped", before.id)
        self._cancel_some()

    async def _send(self, draft: Draft, identity: Identity) -> None:
        try:
            exchange = await self.session.send(draft, identity)
        except AIRiskError:
            return
        assert exchange.identity == identity
        self.answers.append(exchange)

    def _cancel_some(self) -> None:
        """As the screen cancels all of them; but a late answer must not do any harm either."""
        for task in self._asking:
            if self.chance.random() < 0.5:
                task.cancel()

    async def _wait_for(self, tasks: Collection[asyncio.Task[None]]) -> None:
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        for error in ended:
            if error is not None and not isinstance(error, asyncio.CancelledError):
                raise error
        for task in tasks:
            self._asking.pop(task, None)

    def _note(self, what: str, user_id: str) -> None:
        self.done.append((what, user_id))
