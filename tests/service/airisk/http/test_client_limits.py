"""Names that do not resolve, and answers without end: bounded time, bounded memory."""

import asyncio
import re
import socket
import subprocess
import sys
from threading import Event

import pytest

from tests.kit.deployment.broken import BrokenServer
from tests.kit.patience import PATIENCE
from tests.service.airisk.asking import SHORT, TOO_LATE, failure_of
from tui.airisk.http import client as wires
from tui.config.origin import Origin


async def test_a_host_that_does_not_even_take_the_connection_is_given_up_before_the_time_for_a_response(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(wires, "CONNECT_SECONDS", 0.1)
    with BrokenServer("black_hole") as server:
        failure = await failure_of(server, timeout=3600.0)
    assert failure.message.endswith(": the connection timed out.")


# Names


async def test_a_name_that_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    async def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", unknown)
    with BrokenServer("bom_body") as server:
        failure = await failure_of(server, origin=Origin("https", "demo.example"))
    assert failure.message == "Cannot reach demo.example."


async def test_a_resolver_that_hangs_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    released, loop = Event(), asyncio.get_running_loop()

    async def hang(*_: object, **__: object) -> None:
        await loop.run_in_executor(None, released.wait, PATIENCE)

    monkeypatch.setattr(loop, "getaddrinfo", hang)
    with BrokenServer("bom_body") as server:
        try:
            failure = await failure_of(server, origin=Origin("https", "demo.example"), timeout=SHORT)
            assert not released.is_set()
        finally:
            released.set()
    assert re.search(TOO_LATE, failure.message)


@pytest.mark.parametrize("host", ["a..b", "a" * 64, "999.1.1.1", "xn--", "\udcff"])
async def test_a_name_that_no_resolver_takes_is_reported_all_the_same(host: str) -> None:
    with BrokenServer("bom_body") as server:
        failure = await failure_of(server, origin=Origin("http", host, 1))
    assert failure.message == f"Cannot reach {host}:1."


# Memory

ASK_AND_MEASURE = """
import asyncio, pathlib, re, sys
from tui.errors import InvalidResponseError
from tui.config.origin import Origin, parse_origin
from tui.airisk.http.request import Request
from tui.config.settings import Settings
from tui.airisk.http.client import HttpClient

async def ask(url):
    client = HttpClient(Settings(parse_origin(url), "client"))
    try:
        await client.send(Request("GET", "/api/x"))
    except InvalidResponseError:
        pass
    finally:
        await client.close()

def peak():
    # Not ru_maxrss: that begins with the peak of the process we were started from.
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", pathlib.Path("/proc/self/status").read_text())[1]) // 1000

small, large = sys.argv[1:]
asyncio.run(ask(small))
before = peak()
asyncio.run(ask(large))
print(peak() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak from /proc")
@pytest.mark.parametrize("name", ["gzip_bomb", "endless_body", "endless_chunks", "promised_terabyte", "huge_header"])
def test_what_is_too_much_takes_less_than_20_mb(name: str) -> None:
    with BrokenServer("bom_body") as small, BrokenServer(name) as large:
        command = [sys.executable, "-c", ASK_AND_MEASURE, small.url, large.url]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert int(done.stdout) < 20
