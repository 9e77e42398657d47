"""Requests of every kind to a server not written here: httpbin."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.servers.httpbin import TOKEN, Httpbin, httpbin
from tui.airisk.errors import BrokenAnswer, NoAnswer
from tui.airisk.models import ANONYMOUS, GENERIC, Draft, Exchange, Headers, Identity, Upload
from tui.airisk.origin import parse_origin
from tui.airisk.session import Session
from tui.airisk.settings import Settings
from tui.airisk.vault import Secret

JSON: Headers = (("Content-Type", "application/json"),)
FORM: Headers = (("Content-Type", "application/x-www-form-urlencoded"),)


@pytest.fixture(scope="module")
def server() -> Iterator[Httpbin]:
    with httpbin() as served:
        yield served


def session_with(server: Httpbin, **changes: Any) -> Session:
    settings = Settings(origin=parse_origin(server.url), client_id="client", **{"timeout": 10.0} | changes)
    return Session(settings, Secret("a secret"))


async def sent(server: Httpbin, draft: Draft, identity: Identity = GENERIC) -> Exchange:
    async with session_with(server) as session:
        return await session.send(draft, identity)


async def said(server: Httpbin, draft: Draft, identity: Identity = GENERIC) -> Any:
    """What httpbin says of a request that it took."""
    exchange = await sent(server, draft, identity)
    assert exchange.status == 200
    return json.loads(exchange.body)


# Methods and bodies


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
async def test_every_method_arrives_as_itself(server: Httpbin, method: str) -> None:
    told = await said(server, Draft(method, "/anything", (("q", "1"),)))

    assert (told["method"], told["args"]) == (method, {"q": "1"})


async def test_head_and_options_are_answered_without_a_body(server: Httpbin) -> None:
    head = await sent(server, Draft("HEAD", "/get"))
    options = await sent(server, Draft("OPTIONS", "/get"))

    assert (head.status, head.body) == (200, b"")
    assert int(head.header("content-length")) > 0
    assert "GET" in options.header("allow")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_json_arrives_as_it_was_typed(server: Httpbin, method: str) -> None:
    value = {"text": "Zoë 🦉 \u2028", "number": 1e3, "nested": [{"a": None}]}

    told = await said(server, Draft(method, f"/{method.lower()}", (), JSON, json.dumps(value).encode()))

    assert told["json"] == value


async def test_a_form_arrives_field_by_field(server: Httpbin) -> None:
    told = await said(server, Draft("POST", "/post", (), FORM, b"a=1&b=two+words&b=%26%3D&c="))

    assert told["form"] == {"a": "1", "b": ["two words", "&="], "c": ""}


async def test_files_arrive_whole_and_under_their_names(server: Httpbin) -> None:
    files = (
        Upload('Q3 "final".txt', 'Q3 "final".txt', "Zoë\r\n--boundary--\r\n".encode()),
        Upload("bytes.bin", "bytes.bin", bytes(range(256))),
        Upload("note", "", b"a plain value"),
    )

    told = await said(server, Draft("POST", "/post", files=files))

    assert told["files"]['Q3 "final".txt'] == "Zoë\r\n--boundary--\r\n"
    assert told["files"]["bytes.bin"].startswith("data:application/octet-stream;base64,AAECAwQF")
    assert told["form"] == {"note": "a plain value"}
    assert told["headers"]["Content-Type"].startswith("multipart/form-data; boundary=")


@pytest.mark.parametrize("size", [0, 1, 65_536, 3_000_000])
async def test_a_body_of_any_size_arrives_whole(server: Httpbin, size: int) -> None:
    text: Headers = (("Content-Type", "text/plain"),)

    told = await said(server, Draft("POST", "/post", (), text, b"x" * size))

    assert told["data"] == "x" * size


# What goes along


async def test_only_what_was_shown_goes_along(server: Httpbin) -> None:
    told = await said(server, Draft("GET", "/headers", (), (("X-Trace", "t-1"), ("Accept", "text/plain"))))

    assert told["headers"] == {
        "Accept": "text/plain",
        "Accept-Encoding": "identity",
        "Authorization": f"Bearer {TOKEN}",
        "Host": server.url.removeprefix("http://"),
        "User-Agent": "airisk-tui",
        "X-Trace": "t-1",
    }


async def test_the_token_is_there_and_nobody_has_none(server: Httpbin) -> None:
    told = await said(server, Draft("GET", "/bearer"))
    nobody = await sent(server, Draft("GET", "/bearer"), ANONYMOUS)

    assert told == {"authenticated": True, "token": TOKEN}
    assert (nobody.status, nobody.header("www-authenticate")) == (401, "Bearer")


async def test_a_cookie_is_never_sent_back(server: Httpbin) -> None:
    async with session_with(server) as session:
        exchange = await session.send(Draft("GET", "/cookies/set/flavour/oat"), GENERIC)
        again = await session.send(Draft("GET", "/cookies"), GENERIC)

    assert "flavour=oat" in exchange.header("set-cookie")
    assert json.loads(again.body) == {"cookies": {}}


@pytest.mark.parametrize(
    "path",
    [
        "/a%2Fb",
        "/%20%C3%BC",
        "/;v=1,2",
        "/a:b@c",
        "/%00",
        "/%25%32%65",
        "/a//b",
        "/caf%C3%A9/%F0%9F%A6%89",
        "/a'(b)*!$&+=",
    ],
)
async def test_odd_paths_arrive_as_they_were_typed(server: Httpbin, path: str) -> None:
    exchange = await sent(server, Draft("GET", f"/anything{path}", (("a b", "c&d=é"),)))

    assert exchange.status == 200
    assert server.heard[-1] == f"GET /anything{path}?a%20b=c%26d%3D%C3%A9"
    assert json.loads(exchange.body)["args"] == {"a b": "c&d=é"}


# Answers


@pytest.mark.parametrize(
    "status", [200, 201, 204, 205, 304, 400, 402, 403, 404, 405, 406, 409, 418, 429, 500, 502, 503, 504]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_every_status_is_an_answer(server: Httpbin, status: int, method: str) -> None:
    exchange = await sent(server, Draft(method, f"/status/{status}"))

    assert exchange.status == status


async def test_a_401_renews_the_token_and_is_then_told(server: Httpbin) -> None:
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
    with pytest.raises(BrokenAnswer, match="compressed") as failed:
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
    async with session_with(server, timeout=0.8) as session:
        with pytest.raises(NoAnswer, match="did not answer within"):
            await session.send(Draft("GET", path), ANONYMOUS)


async def test_a_delay_is_waited_for(server: Httpbin) -> None:
    told = await said(server, Draft("GET", "/delay/1"))

    assert told["url"].endswith("/delay/1")


@pytest.mark.parametrize(("path", "wanted"), [("/stream/5", 5), ("/drip?duration=0.3&numbytes=3&delay=0", 0)])
async def test_a_stream_is_read_while_it_comes(server: Httpbin, path: str, wanted: int) -> None:
    async with session_with(server) as session, session.stream(Draft("GET", path), GENERIC) as incoming:
        body = b"".join([chunk async for chunk in incoming.chunks])

    assert body.count(b"\n") == wanted
    assert body


async def test_many_at_once_each_get_their_own(server: Httpbin) -> None:
    async with session_with(server) as session:
        drafts = [Draft("GET", "/anything", (("n", str(number)),)) for number in range(20)]
        answers = await asyncio.gather(*(session.send(draft, GENERIC) for draft in drafts))

    assert [json.loads(answer.body)["args"]["n"] for answer in answers] == [str(number) for number in range(20)]
