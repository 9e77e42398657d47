"""What the program does stands in the trail, and each act that began there ends there."""

import asyncio
import fcntl
import getpass
import json
import os
import socket
from contextlib import contextmanager

import pytest

from tests.kit.trails import (
    ADA,
    GRACE,
    SETTINGS,
    entries_in,
)
from tui.airisk.audit_sink import EndReason, RequestOutcome
from tui.airisk.identity import ANONYMOUS, APPLICATION, Identity
from tui.airisk.models import Draft
from tui.audit.log import AuditLog
from tui.audit.recorder import AuditRecorder
from tui.audit.verify import verify
from tui.errors import AuditError

DRAFT = Draft("GET", "/api/Chat/GetConversations/c%2F1?skip=5#top", (("metadatasearch", "query-s3cret"),))


@pytest.fixture
async def recorder(path):
    """One that is open."""
    async with AuditRecorder(AuditLog(path), SETTINGS) as recorder:
        yield recorder


def acts(path) -> list[tuple[str, str, str]]:
    """What stands in the trail, shortly."""
    return [(entry.event, entry.identity, entry.why) for entry in entries_in(path)]


async def test_an_act_with_a_request_in_it(recorder, path):
    await recorder.acting_started(GRACE, "TICKET-7")
    await recorder.requested(DRAFT, GRACE, RequestOutcome(seconds=0.0844, status=200, size=12_400))
    await recorder.acting_stopped()
    start, request, stop = entries_in(path)
    assert (start.event, start.identity, start.name, start.subject_check) == (
        "start",
        "u-127",
        "Grace Hopper",
        "confirmed",
    )
    assert (request.method, request.path, request.status) == ("GET", "/api/Chat/GetConversations/c%2F1", 200)
    assert (request.milliseconds, request.bytes) == (84, 12_400)
    assert (stop.event, stop.why) == ("stop", "key")
    for entry in (start, request, stop):
        assert entry.reason == "TICKET-7"
        assert (entry.deployment, entry.client_id) == ("https://demo.aicrisk.com", "client-1")
        assert entry.os_host == socket.gethostname()
        assert entry.process == start.process
        assert entry.process.startswith(f"{os.getpid()}-")


async def test_the_json_line_has_what_was_promised_and_no_value_of_a_query(recorder, path):
    await recorder.requested(DRAFT, GRACE, RequestOutcome(seconds=0.1, status=200, size=1))
    line = json.loads(path.read_bytes())
    promised = {"time", "event", "identity", "name", "subject_check", "method", "path", "status", "milliseconds"}
    assert promised | {"previous", "hash"} <= line.keys()
    assert b"s3cret" not in path.read_bytes()
    assert b"skip" not in path.read_bytes()


async def test_the_owner_of_a_process_is_not_read_from_the_environment(path, monkeypatch):
    monkeypatch.setenv("LOGNAME", "somebody else")
    assert getpass.getuser() == "somebody else"
    recorder = AuditRecorder(AuditLog(path), SETTINGS)
    await recorder.refused(APPLICATION, "no")
    assert entries_in(path)[0].os_user != "somebody else"


async def test_generic_and_anonymous_are_distinguished_from_users_of_that_name(recorder, path):
    for identity in (APPLICATION, ANONYMOUS, Identity("user", "application")):
        await recorder.requested(DRAFT, identity, RequestOutcome(seconds=0.1, status=403, size=0))
    assert [(entry.kind, entry.identity) for entry in entries_in(path)] == [
        ("application", "application"),
        ("anonymous", "anonymous"),
        ("user", "application"),
    ]


async def test_a_request_without_a_response_is_reported_with_what_kept_it_from_coming(recorder, path):
    await recorder.requested(DRAFT, GRACE, RequestOutcome(seconds=30, why="canceled"))
    (entry,) = entries_in(path)
    assert (entry.status, entry.bytes, entry.milliseconds, entry.why) == (None, None, 30_000, "canceled")


@pytest.mark.parametrize("address", ["https://user:s3cret@elsewhere/x", "//user:s3cret@elsewhere/x", "s3cret"])
async def test_a_refused_address_is_not_told_as_it_may_hold_a_password(recorder, path, address):
    await recorder.refused(GRACE, "That is not a path.", Draft("GET", address))
    (entry,) = entries_in(path)
    assert (entry.event, entry.why, entry.path) == ("refusal", "That is not a path.", "(not a path)")
    assert b"s3cret" not in path.read_bytes()


async def test_from_user_to_user_one_act_ends_and_the_other_begins(recorder, path):
    await recorder.acting_started(GRACE)
    await recorder.acting_started(ADA)
    await recorder.acting_stopped(EndReason.LIMIT)
    await recorder.acting_stopped(EndReason.LIMIT)
    assert acts(path) == [
        ("start", "u-127", ""),
        ("stop", "u-127", "key"),
        ("start", "u-1", ""),
        ("stop", "u-1", "limit"),
    ]


async def test_allowed_changes_are_in_the_acting_session_that_they_are_allowed_in(recorder, path):
    await recorder.acting_started(GRACE, "TICKET-7")
    await recorder.changes_allowed(GRACE)
    entry = entries_in(path)[-1]
    assert (entry.event, entry.identity, entry.why, entry.reason) == ("allow", GRACE.id, "changes", "TICKET-7")


