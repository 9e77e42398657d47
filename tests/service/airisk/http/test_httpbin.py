"""Requests of every kind to a server not written here: httpbin."""

import json
from collections.abc import Iterator

import pytest

from tests.kit.conversing import session_with
from tests.kit.deployment.httpbin import Httpbin, httpbin
from tests.service.airisk.asking_httpbin import said, sent
from tui.airisk.identity import ANONYMOUS, APPLICATION
from tui.airisk.models import Draft, Headers, Upload

JSON: Headers = (("Content-Type", "application/json"),)
FORM: Headers = (("Content-Type", "application/x-www-form-urlencoded"),)


@pytest.fixture(scope="module")
def server() -> Iterator[Httpbin]:
    with httpbin() as served:
        yield served


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
        "Authorization": "Bearer [masked]",
        "Host": server.url.removeprefix("http://"),
        "User-Agent": "airisk-tui",
        "X-Trace": "t-1",
    }


async def test_the_token_is_there_and_nobody_has_none(server: Httpbin) -> None:
    told = await said(server, Draft("GET", "/bearer"))
    nobody = await sent(server, Draft("GET", "/bearer"), ANONYMOUS)

    assert told == {"authenticated": True, "token": "[masked]"}
    assert (nobody.status, nobody.header("www-authenticate")) == (401, "Bearer")


async def test_a_cookie_is_never_sent_back(server: Httpbin) -> None:
    async with session_with(server) as session:
        exchange = await session.send(Draft("GET", "/cookies/set/flavour/oat"), APPLICATION)
        again = await session.send(Draft("GET", "/cookies"), APPLICATION)

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
