"""Every way a peer on the network can misbehave, by name."""

import gzip
import json
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache

from tests.kit.deployment.breakable import Behaviour
from tests.kit.deployment.messages import Reply
from tests.kit.deployment.peer import Peer

DRIP_SECONDS = 0.25
CHUNK = b" " * 65536
MOST_CHUNKS = 16384
BOMB_BYTES = 64 << 20
JSON_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"
NO_CONTENT = b"HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\n[]"
PORTAL = b"<!DOCTYPE html><html><title>Hotel WiFi</title><body>Please sign in, or wait: starting.</body></html>"


def answers(status: int, body: bytes = b"", *headers: tuple[str, str], times: int | None = None) -> Behaviour:
    """An orderly answer, always the same."""
    return Behaviour(lambda peer: peer.reply(Reply(status, body, headers)), times)


def answers_json(body: bytes, kind: str = "application/json") -> Behaviour:
    """200 with a body that claims to be JSON."""
    return answers(200, body, ("Content-Type", kind))


def sends(data: bytes, *, is_kept: bool = False) -> Behaviour:
    """These bytes, then the end of the connection unless it `is_kept`."""

    def act(peer: Peer) -> None:
        peer.send(data)
        peer.is_reusable = is_kept

    return Behaviour(act)


def redirects(status: int, host: str = "localhost") -> Behaviour:
    """To the thief: by default another host name on another port, with 127.0.0.1 another port only."""

    def act(peer: Peer) -> None:
        location = f"http://{host}:{peer.thief_port}{peer.request.target}"
        peer.reply(Reply(status, b"", (("Location", location),)))

    return Behaviour(act)


def asks_to_wait(status: int, retry_after: Callable[[], str] | str | None) -> Behaviour:
    """429 or 503, with or without Retry-After; a callable is asked at each request."""

    def act(peer: Peer) -> None:
        value = retry_after() if callable(retry_after) else retry_after
        headers = () if value is None else (("Retry-After", value),)
        peer.reply(Reply(status, b"", headers))

    return Behaviour(act)


def drips(data: bytes, opening: bytes = b"") -> Behaviour:
    """`opening` at once, then the bytes of `data` one by one, again and again."""

    def act(peer: Peer) -> None:
        peer.send(opening)
        for number in peer.ticks(DRIP_SECONDS):
            peer.send(data[number % len(data) :][:1])

    return Behaviour(act)


def floods(opening: bytes, data: bytes) -> Behaviour:
    """`opening`, then `data` as fast as it is taken, up to 1 GB."""

    def act(peer: Peer) -> None:
        peer.send(opening)
        for _ in range(MOST_CHUNKS):
            peer.send(data)

    return Behaviour(act)


def sends_then_resets(data: bytes) -> Behaviour:
    """These bytes, then RST."""

    def act(peer: Peer) -> None:
        peer.send(data)
        peer.reset()

    return Behaviour(act)


