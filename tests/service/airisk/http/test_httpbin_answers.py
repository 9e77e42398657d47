"""Answers of every kind from a server not written here: httpbin."""

import asyncio
import json
from collections.abc import Iterator

import pytest

from tests.kit.conversing import session_with
from tests.kit.deployment.httpbin import Httpbin, httpbin
from tests.service.airisk.asking import SHORT, TOO_LATE
from tests.service.airisk.asking_httpbin import said, sent
from tui.airisk.identity import ANONYMOUS, APPLICATION
from tui.airisk.models import Draft
from tui.errors import InvalidResponseError, NoResponseError


@pytest.fixture(scope="module")
def server() -> Iterator[Httpbin]:
    with httpbin() as served:
        yield served


@pytest.mark.parametrize(("method", "status"), [("GET", 204), ("GET", 304), ("GET", 418), ("POST", 503)])
async def test_every_status_is_a_response(server: Httpbin, method: str, status: int) -> None:
    exchange = await sent(server, Draft(method, f"/status/{status}"))

    assert exchange.status == status


async def test_a_401_renews_the_token_and_is_then_reported(server: Httpbin) -> None:
    safe = await sent(server, Draft("GET", "/status/401"))
    unsafe = await sent(server, Draft("POST", "/status/401"))

    assert (safe.status, safe.is_replayed) == (401, True)
    assert (unsafe.status, unsafe.may_be_repeated) == (401, True)
    assert server.heard[-3:] == ["GET /status/401", "GET /status/401", "POST /status/401"]


@pytest.mark.parametrize(
    ("path", "status", "location"),
    [
        ("/redirect/3", 302, "/relative-redirect/2"),
        ("/relative-redirect/2", 302, "/relative-redirect/1"),
        ("/absolute-redirect/2", 302, "{url}/absolute-redirect/1"),
        ("/redirect-to?url=https://elsewhere.example/", 302, "https://elsewhere.example/"),
        ("/redirect-to?url=https://elsewhere.example/&status_code=307", 307, "https://elsewhere.example/"),
        ("/redirect-to?url=urn:ietf:wg:oauth:2.0:oob", 302, "urn:ietf:wg:oauth:2.0:oob"),
        ("/status/301", 301, "/redirect/1"),
    ],
)
async def test_a_redirect_is_shown_and_not_followed(server: Httpbin, path: str, status: int, location: str) -> None:
    exchange = await sent(server, Draft("GET", path))

    assert (exchange.status, exchange.header("location")) == (status, location.format(url=server.url))
    assert server.heard[-1] == f"GET {path}"


@pytest.mark.parametrize("kind", ["gzip", "deflate", "brotli"])
async def test_what_is_compressed_though_not_asked_for_is_refused_in_words(server: Httpbin, kind: str) -> None:
    with pytest.raises(InvalidResponseError, match="compressed") as failed:
        await sent(server, Draft("GET", f"/{kind}"))

    assert failed.value.advice


@pytest.mark.parametrize(
    ("path", "kind", "beginning"),
    [
        ("/image/png", "image/png", b"\x89PNG"),
        ("/image/jpeg", "image/jpeg", b"\xff\xd8\xff"),
        ("/image/webp", "image/webp", b"RIFF"),
        ("/image/svg", "image/svg+xml", b"<svg"),
        ("/html", "text/html", b"<!DOCTYPE html>"),
        ("/xml", "application/xml", b"<?xml"),
        ("/json", "application/json", b"{"),
        ("/robots.txt", "text/plain", b"User-agent"),
        ("/deny", "text/plain", b"\n"),
        ("/encoding/utf8", "text/html", b"<h1>Unicode Demo"),
        ("/bytes/1024?seed=1", "application/octet-stream", b""),
        ("/range/26", "application/octet-stream", b"abcdefghijklm"),
        ("/base64/QUlSaXNr", "text/html", b"AIRisk"),
        ("/uuid", "application/json", b"{"),
        ("/links/3/0", "text/html", b"<html>"),
        ("/stream-bytes/3000?seed=1&chunk_size=100", "application/octet-stream", b""),
    ],
)
async def test_every_kind_of_body_comes_whole(server: Httpbin, path: str, kind: str, beginning: bytes) -> None:
    exchange = await sent(server, Draft("GET", path))

    assert (exchange.status, exchange.content_type) == (200, kind)
    assert exchange.body.startswith(beginning)
    length = exchange.header("content-length")
    assert len(exchange.body) == int(length or len(exchange.body)) > 0


async def test_headers_may_come_twice(server: Httpbin) -> None:
    exchange = await sent(server, Draft("GET", "/response-headers?X-Odd=one&X-Odd=two"))

    assert [value for name, value in exchange.headers if name == "X-Odd"] == ["one", "two"]


# Slow and in pieces


async def test_what_drips_in_time_comes_whole(server: Httpbin) -> None:
    exchange = await sent(server, Draft("GET", "/drip?duration=0.5&numbytes=10&code=202&delay=0"))

    assert (exchange.status, exchange.body) == (202, b"*" * 10)
    assert exchange.timing
    assert exchange.timing.first_byte < exchange.timing.total


@pytest.mark.parametrize("path", ["/drip?duration=20&numbytes=20", "/delay/9"])
async def test_what_takes_too_long_is_given_up(server: Httpbin, path: str) -> None:
    async with session_with(server, timeout=SHORT) as session:
        with pytest.raises(NoResponseError, match=TOO_LATE):
            await session.send(Draft("GET", path), ANONYMOUS)


async def test_a_delay_is_waited_for(server: Httpbin) -> None:
    told = await said(server, Draft("GET", "/delay/1"))

    assert told["url"].endswith("/delay/1")


@pytest.mark.parametrize(("path", "wanted"), [("/stream/5", 5), ("/drip?duration=0.3&numbytes=3&delay=0", 0)])
async def test_a_stream_is_read_while_it_comes(server: Httpbin, path: str, wanted: int) -> None:
    async with session_with(server) as session, session.stream(Draft("GET", path), APPLICATION) as incoming:
        body = b"".join([chunk async for chunk in incoming.chunks])

    assert body.count(b"\n") == wanted
    assert body


async def test_many_at_once_each_get_their_own(server: Httpbin) -> None:
    async with session_with(server) as session:
        drafts = [Draft("GET", "/anything", (("n", str(number)),)) for number in range(20)]
        answers = await asyncio.gather(*(session.send(draft, APPLICATION) for draft in drafts))

    assert [json.loads(answer.body)["args"]["n"] for answer in answers] == [str(number) for number in range(20)]
