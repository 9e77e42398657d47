"""What was sent as a secret is masked, however it is written and wherever the pieces end."""

import base64
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.canaries import is_in
from tests.kit.echoing import SECRET, WAYS
from tui.airisk.http.masking import MASK, SentSecrets
from tui.config.keyring import Secret

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1LTEyNyIsIm5hbWUiOiJHcmFjZSJ9.p4s-WqTnN_0aX8yQv3cZrB"
OPAQUE = "nA9-zz_0Q.x4+/bT7=="
secrets = st.one_of(
    st.text(st.characters(codec="utf-8"), min_size=8, max_size=60),
    st.text("abcXYZ019+/=-_.% &\\\"'", min_size=8, max_size=60),
)
ways = st.sampled_from(sorted(WAYS))


@given(secrets, ways, st.sampled_from(["", "a", "ab", "abc: "]), st.sampled_from(["", "z", '"}', "=="]))
def test_no_form_of_it_is_left(secret: str, way: str, before: str, after: str) -> None:
    data = f"{before}{WAYS[way](secret)}{after}".encode()
    masked = SentSecrets(Secret(secret)).masked(data)
    assert MASK in masked
    assert WAYS[way](secret).encode() not in masked


@given(secrets, st.binary(max_size=2), st.binary(max_size=5))
def test_not_within_what_was_encoded_as_a_whole_either(secret: str, before: bytes, after: bytes) -> None:
    encoded = base64.b64encode(before + secret.encode() + after)
    masked = SentSecrets(Secret(secret)).masked(encoded)
    assert MASK in masked
    assert len(masked.replace(MASK, b"")) <= len(before + after) * 4 // 3 + 8


@given(ways, st.lists(st.integers(1, 40), min_size=1, max_size=8))
async def test_wherever_the_pieces_end(way: str, sizes: list[int]) -> None:
    data = f'{{"sent": "{WAYS[way](SECRET)}", "then": "{WAYS[way](OPAQUE)}"}}'.encode() * 3
    sent = SentSecrets(Secret(SECRET), Secret(OPAQUE))
    came = b"".join([chunk async for chunk in sent.masked_chunks(pieces(data, sizes))])
    assert came == sent.masked(data)
    assert not is_in(SECRET, came)
    assert not is_in(OPAQUE, came)


async def test_an_event_is_not_waited_for() -> None:
    sent = SentSecrets(Secret(TOKEN))
    came = [chunk async for chunk in sent.masked_chunks(pieces(b'data: {"text": "ey"}\n\n' * 2, [22]))]
    assert came == [b'data: {"text": "ey"}\n\n'] * 2


def test_a_part_of_a_web_token_is_masked_and_what_all_of_them_begin_with_is_not() -> None:
    head, claims, signature = TOKEN.split(".")
    masked = SentSecrets(Secret(TOKEN)).quoted(f"{head} {claims} {signature}")
    assert masked == f"{head} [masked] [masked]"


@pytest.mark.parametrize("text", ["", "a word", "token", '{"id": "u-1"}', "ünï \udcff"])
def test_other_text_stays_as_it_came(text: str) -> None:
    assert SentSecrets(Secret(TOKEN), Secret("tok"), Secret(""), None).quoted(text) == text


def test_the_first_and_those_that_were_sent_last_are_looked_for() -> None:
    sent = SentSecrets(Secret(SECRET))
    for number in range(500):
        sent.add(Secret(f"token-of-user-{number}"))
    assert sent.quoted(f"{SECRET} token-of-user-499") == "[masked] [masked]"


def test_what_goes_with_every_request_is_looked_for_besides_them() -> None:
    sent = SentSecrets(always=[Secret("gateway-key-1"), Secret("gateway-key-2")])
    for number in range(500):
        sent.add(Secret(SECRET), Secret(f"token-of-user-{number}"), Secret("gateway-key-2"))
    assert sent.quoted(f"{SECRET} gateway-key-1 gateway-key-2 token-of-user-499") == " ".join(["[masked]"] * 4)


async def pieces(data: bytes, sizes: list[int]) -> AsyncIterator[bytes]:
    """The data cut into pieces of these sizes, over and over."""
    place = number = 0
    while place < len(data):
        size = sizes[number % len(sizes)]
        yield data[place : place + size]
        place, number = place + size, number + 1
