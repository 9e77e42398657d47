"""Whatever the network or the peer does: an answer, or an error in words, in bounded time and memory."""

import re
from dataclasses import replace

import pytest

from tests.kit.deployment.broken import BrokenServer
from tests.kit.deployment.faults import CATALOG, PEOPLE, RETRY_AFTER, sends
from tests.kit.patience import ENOUGH
from tests.service.airisk.asking import CANARY, SHORT, TOO_LATE, answer_of, client_to, failure_of, question
from tui.airisk.http.methods import SAFE_METHODS
from tui.airisk.http.request import Request
from tui.errors import InvalidResponseError, NoResponseError

BROKEN = r"127\.0\.0\.1:\d+ sent an invalid HTTP response"
BROKE_OFF = r"to 127\.0\.0\.1:\d+ was closed before the response was complete"
TOO_LARGE = "Response larger than 16 MB; download stopped"
COMPRESSED = "Unexpected compressed response"

FAILURES: dict[str, tuple[type[NoResponseError], str]] = {
    "refuses": (NoResponseError, r"Cannot reach 127\.0\.0\.1:\d+: the connection was refused"),
    "black_hole": (NoResponseError, TOO_LATE),
    "never_answers": (NoResponseError, TOO_LATE),
    "drips_status_line": (NoResponseError, TOO_LATE),
    "drips_headers": (NoResponseError, TOO_LATE),
    "drips_body": (NoResponseError, TOO_LATE),
    "endless_103": (NoResponseError, TOO_LATE),
    "closes_before_answer": (InvalidResponseError, BROKE_OFF),
    "resets_before_answer": (InvalidResponseError, BROKE_OFF),
    "resets_mid_body": (InvalidResponseError, BROKE_OFF),
    "short_body": (InvalidResponseError, BROKE_OFF),
    "short_chunks": (InvalidResponseError, BROKE_OFF),
    "two_lengths": (InvalidResponseError, BROKEN),
    "garbage_status_line": (InvalidResponseError, BROKEN),
    "gzip_unasked": (InvalidResponseError, COMPRESSED),
    "gzip_truncated": (InvalidResponseError, COMPRESSED),
    "gzip_bomb": (InvalidResponseError, COMPRESSED),
    "endless_body": (InvalidResponseError, TOO_LARGE),
    "endless_chunks": (InvalidResponseError, TOO_LARGE),
    "promised_terabyte": (InvalidResponseError, TOO_LARGE),
    "endless_headers": (InvalidResponseError, BROKEN),
    "huge_header": (InvalidResponseError, BROKEN),
}
PLAIN, WIDE = PEOPLE.encode(), PEOPLE.encode("utf-16")
ANSWERED: dict[str, tuple[int, bytes]] = {
    "c1_in_reason": (404, b""),
    "escape_in_reason": (404, b""),
    "status_999": (999, b"[]"),
    "no_content_with_body": (204, b""),
    "no_content_with_body_and_more_to_come": (204, b""),
    **{name: (200, PLAIN) for name in CATALOG if name.startswith("charset_")},
    "utf16_body": (200, WIDE),
    **{f"{status}_{name}": (status, b"") for status in (429, 503) for name in RETRY_AFTER},
}


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("name", FAILURES)
async def test_what_is_no_response_is_reported_in_words_and_an_unsafe_request_sent_once(name: str, method: str) -> None:
    kind, words = FAILURES[name]
    with BrokenServer(name) as server:
        failure = await failure_of(server, method, timeout=SHORT if words == TOO_LATE else ENOUGH)
        assert len(server.requests) <= (1 if method == "POST" else 2)
    assert type(failure) is kind
    assert re.search(words, failure.message)


@pytest.mark.parametrize("start", ["", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"])
async def test_a_peer_that_repeats_the_token_where_it_does_not_belong_is_not_quoted(start: str) -> None:
    with BrokenServer(sends(f"{start}{CANARY}-token \0 {CANARY}\r\n\r\n".encode())) as server:
        assert isinstance(await failure_of(server), InvalidResponseError)


@pytest.mark.parametrize("name", ANSWERED)
async def test_what_is_odd_but_a_response_is_given_as_it_came(name: str) -> None:
    with BrokenServer(name) as server:
        answer = await answer_of(server)
    assert (answer.status, answer.body) == ANSWERED[name]
    if (value := RETRY_AFTER.get(name[4:])) and isinstance(value, str):
        assert answer.header("Retry-After") == value
    assert CANARY not in repr(answer)


@pytest.mark.parametrize("method", sorted(SAFE_METHODS))
@pytest.mark.parametrize("name", ["drops_after_answer", "drops_second_request"])
async def test_a_kept_connection_that_was_dropped_goes_unnoticed_by_a_safe_request(name: str, method: str) -> None:
    with BrokenServer(name) as server:
        async with client_to(server) as client:
            for _ in range(3):
                assert (await client.send(Request(method, "/api/x"))).status == 200
        assert [request.status for request in server.requests].count(200) == 3


async def test_an_unsafe_request_that_met_a_dropped_connection_is_not_sent_again() -> None:
    with BrokenServer("drops_second_request") as server:
        async with client_to(server) as client:
            await client.send(question())
            with pytest.raises(InvalidResponseError):
                await client.send(question("POST"))
        assert [request.method for request in server.requests] == ["GET", "POST"]


async def test_a_stream_is_opened_on_a_fresh_connection_where_the_kept_one_was_dropped() -> None:
    with BrokenServer("drops_second_request") as server:
        async with client_to(server) as client:
            await client.send(question())
            async with client.open(question()) as incoming:
                assert [chunk async for chunk in incoming.chunks] == [b"[]"]


async def test_the_progress_is_reported_each_sending_of_a_question_that_met_a_dropped_connection() -> None:
    told: list[tuple[int, int]] = []
    watched = replace(question(), progress=lambda sent, size: told.append((sent, size)))
    with BrokenServer("drops_second_request") as server:
        async with client_to(server) as client:
            await client.send(watched)
            assert told == [(0, 0)]
            assert (await client.send(watched)).status == 200
    assert told == [(0, 0)] * 3


async def test_a_response_that_broke_off_is_not_requested_again() -> None:
    with BrokenServer("resets_mid_body") as server:
        await failure_of(server)
        assert len(server.requests) == 1


async def test_what_a_204_should_not_have_sent_does_not_reach_the_next_answer() -> None:
    with BrokenServer("no_content_with_body_and_more_to_come") as server:
        async with client_to(server) as client:
            answered = [await client.send(question()) for _ in range(3)]
    assert [(answer.status, answer.body) for answer in answered] == [(204, b"")] * 3


async def test_head_may_announce_what_it_does_not_send() -> None:
    announced = sends(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")
    with BrokenServer(announced) as server:
        answer = await answer_of(server, "HEAD")
    assert (answer.status, answer.header("content-length"), answer.body) == (200, "99999999999", b"")


@pytest.mark.parametrize("length", ["9" * 5000, "-1", "1e3", "0x10", "2, 3", "²"])
async def test_an_odd_length_is_a_broken_response(length: str) -> None:
    with BrokenServer(sends(f"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n[]".encode("latin-1"))) as server:
        assert isinstance(await failure_of(server), InvalidResponseError)
