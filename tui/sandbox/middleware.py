"""Middleware between the socket and the endpoints: delay, cookies, log, and the faults of every response."""

import asyncio
from email.utils import formatdate
from hashlib import sha256

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tui.sandbox.deployment import Deployment, Record
from tui.sandbox.errors import problem
from tui.sandbox.people import falls

_SIGN_IN = "/api/oauth2"


class FaultMiddleware:
    """ASGI middleware around all endpoints of a deployment."""

    def __init__(self, app: ASGIApp, deployment: Deployment) -> None:
        self._app = app
        self._deployment = deployment
        self._answers = 0
        self._second = 0
        self._in_this_second = 0
        affinity = sha256(f"instance {deployment.options.seed}".encode()).hexdigest()
        self._headers = [
            (b"server", b"Kestrel"),
            (b"set-cookie", f"ARRAffinity={affinity};Path=/;HttpOnly".encode()),
            (b"set-cookie", f"ARRAffinitySameSite={affinity};Path=/;HttpOnly;SameSite=None;Secure".encode()),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Respond to one request, or leave it unanswered if that is the fault."""

        async def recorded(message: Message) -> None:
            if message["type"] == "http.response.start":
                date = formatdate(self._deployment.clock(), usegmt=True).encode()
                message["headers"] = [(b"date", date), *message["headers"], *self._headers]
                self._record(scope, message["status"])
            await send(message)

        faults = self._deployment.faults
        if "hang" in faults:
            self._record(scope, None)
            await self._hang(receive)
            return
        await asyncio.sleep(self._deployment.options.latency_ms / 1000)
        if "rate-limit" in faults and self._is_over(faults.value("rate-limit")):
            await problem(429, headers={"Retry-After": "1"})(scope, receive, recorded)
        elif "flaky" in faults and self._is_flaky(scope["path"], faults.value("flaky")):
            await problem(500)(scope, receive, recorded)
        else:
            await self._app(scope, receive, recorded)

    def _record(self, scope: Scope, status: int | None) -> None:
        identity = scope["state"].get("identity")
        now = self._deployment.clock()
        self._deployment.log.append(Record(now, scope["method"], scope["path"], identity, status))

    def _is_over(self, limit: float) -> bool:
        second = int(self._deployment.clock())
        if second != self._second:
            self._second, self._in_this_second = second, 0
        self._in_this_second += 1
        return self._in_this_second > limit

    def _is_flaky(self, path: str, rate: float) -> bool:
        if path.startswith(_SIGN_IN):
            return False
        self._answers += 1
        return falls(self._deployment.options.seed + 3, self._answers, rate)

    @staticmethod
    async def _hang(receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
