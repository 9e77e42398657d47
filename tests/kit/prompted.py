"""A deployment without a network and a record without a disk: both go on when the story says so.

Its faults are steps of the story, not those of `tests.kit.deployment`: nothing here is on a wire.
"""

import asyncio
import json
import time
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, quote

import httpx

from tui.airisk.audit_sink import AuditSink, RequestOutcome
from tui.airisk.auth.oauth import AUTHORIZE, TOKEN
from tui.airisk.identity import APPLICATION, Identity
from tui.airisk.models import Draft, Exchange
from tui.config.origin import DEFAULT_REDIRECT_URI

TOKEN_SECONDS = 20 * 60


@dataclass(eq=False)
class Action:
    """Something that the person began, and in whose name.

    `requests` is how many came of it, `sent` how many of them were no sign-in; `statuses` is what was recorded.
    """

    number: int
    words: str
    identity: Identity
    draft: Draft | None = None
    requests: int = 0
    sent: int = 0
    statuses: list[int | None] = field(default_factory=list)
    exchange: Exchange | None = None
    is_canceled: bool = False

    @property
    def is_switch(self) -> bool:
        """Whether it is about becoming somebody."""
        return self.draft is None and self.identity.is_user

    @property
    def owner(self) -> str:
        """Whose token it may show."""
        return owner_of(self.identity)

    def __str__(self) -> str:
        return f"{self.words} [{self.number}]"


cause: ContextVar[Action] = ContextVar("cause")
"""What a task does is done for this action: tasks inherit it from the one that began them."""


def owner_of(identity: Identity) -> str:
    """The user's id, or `application`, or `anonymous`."""
    return identity.id or identity.kind


class Call:
    """A request as the deployment received it: in whose name, and with what of it counts."""

    def __init__(self, number: int, request: httpx.Request) -> None:
        path, _, query = request.url.raw_path.decode().partition("?")
        self.number, self.path, self.cause = number, path, cause.get()
        self.is_sign_in = path in {AUTHORIZE, TOKEN}
        self.given = dict(parse_qsl(request.content.decode() if path == TOKEN else query))
        self.owner = self.given.get("userid", "application") if self.is_sign_in else self.cause.owner
        self.bearer = str(request.headers.get("authorization", "")).removeprefix("Bearer ")
        self.answer: asyncio.Future[httpx.Response] = asyncio.get_running_loop().create_future()
        self._method = request.method

    def __str__(self) -> str:
        whose = f"for {self.owner}" if self.is_sign_in else f"as {self.owner}"
        return f"request {self.number} ({self._method} {self.path} {whose})"


@dataclass
class Issued:
    """A token that was given: whose it is, and whether it is still accepted."""

    owner: str
    end: float
    is_revoked: bool = False

    @property
    def is_live(self) -> bool:
        """Whether it opens anything."""
        return not self.is_revoked and time.time() < self.end


