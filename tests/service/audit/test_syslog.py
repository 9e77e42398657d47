"""The copy for those who collect centrally: it arrives as RFC 5424 has it, and whatever happens, nobody waits."""

import json
import socket
import ssl
from contextlib import closing
from dataclasses import replace
from typing import BinaryIO

import pytest

from tests.kit.deployment.certificates import Authority
from tests.kit.patience import PATIENCE
from tests.kit.trails import GRACE, RFC_5424, SETTINGS, an_entry, entries_in
from tui.airisk.http.tls import trusting_context
from tui.audit.entry import sign
from tui.audit.log import AuditLog
from tui.audit.recorder import open_audit_sink
from tui.audit.syslog import Syslog, SyslogAddress
from tui.background import run_in_thread


@pytest.fixture(params=["unix", "udp", "tcp", "tls"])
def collector(request, tmp_path):
    """A collector's address, and what gives the next message that arrived there."""
    if request.param in {"tcp", "tls"}:
        context = Authority(tmp_path).context("private_ca") if request.param == "tls" else None
        with closing(socket.create_server(("127.0.0.1", 0))) as server:
            server.settimeout(PATIENCE)
            yield f"{request.param}://127.0.0.1:{server.getsockname()[1]}", _framed(server, context)
        return
    family = socket.AF_UNIX if request.param == "unix" else socket.AF_INET
    with closing(socket.socket(family, socket.SOCK_DGRAM)) as server:
        server.settimeout(PATIENCE)
        server.bind(str(tmp_path / "log") if request.param == "unix" else ("127.0.0.1", 0))
        name = server.getsockname()
        yield f"unix:{name}" if request.param == "unix" else f"udp://127.0.0.1:{name[1]}", lambda: server.recv(65_536)


def _framed(server, context):
    """Octet counting: the length in decimal, a blank, the message."""
    stream: BinaryIO | None = None

    def receive() -> bytes:
        nonlocal stream
        if stream is None:
            connection = _accepted(server, context)
            stream = connection.makefile("rb")
            connection.close()
        length = b""
        while (digit := stream.read(1)) != b" ":
            assert digit.isdigit()
            length += digit
        message: bytes = stream.read(int(length))
        return message

    return receive


def _accepted(server, context):
    connection = server.accept()[0]
    connection.settimeout(PATIENCE)
    return context.wrap_socket(connection, server_side=True) if context else connection


async def test_each_entry_arrives_as_it_stands_in_the_trail(collector, path, tmp_path):
    address, receive = collector
    trusted = trusting_context(tmp_path / "ca.pem") if address.startswith("tls") else None
    syslog = Syslog(SyslogAddress.read(address), trusted=trusted)
    trail = AuditLog(path, copy=syslog.copy)
    await trail.append(an_entry("Grace", process="4711-abc", os_host="desk"), an_entry("\u202eÉve\n\x1b[2J"))
    for entry in entries_in(path):
        arrived = RFC_5424.fullmatch(receive())
        assert arrived
        priority, time, host, program, process, kind, line = arrived.groups()
        assert (priority, program, kind) == (b"86", b"airisk-tui", b"request")
        assert time.decode() == entry.time
        assert (host, process) == ((entry.os_host or "-").encode(), entry.process.partition("-")[0].encode() or b"-")
        assert line + b"\n" in path.read_bytes().splitlines(keepends=True)
        assert json.loads(line)["hash"] == entry.hash
    syslog.close()
    assert syslog.lost == 0


@pytest.mark.parametrize("kind", ["tcp", "tls"])
def test_a_collector_that_hangs_up_is_called_again(kind, tmp_path):
    context = Authority(tmp_path).context("private_ca") if kind == "tls" else None
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        server.settimeout(PATIENCE)
        address = SyslogAddress.read(f"{kind}://127.0.0.1:{server.getsockname()[1]}")
        syslog = Syslog(address, trusted=trusting_context(tmp_path / "ca.pem") if context else None)
        for _ in range(3):
            syslog.copy(sign(an_entry("once more"), 1, "")[0])
            connection = _accepted(server, context)
            assert b"once more" in connection.recv(65_536)
            connection.close()
        syslog.close()
    assert syslog.lost == 0


