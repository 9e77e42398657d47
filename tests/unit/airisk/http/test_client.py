"""Deadlines and the stopwatch, to the second: on a loop whose clock jumps, over a network that is a function."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar
from unittest.mock import patch

import httpx
import pytest

from tests.kit.time_lapse import Body, TimeLapse, Transport, answers, in_no_time
from tests.kit.trails import SETTINGS
from tui.airisk.http.client import HttpClient
from tui.airisk.http.request import Request
from tui.airisk.http.response import RequestTimer, StreamingResponse
from tui.airisk.models import Timing
from tui.config.origin import Origin
from tui.config.settings import Settings
from tui.errors import InvalidResponseError, NoResponseError

T = TypeVar("T")
SECONDS = SETTINGS.timeout
READ, UPLOAD = Request("GET", "/"), Request("POST", "/", files=(("a", "a.bin", bytes(1_000_000)),))
EVENTS = {"Content-Type": "text/event-stream; charset=utf-8"}
TOO_LATE = r"demo\.aicrisk\.com did not respond within 30 s\."


def over(
    network: Transport, story: Callable[[HttpClient], Awaitable[T]], settings: Settings = SETTINGS
) -> tuple[T, float]:
    """What comes of a story over a wire whose network answers so, and after how many seconds."""

    async def told(lapse: TimeLapse) -> tuple[T, float]:
        client = HttpClient(settings)
        client._transport = network
        with patch("tui.airisk.http.client.time", lapse), patch("tui.clocks.time", lapse):
            began = lapse.now
            return await story(client), lapse.now - began

    return in_no_time(told)


def given_up(network: Transport, story: Callable[[HttpClient], Awaitable[object]]) -> float:
    """After how many seconds a story ends with words that it came too late."""

    async def told(client: HttpClient) -> None:
        with pytest.raises(NoResponseError, match=TOO_LATE):
            await story(client)

    return over(network, told)[1]


async def ask(client: HttpClient) -> int:
    return (await client.send(READ)).status


async def upload(client: HttpClient) -> int:
    return (await client.send(UPLOAD)).status


async def everything_said(client: HttpClient) -> bytes:
    async with client.open(READ) as incoming:
        return b"".join([chunk async for chunk in incoming.chunks])


# The whole exchange


def test_head_and_body_share_one_deadline() -> None:
    assert over(answers((10.0, b"["), (9.0, b"]"), after=10.0), ask) == (200, 29.0)
    assert given_up(answers((10.0, b"["), (11.0, b"]"), after=10.0), ask) == SECONDS


def test_bytes_that_drip_do_not_put_the_deadline_off() -> None:
    assert given_up(answers(*[(0.25, b" ")] * 1_000), ask) == SECONDS


def test_the_second_attempt_has_only_the_time_that_is_left() -> None:
    asked = []

    async def drop_then_answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        await asyncio.sleep(20.0)
        if len(asked) == 1:
            raise httpx.RemoteProtocolError("")
        return httpx.Response(200)

    assert given_up(Transport(drop_then_answer), ask) == SECONDS
    assert len(asked) == 2


def test_an_unsafe_request_has_no_second_attempt() -> None:
    asked = []

    async def drop(request: httpx.Request) -> httpx.Response:
        asked.append(await request.aread())
        raise httpx.RemoteProtocolError("")

    async def story(client: HttpClient) -> None:
        with pytest.raises(InvalidResponseError):
            await client.send(UPLOAD)

    over(Transport(drop), story)
    assert len(asked) == 1


# The addresses of this machine


def test_the_address_that_answered_is_tried_first_from_then_on() -> None:
    tried, listening = list[str](), "127.0.0.1"

    async def answer(request: httpx.Request) -> httpx.Response:
        tried.append(request.url.host)
        if request.url.host != listening:
            raise httpx.ConnectError("") from ConnectionRefusedError()
        return httpx.Response(200)

    async def story(client: HttpClient) -> None:
        nonlocal listening
        await ask(client)
        tried.append("again")
        await ask(client)
        listening = "::1"
        tried.append("it listens elsewhere")
        await ask(client)
        await ask(client)

    over(Transport(answer), story, Settings(Origin("http", "localhost", 8080), "demo"))
    assert tried == [
        *("localhost", "::1", "127.0.0.1"),
        *("again", "127.0.0.1"),
        *("it listens elsewhere", "127.0.0.1", "localhost", "::1", "::1"),
    ]


# Files


def takes(seconds: float, *, last: float = 0.0) -> Transport:
    """A network that takes each piece of a request in so many seconds, and answers so many after the last."""

    async def answer(request: httpx.Request) -> httpx.Response:
        assert isinstance(request.stream, httpx.AsyncByteStream)
        async for _ in request.stream:
            await asyncio.sleep(seconds)
        await asyncio.sleep(last)
        return httpx.Response(200)

    return Transport(answer)


def test_a_file_may_take_longer_to_go_out_than_a_response_may() -> None:
    status, seconds = over(takes(29.0, last=29.0), upload)
    assert status == 200
    assert seconds > 10 * SECONDS


def test_a_file_that_goes_no_further_is_given_up_after_the_time_for_a_response() -> None:
    assert given_up(takes(31.0), upload) == SECONDS


def test_from_its_last_piece_on_a_response_has_its_usual_time() -> None:
    assert given_up(takes(1.0, last=31.0), upload) == over(takes(1.0), upload)[1] + SECONDS


# What is read while it comes


def test_an_event_stream_may_take_longer_while_it_speaks() -> None:
    said = over(answers(*[(29.0, b"data: 1\n\n")] * 6, headers=EVENTS), everything_said)
    assert said == (b"data: 1\n\n" * 6, 6 * 29.0)


def test_an_event_stream_that_falls_silent_is_reported() -> None:
    assert given_up(answers((9.0, b"data: 1\n\n"), (31.0, b""), headers=EVENTS), everything_said) == 9.0 + SECONDS


def test_any_other_body_has_one_deadline_though_it_is_read_while_it_comes() -> None:
    assert given_up(answers((16.0, b"["), (16.0, b"]")), everything_said) == SECONDS


def test_what_is_done_with_a_long_list_does_not_count() -> None:
    async def take(incoming: StreamingResponse) -> int:
        size = 0
        async for chunk in incoming.chunks:
            size += len(chunk)
            await asyncio.sleep(40.0)
        return size

    async def story(client: HttpClient) -> int:
        return (await client.send(READ, take=take)).size

    assert over(answers((10.0, b"[1,"), (10.0, b"2]")), story) == (5, 100.0)
    assert given_up(answers((10.0, b"[1,"), (21.0, b"2]")), story) == 40.0 + SECONDS


# The stopwatch


def test_the_time_is_distinguished_and_connecting_is_the_handshake_too() -> None:
    async def answer(request: httpx.Request) -> httpx.Response:
        for step, seconds in (("connect_tcp", 1.0), ("start_tls", 2.0)):
            await request.extensions["trace"](f"connection.{step}.started", {})
            await asyncio.sleep(seconds)
            await request.extensions["trace"](f"connection.{step}.complete", {"return_value": None})
        await asyncio.sleep(4.0)
        return httpx.Response(200, stream=Body((8.0, b"[]")))

    async def timing(client: HttpClient) -> Timing:
        return (await client.send(READ)).timing

    assert over(Transport(answer), timing)[0] == Timing(connect=3.0, first_byte=7.0, total=15.0)
    assert over(answers((8.0, b"[]"), after=4.0), timing)[0] == Timing(connect=0.0, first_byte=4.0, total=12.0)


def test_a_watch_that_heard_nothing_tells_no_more_than_it_knows() -> None:
    timing = RequestTimer().read()

    assert timing.connect == 0
    assert timing.first_byte <= timing.total


# The server's clock


def skew_of(date: str) -> float | None:
    """What is thought of a server whose clock shows this when ours shows 00:16:40.9."""

    async def clock_skew(client: HttpClient) -> float | None:
        return (await client.send(READ)).clock_skew

    return over(answers(after=0.9, headers={"Date": date}), clock_skew)[0]


@pytest.mark.parametrize("date", ["yesterday", "", "Fri, 31 Dec 99999 23:59:59 GMT"])
def test_a_clock_that_says_nothing_useful_is_no_clock(date: str) -> None:
    assert skew_of(date) is None


def test_the_servers_clock_is_compared_with_ours() -> None:
    assert skew_of("Thu, 01 Jan 1970 01:16:40 GMT") == pytest.approx(3599.1)
    assert skew_of("Thu, 01 Jan 1970 00:16:37 GMT") == pytest.approx(-3.9)


def test_a_clock_that_only_tells_whole_seconds_is_not_behind() -> None:
    """`Date` is cut to whole seconds: a token's end must not come later for it."""
    assert skew_of("Thu, 01 Jan 1970 00:16:40 GMT") == 0.0
    assert skew_of("Thu, 01 Jan 1970 00:16:39 GMT") == 0.0
