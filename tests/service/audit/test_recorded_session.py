"""A session and its record, sending by sending."""

from functools import partial

from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.trails import entries_in
from tui.airisk.models import Draft
from tui.airisk.session import Session
from tui.audit.log import AuditLog
from tui.audit.recorder import AuditRecorder
from tui.config.keyring import Secret
from tui.config.settings import RawSettings


async def test_what_goes_on_in_a_name_that_is_no_longer_acted_in_has_a_session_of_its_own(path):
    with ForeignAIRisk() as server:
        told = RawSettings({"AIRISK_URL": server.url, "CLIENT_ID": server.client_id}, Secret(server.client_secret))
        async with (
            AuditRecorder(AuditLog(path), told.settings()) as recorder,
            Session(told.settings(), told.secret, recorder) as session,
        ):
            ada, grace, _ = (await session.users()).users
            for leave in (session.stop_acting, partial(session.act_as, grace, "TICKET-8")):
                identity = await session.act_as(ada, "TICKET-7")
                async with session.temporary_identity(identity) as also:
                    await session.send(Draft("GET", "/api/Chat/ListAgents"), also)
                    await leave()
                    session.forget(also)
                    await session.send(Draft("GET", "/api/Chat/ListAgents"), also)
            assert server.issued.count(ada.id) == 1
    told_of = [(entry.event, entry.identity, entry.reason) for entry in entries_in(path) if entry.identity == ada.id]
    within = [("start", ada.id, "TICKET-7"), ("request", ada.id, "TICKET-7"), ("stop", ada.id, "TICKET-7")]
    assert told_of == [*within, *within] * 2


async def test_a_session_with_a_deployment_is_recorded_sending_by_sending(path):
    with ForeignAIRisk() as server:
        told = RawSettings({"AIRISK_URL": server.url, "CLIENT_ID": server.client_id}, Secret(server.client_secret))
        async with (
            AuditRecorder(AuditLog(path), told.settings()) as recorder,
            Session(told.settings(), told.secret, recorder) as session,
        ):
            user = (await session.users()).users[0]
            identity = await session.act_as(user, "TICKET-7")
            await session.send(Draft("GET", "/api/Chat/ListAgents"), identity)
            await session.stop_acting()
    listed, start, asked, stop = entries_in(path)
    assert (listed.event, listed.identity, listed.path, listed.status) == (
        "request",
        "application",
        "/api/ListUsers",
        200,
    )
    assert (start.event, start.identity, start.reason) == ("start", user.id, "TICKET-7")
    assert (asked.identity, asked.path, asked.status) == (user.id, "/api/Chat/ListAgents", 200)
    assert (stop.event, stop.why) == ("stop", "key")
    assert server.client_secret.encode() not in path.read_bytes()
