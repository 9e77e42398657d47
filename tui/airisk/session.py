"""The conversation with one AIRisk deployment."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Self

from tui.airisk.errors import NotAUserList, Refused, SignInRefused
from tui.airisk.models import ANONYMOUS, GENERIC, Draft, Exchange, Identity, Proof, User, UserList
from tui.airisk.oauth import Steps, Token, drive, sign_in
from tui.airisk.refusals import Application
from tui.airisk.settings import Settings
from tui.airisk.threads import in_thread
from tui.airisk.tokens import TokenHolder
from tui.airisk.users import read_users
from tui.airisk.vault import Secret
from tui.airisk.wire import ANSWER_CAP, LIST_CAP, Answer, Incoming, Request, Wire

LIST_PATHS = ("/api/ListUsers", "/api/Users/ListUsers")
"""Where the list of users is documented to be: the second is asked when the first answers 404."""

SIGN_IN_CAP = 64 * 1024
_QUICKLY_READ = 64 * 1024


class Session:
    """Signs in, lists the users, acts as one of them, and sends requests in the identity each is given.

    Identity is a parameter of every request, never a mode: `active` is only what the person chose last. It changes
    when a token for the new identity is in hand, and not before.

    Args:
        settings: the deployment.
        secret: the client secret.
    """

    def __init__(self, settings: Settings, secret: Secret) -> None:
        self.settings = settings
        self.active: Identity = GENERIC
        self.previous: Identity | None = None
        self._application = Application(settings.client_id, secret, settings.redirect_uri)
        self._wire = Wire(settings)
        self._holders: dict[Identity, TokenHolder] = {}

    async def close(self) -> None:
        """Drop all connections."""
        await self._wire.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    # Signing in

    async def sign_in(self, identity: Identity = GENERIC) -> Token:
        """A live token of that identity, asked for only where there is none.

        Raises:
            SignInError: AIRisk gave none.
            NoAnswer: AIRisk could not be asked.
        """
        return await self._holder(identity).get()

    async def act_as(self, user: User) -> Identity:
        """Sign in as a user and adopt that identity; on any failure everything stays as it was.

        Raises:
            SignInError: AIRisk did not give a token for that user.
            NoAnswer: AIRisk could not be asked.
        """
        identity = Identity.of(user)
        token = await self.sign_in(identity)
        return self._adopt(replace(identity, proof=token.proof))

    def stop_acting(self) -> Identity:
        """Be the application itself again. Needs no network."""
        return self._adopt(GENERIC)

    def token(self, identity: Identity) -> Token | None:
        """The token in hand for that identity, live or not."""
        holder = self._holders.get(identity)
        return holder.token if holder else None

    def _adopt(self, identity: Identity) -> Identity:
        if identity != self.active:
            self.previous = self.active
        self.active = identity
        return identity

    def _holder(self, identity: Identity) -> TokenHolder:
        if identity not in self._holders:
            fetch = self._sign_in_user if identity.is_user else self._sign_in_generic
            self._holders[identity] = TokenHolder(partial(fetch, identity))
        return self._holders[identity]

    async def _sign_in_generic(self, identity: Identity) -> Token:
        return await self._drive(sign_in(self._application, identity))

    async def _sign_in_user(self, identity: Identity) -> Token:
        """Straight away in single-user mode, else with the generic token; once more with a fresh one on a refusal."""
        application = self._application
        generic = self.token(GENERIC) if self.settings.single_user else await self.sign_in()
        try:
            return await self._drive(sign_in(application, identity, generic))
        except SignInRefused as refusal:
            if refusal.status not in {401, 403} or (generic and refusal.status == 403):
                raise
        fresh = await self._holder(GENERIC).get(instead_of=generic)
        return await self._drive(sign_in(application, identity, fresh))

    async def _drive(self, steps: Steps) -> Token:
        return await drive(steps, partial(self._wire.ask, cap=SIGN_IN_CAP))

    # Asking

    async def users(self) -> UserList:
        """The users of the deployment, as the application itself may see them.

        Raises:
            NotAUserList: what came is something else.
            SignInError: there is no generic token.
            NoAnswer: AIRisk could not be asked.
        """
        paths = (self.settings.list_users,) if self.settings.list_users else LIST_PATHS
        answer = await self._list(paths[0])
        if answer.status == 404 and len(paths) > 1:
            answer = await self._list(paths[1])
        if answer.status not in {200, 204}:
            raise _no_list(answer)
        if len(answer.body) <= _QUICKLY_READ:
            return _read_list(answer)
        return await in_thread(_read_list, answer)

    async def _list(self, path: str) -> Answer:
        answer, _ = await self._ask(Request("GET", path), GENERIC, LIST_CAP)
        return answer

    async def send(self, draft: Draft, identity: Identity) -> Exchange:
        """Send a request in an identity's name. Every status is an answer.

        Where AIRisk answers 401 the token is renewed once, and a safe request is sent again.

        Raises:
            Refused: the program does not send this.
            SignInError: there is no token for that identity.
            NoAnswer: AIRisk could not be asked.
        """
        self._refuse_forbidden(draft)
        started = time.perf_counter()
        answer, is_replayed = await self._ask(_request(draft), identity, ANSWER_CAP)
        return Exchange(
            draft=draft,
            identity=self._stamp(identity),
            status=answer.status,
            reason=answer.reason,
            headers=answer.headers,
            body=answer.body,
            seconds=time.perf_counter() - started if is_replayed else answer.seconds,
            at=datetime.now(UTC),
            is_replayed=is_replayed,
        )

    @asynccontextmanager
    async def stream(self, draft: Draft, identity: Identity) -> AsyncIterator[Incoming]:
        """Send a request and hand over its answer while it is still coming.

        Raises:
            Refused: the program does not send this.
            SignInError: there is no token for that identity.
            NoAnswer: AIRisk could not be asked, or fell silent.
        """
        self._refuse_forbidden(draft)
        request = await self._in_name(_request(draft), identity)
        async with self._wire.open(request) as incoming:
            if not (incoming.status == 401 and request.is_safe and request.bearer):
                yield incoming
                return
        renewed = await self._holder(identity).get(instead_of=self.token(identity))
        async with self._wire.open(replace(request, bearer=renewed.secret)) as incoming:
            yield incoming

    async def _ask(self, request: Request, identity: Identity, cap: int) -> tuple[Answer, bool]:
        """The answer, and whether it is the second one: after a 401 the token is renewed once."""
        answer = await self._wire.ask(await self._in_name(request, identity), cap=cap)
        refused = self.token(identity)
        if answer.status != 401 or identity == ANONYMOUS or refused is None:
            return answer, False
        token = await self._holder(identity).get(instead_of=refused)
        if not request.is_safe:
            return answer, False
        return await self._wire.ask(replace(request, bearer=token.secret), cap=cap), True

    async def _in_name(self, request: Request, identity: Identity) -> Request:
        if identity == ANONYMOUS:
            return request
        token = await self.sign_in(identity)
        return replace(request, bearer=token.secret)

    def _stamp(self, identity: Identity) -> Identity:
        token = self.token(identity)
        return replace(identity, proof=token.proof if token else Proof.NONE)

    def _refuse_forbidden(self, draft: Draft) -> None:
        if self.settings.read_only and not draft.is_safe:
            raise Refused(
                f"{draft.method} is refused: this deployment is set read-only.",
                advice="Unset AIRISK_READ_ONLY, or start without --read-only.",
            )


def _request(draft: Draft) -> Request:
    files = tuple((file.name, file.filename, file.content) for file in draft.files)
    return Request(draft.method, draft.target, draft.headers, draft.body, files)


def _read_list(answer: Answer) -> UserList:
    if answer.body and "html" in answer.content_type:
        raise NotAUserList(
            f"AIRisk's answer is not JSON ({answer.content_type}), so not a user list.",
            advice="The deployment may be starting, or a login page of your network stands in between. Try again.",
        )
    return read_users(answer.body)


def _no_list(answer: Answer) -> NotAUserList:
    advice = {
        401: "The generic token was not accepted: run `airisk-tui doctor`.",
        403: "This client may not list users: ask who runs the deployment.",
        404: "Name the path in AIRISK_LIST_USERS.",
    }.get(answer.status, "Try again in a while.")
    return NotAUserList(f"AIRisk answered the question for its users with {answer.status}.", advice=advice)
