"""Becoming a user, and being oneself again; one small answer; one command without the screen."""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import time
from collections.abc import Iterator
from tempfile import TemporaryDirectory

import httpx

from benchmarks.launching import listed
from benchmarks.material import users_file
from benchmarks.measuring import Row, all_by_turns, at_most, beside, by_turns, more_than, not_run, within
from benchmarks.peers import OURS, PYTHON
from benchmarks.server import SECRET, Served, served
from benchmarks.terminal import Painted
from tui.airisk.identity import Identity
from tui.airisk.models import User
from tui.airisk.session import Session
from tui.config.keyring import Secret
from tui.config.settings import RawSettings

_TIMES = 40
_REDIRECT = "https://localhost/callback"
_AGENTS = "/api/Chat/ListAgents"
_COMMON = {"client_id": "bench", "redirect_uri": _REDIRECT}


def acting(rounds: int) -> Iterator[Row]:
    """Sign in as one user after another; then in the program itself, with tokens that are in hand."""
    with served(users_file(1000)) as server, asyncio.Runner() as runner:
        peer, ours = by_turns(
            lambda: runner.run(_bare(server)) / _TIMES, lambda: runner.run(_ours(server)) / _TIMES, rounds
        )
    yield beside("act as (two requests)", "the same by bare httpx", peer, ours, 1.15)
    with listed(1000) as (server, program):
        program.seconds_to("\r", "ACTING AS")
        program.quiet(0.5)
        asked = server.asked
        again, stopped = [], []
        for _ in range(rounds * 3):
            stopped.append(_painted(program, "x", "APPLICATION"))
            again.append(_painted(program, "-", "ACTING AS"))
        requests = server.asked - asked
    yield within("act as with a live token", statistics.median(again), 0.016, "a frame")
    yield within("stop acting", statistics.median(stopped), 0.016, "a frame")
    yield at_most("requests of both", requests, 0, "requests")


def _painted(program: Painted, key: str, words: str) -> float:
    seconds = program.seconds_to(key, words)
    program.quiet(0.1)
    return seconds


async def _ours(server: Served) -> float:
    values = {"AIRISK_URL": server.url, "CLIENT_ID": "bench"}
    async with Session(RawSettings(values, Secret(SECRET)).settings(), Secret(SECRET)) as session:
        await session.sign_in()
        started = time.perf_counter()
        for number in range(_TIMES):
            await session.sign_in(Identity.of(User(f"u-{number}")))
        return time.perf_counter() - started


async def _bare(server: Served) -> float:
    async with httpx.AsyncClient(base_url=server.url) as client:
        await client.get("/api/oauth2", params=_COMMON)
        started = time.perf_counter()
        for number in range(_TIMES):
            mine = _COMMON | {"userid": f"u-{number}"}
            answer = await client.get("/api/oauth2", params=mine | {"response_type": "code", "state": "s"})
            code = httpx.URL(answer.headers["location"]).params["code"]
            form = mine | {"client_secret": SECRET, "code": code, "grant_type": "authorization_code"}
            answer = await client.post("/api/oauth2/Token", data=form)
            answer.raise_for_status()
            answer.json()
        return time.perf_counter() - started


def sending(rounds: int) -> Iterator[Row]:
    """F5, until a small answer is seen."""
    with listed(1000) as (server, program), httpx.Client(base_url=server.url) as client:
        program.seconds_to("\r", "ACTING AS")
        program.seconds_to("2", "")
        program.quiet(0.3)
        program.seconds_to("\r", f"GET {_AGENTS}")
        peer, ours = by_turns(lambda: _asked(client), lambda: _sent(server, program), rounds * 2)
    yield more_than("send → response painted as a table, small JSON", "bare httpx", peer, ours, 0.016)


def _sent(server: Served, program: Painted) -> float:
    return _painted(program, "\x1b[15~", f"answer-{server.asked + 1}")


def _asked(client: httpx.Client) -> float:
    started = time.perf_counter()
    client.get(_AGENTS, headers={"Authorization": "Bearer token"}).json()
    return time.perf_counter() - started


_SCRIPT = """
import os, httpx, sys
common = {"client_id": "bench", "redirect_uri": "https://localhost/callback", "userid": "u-000001"}
with httpx.Client(base_url=os.environ["AIRISK_URL"]) as client:
    answer = client.get("/api/oauth2", params=common)
    form = common | {"client_secret": os.environ["CLIENT_SECRET"], "grant_type": "authorization_code"}
    form["code"] = httpx.URL(answer.headers["location"]).params["code"]
    token = client.post("/api/oauth2/Token", data=form).json()["access_token"]
    answer = client.get("/api/Chat/ListAgents", headers={"Authorization": f"Bearer {token}"})
    sys.stdout.buffer.write(answer.content)
"""


def headless(rounds: int) -> Iterator[Row]:
    """`airisk-tui request`, beside a script that imports httpx and asks the same."""
    with served(users_file(1000)) as server:
        environment = server.settings | {"HOME": "/nonexistent"}
        peer, ours = all_by_turns(
            [
                lambda: _ran([str(PYTHON), "-c", _SCRIPT], environment),
                lambda: _ran([str(OURS), "request", "GET", _AGENTS, "--as", "u-000001"], environment),
            ],
            max(rounds, 15),
        )
    yield beside("headless `request`", "a script with httpx", peer, ours, 1.3)


def _ran(command: list[str], environment: dict[str, str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, env=environment, check=True, capture_output=True)
    return time.perf_counter() - started


def enduring(rounds: int) -> Iterator[Row]:
    """1,000 switches, sends and filters in the running program: memory stays as it is."""
    del rounds
    what = "memory gained by 1,000 switches, sends and filters"
    with served(users_file(1000)) as server, TemporaryDirectory() as home:
        script = [str(PYTHON), "-m", "benchmarks.endurance", server.url]
        done = subprocess.run(script, env=os.environ | {"HOME": home}, check=True, capture_output=True, text=True)
    number, gained = done.stdout.split()
    if int(number) < 1000:
        yield not_run(what, "the limit", "≤ 2 MiB", f"{gained} MiB by {number}, for which there was time")
    else:
        yield at_most(what, float(gained), 2, "MiB")
