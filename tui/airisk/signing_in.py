"""The tokens of every identity of one deployment."""

from __future__ import annotations

from functools import partial

from tui.airisk.errors import SignInRefused
from tui.airisk.http.client import HttpClient
from tui.airisk.models import GENERIC, Identity
from tui.airisk.oauth import Token, drive, sign_in
from tui.airisk.refusals import Application
from tui.airisk.tokens import TokenHolder
from tui.config.keyring import Secret
from tui.config.settings import Settings

SIGN_IN_CAP = 4 * 1024 * 1024
"""Bytes of an answer while signing in: enough for the page of whoever answers instead of AIRisk."""


def application_of(settings: Settings, secret: Secret) -> Application:
    """Return the client that the settings describe."""
    return Application(settings.client_id, secret, settings.redirect_uri, settings.protected_users)


class Tokens:
    """One token holder an identity, and how each of them signs in.

    Args:
        wire: the way to the deployment.
        settings: the deployment.
        secret: the client secret.
    """

    def __init__(self, wire: HttpClient, settings: Settings, secret: Secret) -> None:
        self._wire = wire
        self._is_single_user = settings.single_user
        self._application = application_of(settings, secret)
        self._holders: dict[Identity, TokenHolder] = {}

    def holder(self, identity: Identity) -> TokenHolder:
        """The one that keeps that identity's token."""
        if identity not in self._holders:
            fetch = self._sign_in_user if identity.is_user else self._sign_in_generic
            self._holders[identity] = TokenHolder(partial(fetch, identity))
        return self._holders[identity]

    def in_hand(self, identity: Identity) -> Token | None:
        """The token that identity has, live or not."""
        holder = self._holders.get(identity)
        return holder.token if holder else None

    def forget(self, identity: Identity) -> None:
        """Let go of that identity's token, unless it is being asked for just now."""
        holder = self._holders.get(identity)
        if holder and not holder.is_asking:
            del self._holders[identity]

    async def _sign_in_generic(self, identity: Identity) -> Token:
        return await self._drive(identity)

    async def _sign_in_user(self, identity: Identity) -> Token:
        """Straight away in single-user mode, else with the generic token; once more with a fresh one on a refusal."""
        generics = self.holder(GENERIC)
        generic = generics.token if self._is_single_user else await generics.get()
        try:
            return await self._drive(identity, generic)
        except SignInRefused as refusal:
            if refusal.status not in {401, 403} or (generic and refusal.status == 403):
                raise
        if generic:
            generics.refuse(generic)
        return await self._drive(identity, await generics.get())

    async def _drive(self, identity: Identity, generic: Token | None = None) -> Token:
        steps = sign_in(self._application, identity, generic, self._wire.sent)
        return await drive(steps, partial(self._wire.ask, cap=SIGN_IN_CAP))