def hints_for_ever(peer: Peer) -> None:
    """Informational answers, never the final one."""
    for _ in peer.ticks(DRIP_SECONDS / 10):
        peer.send(b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n")


def drips_header_lines(peer: Peer) -> None:
    """A good start, then a header at a time."""
    peer.send(JSON_HEAD)
    for number in peer.ticks(DRIP_SECONDS):
        peer.send(b"X-Drip-%d: on\r\n" % number)


def drops_after_answer(peer: Peer) -> None:
    """Promise to keep the connection, then close it."""
    peer.answer_normally()
    peer.hang_up()


def drops_second_request(peer: Peer) -> None:
    """Serve one request a connection; take the second, and close without a word."""
    if peer.number == 1:
        peer.answer_normally()
    else:
        peer.hang_up()


def sets_cookies(peer: Peer) -> None:
    """An answer with cookies of several kinds."""
    cookies = ("session=first; Path=/", "ARRAffinity=second;Path=/;HttpOnly", "wide=third; Domain=127.0.0.1")
    peer.reply(Reply(200, b"[]", tuple(("Set-Cookie", cookie) for cookie in cookies)))


def sends_bomb(peer: Peer) -> None:
    """A few hundred bytes that are gzip in gzip of 64 MiB."""
    headers = (("Content-Type", "application/json"), ("Content-Encoding", "gzip, gzip"))
    peer.reply(Reply(200, gzip_bomb(), headers))


@cache
def gzip_bomb() -> bytes:
    """Nested gzip, made in pieces so that making it takes no memory, and loosely so that it takes 0.1 s."""
    inner, outer = (zlib.compressobj(level, zlib.DEFLATED, 31) for level in (1, 9))
    pieces = [outer.compress(inner.compress(CHUNK)) for _ in range(BOMB_BYTES // len(CHUNK))]
    return b"".join([*pieces, outer.compress(inner.flush()), outer.flush()])


def soon() -> str:
    """An HTTP date five seconds ahead."""
    return format_datetime(datetime.now(UTC) + timedelta(seconds=5), usegmt=True)


def answer_normally(peer: Peer) -> None:
    """Nothing wrong with the HTTP itself."""
    peer.answer_normally()


PEOPLE = json.dumps([{"id": "u-1", "name": "Zoë"}], ensure_ascii=False)
ZIPPED = gzip.compress(PEOPLE.encode())
RETRY_AFTER: dict[str, Callable[[], str] | str | None] = {
    "seconds": "5",
    "negative": "-1",
    "huge": "1000000000",
    "date": soon,
    "garbage": "when it suits you",
    "nothing": None,
}

BEHAVIOURS: dict[str, Behaviour] = {
    # No answer.
    "refuses": Behaviour(answer_normally, port_state="closed"),
    "black_hole": Behaviour(answer_normally, port_state="full"),
    "never_answers": Behaviour(Peer.wait_until_gone),
    "drips_status_line": drips(b"HTTP/1.1 200 " + b"O" * 1000),
    "drips_headers": Behaviour(drips_header_lines),
    "drips_body": drips(b" ", JSON_HEAD + b"Content-Length: 1000000\r\n\r\n["),
    "endless_103": Behaviour(hints_for_ever),
    # A broken answer.
    "closes_before_answer": Behaviour(Peer.hang_up),
    "resets_before_answer": Behaviour(Peer.reset),
    "resets_mid_body": sends_then_resets(JSON_HEAD + b"Content-Length: 100\r\n\r\n[{"),
    "short_body": sends(JSON_HEAD + b"Content-Length: 100\r\n\r\n[]"),
    "short_chunks": sends(JSON_HEAD + CHUNKED + b"2\r\n[]\r\n"),
    "two_lengths": sends(JSON_HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n[]"),
    "garbage_status_line": sends(b"SSH-2.0-OpenSSH_9.9\r\n\r\n"),
    "escape_in_reason": sends(b"HTTP/1.1 404 \x1b]52;c;aGk=\x07\r\nContent-Length: 0\r\n\r\n"),
    "c1_in_reason": sends(b"HTTP/1.1 404 \x9d52;c;aGk=\x9c\r\nContent-Length: 0\r\n\r\n"),
    "drops_after_answer": Behaviour(drops_after_answer),
    "drops_second_request": Behaviour(drops_second_request),
    # Too much.
    "gzip_unasked": answers(200, ZIPPED, ("Content-Type", "application/json"), ("Content-Encoding", "gzip")),
    "gzip_truncated": answers(200, ZIPPED[:-12], ("Content-Encoding", "gzip")),
    "gzip_bomb": Behaviour(sends_bomb),
    "endless_body": floods(JSON_HEAD + b"\r\n[", CHUNK),
    "endless_chunks": floods(JSON_HEAD + CHUNKED, b"10000\r\n" + CHUNK + b"\r\n"),
    "promised_terabyte": floods(JSON_HEAD + b"Content-Length: 1000000000000\r\n\r\n[", CHUNK),
    "endless_headers": floods(JSON_HEAD, b"X-More: and more\r\n" * 1000),
    "huge_header": answers(200, b"[]", ("X-Huge", "h" * (1 << 20))),
    # Odd, but an answer.
    "status_999": answers(999, b"[]"),
    "no_content_with_body": sends(NO_CONTENT),
    "no_content_with_body_and_more_to_come": sends(NO_CONTENT, is_kept=True),
    "captive_portal": answers(200, PORTAL, ("Content-Type", "text/html")),
    "charset_unknown": answers_json(PEOPLE.encode(), "application/json; charset=klingon"),
    "charset_not_text": answers_json(PEOPLE.encode(), "application/json; charset=zlib"),
    "charset_raising": answers_json(PEOPLE.encode(), "application/json; charset=undefined"),
    "charset_idna": answers_json(PEOPLE.encode(), "application/json; charset=idna"),
    "charset_with_nul": answers_json(PEOPLE.encode(), 'application/json; charset="utf\\0-8"'),
    "utf16_body": answers_json(PEOPLE.encode("utf-16"), "application/json; charset=utf-16"),
    "bom_body": answers_json(PEOPLE.encode("utf-8-sig")),
    "invalid_utf8": answers_json(b'[{"id": "u-1", "name": "Zo\xff\xc3"}]'),
    "lone_surrogate": answers_json(b'[{"id": "u-1", "name": "\\ud800"}]'),
    "deep_nest": answers_json(b"[" * 100_000 + b"]" * 100_000),
    "truncated_json": answers_json(b'[{"id": "u-1", "na'),
    "sets_cookies": Behaviour(sets_cookies),
    # Elsewhere.
    "redirects_302": redirects(302),
    "redirects_303": redirects(303),
    "redirects_307": redirects(307),
    "redirects_308": redirects(308),
    "redirects_307_to_other_port": redirects(307, "127.0.0.1"),
    # Later.
    **{f"429_{name}": asks_to_wait(429, value) for name, value in RETRY_AFTER.items()},
    **{f"503_{name}": asks_to_wait(503, value) for name, value in RETRY_AFTER.items()},
    # TLS.
    "tls_private_ca": Behaviour(answer_normally, tls="private_ca"),
    "tls_self_signed": Behaviour(answer_normally, tls="self_signed"),
    "tls_expired": Behaviour(answer_normally, tls="expired"),
    "tls_wrong_host": Behaviour(answer_normally, tls="wrong_host"),
    "tls_plain_http": Behaviour(answer_normally, tls="plain_http"),
}
