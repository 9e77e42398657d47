"""A matrix: each user signed in, then asking ten endpoints, beside the same requests in a bare httpx loop.

Ours has the audit trail flushed to disk, the run kept in a file, and every answer judged; the loop has none of that.
Both have the same number of requests under way at once, on the same server, and the loop runs in a process of its own.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.measuring import Row, beside
from tui.access.classifier import Classifier
from tui.access.document import RunParameters
from tui.access.model import Row as Identity
from tui.access.plan import Plan
from tui.access.requests import MatrixRequest
from tui.access.rules import default_rules
from tui.access.run_file import RunFile, RunHeader
from tui.access.runner import Run
from tui.airisk.models import Draft, User
from tui.airisk.session import Session
from tui.audit.log import AuditLog
from tui.audit.recorder import AuditRecorder
from tui.config.keyring import Secret
from tui.config.settings import RawSettings, Settings
from tui.sandbox import ChildSandbox, Options, start_child

USERS, AT_ONCE = 1_000, 8
PATHS = (
    "/api/Chat/ListAgents",
    "/api/Chat/GetConversations?results=1",
    "/api/Chat/GetConversations?results=2",
    "/api/Chat/GetConversations/agent-0",
    "/api/Chat/GetConversation/c-000000-00",
    "/api/Chat/GetConversation/c-000001-00",
    "/api/Chat/ListAgents?again=1",
    "/api/Chat/ListAgents?again=2",
    "/api/Chat/ListAgents?again=3",
    "/api/Chat/ListAgents?again=4",
)


def asking(rounds: int) -> Iterator[Row]:
    """Ask 1,000 users × 10 endpoints, once each: ten thousand requests are rounds enough."""
    del rounds
    with start_child(Options(users=2 * USERS)) as sandbox, asyncio.Runner() as runner:
        told = RawSettings(
            {"AIRISK_URL": sandbox.url, "CLIENT_ID": sandbox.options.client_id}, Secret(sandbox.options.client_secret)
        )
        settings = told.settings()
        users = runner.run(_active(settings, told.secret))
        peer, ours = _bare(sandbox, users), runner.run(_ours(settings, told.secret, users))
    yield beside(f"matrix, {len(users):,} users × {len(PATHS)} endpoints", "a bare httpx loop", peer, ours, 1 / 0.85)


async def _active(settings: Settings, secret: Secret) -> list[User]:
    async with Session(settings, secret) as session:
        return [user for user in (await session.users()).users if "active" in user.more][:USERS]


async def _ours(settings: Settings, secret: Secret, users: list[User]) -> float:
    requests = tuple(MatrixRequest.of(f"GET {path}", Draft("GET", path)) for path in PATHS)
    plan = Plan(rows=[Identity.of(user) for user in users], requests=requests, concurrency=AT_ONCE, rate=0)
    with TemporaryDirectory() as directory:
        trail = AuditLog(Path(directory) / "audit" / "audit.jsonl")
        async with AuditRecorder(trail, settings) as record, Session(settings, secret, record) as session:
            file = RunFile.open(Path(directory) / "matrix" / "run.jsonl")
            columns = [request.column for request in requests]
            head = RunHeader(
                key="",
                deployment="",
                client_id="",
                started="",
                parameters=RunParameters(),
                rows=list(plan.rows),
                columns=columns,
            )
            file.start(head)
            await session.sign_in()
            started = time.perf_counter()
            await Run(session, plan, Classifier(default_rules())).go(file.on_cell, file.on_row)
            seconds = time.perf_counter() - started
            file.close()
    return seconds


def _bare(sandbox: ChildSandbox, users: list[User]) -> float:
    told = {
        "url": sandbox.url,
        "client_id": sandbox.options.client_id,
        "client_secret": sandbox.options.client_secret,
        "ids": [user.id for user in users],
        "paths": PATHS,
        "at_once": AT_ONCE,
    }
    done = subprocess.run(
        [sys.executable, "-c", _LOOP], input=json.dumps(told), text=True, capture_output=True, check=True
    )
    return float(done.stdout)


_LOOP = """
import asyncio, json, sys, time
import httpx

told = json.load(sys.stdin)
common = {"client_id": told["client_id"], "redirect_uri": "https://localhost/callback"}

async def work(client, ids):
    for user in ids:
        query = {**common, "response_type": "code", "state": "s", "userid": user}
        answer = await client.get("/api/oauth2", params=query)
        code = httpx.URL(answer.headers["location"]).params["code"]
        form = {**common, "client_secret": told["client_secret"], "code": code, "userid": user}
        answer = await client.post("/api/oauth2/Token", data={**form, "grant_type": "authorization_code"})
        headers = {"Authorization": "Bearer " + answer.json()["access_token"]}
        for path in told["paths"]:
            await client.get(path, headers=headers)

async def main():
    async with httpx.AsyncClient(base_url=told["url"]) as client:
        await client.get("/api/oauth2")
        ids = iter(told["ids"])
        started = time.perf_counter()
        await asyncio.gather(*(work(client, ids) for _ in range(told["at_once"])))
        print(time.perf_counter() - started)

asyncio.run(main())
"""
