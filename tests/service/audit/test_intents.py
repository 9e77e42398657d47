"""A request that may change data is in the trail, on disk and at the collector, before it leaves; its outcome after."""

import asyncio
import fcntl
import socket
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from tests.kit.conversing import AGENTS, CREATE, ask, either_way, session_with, settings_for
from tests.kit.deployment.breakable import EVERY_PATH
from tests.kit.deployment.faults import Fault
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.deployment.peer import Peer
from tests.kit.patience import comes_true
from tests.kit.shell import another_program
from tests.kit.trails import SETTINGS, entries_in, intend_for_ever
from tui.airisk.identity import APPLICATION
from tui.airisk.models import Draft
from tui.audit.entry import UNKNOWN, AuditEntry
from tui.audit.log import AuditLog
from tui.audit.recorder import AuditRecorder, open_audit_sink
from tui.audit.verify import verify
from tui.config.paths import audit_file
from tui.errors import AIRiskError, AuditError, NoResponseError, RequestRejectedError

DELETE = Draft("DELETE", "/api/Chat/Conversation/7")


@dataclass
class Met:
    """What a deployment found in the trail, and what the collector had, at the moment a request arrived there."""

    trail: list[list[AuditEntry]] = field(default_factory=list)
    copies: list[bytes] = field(default_factory=list)


@pytest.fixture
def server() -> Iterator[ForeignAIRisk]:
    """A deployment that answers what it is asked."""
    with ForeignAIRisk() as server:
        yield server


def changes(path: Path) -> list[tuple[str, bool | None, int | None, str]]:
    """What stands in the trail about DELETE."""
    return [(each.event, each.sent, each.status, each.why) for each in entries_in(path) if each.method == "DELETE"]


def deletes(server: ForeignAIRisk) -> int:
    """How many arrived."""
    return sum(request.method == "DELETE" for request in server.requests)


@either_way
async def test_it_is_on_disk_and_at_the_collector_before_it_arrives(server, tmp_path, monkeypatch, is_streamed):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    met, warnings = Met(), list[AIRiskError]()
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as collector:
        collector.bind(("127.0.0.1", 0))
        collector.setblocking(False)

        def look(peer: Peer) -> None:
            met.trail.append(entries_in(audit_file()))
            with suppress(BlockingIOError):
                for _ in range(100):
                    met.copies.append(collector.recv(65_536))
            peer.answer_normally()

        server.breaks(DELETE.path, Fault(look))
        settings = settings_for(server, syslog=f"udp://127.0.0.1:{collector.getsockname()[1]}")
        async with open_audit_sink(settings, warnings.append) as record, session_with(server, record) as session:
            await ask(session, DELETE, APPLICATION, is_streamed=is_streamed)
    intent = met.trail[0][-1]
    assert (intent.event, intent.method, intent.path) == ("intent", "DELETE", DELETE.path)
    assert intent.hash.encode() in met.copies[-1]
    *_, outcome = entries_in(audit_file())
    assert (outcome.event, outcome.intent, outcome.status, outcome.sent) == ("request", intent.sequence, 404, True)
    assert (verify(audit_file()).unknown, warnings) == ((), [])


async def test_what_only_reads_has_one_entry(server, path):
    async with AuditRecorder(AuditLog(path), settings_for(server)) as record, session_with(server, record) as session:
        await session.send(AGENTS, APPLICATION)
    times = sum(request.path == AGENTS.path for request in server.requests)
    told = [(entry.event, entry.intent, entry.sent) for entry in entries_in(path)]
    assert told == [("request", None, True)] * times


async def test_canceled_on_its_way_it_may_have_arrived(server, path):
    server.breaks(DELETE.path, "never_answers")
    async with AuditRecorder(AuditLog(path), settings_for(server)) as record, session_with(server, record) as session:
        sending = asyncio.create_task(session.send(DELETE, APPLICATION))
        await comes_true(lambda: deletes(server) == 1, "the request at the deployment")
        assert changes(path) == [("intent", None, None, "")]
        sending.cancel()
        await asyncio.wait([sending])
    assert changes(path)[1:] == [("request", True, None, "canceled")]


async def test_where_no_response_comes_one_is_to_look_before_sending_it_again(server, path):
    server.breaks(DELETE.path, "closes_before_answer")
    async with AuditRecorder(AuditLog(path), settings_for(server)) as record, session_with(server, record) as session:
        with pytest.raises(NoResponseError) as failure:
            await session.send(DELETE, APPLICATION)
        assert failure.value.advice == "AIRisk may have processed it. Check before you resend it."
        server.breaks(EVERY_PATH, "refuses")
        with pytest.raises(NoResponseError, match="refused") as failure:
            await session.send(DELETE, APPLICATION)
        assert failure.value.advice == "Check AIRISK_URL and the network, then try again."
    assert changes(path)[1][:3] == ("request", True, None)
    assert changes(path)[1][3].endswith("was closed before the response was complete.")


