"""A request typed freely: whatever is typed, it stays with this deployment and holds what was typed, or is refused."""

import pytest

from tests.kit.leaks import told_by
from tui.airisk.endpoints.raw_request import read_raw
from tui.airisk.models import Draft
from tui.config.origin import Origin
from tui.config.settings import OWN_HEADERS
from tui.errors import RequestRejectedError

ORIGIN = Origin("https", "demo.aicrisk.com")
CANARY = "c4nary"


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
    "TRACE": ({"method": "TRACE"}, "must be one of"),
    "another host": (
        {"target": f"https://other.example/{CANARY}"},
        "The address is for other.example, but this deployment is",
    ),
    "another port": ({"target": "https://demo.aicrisk.com:1/"}, "The address is for demo.aicrisk.com:1,"),
    "plain HTTP": ({"target": "http://demo.aicrisk.com/"}, "The address is for http://demo.aicrisk.com,"),
    "no path": ({"target": CANARY}, "must begin with one /"),
    "a host alone": ({"target": "//other.example/"}, "must begin with one /"),
    "a backslash": ({"target": "/\\other.example/"}, "must begin with one /"),
    "a newline": ({"target": f"/\r\n{CANARY}"}, "must begin with one /"),
    "a fragment": ({"target": "/a#b"}, "must begin with one /"),
    "upwards": ({"target": f"/a/%2e./{CANARY}"}, "must not contain . or .."),
    "no colon": ({"headers": f"X: 1\n{CANARY}"}, "Line 2 of the headers"),
    "a folded line": ({"headers": f"X: 1\n Host: {CANARY}"}, "Line 2 of the headers"),
    "a lone return": ({"headers": f"X: 1\rHost: {CANARY}"}, "The header X contains a character"),
    "no Latin-1": ({"headers": f"X: €{CANARY}"}, "The header X contains a character"),
    "no name": ({"headers": f": {CANARY}"}, "A header's name"),
    "half a character": ({"body": f"{CANARY}\ud800"}, "invalid Unicode"),
    **{
        name: ({"headers": f"{name}: {CANARY}"}, f"Only airisk-tui may set the header {name}.")
        for name in sorted(OWN_HEADERS)
    },
}


@pytest.mark.parametrize(("typed", "words"), WRONG.values(), ids=WRONG)
def test_what_is_not_sent_is_refused_by_name(typed: dict[str, str], words: str) -> None:
    with pytest.raises(RequestRejectedError) as refused:
        raw(**typed)
    assert words in refused.value.message
    assert CANARY not in told_by(refused.value)
