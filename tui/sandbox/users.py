"""The user list, built once, piece by piece, while its first reader already receives it."""

import asyncio
import threading
from collections.abc import AsyncIterator

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse

from tui.sandbox.deployment import Deployment
from tui.sandbox.errors import RefusedError

PEOPLE_A_PIECE = 2_000

_PORTAL = "<!DOCTYPE html><html><body><h1>The service is starting</h1></body></html>"


class UserList:
    """The user list under its documented paths. Its pieces are cached once they are built."""

    def __init__(self, deployment: Deployment) -> None:
        self._people = deployment.people
        self._faults = deployment.faults
        self._pieces: list[bytes] = []
        self._building = threading.Lock()

    async def list_users(self, _: Request) -> Response:
        """Return every user, or what a fault makes of the list."""
        if "list-500" in self._faults:
            raise RefusedError(500)
        if "list-html" in self._faults:
            return HTMLResponse(_PORTAL)
        if "list-empty" in self._faults:
            return Response(b"[]", media_type="application/json")
        if "list-broken" in self._faults:
            first = self._piece(0)
            return Response(first[: len(first) // 2], media_type="application/json")
        return StreamingResponse(self._streamed(), media_type="application/json")

    async def _streamed(self) -> AsyncIterator[bytes]:
        for number in range(-(-len(self._people) // PEOPLE_A_PIECE)):
            await asyncio.sleep(self._faults.value("slow-list") / 1000)
            if number < len(self._pieces):
                yield self._pieces[number]
            else:
                yield await run_in_threadpool(self._piece, number)

    def _piece(self, number: int) -> bytes:
        with self._building:
            while len(self._pieces) <= number:
                self._pieces.append(self._built(len(self._pieces) * PEOPLE_A_PIECE))
        return self._pieces[number]

    def _built(self, first: int) -> bytes:
        end = min(first + PEOPLE_A_PIECE, len(self._people))
        people = msgspec.json.encode([self._people[index] for index in range(first, end)])
        opening = b"[" if first == 0 else b","
        return opening + people[1:-1] + (b"]" if end == len(self._people) else b"")
