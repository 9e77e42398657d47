"""Check each thing that signing in depends on, in order, and advise on the first that fails."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui import clocks
from tui.airisk.audit_sink import AuditSink
from tui.airisk.auth.oauth import AUTHORIZE, SignInFlow, Token, run_flow, sign_in
from tui.airisk.auth.sign_in_errors import ClientCredentials
from tui.airisk.auth.token_renewal import application_of
from tui.airisk.guard_rails import check_not_protected
from tui.airisk.http.client import HttpClient
from tui.airisk.http.request import Request
from tui.airisk.http.response import Response
from tui.airisk.identity import APPLICATION, Identity
from tui.airisk.models import User, UserList
from tui.airisk.session import Session
from tui.airisk.users.lookup import UsersById
from tui.airisk.users.remarks import remarks
from tui.background import run_in_thread
from tui.config.credentials import how_to_set_secret, require_secret, stored_secret, vault_of
from tui.config.settings import RawSettings, Settings
from tui.errors import AIRiskError, SettingsError, SignInRejectedError, VaultError
from tui.format import coarse_duration

if TYPE_CHECKING:
    from tui.airisk.http.har import HarRecorder


@dataclass(frozen=True, slots=True)
class DiagnosticResult:
    """Result of one step: what was checked, what was found, and what to do. `error` is the failure, if any.

    `is_caution`: the step succeeded, but the user should know of something.
    """

    name: str
    finding: str
    seconds: float
    advice: str = ""
    error: AIRiskError | None = None
    is_caution: bool = False

    @property
    def is_good(self) -> bool:
        """Whether the step succeeded."""
        return self.error is None


STEPS = ("settings", "keyring", "connection", "authorize", "token", "users")
"""The steps in order. Those after a failure are skipped."""


OpenAuditSink = Callable[[Settings], AbstractAsyncContextManager[AuditSink]]
"""Opens the audit trail for a deployment."""


async def examine(
    raw: RawSettings,
    open_audit: OpenAuditSink,
    *,
    has_keyring: bool = True,
    recorder: HarRecorder | None = None,
) -> AsyncIterator[DiagnosticResult]:
    """Check each of the steps.

    Args:
        raw: the raw settings.
        open_audit: opens the audit trail, which records the request for the users.
        has_keyring: whether the OS keyring may be read.
        recorder: records what is sent and received, for a HAR file.
    """
    run = _DiagnosticRun(raw, open_audit, has_keyring=has_keyring, recorder=recorder)
    steps: tuple[Callable[[], Awaitable[str]], ...] = (
        run.check_settings,
        run.check_secret,
        run.check_connection,
        run.check_authorization,
        run.check_token,
        run.check_users,
    )
    try:
        for name, step in zip(STEPS, steps, strict=True):
            started = clocks.precise()
            try:
                finding, error = await step(), None
            except AIRiskError as failure:
                finding, error = failure.message, failure
            yield DiagnosticResult(name, finding, clocks.precise() - started, error.advice if error else "", error)
            if error:
                return
    finally:
        await run.close()


class _DiagnosticRun:
    def __init__(
        self, raw: RawSettings, open_audit: OpenAuditSink, *, has_keyring: bool, recorder: HarRecorder | None
    ) -> None:
        self._raw = raw
        self._open_audit = open_audit
        self._has_keyring = has_keyring
        self._secret = raw.secret
        self._settings: Settings
        self._steps: SignInFlow
        self._exchange_code: Request
        self._client: HttpClient | None = None
        self._recorder = recorder

    async def close(self) -> None:
        if self._client:
            await self._client.close()

    async def check_settings(self) -> str:
        self._settings = self._raw.settings()
        whose = f"{self._settings.origin} as {self._settings.client_id}"
        return f"{whose} ({self._raw.origins})" if self._raw.sources else whose

    async def check_secret(self) -> str:
        if self._secret:
            return f"client secret from {self._raw.secret_from}. {await self._keyring_state()}"
        if not (self._has_keyring or self._settings.secret_command):
            raise SettingsError("No client secret found.", advice=how_to_set_secret(self._raw))
        self._secret, source = await require_secret(self._raw)
        return f"client secret from {source}. {await self._keyring_state()}"

    async def _keyring_state(self) -> str:
        if not self._has_keyring:
            return "Keyring not checked."
        try:
            await stored_secret(self._settings)
            return f"Keyring: {await vault_of(self._settings).describe()}."
        except VaultError as failure:  # no error of this step: the secret is known
            return failure.message

    async def check_connection(self) -> str:
        response = await self._send(Request("GET", AUTHORIZE))
        ours = ", client certificate" if self._settings.client_cert else ""
        security = f"TLS verified{ours}" if self._settings.origin.scheme == "https" else "no TLS, on loopback"
        return f"{self._settings.origin.name} responds ({response.status}, {security})"

    async def check_authorization(self) -> str:
        check_not_protected(self._settings, self._identity)
        try:
            await self._request_code()
        except SignInRejectedError as refusal:
            await self._request_code(await self._generic_after(refusal))
        return f"authorization code received for {self._identity}"

    async def _request_code(self, generic: Token | None = None) -> None:
        self._steps = self._sign_in(self._identity, generic)
        response = await self._send(next(self._steps))
        self._exchange_code = self._steps.send(response)

    async def check_token(self) -> str:
        try:
            token = await run_flow(self._steps, self._send, self._exchange_code)
        except SignInRejectedError as refusal:
            generic = await self._generic_after(refusal)
            token = await run_flow(self._sign_in(self._identity, generic), self._send)
        left = token.seconds_left
        return f"access token received ({'no expiry given' if left is None else f'expires in {coarse_duration(left)}'})"

    async def _generic_after(self, refusal: SignInRejectedError) -> Token:
        """Return the generic token, which some deployments require before they sign in a single user."""
        if not self._settings.single_user or refusal.status not in {401, 403}:
            raise refusal
        return await run_flow(self._sign_in(APPLICATION), self._send)

    async def check_users(self) -> str:
        if self._settings.single_user:
            return "skipped (single-user mode)"
        async with (
            self._open_audit(self._settings) as record,
            Session(self._settings, self._secret, record, recorder=self._recorder) as session,
        ):
            listing = await session.users()
        return await run_in_thread(lambda: " ".join(self._said_of(listing)))

    def _said_of(self, listing: UserList) -> Iterator[str]:
        preselected = self._settings.user_id
        is_unlisted = preselected and not UsersById(listing.users).places(preselected)
        said = f"{len(listing.users):,} users" + ("; USER_ID not found among them" if is_unlisted else "")
        remarked = [each.words for each in remarks(listing, self._settings)]
        yield f"{said}." if remarked else said
        yield from remarked

    @property
    def _application(self) -> ClientCredentials:
        return application_of(self._settings, self._secret)

    @property
    def _identity(self) -> Identity:
        settings = self._settings
        return Identity.of(User(settings.user_id)) if settings.single_user else APPLICATION

    def _sign_in(self, identity: Identity, generic: Token | None = None) -> SignInFlow:
        return sign_in(self._application, identity, generic, self._opened_client.sent)

    async def _send(self, request: Request) -> Response:
        return await self._opened_client.send(request)

    @property
    def _opened_client(self) -> HttpClient:
        if self._client is None:
            self._client = HttpClient(self._settings, self._recorder)
        return self._client
