"""What is refused before it goes out, by its fault."""

import pytest

from tui.airisk.http.request import Request, validate_request
from tui.config.keyring import Secret
from tui.errors import RequestRejectedError

REFUSED = (
    (Request("TRACE", "/"), "The method must be one of GET, HEAD, OPTIONS, DELETE, PATCH, POST, PUT."),
    (Request("GET", "/a b"), "The path must begin with one / and contain no space, backslash, # or control character."),
    (Request("GET", "/a/../b"), "The path must not contain . or .. as a segment."),
    (Request("GET", "/..?a"), "The path must not contain . or .. as a segment."),
    (Request("GET", "/", (("X:", ""),)), "A header's name contains a character that HTTP does not allow."),
    (Request("GET", "/", (("Host", "x"),)), "Only airisk-tui may set the header Host."),
    (Request("GET", "/", (("X-A", "\n"),)), "The header X-A contains a character that HTTP does not allow."),
    (Request("GET", "/", bearer=Secret("a b")), "The token contains a character that HTTP does not allow."),
    (Request("POST", "/", files=(("a", "\ud800", b""),)), "The file name contains invalid Unicode."),
)


@pytest.mark.parametrize(("request_", "words"), REFUSED)
def test_what_is_refused_is_reported_by_its_fault(request_: Request, words: str) -> None:
    with pytest.raises(RequestRejectedError) as refused:
        validate_request(request_)
    assert refused.value.message == words
    advice = "Send a copy with another name." if request_.files else ""
    assert refused.value.advice == advice