async def test_asking_in_other_names_leaves_the_act_as_it_is(recorder, path):
    await recorder.acting_started(GRACE, "TICKET-7")
    await recorder.temporary_identity_started(ADA, "a comparison")
    await recorder.requested(DRAFT, ADA, RequestOutcome(seconds=0.1, status=200, size=1))
    await recorder.requested(DRAFT, GRACE, RequestOutcome(seconds=0.1, status=200, size=1))
    await recorder.temporary_identity_stopped(ADA)
    await recorder.temporary_identity_stopped(ADA)
    assert [(entry.event, entry.identity, entry.why, entry.reason) for entry in entries_in(path)] == [
        ("start", GRACE.id, "", "TICKET-7"),
        ("start", ADA.id, "", "a comparison"),
        ("request", ADA.id, "", "a comparison"),
        ("request", GRACE.id, "", "TICKET-7"),
        ("stop", ADA.id, "done", "a comparison"),
    ]


async def test_a_name_that_is_used_twice_at_once_has_two_stops_and_a_reason_until_the_last(recorder, path):
    await recorder.temporary_identity_started(ADA, "a matrix")
    await recorder.temporary_identity_started(ADA, "a cell")
    await recorder.temporary_identity_stopped(ADA)
    await recorder.requested(DRAFT, ADA, RequestOutcome(seconds=0.1, status=200, size=1))
    await recorder.temporary_identity_stopped(ADA)
    assert [(entry.event, entry.reason) for entry in entries_in(path)] == [
        ("start", "a matrix"),
        ("start", "a cell"),
        ("stop", "a cell"),
        ("request", "a matrix"),
        ("stop", "a matrix"),
    ]


async def test_quitting_stops_asking_in_every_name(path):
    async with AuditRecorder(AuditLog(path), SETTINGS) as recorder:
        await recorder.acting_started(GRACE)
        await recorder.temporary_identity_started(ADA)
    assert acts(path)[2:] == [("stop", ADA.id, "quit"), ("stop", GRACE.id, "quit")]


async def test_quitting_ends_the_act(path):
    async with AuditRecorder(AuditLog(path), SETTINGS) as recorder:
        await recorder.acting_started(GRACE)
    assert acts(path)[-1] == ("stop", "u-127", "quit")
    assert not list(path.with_name("runs").iterdir())


async def test_a_fault_of_the_program_ends_the_act_as_a_crash(path):
    async def act() -> None:
        async with AuditRecorder(AuditLog(path), SETTINGS) as recorder:
            await recorder.acting_started(GRACE)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await act()
    assert acts(path)[-1] == ("stop", "u-127", "crash")


async def test_where_no_loop_runs_any_more_the_act_can_still_be_ended(path):
    recorder = await AuditRecorder(AuditLog(path), SETTINGS).open()
    await recorder.acting_started(GRACE)
    recorder.close_now()
    recorder.close_now()
    assert acts(path) == [("start", "u-127", ""), ("stop", "u-127", "crash")]


@pytest.mark.parametrize("before", [None, ADA])
async def test_canceled_while_it_begins_an_act_is_taken_back(recorder, path, before):
    await recorder.requested(DRAFT, APPLICATION, RequestOutcome(seconds=0.1, status=200, size=0))
    if before:
        await recorder.acting_started(before, "TICKET-1")
    with path.with_suffix(".head").open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        beginning = asyncio.create_task(recorder.acting_started(GRACE))
        await asyncio.sleep(0)
        beginning.cancel()
        await asyncio.wait([beginning])
    await recorder.requested(DRAFT, before or APPLICATION, RequestOutcome(seconds=0.1, status=200, size=0))
    told = [("start", "u-127", ""), ("stop", "u-127", "key")]
    if before:
        told = [("start", "u-1", ""), ("stop", "u-1", "key"), *told, ("start", "u-1", "")]
    assert acts(path)[1:-1] == told
    assert entries_in(path)[-1].reason == ("TICKET-1" if before else "")


async def test_what_cannot_be_written_did_not_begin(recorder, path):
    await recorder.acting_started(ADA)
    with _unwritable(path), pytest.raises(AuditError):
        await recorder.acting_started(GRACE)
    await recorder.acting_stopped()
    assert acts(path) == [("start", "u-1", ""), ("stop", "u-1", "key")]
    assert verify(path).entries == 2


async def test_a_stop_that_could_not_be_written_is_written_at_the_end(path):
    async with AuditRecorder(AuditLog(path), SETTINGS) as recorder:
        await recorder.acting_started(ADA)
        with _unwritable(path), pytest.raises(AuditError):
            await recorder.acting_stopped()
    assert acts(path) == [("start", "u-1", ""), ("stop", "u-1", "quit")]


@contextmanager
def _unwritable(path):
    head = path.with_suffix(".head")
    head.rename(path.with_suffix(".kept"))
    head.mkdir()
    yield
    head.rmdir()
    path.with_suffix(".kept").rename(head)


async def test_stopping_while_somebody_else_is_given_up_stops(path):
    trail = AuditLog(path)
    async with AuditRecorder(trail, SETTINGS) as recorder:
        await recorder.acting_started(ADA)
        giving_up = asyncio.create_task(recorder.acting_started(GRACE))
        await asyncio.sleep(0)
        trail.submit(lambda: None).result()  # it is written, and nobody has heard of it yet
        giving_up.cancel()
        await recorder.acting_stopped()
        told = [(entry.event, entry.identity) for entry in entries_in(path)]
    ada, grace = ADA.id, GRACE.id
    before = [("start", ada), ("stop", ada), ("start", grace), ("stop", grace), ("start", ada)]
    assert told == [*before, ("stop", ada)]
    assert len(entries_in(path)) == len(told)
