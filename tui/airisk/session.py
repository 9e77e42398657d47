"""Session with one AIRisk deployment."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from tui import clocks
from tui.airisk.audit_sink import AuditSink, EndReason
from tui.airisk.auth.oauth import Token
from tui.airisk.auth.token_renewal import TokenCache
from tui.airisk.guard_rails import (
    ActingPeriod,
    begins_read_only,
    check_act_as,
    check_not_protected,
    check_request,
    is_oneself,
    refuse_stranger,
)
from tui.airisk.http.backoff import OnWait, Waiting, patiently
from tui.airisk.http.client import HttpClient
from tui.airisk.http.request import Progress
from tui.airisk.http.response import LIST_CAP, RESPONSE_CAP, BodyConsumer, Response, StreamingResponse
from tui.airisk.identity import APPLICATION, Identity
from tui.airisk.models import AuditHead, Draft, Exchange, User, UserList
from tui.airisk.sender import RequestSender
from tui.airisk.users.fetch import UserLister
from tui.airisk.users.stream_parser import OnProgress
from tui.background import shielded
from tui.config.keyring import Secret
from tui.config.settings import Settings
from tui.errors import AIRiskError, RequestRejectedError

if TYPE_CHECKING:
    from tui.airisk.http.har import HarRecorder

_REMEMBERED = 10
"""Recent identities, which searches list first."""


class Session:
    """Signs in, lists the users, acts as one of them, and sends each request as a given identity.

    The identity is a parameter of every request, never a mode: `active` is only the user's last choice. It changes as
    soon as a token for the new identity is available, and not before.

    Args:
        settings: the deployment.
        secret: the client secret.
        record: records every act, refusal and request, before they count as done.
        recorder: records what is sent and received, for a HAR file.
    """

    def __init__(
        self,
        settings: Settings,
        secret: Secret,
        record: AuditSink | None = None,
        *,
        recorder: HarRecorder | None = None,
    ) -> None:
        self.settings = settings
        self.active: Identity = APPLICATION
        self.act: ActingPeriod | None = None
        self.recent: tuple[Identity, ...] = ()
        self._allows_changes = False
        self._also_changing = Counter[Identity]()
        self._also = Counter[Identity]()
        # Temporary identities that the acting session of the same user covers, and those that have outlasted it.
        self._within_act = Counter[Identity]()
        self._outlasting = Counter[Identity]()
        self._client = HttpClient(settings, recorder)
        self._tokens = TokenCache(self._client, settings, secret)
        self._record = record or AuditSink()
        self._sender = RequestSender(self._client, self._tokens, self._record)
        self._lister = UserLister(settings.list_users, settings.origin)

    async def close(self) -> None:
        """Drop all connections."""
        await self._client.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def audit_head(self) -> AuditHead | None:
        """Return the last entry of the audit trail, or None if nothing is recorded.

        Raises:
            AuditError: the trail is required and cannot be read.
        """
        return await self._record.head()

    # Acting

    @property
    def previous(self) -> Identity | None:
        """The identity before the active one."""
        return next((identity for identity in self.recent if identity != self.active), None)

    async def sign_in(self, identity: Identity = APPLICATION, on_wait: OnWait | None = None) -> Token:
        """Return a valid token of that identity, signing in only if there is none.

        With `on_wait`, it waits while AIRisk is overloaded.

        Raises:
            RequestRejectedError: the user is protected.
            SignInError: AIRisk issued no token.
            NoResponseError: AIRisk did not respond, or is overloaded.
        """
        check_not_protected(self.settings, identity)
        return await patiently(self._tokens.slot(identity).get, on_wait)

    async def act_as(self, user: User, reason: str = "", on_wait: OnWait | None = None) -> Identity:
        """Sign in as a user and adopt that identity. On failure nothing changes.

        With `on_wait`, it waits while AIRisk is overloaded.

        Raises:
            RequestRejectedError: the user is protected, or a required reason is missing.
            SignInError: AIRisk issued no token for that user.
            NoResponseError: AIRisk did not respond.
        """
        identity = await self._signed_in(Identity.of(user), reason, on_wait)
        await self._record.acting_started(identity, reason)
        before, before_reason = self.active, self.act.reason if self.act else ""
        # An act as oneself needs no time limit: there would be no identity to return to.
        self.act = None if identity.is_oneself else ActingPeriod(identity, self.settings.act_minutes, reason)
        self._adopt(identity)
        await self._record_outlasting(before, before_reason)
        return identity

    def stop_acting(self, why: EndReason = EndReason.KEY) -> Awaitable[None]:
        """Return to the application at once, without network access. Await the result until it is recorded."""
        if not self.active.is_user:
            return _nothing()
        before, reason = self.active, self.act.reason if self.act else ""
        self._adopt(APPLICATION)
        self.act = None
        return self._record_stop(before, reason, why)

    async def _record_stop(self, before: Identity, reason: str, why: EndReason) -> None:
        await self._record.acting_stopped(why)
        await self._record_outlasting(before, reason)

    async def _record_outlasting(self, before: Identity, reason: str) -> None:
        """Record the start of a session of its own for each work that goes on as the user who was acted as."""
        if before == self.active:
            return
        for _ in range(self._within_act[before]):
            self._within_act[before] -= 1
            self._outlasting[before] += 1
            await self._record.temporary_identity_started(before, reason)

    def is_read_only(self, identity: Identity) -> bool:
        """Return whether only requests that change nothing may be sent as that identity."""
        return self.settings.read_only or (
            begins_read_only(self.settings, identity) and not self._has_allowed_changes(identity)
        )

    def _has_allowed_changes(self, identity: Identity) -> bool:
        return (identity == self.active and self._allows_changes) or self._also_changing[identity] > 0

    @property
    def can_allow_changes(self) -> bool:
        """Whether the acting session is read-only because it began so."""
        return not self.settings.read_only and self.is_read_only(self.active)

    async def allow_changes(self) -> None:
        """Allow changes until this acting session ends, once that is recorded.

        Raises:
            AuditError: it cannot be recorded, although that is required.
        """
        identity = self.active
        await self._record.changes_allowed(identity)
        if self.active is identity:  # each acting session has an object of its own
            self._allows_changes = True

    @asynccontextmanager
    async def temporary_identity(
        self, identity: Identity, reason: str = "", *, allows_changes: bool = False
    ) -> AsyncIterator[Identity]:
        """Send as another user without switching. Same guard rails; recorded as its own acting session.

        `allows_changes`: allow changes from its start, if acting sessions begin read-only; that is recorded, too.

        Raises:
            RequestRejectedError: the user is protected, or a required reason is missing.
            SignInError: AIRisk issued no token for that user.
            NoResponseError: AIRisk did not respond.
        """
        if not identity.is_user:
            with self._may_send(identity):
                yield identity
            return
        if identity == self.active:
            with self._may_send(identity):
                self._within_act[identity] += 1
                try:
                    yield identity
                finally:
                    await shielded(self._end_within_act(identity))
            return
        also = await self._signed_in(identity, reason)
        await self._record.temporary_identity_started(also, reason)
        try:
            if changes := allows_changes and begins_read_only(self.settings, also):
                await self._record.changes_allowed(also)
            with self._may_send(also, changes=changes):
                yield also
        finally:
            await shielded(self._record.temporary_identity_stopped(also))

    async def _end_within_act(self, identity: Identity) -> None:
        if self._outlasting[identity]:
            self._outlasting[identity] -= 1
            await self._record.temporary_identity_stopped(identity)
        else:
            self._within_act[identity] -= 1

    @contextmanager
    def _may_send(self, identity: Identity, *, changes: bool = False) -> Iterator[None]:
        """Allow requests as that identity, even if another user is acted as in the meantime."""
        self._also[identity] += 1
        self._also_changing[identity] += changes
        try:
            yield
        finally:
            self._also[identity] -= 1
            self._also_changing[identity] -= changes

    def token(self, identity: Identity) -> Token | None:
        """Return that identity's token, valid or not."""
        return self._tokens.in_hand(identity)

    async def renew(self, identity: Identity) -> Token:
        """Replace a rejected token by a new one.

        Raises:
            RequestRejectedError: the user is protected.
            SignInError: AIRisk issued no token.
            NoResponseError: AIRisk did not respond.
        """
        if token := self.token(identity):
            self._tokens.slot(identity).refuse(token)
        return await self.sign_in(identity)

    def forget(self, identity: Identity) -> None:
        """Drop a user's token that is no longer needed, unless requests are still sent as that user."""
        if identity.is_user and identity != self.active and not self._also[identity]:
            self._tokens.forget(identity)

    async def _signed_in(self, identity: Identity, reason: str, on_wait: OnWait | None = None) -> Identity:
        """Sign that user in and check the token's subject; a refusal is recorded."""
        try:
            check_act_as(self.settings, identity, reason)
            token = await self.sign_in(identity, on_wait)
        except AIRiskError as error:
            await self._record.refused(identity, error.message)
            raise
        return replace(identity, subject_check=token.subject_check, is_oneself=is_oneself(self.settings, identity))

    def _adopt(self, identity: Identity) -> Identity:
        before = (self.active, *self.recent)
        self.recent = tuple(dict.fromkeys((identity, *before)))[:_REMEMBERED]
        self.active = identity
        self._allows_changes = False
        return identity

    # Sending

    async def users(self, on_progress: OnProgress | None = None, on_wait: OnWait | None = None) -> UserList:
        """List the users of the deployment as the application sees them; `on_progress` gets them as they arrive.

        All pages of a list are requested; `UserList.missing` says why if that fails. With `on_wait`, it waits while
        AIRisk is overloaded.

        Raises:
            UserListError: the response is something else.
            SignInError: there is no generic token.
            NoResponseError: AIRisk did not respond, or is overloaded.
        """

        async def send(draft: Draft, take: BodyConsumer, *, renews: bool = True) -> Response:
            waiting = Waiting(on_wait)
            while True:
                response, _ = await self._sender.send(draft, APPLICATION, LIST_CAP, take=take, renews=renews)
                if not await waiting.is_waited_out(response.status, response.header("retry-after")):
                    return response

        await self.sign_in(on_wait=on_wait)
        return await self._lister.users(send, on_progress)

    async def send(
        self, draft: Draft, identity: Identity, progress: Progress | None = None, *, renews: bool = True
    ) -> Exchange:
        """Send a request as an identity. Every status is a response.

        After a 401 the token is renewed once, if allowed, and a safe request is resent. For any other request, the
        Exchange says that it `may_be_repeated`. `progress` is called as the body is sent.

        Raises:
            RequestRejectedError: the program does not send this, or that user is neither acted as nor opened with
                `temporary_identity`.
            SignInError: there is no token for that identity.
            NoResponseError: AIRisk did not respond.
        """
        await self._refuse_forbidden(draft, identity)
        started = clocks.precise()
        response, renewal = await self._sender.send(draft, identity, RESPONSE_CAP, progress=progress, renews=renews)
        return Exchange(
            draft=draft,
            identity=replace(self._sender.with_subject_check(identity), is_oneself=is_oneself(self.settings, identity)),
            status=response.status,
            reason=response.reason,
            headers=response.headers,
            body=response.body,
            seconds=clocks.precise() - started if renewal == "replayed" else response.timing.total,
            at=clocks.now(),
            timing=response.timing,
            is_replayed=renewal == "replayed",
            may_be_repeated=renewal == "renewed",
        )

    @asynccontextmanager
    async def stream(self, draft: Draft, identity: Identity) -> AsyncIterator[StreamingResponse]:
        """Send a request and yield its response while it is arriving.

        Raises:
            RequestRejectedError: the program does not send this.
            SignInError: there is no token for that identity.
            NoResponseError: AIRisk did not respond, or fell silent.
        """
        await self._refuse_forbidden(draft, identity)
        async with self._sender.stream(draft, identity) as incoming:
            yield incoming

    async def _refuse_forbidden(self, draft: Draft, identity: Identity) -> None:
        try:
            allows_changes = self._has_allowed_changes(identity)
            check_request(self.settings, draft, identity, self.act, allows_changes=allows_changes)
            refuse_stranger(identity, {self.active, *+self._also})
        except RequestRejectedError as refusal:
            await self._record.refused(identity, refusal.message, draft)
            raise


async def _nothing() -> None:
    """Do nothing, because there is nothing to record."""
