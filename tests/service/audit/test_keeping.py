"""The record that a session is given: kept as well as can be, or required."""

import socket
from dataclasses import replace
from pathlib import Path

import pytest

from tests.kit.patience import PATIENCE, comes_true
from tests.kit.trails import GRACE, SETTINGS, entries_in
from tui.airisk.audit_sink import AuditSink, RequestOutcome
from tui.airisk.models import AuditHead, Draft
from tui.audit.recorder import open_audit_sink
from tui.audit.verify import verify
from tui.config.paths import audit_file
from tui.errors import AuditError

DRAFT = Draft("GET", "/api/Chat/ListAgents")
UNTIL = "Until it can be, nothing is recorded."
NOT_WRITTEN = f"The audit trail cannot be written: Is a directory. {UNTIL}"


@pytest.fixture
def trail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the trail of this person will be."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return audit_file()


async def work(record: AuditSink) -> None:
    """All that a session tells of."""
    await record.acting_started(GRACE, "TICKET-7")
    await record.requested(DRAFT, GRACE, RequestOutcome(0.1, 200, 2))
    await record.acting_stopped()
    await record.temporary_identity_started(GRACE, "TICKET-8")
    await record.temporary_identity_stopped(GRACE)
    await record.refused(GRACE, "read-only", DRAFT)


async def test_what_is_done_stands_in_the_trail_and_is_sent_to_the_collector(trail):
    warnings: list[AuditError] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as collector:
        collector.bind(("127.0.0.1", 0))
        collector.settimeout(PATIENCE)
        settings = replace(SETTINGS, syslog=f"udp://127.0.0.1:{collector.getsockname()[1]}")
        async with open_audit_sink(settings, warnings.append) as record:
            await work(record)
        copies = [collector.recv(65_536) for _ in range(6)]
    told = [(entry.event, entry.reason) for entry in entries_in(trail)]
    assert told == [
        ("start", "TICKET-7"),
        ("request", "TICKET-7"),
        ("stop", "TICKET-7"),
        ("start", "TICKET-8"),
        ("stop", "TICKET-8"),
        ("refusal", ""),
    ]
    lines = trail.read_bytes().splitlines()
    assert [copy[copy.index(b"{") :].rstrip() for copy in copies] == lines
    assert (warnings, verify(trail).error) == ([], None)


async def test_the_last_entry_is_known_where_the_trail_is_kept_and_not_where_it_is_not(trail):
    async with open_audit_sink(SETTINGS, lambda _: None) as record:
        assert await record.head() is None
        await work(record)
        last = entries_in(trail)[-1]
        assert await record.head() == AuditHead(last.os_host, last.sequence, last.hash)
        trail.chmod(0o400)
        trail.with_suffix(".head").unlink()
        trail.with_suffix(".head").mkdir()
        await record.refused(GRACE, "read-only", DRAFT)
        assert await record.head() is None


async def test_a_trail_that_does_not_fit_its_head_is_reported_when_it_is_written_to(trail):
    warnings: list[AuditError] = []
    for _ in range(2):
        async with open_audit_sink(SETTINGS, warnings.append) as record:
            await work(record)
    assert warnings == []
    trail.with_suffix(".head").unlink()
    async with open_audit_sink(SETTINGS, warnings.append) as record:
        await record.acting_started(GRACE, "TICKET-7")
        await comes_true(lambda: bool(warnings), "it is told")
    assert "The audit trail does not match its audit.head" in warnings[0].message
    assert len(warnings) == 1


async def test_a_trail_that_cannot_be_begun_is_reported_once_and_work_goes_on(trail):
    trail.parent.parent.write_text("in the way")
    warnings: list[AuditError] = []
    async with open_audit_sink(SETTINGS, warnings.append) as record:
        assert type(record) is AuditSink
        await work(record)
    assert [error.message for error in warnings] == [f"The audit trail cannot be written: File exists. {UNTIL}"]


async def test_a_trail_that_breaks_is_reported_once_and_goes_on_where_it_can(trail):
    warnings: list[AuditError] = []
    async with open_audit_sink(SETTINGS, warnings.append) as record:
        await record.acting_started(GRACE, "TICKET-7")
        for times in (1, 2):
            trail.rename(trail.with_suffix(".aside"))
            trail.mkdir()
            await record.requested(DRAFT, GRACE, RequestOutcome(0.1, 200, 2))
            await record.requested(DRAFT, GRACE, RequestOutcome(0.1, 200, 2))
            trail.rmdir()
            trail.with_suffix(".aside").rename(trail)
            assert [error.message for error in warnings] == [NOT_WRITTEN] * times
            await record.requested(DRAFT, GRACE, RequestOutcome(0.1, 200, 2))
        await record.acting_stopped()
        assert await record.head() is None, "not all of it is in the trail"
    assert [entry.event for entry in entries_in(trail)] == ["start", "request", "request", "stop"]
    assert verify(trail).error is None


async def test_where_it_is_required_nothing_goes_on_without_it(trail):
    trail.parent.parent.write_text("in the way")
    warnings: list[AuditError] = []
    with pytest.raises(AuditError, match="cannot be written"):
        async with open_audit_sink(replace(SETTINGS, require_audit=True), warnings.append):
            pytest.fail("nobody may act")
    trail.parent.parent.unlink()
    async with open_audit_sink(replace(SETTINGS, require_audit=True), warnings.append) as record:
        trail.mkdir()
        with pytest.raises(AuditError, match="Is a directory"):
            await record.acting_started(GRACE, "TICKET-7")
