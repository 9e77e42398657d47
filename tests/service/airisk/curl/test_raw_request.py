"""A request typed freely: whatever is typed, it stays with this deployment and holds what was typed, or is refused."""

import asyncio
from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.kit.overhearing import Ear, overhearing, send, understood
from tui.airisk.endpoints.raw_request import read_raw
from tui.airisk.http.methods import METHODS
from tui.errors import RequestRejectedError

BOUNDED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def ear() -> Iterator[Ear]:
    with overhearing() as listening:
        yield listening


TYPED = st.text("/\\.%2eE?#@:;&=[]{}<>\"'|^`~!$*+,-_ \t\r\n\0\x7f\x85éü€\ud800aZ09Host", max_size=14)
LINES = st.lists(
    st.tuples(st.sampled_from(["X-One", "host", "X", "Accept", "Cookie", "X Y", "", "é", " X"]), TYPED)
    .map(": ".join)
    .filter(bool)
    | TYPED,
    max_size=3,
).map("\n".join)
PLACES = st.sampled_from(
    ["/", "/api/", "HERE/", "HERE", "http://evil.example/", "//", "", "HERE:80/", "HERE@evil.example/"]
)


@settings(BOUNDED, max_examples=400)
@given(st.sampled_from(METHODS) | TYPED, st.tuples(PLACES, TYPED).map("".join), LINES, TYPED)
@example("POST", "/", "X-One: a\r\nX-One: b", "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n")
@example("GET", "/a HTTP/1.1?Host: evil.example", "X: Host: evil.example", "")
def test_whatever_is_typed_is_one_request_to_this_deployment_or_none(
    ear: Ear, method: str, target: str, headers: str, body: str
) -> None:
    try:
        draft = read_raw(method, target.replace("HERE", str(ear.origin)), headers, body, ear.origin)
    except RequestRejectedError:
        return
    asyncio.run(send(draft, ear.origin, has_token=False))
    heard = understood(ear.last())
    assert heard.line.decode().split(" ") == [method.strip().upper(), draft.target, "HTTP/1.1"]
    assert heard.body == body.encode()
    assert heard.headers[b"Host", ear.origin.name.encode()] == 1
    typed = Counter(line.partition(":")[0].rstrip(" \t").lower() for line in headers.split("\n") if line.strip())
    own = {"host", "accept-encoding", "content-length", *({"accept", "user-agent"} - set(typed))}
    sent = Counter(name.decode().lower() for name, _ in heard.headers.elements())
    assert typed == Counter({name: count for name, count in sent.items() if name not in own})