class Deployment(httpx.AsyncBaseTransport):
    """AIRisk as one object. `waiting` are the requests without an answer, `wrongs` what should never have come."""

    def __init__(self) -> None:
        self.waiting: list[Call] = []
        self.wrongs: list[str] = []
        self.tokens: dict[str, Issued] = {}
        self._codes: dict[str, str] = {}
        self._received = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Receive a request, and answer it once the story says how."""
        self._received += 1
        call = Call(self._received, request)
        self._judge(call)
        self.waiting.append(call)
        call.cause.requests += 1
        call.cause.sent += not call.is_sign_in
        await request.extensions["trace"](
            "http11.send_request_headers.started", {"request": SimpleNamespace(method=request.method.encode())}
        )
        try:
            return await call.answer
        finally:
            if call in self.waiting:
                self.waiting.remove(call)

    def _judge(self, call: Call) -> None:
        shown = self.tokens[call.bearer].owner if call.bearer else "anonymous"
        if call.is_sign_in:
            if any(each.is_sign_in and each.owner == call.owner for each in self.waiting):
                self.wrongs.append(f"{call} came while another sign-in of {call.owner} was under way")
            if shown not in {"anonymous", "application"} or (call.owner == "application" and shown == "application"):
                self.wrongs.append(f"{call} showed the token of {shown}")
            if call.owner not in {call.cause.owner, "application"}:
                self.wrongs.append(f"{call} came of {call.cause}")
        elif not shown == call.owner == call.cause.owner:
            self.wrongs.append(f"{call} showed the token of {shown}, for {call.cause}")

    def answer(self, call: Call, response: httpx.Response | Exception) -> None:
        """Let a waiting request have its answer, or what the network makes of it; whoever has left has none."""
        self.waiting.remove(call)
        if call.answer.cancelled():
            return
        if isinstance(response, Exception):
            call.answer.set_exception(response)
        else:
            call.answer.set_result(response)

    def proper(self, call: Call, *, is_mistaken: bool = False) -> httpx.Response:
        """What a deployment in good health answers; or one that is mistaken in whose token a user's is."""
        token = self.tokens.get(call.bearer)
        if token and not token.is_live:
            return httpx.Response(401)
        if call.path == AUTHORIZE:
            return self._code(call)
        if call.path == TOKEN:
            other = "u-1" if call.owner == "u-2" else "u-2"
            return self._token(call, other if is_mistaken and call.owner != "application" else call.owner)
        return httpx.Response(200, json={"owner": token.owner}) if token else httpx.Response(401)

    def revoke(self, owner: str) -> None:
        """Accept none of somebody's tokens any more."""
        for token in self.tokens.values():
            token.is_revoked |= token.owner == owner

    def _code(self, call: Call) -> httpx.Response:
        code = f"code-{call.number}"
        self._codes[code] = call.owner
        state = quote(call.given["state"], safe="")
        return httpx.Response(302, headers={"Location": f"{DEFAULT_REDIRECT_URI}?code={code}&state={state}"})

    def _token(self, call: Call, owner: str) -> httpx.Response:
        if self._codes.pop(call.given["code"], None) != call.owner:
            self.wrongs.append(f"{call} showed a code that was not given for it")
        subject = urlsafe_b64encode(json.dumps({"sub": owner}).encode()).decode().rstrip("=")
        value, end = f"head.{subject}.{call.number}", time.time() + TOKEN_SECONDS
        self.tokens[value] = Issued(owner, end)
        return httpx.Response(
            200, json={"access_token": value, "expiration": datetime.fromtimestamp(end, UTC).isoformat()}
        )


class BreaksOff(httpx.AsyncByteStream):
    """A body whose connection is lost after the first bytes."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b'{"owner": '
        raise httpx.ReadError("")


class Remembering(AuditSink):
    """Keeps what it is told a moment later, or when the disk `goes_on`, and compares it with the action it came of."""

    def __init__(self, wrongs: list[str]) -> None:
        self.acted_as = APPLICATION
        self.is_stalled = False
        self._wrongs = wrongs
        self._writing: list[asyncio.Future[None]] = []

    def go_on(self) -> None:
        """Write whatever was to be written, in its order."""
        self.is_stalled = False
        for each in self._writing:
            if not each.cancelled():
                each.set_result(None)
        self._writing.clear()

    async def acting_started(self, identity: Identity, *_: Any, **__: Any) -> None:
        await self._write()
        self.acted_as = identity

    async def acting_stopped(self, *_: Any, **__: Any) -> None:
        await self._write()
        self.acted_as = APPLICATION

    async def refused(self, identity: Identity, *_: Any, **__: Any) -> None:
        await self._write()
        self._compare(identity, cause.get().draft)

    async def requested(self, draft: Draft, identity: Identity, ended: RequestOutcome) -> None:
        await self._write()
        if ended.is_sent:  # else it only stands there as one that never left
            cause.get().statuses.append(ended.status)
        self._compare(identity, draft)

    async def _write(self) -> None:
        if not self.is_stalled:
            return await asyncio.sleep(0)
        self._writing.append(asyncio.get_running_loop().create_future())
        return await self._writing[-1]

    def _compare(self, identity: Identity, draft: Draft | None) -> None:
        if (identity, draft) != (cause.get().identity, cause.get().draft):
            self._wrongs.append(f"{cause.get()} was recorded as {identity}'s")