async def test_canceled_while_the_intent_is_written_it_never_leaves(server, path):
    async with AuditRecorder(AuditLog(path), settings_for(server)) as record, session_with(server, record) as session:
        await session.sign_in()
        await session.send(AGENTS, APPLICATION)
        with path.with_suffix(".head").open("rb") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            sending = asyncio.create_task(session.send(DELETE, APPLICATION))
            await asyncio.sleep(0)
            sending.cancel()
            fcntl.flock(held, fcntl.LOCK_UN)
        await asyncio.wait([sending])
        assert sending.cancelled()
    assert changes(path) == [("intent", None, None, ""), ("request", False, None, "canceled")]
    assert deletes(server) == 0


async def test_what_never_left_is_marked_as_such(server, path):
    async with AuditRecorder(AuditLog(path), settings_for(server)) as record, session_with(server, record) as session:
        await session.sign_in()
        server.breaks(EVERY_PATH, "refuses")
        with pytest.raises(NoResponseError):
            await session.send(DELETE, APPLICATION)
        with pytest.raises(RequestRejectedError):
            await session.send(replace(DELETE, headers=(("Host", "elsewhere"),)), APPLICATION)
    unreachable = f"Cannot reach 127.0.0.1:{server.port}: the connection was refused."
    refused = "Only airisk-tui may set the header Host."
    assert changes(path)[1::2] == [("request", False, None, unreachable), ("request", False, None, refused)]
    assert deletes(server) == 0


@either_way
async def test_an_intent_that_has_to_be_recorded_and_cannot_be_keeps_it_here(server, path, is_streamed):
    settings = settings_for(server)
    async with session_with(server, AuditRecorder(AuditLog(path), settings)) as session:
        await session.sign_in()
        path.parent.parent.mkdir()
        path.parent.touch()
        with pytest.raises(AuditError, match=r"^The request was not sent\. The audit trail cannot be written"):
            await ask(session, DELETE, APPLICATION, is_streamed=is_streamed)
        assert deletes(server) == 0


async def test_an_outcome_that_cannot_be_written_is_reported_as_sent_and_written_at_the_end(server, path):
    def take_the_head_away(peer: Peer) -> None:
        path.with_suffix(".head").rename(path.with_suffix(".kept"))
        path.with_suffix(".head").mkdir()
        peer.answer_normally()

    server.breaks(DELETE.path, Fault(take_the_head_away))
    async with AuditRecorder(AuditLog(path), settings_for(server)) as record, session_with(server, record) as session:
        with pytest.raises(AuditError, match=r"^The request was sent\. The audit trail cannot be written"):
            await session.send(DELETE, APPLICATION)
        path.with_suffix(".head").rmdir()
        path.with_suffix(".kept").rename(path.with_suffix(".head"))
    assert changes(path) == [("intent", None, None, ""), ("request", True, 404, "")]


async def test_where_the_trail_is_not_required_it_is_sent_without_and_that_is_reported(server, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    warnings: list[AIRiskError] = []
    async with (
        open_audit_sink(settings_for(server), warnings.append) as record,
        session_with(server, record) as session,
    ):
        audit_file().mkdir()
        await session.send(DELETE, APPLICATION)
        audit_file().rmdir()
    assert deletes(server) == 1
    assert [error.message for error in warnings] == [
        "The audit trail cannot be written: Is a directory. Until it can be, nothing is recorded."
    ]


async def test_what_a_killed_program_left_open_is_reported_at_the_next_start_and_once(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    with ForeignAIRisk() as server:
        settings = settings_for(server)
        with another_program(intend_for_ever, audit_file()) as (program, heard):
            heard.recv_bytes()
            assert verify(audit_file()).unknown == ()
            program.kill()
            program.join()
        assert [entry.path for entry in verify(audit_file()).unknown] == [CREATE.path]
        told = [await _told_at_start(settings) for _ in range(2)]
    words = f"1 change has an unknown outcome: POST {SETTINGS.origin}{CREATE.path} as u-127 ("
    assert told[0][0].startswith(words)
    assert told[0][0].endswith(" UTC). Check whether it was done before you resend it.")
    assert told[1] == []
    intent, outcome = entries_in(audit_file())
    assert (outcome.event, outcome.intent, outcome.sent, outcome.why) == ("request", intent.sequence, None, UNKNOWN)
    assert outcome.process == intent.process
    assert [entry.path for entry in verify(audit_file()).unknown] == [CREATE.path]


async def test_what_is_under_way_in_another_window_is_not_taken_for_lost(server, path):
    async with AuditRecorder(AuditLog(path), settings_for(server)) as other:
        await other.intended(DELETE, APPLICATION)
        async with AuditRecorder(AuditLog(path), settings_for(server)) as record:
            assert record.unknown == []
        assert verify(path).unknown == ()
    assert changes(path)[1:] == [("request", None, None, UNKNOWN)]


async def _told_at_start(settings) -> list[str]:
    told: list[AIRiskError] = []
    async with open_audit_sink(settings, told.append):
        pass
    return [error.message for error in told]
