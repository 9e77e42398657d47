"""A request typed freely: whatever is typed, it stays with this deployment and holds what was typed, or is refused."""

import asyncio
from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.kit.leaks import told_by
from tests.kit.overhearing import Ear, overhearing, send, understood
from tui.airisk.errors import Refused
from tui.airisk.models import METHODS, Draft
from tui.airisk.origin import Origin
from tui.airisk.outgoing import OWN_HEADERS
from tui.airisk.pasting import read_raw

ORIGIN = Origin("https", "demo.aicrisk.com")
CANARY = "c4nary"


@pytest.fixture(scope="module")
def ear() -> Iterator[Ear]:
    with overhearing() as listening:
        yield listening


def raw(method: str = "GET", target: str = "/api/x", headers: str = "", body: str = "") -> Draft:
    return read_raw(method, target, headers, body, ORIGIN)


def test_a_request_as_it_is_typed() -> None:
    headers = "Content-Type: application/json\r\n\nX-One:  two: three \nX-None:\n"
    assert raw(" post ", "/api/x?a=1%202&b=", headers, '{"a": "ü"}') == Draft(
        "POST",
        "/api/x",
        (("a", "1 2"), ("b", "")),
        (("Content-Type", "application/json"), ("X-One", "two: three"), ("X-None", "")),
        '{"a": "ü"}'.encode(),
    )


TARGETS = {
    "https://demo.aicrisk.com/api/x?a=b": Draft("GET", "/api/x", (("a", "b"),)),
    " https://DEMO.aicrisk.com:443/api/x ": Draft("GET", "/api/x"),
    "https://demo.aicrisk.com": Draft("GET", "/"),
    "/api/ü x{y}": Draft("GET", "/api/%C3%BC%20x%7By%7D"),
    "/api/x?a=b+c": Draft("GET", "/api/x?a=b+c"),
    "/api/x?a": Draft("GET", "/api/x?a"),
    "/api/%zz?": Draft("GET", "/api/%zz?"),
}


@pytest.mark.parametrize(("target", "draft"), TARGETS.items())
def test_a_path_or_an_address_of_this_deployment(target: str, draft: Draft) -> None:
    assert raw(target=target) == draft


WRONG = {
    "TRACE": ({"method": "TRACE"}, "not one of"),
    "another host": ({"target": f"https://other.example/{CANARY}"}, "This is for other.example; this deployment is"),
    "another port": ({"target": "https://demo.aicrisk.com:1/"}, "This is for demo.aicrisk.com:1;"),
    "plain HTTP": ({"target": "http://demo.aicrisk.com/"}, "This is for http://demo.aicrisk.com;"),
    "no path": ({"target": CANARY}, "must begin with one /"),
    "a host alone": ({"target": "//other.example/"}, "must begin with one /"),
    "a backslash": ({"target": "/\\other.example/"}, "must begin with one /"),
    "a newline": ({"target": f"/\r\n{CANARY}"}, "must begin with one /"),
    "a fragment": ({"target": "/a#b"}, "must begin with one /"),
    "upwards": ({"target": f"/a/%2e./{CANARY}"}, "must not contain . or .."),
    "no colon": ({"headers": f"X: 1\n{CANARY}"}, "Line 2 of the headers"),
    "a folded line": ({"headers": f"X: 1\n Host: {CANARY}"}, "Line 2 of the headers"),
    "a lone return": ({"headers": f"X: 1\rHost: {CANARY}"}, "The header X holds a character"),
    "no Latin-1": ({"headers": f"X: €{CANARY}"}, "The header X holds a character"),
    "no name": ({"headers": f": {CANARY}"}, "A header's name"),
    "half a character": ({"body": f"{CANARY}\ud800"}, "half a character"),
    **{
        name: ({"headers": f"{name}: {CANARY}"}, f"The header {name} is the program's own")
        for name in sorted(OWN_HEADERS)
    },
}


@pytest.mark.parametrize(("typed", "words"), WRONG.values(), ids=WRONG)
def test_what_is_not_sent_is_refused_by_name(typed: dict[str, str], words: str) -> None:
    with pytest.raises(Refused) as refused:
        raw(**typed)
    assert words in refused.value.message
    assert CANARY not in told_by(refused.value)


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


@settings(deadline=None, max_examples=400)
@given(st.sampled_from(METHODS) | TYPED, st.tuples(PLACES, TYPED).map("".join), LINES, TYPED)
@example("POST", "/", "X-One: a\r\nX-One: b", "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n")
@example("GET", "/a HTTP/1.1?Host: evil.example", "X: Host: evil.example", "")
def test_whatever_is_typed_is_one_request_to_this_deployment_or_none(
    ear: Ear, method: str, target: str, headers: str, body: str
) -> None:
    try:
        draft = read_raw(method, target.replace("HERE", str(ear.origin)), headers, body, ear.origin)
    except Refused:
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
