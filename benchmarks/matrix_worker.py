"""One side of the matrix, in a process of its own: `python -m benchmarks.matrix_worker ours|bare`.

The first line of its input says whom and what to ask, as JSON. Each further line is a number of users: that many more
are asked, and the seconds are printed. At the end of its input it prints its peak of memory in MiB.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

Part = Callable[[Sequence[str]], Awaitable[None]]


async def _ours(told: dict[str, Any], stack: AsyncExitStack) -> Part:
    """With the audit trail flushed to disk, the run stored in a file, and every response judged."""
    from tui.cli.main import spare_imports

    spare_imports()  # as whenever the program starts
    from tui.access.classifier import Classifier
    from tui.access.matrix_document import RunParameters
    from tui.access.model import Row
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
    from tui.config.settings import RawSettings

    secret = Secret(told["client_secret"])
    settings = RawSettings({"AIRISK_URL": told["url"], "CLIENT_ID": told["client_id"]}, secret).settings()
    directory = Path(stack.enter_context(TemporaryDirectory()))
    record = await stack.enter_async_context(AuditRecorder(AuditLog(directory / "audit" / "audit.jsonl"), settings))
    session = await stack.enter_async_context(Session(settings, secret, record))
    requests = tuple(MatrixRequest.of(f"GET {path}", Draft("GET", path)) for path in told["paths"])
    file = RunFile.open(directory / "matrix" / "run.jsonl")
    stack.callback(file.close)
    file.start(
        RunHeader(
            key="",
            deployment="",
            client_id="",
            started="",
            parameters=RunParameters(),
            rows=[Row.of(User(each)) for each in told["ids"]],
            columns=[request.column for request in requests],
        )
    )
    await session.sign_in()

    async def ask(ids: Sequence[str]) -> None:
        rows = [Row.of(User(each)) for each in ids]
        plan = Plan(rows=rows, requests=requests, concurrency=told["at_once"], rate=0)
        await Run(session, plan, Classifier(default_rules())).go(file.on_cell, file.on_row)

    return ask


async def _bare(told: dict[str, Any], stack: AsyncExitStack) -> Part:
    """The same requests and nothing else."""
    import httpx

    common = {"client_id": told["client_id"], "redirect_uri": "https://localhost/callback"}
    client = await stack.enter_async_context(httpx.AsyncClient(base_url=told["url"]))
    await client.get("/api/oauth2")

    async def work(users: Any) -> None:
        for user in users:
            query = {**common, "response_type": "code", "state": "s", "userid": user}
            answer = await client.get("/api/oauth2", params=query)
            code = httpx.URL(answer.headers["location"]).params["code"]
            form = {**common, "client_secret": told["client_secret"], "code": code, "userid": user}
            answer = await client.post("/api/oauth2/Token", data={**form, "grant_type": "authorization_code"})
            headers = {"Authorization": "Bearer " + answer.json()["access_token"]}
            for path in told["paths"]:
                await client.get(path, headers=headers)

    async def ask(ids: Sequence[str]) -> None:
        users = iter(ids)
        await asyncio.gather(*(work(users) for _ in range(told["at_once"])))

    return ask


async def _work(side: str) -> None:
    told = json.loads(sys.stdin.readline())
    async with AsyncExitStack() as stack:
        ask = await {"ours": _ours, "bare": _bare}[side](told, stack)
        done = 0
        for line in sys.stdin:
            ids = told["ids"][done : done + int(line)]
            done += len(ids)
            started = time.perf_counter()
            await ask(ids)
            _say(time.perf_counter() - started)
    _say(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def _say(number: float) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(_work(sys.argv[1]))
