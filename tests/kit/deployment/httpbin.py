"""httpbin, a server not written here, in a process of its own; AIRisk's signing in is put in front of it.

The process ends when its standard input does. It is werkzeug's development server: nothing more is needed on loopback.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs
from urllib.request import urlopen

from tests.kit.patience import PATIENCE

TOKEN = "a-token-for-httpbin"
USERS = [{"id": "u-1", "name": "Ada Lovelace"}, {"id": "u-2", "name": "Grace Hopper"}]

_Start = Callable[[str, list[tuple[str, str]]], object]


@dataclass(frozen=True)
class Httpbin:
    """Where it is."""

    url: str

    @property
    def heard(self) -> list[str]:
        """Every request line that came so far, but for those of signing in."""
        with urlopen(f"{self.url}/heard", timeout=PATIENCE) as answer:
            heard: list[str] = json.load(answer)
        return heard


@contextmanager
def httpbin() -> Iterator[Httpbin]:
    """Serve it while the `with` block lasts."""
    command = [sys.executable, "-m", "tests.kit.deployment.httpbin"]
    home = Path(__file__).parents[3]
    with subprocess.Popen(
        command, cwd=home, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdin
        assert process.stdout
        try:
            yield Httpbin(process.stdout.readline().strip())
        finally:
            process.stdin.close()
            process.wait(PATIENCE)


def _serve() -> None:
    from httpbin import app
    from werkzeug.serving import make_server

    heard: list[str] = []

    def answer(environ: dict[str, Any], start: _Start) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == "/heard":
            return _json(start, heard)
        if path == "/api/oauth2":
            query = parse_qs(environ["QUERY_STRING"])
            start("302 Found", [("Location", f"{query['redirect_uri'][0]}?code=c-1&state={query['state'][0]}")])
            return []
        if path == "/api/oauth2/Token":
            return _json(start, {"access_token": TOKEN, "expiration": "2099-01-01T00:00:00Z"})
        if path == "/api/ListUsers":
            return _json(start, USERS)
        heard.append(f"{environ['REQUEST_METHOD']} {environ['REQUEST_URI']}")
        answered: Iterable[bytes] = app(environ, start)
        return answered

    server = make_server("127.0.0.1", 0, answer, threaded=True)
    sys.stdout.write(f"http://127.0.0.1:{server.server_port}\n")
    sys.stdout.flush()
    from threading import Thread

    Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()


def _json(start: _Start, value: object) -> Iterable[bytes]:
    start("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(value).encode()]


if __name__ == "__main__":
    _serve()
