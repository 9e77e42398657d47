"""AIRisk's answers, made beforehand and served over real HTTP from a process of their own: only the client is measured.

`python -m benchmarks.server USERS_FILE` prints its port. What `/api/Chat/ListAgents` answers can be chosen with
`POST /choose/NAME`; `GET /asked` tells how many requests have come.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import msgspec

SECRET = "a secret of nobody"
SMALL = [{"id": f"agent-{n}", "name": f"Agent {n}", "description": "small"} for n in range(3)]


class Served:
    """A running server."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"

    @property
    def settings(self) -> dict[str, str]:
        """The environment of a program that talks to it."""
        return {"AIRISK_URL": self.url, "CLIENT_ID": "bench", "CLIENT_SECRET": SECRET}

    def choose(self, name: str) -> None:
        """Let the agents be this: `small` or `large`."""
        with urlopen(f"{self.url}/choose/{name}", data=b"") as answer:
            answer.read()

    @property
    def asked(self) -> int:
        """How many requests have come."""
        with urlopen(f"{self.url}/asked") as answer:
            return int(answer.read())


def served(users: Path, large: Path | None = None) -> AbstractContextManager[Served]:
    """Serve this list of users, and this large answer."""
    return serving("benchmarks.server", str(users), *([str(large)] if large else []))


@contextmanager
def serving(module: str, *arguments: str) -> Iterator[Served]:
    """Run a module that serves, and prints its port first."""
    command = [sys.executable, "-m", module, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout
        try:
            yield Served(int(process.stdout.readline()))
        finally:
            process.kill()


class Deployment:
    """What is answered."""

    def __init__(self, users: bytes, large: bytes) -> None:
        self._users = users
        self._large = large
        self._is_large = False
        self._asked = 0
        self._numbers = itertools.count()

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request after the other on a connection."""
        with contextlib.suppress(ConnectionError):
            await self._answer_all(reader, writer)
        writer.close()

    async def _answer_all(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await _head(reader):
            line, _, headers = head.partition("\r\n")
            method, target, _ = line.split(" ")
            size = next(
                (int(each[15:]) for each in headers.split("\r\n") if each.lower().startswith("content-length:")), 0
            )
            await reader.readexactly(size)
            writer.write(self._answer(method, target))
            await writer.drain()

    def _answer(self, method: str, target: str) -> bytes:
        parts = urlsplit(target)
        path = parts.path
        if path == "/asked":
            return _reply(str(self._asked).encode())
        if path.startswith("/choose/"):
            self._is_large = path == "/choose/large"
            return _reply(b"")
        self._asked += 1
        if path == "/api/oauth2" and method == "GET":
            return self._redirect(parse_qs(parts.query))
        if path == "/api/oauth2/Token":
            token = {"access_token": f"token-{next(self._numbers)}", "expiration": "2099-01-01T00:00:00Z"}
            return _reply(msgspec.json.encode(token))
        body = {"/api/ListUsers": self._users, "/api/Chat/ListAgents": self._agents()}.get(path)
        return _reply(body) if body is not None else _reply(b"", "404 Not Found")

    def _agents(self) -> bytes:
        """A small answer tells the how-manieth request it is for: what is painted of it is told from the one before."""
        return self._large if self._is_large else msgspec.json.encode([{"id": f"answer-{self._asked}"}, *SMALL])

    def _redirect(self, query: dict[str, list[str]]) -> bytes:
        state = f"&state={query['state'][0]}" if "state" in query else ""
        place = f"{query['redirect_uri'][0]}?code=code-{next(self._numbers)}{state}"
        return f"HTTP/1.1 302 Found\r\nLocation: {place}\r\nContent-Length: 0\r\n\r\n".encode()


async def _head(reader: asyncio.StreamReader) -> str:
    try:
        return (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except (asyncio.IncompleteReadError, ConnectionError):
        return ""


def _reply(body: bytes, status: str = "200 OK") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


async def _serve(users: bytes, large: bytes) -> None:
    server = await asyncio.start_server(Deployment(users, large).talk, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    bodies = [Path(name).read_bytes() for name in sys.argv[1:]]
    asyncio.run(_serve(bodies[0], bodies[1] if len(bodies) > 1 else b"[]"))
