"""Becoming a user: our two requests, beside the same two by a bare httpx client on one kept connection."""

from __future__ import annotations

import asyncio
import time

import httpx

from benchmarks.measuring import Row, by_turns
from tui.airisk.models import Identity, User
from tui.airisk.session import Session
from tui.airisk.settings import Told
from tui.airisk.vault import Secret
from tui.sandbox import ChildSandbox, Options, start_child

TIMES = 40
REDIRECT = "https://localhost/callback"


def measure(rounds: int) -> Row:
    """Sign in as one user after another."""
    with start_child(Options(users=200)) as sandbox, asyncio.Runner() as runner:
        values = {"AIRISK_URL": sandbox.url, "CLIENT_ID": sandbox.options.client_id}
        told = Told(values, Secret(sandbox.options.client_secret))
        users = runner.run(_users(told))
        peer, ours = by_turns(
            lambda: runner.run(_bare(sandbox, users)) / TIMES, lambda: runner.run(_ours(told, users)) / TIMES, rounds
        )
    return Row("act as (two requests)", "the same by bare httpx", peer, ours, 1.15)


async def _users(told: Told) -> list[User]:
    async with Session(told.settings(), told.secret) as session:
        users = (await session.users()).users
    return [user for user in users if "active" in user.more][:TIMES]


async def _ours(told: Told, users: list[User]) -> float:
    async with Session(told.settings(), told.secret) as session:
        await session.sign_in()
        started = time.perf_counter()
        for user in users:
            await session.sign_in(Identity.of(user))
        return time.perf_counter() - started


async def _bare(sandbox: ChildSandbox, users: list[User]) -> float:
    client_id, secret = sandbox.options.client_id, sandbox.options.client_secret
    common = {"client_id": client_id, "redirect_uri": REDIRECT}
    async with httpx.AsyncClient(base_url=sandbox.url) as client:
        await client.get("/api/oauth2")
        started = time.perf_counter()
        for user in users:
            query = {**common, "response_type": "code", "state": "s", "userid": user.id}
            answer = await client.get("/api/oauth2", params=query)
            code = httpx.URL(answer.headers["location"]).params["code"]
            form = {**common, "client_secret": secret, "code": code, "userid": user.id}
            answer = await client.post("/api/oauth2/Token", data={**form, "grant_type": "authorization_code"})
            answer.raise_for_status()
            answer.json()
        return time.perf_counter() - started
