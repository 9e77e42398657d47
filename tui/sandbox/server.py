"""Sandbox served over real HTTP on loopback, from a thread of this process."""

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Callable
from typing import Self

import uvicorn
from starlette.applications import Starlette

from tui.sandbox.application import application
from tui.sandbox.deployment import Deployment, Record
from tui.sandbox.faults import Faults
from tui.sandbox.options import Options

HOST = "127.0.0.1"

_SECONDS_TO_STOP = 5
# In seconds: as on a real host, connections are rarely dropped.
_KESTREL_KEEPS_ALIVE = 130


class Sandbox:
    """A stand-in AIRisk, served while the `with` block lasts.

    Args:
        options: its options.
        clock: the time for codes, tokens, limits and `Date`, in seconds since 1970.
    """

    def __init__(self, options: Options | None = None, *, clock: Callable[[], float] = time.time) -> None:
        self.options = options or Options()
        self.url = ""
        self._deployment = Deployment(self.options, clock)
        self._server = _Server(application(self._deployment))
        self._thread = threading.Thread(target=self._serve, name="sandbox", daemon=True)
        # The protocol is named because asyncio sets TCP_NODELAY only then: without it a response takes 40 ms.
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)

    @property
    def faults(self) -> Faults:
        """The faults that are on; they may be switched at any time."""
        return self._deployment.faults

    @property
    def log(self) -> list[Record]:
        """The latest requests, at most 10,000, oldest first."""
        return list(self._deployment.log)

    def __enter__(self) -> Self:
        """Serve; raise OSError if the port is unavailable."""
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._socket.bind((HOST, self.options.port))
            self._socket.listen(128)
        except OSError:
            self._socket.close()
            raise
        self.url = f"http://{HOST}:{self._socket.getsockname()[1]}"
        self._thread.start()
        self._server.is_settled.wait()
        if not self._server.started:
            raise OSError("the sandbox did not start")
        return self

    def __exit__(self, *_: object) -> None:
        """Stop; responses in flight are cut off."""
        self._server.stop()
        self._thread.join(_SECONDS_TO_STOP)
        self._socket.close()

    def _serve(self) -> None:
        try:
            self._server.run(sockets=[self._socket])
        finally:
            self._server.is_settled.set()


class _Server(uvicorn.Server):
    """uvicorn server that signals when it serves, and stops at once, not at its next tick."""

    def __init__(self, app: Starlette) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                loop="asyncio",
                http="h11",
                ws="none",
                lifespan="off",
                log_config=None,
                log_level="critical",
                access_log=False,
                proxy_headers=False,
                server_header=False,
                date_header=False,
                timeout_keep_alive=_KESTREL_KEEPS_ALIVE,
            )
        )
        self.is_settled = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._told_to_stop = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to serve, and signal that."""
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)
        self.is_settled.set()

    async def main_loop(self) -> None:
        """Check for signals once a second, until stopped."""
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._told_to_stop.wait(), 1)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close all connections at once, without uvicorn's grace period of a tenth of a second."""
        for listener in (*self.servers, *(sockets or ())):
            listener.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        await asyncio.sleep(0)

    def stop(self) -> None:
        """Stop serving; called from another thread."""
        self.should_exit = self.force_exit = True
        if self._loop:
            self._loop.call_soon_threadsafe(self._told_to_stop.set)
