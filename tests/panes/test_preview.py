"""What is shown before a request goes is what goes: held against a port that keeps every byte."""

import asyncio
from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import assume, given, settings

from tests.kit.drafting import WITH_BODY
from tests.kit.overhearing import TOKEN, Ear, overhearing, send, understood
from tui.airisk.identity import Identity
from tui.airisk.models import Draft, Upload, User
from tui.airisk.redaction import holds_a_secret, names_a_secret
from tui.errors import RequestRejectedError
from tui.panes.request.preview import body_lines, preview

ADA = Identity.of(User("u-1", "Ada"))
BEARER = f"Authorization: Bearer {TOKEN}"
HIDDEN = "Authorization: Bearer •••• (token of Ada · u-1)"


@pytest.fixture(scope="module")
def ear() -> Iterator[Ear]:
    with overhearing() as listening:
        yield listening


def shown(draft: Draft, ear: Ear) -> tuple[str, Counter[str], str]:
    """Request line, headers and body as they are shown."""
    head, _, body = preview(draft, ADA, ear.origin.name, {}).plain.partition("\n\n")
    line, *headers = head.split("\n")
    return line, Counter(headers), body


@settings(deadline=None, max_examples=200)
@given(WITH_BODY)
def test_what_is_shown_is_what_is_sent(ear: Ear, draft: Draft) -> None:
    texts = "".join(name + value for name, value in draft.headers) + draft.body.decode("latin-1")
    assume(texts.isprintable() and texts.isascii() and "  " not in texts)
    assume(not (holds_a_secret(draft.body) or any(names_a_secret(name) for name, _ in (*draft.query, *draft.headers))))
    try:
        line, headers, body = shown(draft, ear)
        asyncio.run(send(draft, ear.origin, has_token=True))
    except RequestRejectedError:
        return
    heard = understood(ear.last())
    told = Counter({f"{name.decode()}: {value.decode()}": count for (name, value), count in heard.headers.items()})
    length = {each for each in told if each.startswith("Content-Length")}
    assert line == heard.line.decode()
    assert headers - Counter([HIDDEN]) == told - Counter([BEARER, *length])
    assert body == heard.body.decode()


def test_a_form_is_shown_part_by_part_with_the_sizes_and_the_token_hidden(ear: Ear) -> None:
    draft = Draft("POST", "/api/x", files=(Upload("a.pdf", "a.pdf", b""), Upload("note", "", b"text")))
    line, headers, _ = shown(draft, ear)
    text = preview(draft, ADA, "demo.aicrisk.com", {"a.pdf": 12_400}).plain

    assert line == "POST /api/x HTTP/1.1"
    assert HIDDEN in headers
    assert "\na.pdf, 12.4 kB" in text
    assert "note=text" in text


BY_MEMBER = {
    b'{"title":"New talk","agentId":"a-1","metadata":[1,{"x":2}],"n":1.50}': [
        '{"title": "New talk",',
        ' "agentId": "a-1",',
        ' "metadata": [1,{"x":2}],',
        ' "n": 1.50}',
    ],
    b'{"password":"Tr0ub4dor&3"}': ['{"password": "••••"}'],
    b'{"a":1,"a":2}': ['{"a":1,"a":2}'],
    b'{"a": 1}': ['{"a": 1}'],
    b'["a","b"]': ['["a","b"]'],
    b"{no JSON": ["{no JSON"],
    b"{}": ["{}"],
}


@pytest.mark.parametrize(("body", "lines"), BY_MEMBER.items())
def test_before_a_body_is_confirmed_each_member_has_a_line(body: bytes, lines: list[str]) -> None:
    assert [line.plain for line in body_lines(Draft("POST", "/", body=body), {}, by_member=True)] == lines


def test_a_body_with_more_members_than_lines_says_so() -> None:
    body = b'{"a":1,"b":2,"c":3}'
    shown = [line.plain for line in body_lines(Draft("POST", "/", body=body), {}, lines=2, by_member=True)]
    assert shown == ['{"a": 1,', ' "b": 2,', "… 19 B in all"]
