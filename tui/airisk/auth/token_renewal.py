"""Access tokens, one per identity, fetched once for concurrent callers and renewed before expiry."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial

from tui.airisk.auth.oauth import Token, run_flow, sign_in
from tui.airisk.auth.sign_in_errors import ClientCredentials
from tui.airisk.http.client import HttpClient
from tui.airisk.identity import APPLICATION, Identity
from tui.background import shielded
from tui.config.keyring import Secret
from tui.config.settings import Settings
from tui.errors import SignInRejectedError

RENEW_EARLY = 30.0
"""Seconds before its end in which a token is no longer used; a tenth of its life where that is less."""


class TokenSlot:
    """Holds the token of one identity.

    Args:
        fetch: signs in and returns a fresh token.
    """

    def __init__(self, fetch: Callable[[], Awaitable[Token]]) -> None:
        self._fetch = fetch
        self._flight: _PendingSignIn | None = None
        self.token: Token | None = None

    @property
    def is_pending(self) -> bool:
        """Whether a token is being requested."""
        return self._flight is not None and not self._flight.task.done()

    def refuse(self, token: Token) -> None:
        """Discard a token that AIRisk rejected, if it is the current one, regardless of its expiry."""
        if token is self.token:
            self.token = replace(token, expires_at=0.0)

    async def get(self) -> Token:
        """Return a valid token. Callers that arrive while it is requested share the one sign-in.

        When the last of them stops waiting, the sign-in is canceled, and its token is not stored.

        Raises:
            AIRiskError: the sign-in failed; all waiting callers get the error.
        """
        if self.token and self.token.is_live(margin=_margin(self.token)):
            return self.token
        flight = self._flight
        if flight is None or flight.task.done():
            flight = self._flight = _PendingSignIn(asyncio.ensure_future(self._sign_in()))
        flight.waiting += 1
        try:
            return await shielded(flight.task)
        finally:
            flight.waiting -= 1
            if not flight.waiting:
                flight.task.cancel()
                self._flight = None if self._flight is flight else self._flight

    async def _sign_in(self) -> Token:
        self.token = await self._fetch()
        return self.token


@dataclass
class _PendingSignIn:
    """A pending sign-in and its number of waiters."""

    task: asyncio.Future[Token]
    waiting: int = 0


def _margin(token: Token) -> float:
    life = (token.expires_at or token.obtained_at) - token.obtained_at
    return min(RENEW_EARLY, life / 10)


SIGN_IN_CAP = 4 * 1024 * 1024
"""Bytes of a sign-in response: enough for the page of a proxy that responds instead of AIRisk."""


def application_of(settings: Settings, secret: Secret) -> ClientCredentials:
    """Return the client that the settings describe."""
    return ClientCredentials(settings.client_id, secret, settings.redirect_uri, settings.protected_users)


class TokenCache:
    """One token slot per identity, with its way to sign in.

    Args:
        client: the client of the deployment.
        settings: the deployment.
        secret: the client secret.
    """

    def __init__(self, client: HttpClient, settings: Settings, secret: Secret) -> None:
        self._client = client
        self._is_single_user = settings.single_user
        self._application = application_of(settings, secret)
        self._slots: dict[Identity, TokenSlot] = {}

    def slot(self, identity: Identity) -> TokenSlot:
        """Return the slot of this identity's token."""
        if identity not in self._slots:
            fetch = self._sign_in_user if identity.is_user else self._sign_in_application
            self._slots[identity] = TokenSlot(partial(fetch, identity))
        return self._slots[identity]

    def in_hand(self, identity: Identity) -> Token | None:
        """Return the current token of this identity, valid or not."""
        slot = self._slots.get(identity)
        return slot.token if slot else None

    def forget(self, identity: Identity) -> None:
        """Drop that identity's token, unless it is being requested."""
        slot = self._slots.get(identity)
        if slot and not slot.is_pending:
            del self._slots[identity]

    async def _sign_in_application(self, identity: Identity) -> Token:
        return await self._drive(identity)

    async def _sign_in_user(self, identity: Identity) -> Token:
        """Sign in with the generic token, retrying once with a fresh one. Single-user mode first tries without."""
        generics = self.slot(APPLICATION)
        generic = generics.token if self._is_single_user else await generics.get()
        try:
            return await self._drive(identity, generic)
        except SignInRejectedError as refusal:
            if refusal.status not in {401, 403} or (generic and refusal.status == 403):
                raise
        if generic:
            generics.refuse(generic)
        return await self._drive(identity, await generics.get())

    async def _drive(self, identity: Identity, generic: Token | None = None) -> Token:
        steps = sign_in(self._application, identity, generic, self._client.sent)
        return await run_flow(steps, partial(self._client.send, cap=SIGN_IN_CAP))
