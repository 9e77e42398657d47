"""A deployment that says again what it was sent as a secret: nothing of it is handed on, shown or kept."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.kit.canaries import files_with, is_in
from tests.kit.conversing import ADA, AGENTS
from tests.kit.deployment.foreign import TOKEN_PATH, ForeignAIRisk
from tests.kit.echoing import SECRET, WAYS, echoing, sent_to
from tests.kit.leaks import told_by
from tests.kit.trails import entries_in
from tui.airisk.models import Draft, Exchange
from tui.airisk.session import Session
from tui.audit.log import AuditLog
from tui.audit.recorder import AuditRecorder
from tui.config.keyring import Secret
from tui.config.settings import RawSettings
from tui.errors import SignInError
from tui.history.store import History

KEY = (("X-Api-Key", "k3y-canary-0c1d"),)
AS_EVENTS = Draft("GET", AGENTS.path, headers=(("Accept", "text/event-stream"),))


@pytest.mark.parametrize("way", WAYS)
async def test_nothing_that_was_sent_as_a_secret_comes_back(tmp_path: Path, way: str) -> None:
    with ForeignAIRisk(client_secret=SECRET) as server:
        told = RawSettings({"AIRISK_URL": server.url, "CLIENT_ID": server.client_id}, Secret(SECRET))
        trail = tmp_path / "audit.jsonl"
        async with (
            AuditRecorder(AuditLog(trail), told.settings()) as recorder,
            Session(told.settings(), told.secret, recorder) as session,
            History(tmp_path / "history.sqlite3", keep_bodies=True) as history,
        ):
            identity = await session.act_as(ADA)
            server.breaks(AGENTS.path, echoing(server, way))
            exchange = await session.send(replace(AGENTS, headers=KEY), identity)
            await history.add(exchange, server.url)
            async with session.stream(AS_EVENTS, identity) as incoming:
                streamed = b"".join([chunk async for chunk in incoming.chunks])
            server.breaks(TOKEN_PATH, echoing(server, way, 401))
            with pytest.raises(SignInError) as refused:
                await session.renew(identity)
        canaries = [*sent_to(server)]
    assert len(canaries) > 4
    assert b"[masked]" in exchange.body
    came = [everything_in(exchange), streamed, *(text.encode() for header in incoming.headers for text in header)]
    words = [told_by(refused.value).encode(), f"{refused.value.message} {refused.value.advice}".encode()]
    for canary in canaries:
        assert [each[:300] for each in (*came, *words) if is_in(canary, each)] == []
    assert files_with(canaries, tmp_path) == []
    assert [each.status for each in entries_in(trail) if each.path == AGENTS.path] == [400, 400]


async def test_a_header_of_the_settings_goes_with_every_request_and_does_not_come_back() -> None:
    key = KEY[0][1]
    with ForeignAIRisk(client_secret=SECRET) as server:
        values = {"AIRISK_URL": server.url, "CLIENT_ID": server.client_id}
        told = RawSettings(values, Secret(SECRET), headers={"AIRISK_HEADER_X_API_KEY": Secret(key)})
        async with Session(told.settings(), told.secret) as session:
            await session.users()
            identity = await session.act_as(ADA)
            server.breaks(AGENTS.path, echoing(server, "plain"))
            exchange = await session.send(AGENTS, identity)
        assert {each.header("X-Api-Key") for each in server.requests} == {key}
    assert key.encode() not in everything_in(exchange)
    assert b"[masked]" in exchange.body


def everything_in(exchange: Exchange) -> bytes:
    """All that came back."""
    head = " ".join([exchange.reason, *(text for header in exchange.headers for text in header)])
    return head.encode("latin-1") + exchange.body