async def test_the_ca_file_of_the_settings_is_trusted_for_the_collector(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    context = Authority(tmp_path).context("private_ca")
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        server.settimeout(PATIENCE)
        address = f"tls://127.0.0.1:{server.getsockname()[1]}"
        settings = replace(SETTINGS, syslog=address, ca_file=tmp_path / "ca.pem")
        async with open_audit_sink(settings, lambda error: pytest.fail(error.message)) as sink:
            await sink.refused(GRACE, "a reason")
            connection = await run_in_thread(_accepted, server, context)
            assert b'"why":"a reason"' in await run_in_thread(connection.recv, 65_536)
            connection.close()


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("unknown_authority", "unable to get local issuer certificate"),
        ("wrong_host", "IP address mismatch"),
        ("expired", "certificate has expired"),
    ],
)
def test_a_collector_whose_certificate_is_invalid_gets_nothing_and_the_reason_is_given(kind, words, tmp_path):
    context = Authority(tmp_path).context(kind)
    reasons: list[str] = []
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        server.settimeout(PATIENCE)
        address = SyslogAddress.read(f"tls://127.0.0.1:{server.getsockname()[1]}")
        syslog = Syslog(address, reasons.append, trusting_context(tmp_path / "ca.pem", also_usual=True))
        syslog.copy(sign(an_entry(), 1, "")[0])
        for _ in range(2):
            with pytest.raises(ssl.SSLError):
                _accepted(server, context)
        syslog.close(PATIENCE)
    assert syslog.lost == 1
    assert words in reasons[0]


@pytest.mark.parametrize("address", ["unix:/nowhere/log", "udp://127.0.0.1:1", "tcp://127.0.0.1:1"])
async def test_a_collector_that_is_not_there_disturbs_nobody(address, path):
    syslog = Syslog(SyslogAddress.read(address))
    trail = AuditLog(path, copy=syslog.copy)
    for _ in range(3):
        await trail.append(an_entry())
    syslog.close(PATIENCE)
    assert len(entries_in(path)) == 3
    assert syslog.lost == (0 if address.startswith("udp") else 3)


async def test_what_must_not_get_ahead_of_its_copy_waits_until_it_is_handed_over():
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as server:
        server.bind(("127.0.0.1", 0))
        server.setblocking(False)
        syslog = Syslog(SyslogAddress.read(f"udp://127.0.0.1:{server.getsockname()[1]}"))
        for _ in range(100):
            syslog.copy(sign(an_entry(), 1, "")[0])
        await syslog.delivered(PATIENCE)
        assert len([server.recv(65_536) for _ in range(100)]) == 100
        syslog.close()


async def test_a_collector_that_hangs_is_waited_for_but_not_for_ever(tmp_path):
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as server:
        server.bind(str(tmp_path / "log"))  # and never reads
        syslog = Syslog(SyslogAddress.read(f"unix:{tmp_path / 'log'}"))
        for _ in range(1_000):
            syslog.copy(sign(an_entry(), 1, "")[0])
        await syslog.delivered(0.01)
        syslog.close(seconds=0.1)
    syslog.close(PATIENCE)  # its thread works on no longer than this test


def test_a_collector_that_does_not_keep_up_is_not_waited_for(tmp_path):
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as server:
        server.bind(str(tmp_path / "log"))  # and never reads
        syslog = Syslog(SyslogAddress.read(f"unix:{tmp_path / 'log'}"))
        for _ in range(3_000):
            syslog.copy(sign(an_entry(), 1, "")[0])
        assert syslog.lost >= 1_000
        syslog.close(seconds=0.1)
    syslog.close(PATIENCE)
    assert syslog.lost <= 3_000
