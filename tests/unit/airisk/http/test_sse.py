"""Server-Sent Events as the standard has them, however they are cut into chunks, and bounded where it has no bounds."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.airisk.http.sse import EVENT_CAP, Event, EventReader, read_events
from tui.errors import InvalidResponseError


def events_of(*chunks: bytes, cap: int = EVENT_CAP) -> list[Event]:
    """What chunks tell, up to their end."""
    reader = EventReader(cap=cap)
    found = [event for chunk in chunks for event in reader.feed(chunk)]
    reader.end()
    return found


def told(*chunks: bytes) -> list[tuple[str, str]]:
    return [(event.kind, event.data) for event in events_of(*chunks)]


# The standard's own examples (9.2.6)


def test_its_first_example() -> None:
    stream = b"data: YHOO\ndata: +2\ndata: 10\n\n"
    assert told(stream) == [("message", "YHOO\n+2\n10")]


def test_its_example_of_comments_and_ids() -> None:
    stream = b": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n"
    assert [(event.data, event.id) for event in events_of(stream)] == [
        ("first event", "1"),
        ("second event", ""),
        (" third event", ""),
    ]


def test_its_example_of_empty_data() -> None:
    assert told(b"data\n\ndata\ndata\n\ndata: x\n\n") == [("message", ""), ("message", "\n"), ("message", "x")]


def test_its_example_of_a_space() -> None:
    assert told(b"data:test\n\ndata: test\n\n") == [("message", "test")] * 2


# What a stream may hold


STREAMS = {
    "a kind": (b"event: done\ndata: x\n\n", [("done", "x")]),
    "a kind without data": (b"event: done\n\ndata: x\n\n", [("message", "x")]),
    "a mark at the beginning": (b"\xef\xbb\xbfdata: x\n\n", [("message", "x")]),
    "a mark later": (b"data: x\n\n\xef\xbb\xbfdata: y\n\n", [("message", "x")]),
    "lines that end with CR": (b"data: x\rdata: y\r\r", [("message", "x\ny")]),
    "lines that end with CRLF": (b"data: x\r\ndata: y\r\n\r\n", [("message", "x\ny")]),
    "all ends mixed": (b"data: x\rdata: y\r\ndata: z\n\n", [("message", "x\ny\nz")]),
    "fields that nobody knows": (b"wat: 1\ndata: x\nDATA: y\n data: z\n\n", [("message", "x")]),
    "a colon in the data": (b'data: {"a": 1}\n\n', [("message", '{"a": 1}')]),
    "separators that are no line ends": (
        "data: a\u2028b\x0bc\x0cd\x1ce\x85f\n\n".encode(),
        [("message", "a\u2028b\x0bc\x0cd\x1ce\x85f")],
    ),
    "no UTF-8": (b"data: Zo\xff\xc3\n\n", [("message", "Zo\ufffd\ufffd")]),
    "half a character at the end of a chunk": ("data: é🦉\n\n".encode(), [("message", "é🦉")]),
    "only comments": (b": ping\n\n: ping\n\n", []),
    "nothing": (b"", []),
}


@pytest.mark.parametrize(("stream", "expected"), STREAMS.values(), ids=STREAMS)
def test_what_a_stream_tells(stream: bytes, expected: list[tuple[str, str]]) -> None:
    assert told(stream) == expected
    assert told(*(bytes([byte]) for byte in stream)) == expected
    assert told(*(chunk for byte in stream for chunk in (bytes([byte]), b""))) == expected


@given(st.sampled_from([stream for stream, _ in STREAMS.values()]), st.lists(st.integers(0, 60), max_size=6))
def test_it_is_the_same_however_it_is_cut(stream: bytes, cuts: list[int]) -> None:
    places = [0, *sorted(cut % (len(stream) + 1) for cut in cuts), len(stream)]
    assert told(*(stream[a:b] for a, b in itertools.pairwise(places))) == told(stream)


@given(st.binary(max_size=80))
def test_no_bytes_make_it_fail_otherwise_than_in_words(stream: bytes) -> None:
    reader = EventReader()
    assert all(event.kind for event in reader.feed(stream))
    with contextlib.suppress(InvalidResponseError):
        reader.end()


def test_an_event_is_reported_at_once_though_its_last_line_end_may_be_half() -> None:
    reader = EventReader()
    assert [event.data for event in reader.feed(b"data: x\r\r")] == ["x"]
    assert [event.data for event in reader.feed(b"\ndata: y\n\n")] == ["y"]
    reader.end()


def test_id_and_retry_hold_until_they_are_said_again() -> None:
    stream = b"id: 7\nretry: 1500\ndata: a\n\ndata: b\n\nid: 8\0\nretry: soon\ndata: c\n\nid\ndata: d\n\n"
    assert [(event.id, event.retry) for event in events_of(stream)] == [("7", 1500)] * 3 + [("", 1500)]


# Its bounds, and its end


def test_a_line_over_the_cap_is_not_kept() -> None:
    with pytest.raises(InvalidResponseError, match="larger than"):
        events_of(b"data: " + b"x" * 100, cap=50)


def test_many_lines_of_one_event_are_over_the_cap_too() -> None:
    with pytest.raises(InvalidResponseError, match="larger than"):
        events_of(b"data: 0123456789\n" * 10, cap=50)


def test_a_line_that_never_ends_takes_no_more_memory_than_the_cap() -> None:
    reader = EventReader(cap=1000)
    for _ in range(10):
        assert not list(reader.feed(b"x" * 100))
    with pytest.raises(InvalidResponseError):
        list(reader.feed(b"x"))


@pytest.mark.parametrize("rest", [b"data: x", b"data: x\n", b"event: done\n", b"dat", b"id"])
def test_a_stream_that_ends_in_the_middle_of_an_event_is_reported(rest: bytes) -> None:
    with pytest.raises(InvalidResponseError, match="in the middle"):
        events_of(b"data: whole\n\n" + rest)


@pytest.mark.parametrize("rest", [b"", b": a comment", b"id: 7\n", b"\n\n"])
def test_what_is_no_event_may_end_anywhere(rest: bytes) -> None:
    assert len(events_of(b"data: whole\n\n" + rest)) == 1


def test_what_came_before_a_fault_was_reported() -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield b"data: 1\n\ndata: 2\n\nda"
        yield b"ta: " + b"x" * 100

    async def read() -> list[str]:
        heard: list[str] = []
        with contextlib.suppress(InvalidResponseError):
            async for event in read_events(chunks(), cap=50):
                heard.append(event.data)  # noqa: PERF401 - what came before the fault counts
            heard.append("no fault")
        return heard

    assert asyncio.run(read()) == ["1", "2"]
