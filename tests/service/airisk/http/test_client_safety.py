"""Nothing typed, and nothing in the environment, takes a request or its token anywhere else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.kit.deployment.breakable import Thief
from tests.kit.deployment.broken import BrokenServer
from tests.kit.deployment.faults import CATALOG, answers
from tests.kit.leaks import told_by
from tests.kit.patience import ENOUGH
from tests.service.airisk.asking import CANARY, TARGET, answer_of, client_to, failure_of, question
from tui.airisk.http.client import HttpClient
from tui.airisk.http.methods import METHODS
from tui.airisk.http.request import OWN_VALUES, Request
from tui.config.keyring import Secret
from tui.config.origin import Origin
from tui.config.settings import OWN_HEADERS, Settings
from tui.errors import NoResponseError, RequestRejectedError


@asynccontextmanager
async def listening(heard: list[bytes]) -> AsyncIterator[int]:
    """A port that answers each connection once, and notes every byte that came over it."""

    conversations: set[asyncio.Task[None] | None] = set()

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        conversations.add(asyncio.current_task())
        head = await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        heard.append(head + await reader.read())
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(converse, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]
    await asyncio.gather(*filter(None, conversations))


async def arrivals(request: Request) -> tuple[int, list[bytes]]:
    """The port that was asked, and all that arrived there; nothing where the request is refused."""
    heard: list[bytes] = []
    told = ""
    async with listening(heard) as port:
        client = HttpClient(Settings(Origin("http", "127.0.0.1", port), "client", timeout=ENOUGH))
        try:
            await client.send(request)
        except RequestRejectedError as refused:
            told = told_by(refused)
        finally:
            await client.close()
    assert CANARY not in told
    assert bool(told) != bool(heard)
    return port, heard


TYPED = "/\\.%2eE?#@:;&=[]{}<>\"'|^`~!$*+,-_ \t\r\n\0\x7f\x85éü€\ud800aZ09"
EVIL_TARGETS = (
    "https://evil.example/x",
    "//evil.example/x",
    "/\\evil.example",
    "\\evil.example",
    "@evil.example/",
    ":80@evil.example/",
    "",
    "?x",
    "*",
    "x/../../y",
    "/../x",
    "/a/..",
    "/a/%2e%2E/b",
    "/.%2e?x",
    "/a b",
    "/a#b",
    "/a\r\nX-Evil: 1",
    "/a HTTP/1.1\r\nHost: evil.example\r\n\r\nGET /b",
    "/\0",
    "/é",
    "/\ud800",
)
FINE_TARGETS = (
    "/",
    "/api//x",
    "/a..b/.c/...",
    "/a%2Fb%3F%23",
    "/%zz?%",
    "/a?b=../..&c=http://evil.example/",
    "/a?b=/../c",
    "/a;b@c:d?e=f?g/h'[]()*!$,~",
    "/?",
)


@pytest.mark.parametrize("target", EVIL_TARGETS)
async def test_a_path_that_could_lead_elsewhere_is_refused(target: str) -> None:
    _, heard = await arrivals(Request("GET", target, bearer=Secret(CANARY)))
    assert heard == []


@pytest.mark.parametrize("target", FINE_TARGETS)
async def test_any_other_path_arrives_as_it_was_typed(target: str) -> None:
    _, heard = await arrivals(Request("GET", target))
    assert heard[0].startswith(f"GET {target} HTTP/1.1\r\n".encode())


@pytest.mark.parametrize(
    "method", ["get", "CONNECT", "TRACE", "GET ", "GET\r\n", "", "GET /evil HTTP/1.1\r\nX:", "GÉT"]
)
async def test_a_method_that_is_none_is_refused(method: str) -> None:
    assert (await arrivals(Request(method, "/")))[1] == []


EVIL_HEADERS = [
    *((name.title(), "x") for name in sorted(OWN_HEADERS)),
    ("X: y\r\nHost", "evil.example"),
    ("X-Colon:", "y"),
    (" Host", "evil.example"),
    ("Host ", "evil.example"),
    ("", "y"),
    ("X\0", "y"),
    ("Ü", "y"),
    ("X", "y\r\nAuthorization: Bearer evil"),
    ("X", "y\nevil"),
    ("X", "y\0"),
    ("X", "€"),
    ("X", "\ud800"),
    ("X", "\x7f"),
    ("X", "\x1b[2J"),
]


@pytest.mark.parametrize("header", EVIL_HEADERS, ids=lambda header: ascii(header[0]))
async def test_a_header_that_is_ours_or_that_smuggles_is_refused(header: tuple[str, str]) -> None:
    assert (await arrivals(Request("POST", "/", (header,), bearer=Secret(CANARY))))[1] == []


@pytest.mark.parametrize("token", ["a b", "a\r\nHost: evil.example", "a\0", "é", "\ud800"])
async def test_a_token_that_cannot_be_sent_is_refused_and_not_shown(token: str) -> None:
    assert (await arrivals(Request("GET", "/", bearer=Secret(CANARY + token))))[1] == []


async def test_without_a_token_no_authorization_is_sent() -> None:
    (heard,) = (await arrivals(Request("GET", "/", bearer=Secret(""))))[1]
    assert b"authorization" not in heard.lower()


@given(
    st.sampled_from(METHODS) | st.text(TYPED, max_size=6),
    st.text(TYPED, max_size=25).map(lambda text: f"/{text}") | st.text(TYPED, max_size=12),
    st.lists(st.tuples(st.text("Xx-:. \r\n\0éHost", max_size=6), st.text(TYPED, max_size=12)), max_size=2),
)
@example("GET", "/", [("X", "  inner  space\t ")])
@settings(max_examples=250, deadline=None)
def test_what_is_typed_arrives_as_it_is_and_alone_or_not_at_all(
    method: str, target: str, headers: list[tuple[str, str]]
) -> None:
    request = Request(method, target, tuple(headers), bearer=Secret(CANARY))
    port, heard = asyncio.run(arrivals(request))
    if not heard:
        return
    ((start, *lines, end, rest),) = [each.split(b"\r\n") for each in heard]
    assert (start, end, rest) == (f"{method} {target} HTTP/1.1".encode(), b"", b"")
    own = [f"Host: 127.0.0.1:{port}", *(f"{name}: {value}" for name, value in OWN_VALUES)]
    own += [f"Authorization: Bearer {CANARY}"] + ["Content-Length: 0"] * (method in {"POST", "PUT", "PATCH"})
    typed = [f"{name}: {value.strip(' ' + chr(9))}" for name, value in headers]
    assert sorted(lines) == sorted(line.encode("latin-1") for line in [*own, *typed])


@pytest.mark.parametrize("name", [name for name in CATALOG if name.startswith("redirects")])
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_no_redirect_is_followed(name: str, method: str) -> None:
    with BrokenServer(name) as server:
        answer = await answer_of(server, method)
        assert answer.status == int(name.split("_")[1])
        assert server.thief.requests == []


async def test_a_redirect_to_what_is_no_address_is_a_response_like_any_other() -> None:
    for location in ("urn:ietf:wg:oauth:2.0:oob", "https://[", "\xff", "http://x:y/"):
        with BrokenServer(answers(302, b"", ("Location", location))) as server:
            assert (await answer_of(server)).header("Location") == location


async def test_no_cookie_is_ever_sent_back() -> None:
    with BrokenServer("sets_cookies") as server:
        async with client_to(server) as client:
            for _ in range(3):
                assert (await client.send(question())).header("Set-Cookie")
        assert [request.values("Cookie") for request in server.requests] == [[]] * 3


# The environment


async def test_a_proxy_in_the_environment_has_no_effect(monkeypatch: pytest.MonkeyPatch) -> None:
    with BrokenServer("bom_body") as server:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, server.thief.url)
            monkeypatch.setenv(name.lower(), server.thief.url)
        monkeypatch.setenv("NO_PROXY", "")
        assert (await answer_of(server)).status == 200
        assert server.thief.requests == []


async def test_a_netrc_has_no_effect(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in (".netrc", "_netrc"):
        (tmp_path / name).write_text("machine 127.0.0.1 login evil password evil\n")
        (tmp_path / name).chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    with BrokenServer("bom_body") as server:
        async with client_to(server) as client:
            await client.send(Request("GET", "/"))
        assert server.requests[0].header("Authorization") is None


async def test_sslkeylogfile_has_no_effect(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))
    with BrokenServer("tls_private_ca") as server:
        assert (await answer_of(server, ca_file=server.ca_file)).status == 200
        # A proxy that speaks TLS is reached without it, too.
        await failure_of(server, proxy=server.url)
    assert not (tmp_path / "keys").exists()


# The proxy that was asked for


async def test_the_proxy_of_the_settings_is_used() -> None:
    with Thief() as proxy, BrokenServer("refuses") as server:
        async with client_to(server, proxy=proxy.url) as client:
            assert (await client.send(question())).body == b"{}"
        assert proxy.requests[0].target == f"{server.url}{TARGET}"


async def test_a_proxy_that_does_not_let_us_through_gets_no_token() -> None:
    with BrokenServer(answers(403)) as proxy, BrokenServer("tls_private_ca") as server:
        failure = await failure_of(server, proxy=proxy.url.replace("://", f"://user:{CANARY}@"))
        assert failure.message.startswith(f"The proxy 127.0.0.1:{proxy.port} refused the connection to 127.0.0.1")
        (request,) = proxy.requests
        assert (request.method, request.header("Authorization")) == ("CONNECT", None)
        assert request.header("Proxy-Authorization")


@pytest.mark.parametrize("is_secure", [True, False])
async def test_a_proxy_that_wants_a_password_is_named_and_not_taken_for_the_deployment(*, is_secure: bool) -> None:
    with BrokenServer(answers(407)) as proxy, BrokenServer("tls_private_ca" if is_secure else "bom_body") as server:
        failure = await failure_of(server, proxy=proxy.url.replace("://", f"://user:{CANARY}@"))
        assert failure.message == f"The proxy 127.0.0.1:{proxy.port} requires a user name and a password (407)."
        assert f"http://NAME:PASSWORD@127.0.0.1:{proxy.port}" in failure.advice


@pytest.mark.parametrize("lets_through", [True, False])
async def test_asking_a_proxy_for_a_way_is_not_yet_sending(*, lets_through: bool) -> None:
    left: list[str] = []
    with (
        BrokenServer(answers(403)) as proxy,
        BrokenServer("tls_private_ca" if not lets_through else "bom_body") as server,
    ):
        request = replace(question(), leaves=lambda: left.append("left"))
        async with client_to(server, proxy=proxy.url) as client:
            with nullcontext() if lets_through else pytest.raises(NoResponseError):
                await client.send(request)
    assert left == ["left"] * lets_through


async def test_a_proxy_that_is_not_there_is_reported() -> None:
    with BrokenServer("refuses") as proxy, BrokenServer("bom_body") as server:
        failure = await failure_of(server, proxy=proxy.url)
        assert type(failure) is NoResponseError
        host = server.url.removeprefix("http://")
        assert failure.message == f"Cannot reach {host} through the proxy: the connection was refused."
        assert failure.advice == "Check AIRISK_PROXY and the network, then try again."
        assert server.requests == []
