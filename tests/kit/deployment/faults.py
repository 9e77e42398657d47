"""Everything a server can do wrong: `CATALOG` has the usual faults by name, and the functions make others."""

import gzip
import json
import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from itertools import count
from random import Random
from threading import Event

from tests.kit.deployment.certificates import CertificateKind
from tests.kit.deployment.messages import Received, Reply, json_reply
from tests.kit.deployment.peer import LIFETIME_SECONDS, Peer, PortState
from tests.kit.deployment.tokens import ExpirationForm, expiration_fields

DRIP_SECONDS = 0.25
CHUNK = b" " * 65536
MOST_CHUNKS = 16384
BOMB_BYTES = 64 << 20
JSON_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"
NO_CONTENT = b"HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\n[]"
SSH_BANNER = b"SSH-2.0-OpenSSH_9.9\r\n"
PORTAL = b"<!DOCTYPE html><html><title>Hotel WiFi</title><body>Please sign in, or wait: starting.</body></html>"


@dataclass(frozen=True)
class Fault:
    """One thing that a server does wrong.

    `act` deals with a request that was read, or, where it `is_at_connection`, with a connection before its TLS begins.
    Such a fault, a `port_state` and a `certificate` are of the whole server, and cannot be of a single path.
    """

    act: Callable[[Peer], None] = Peer.answer_normally
    port_state: PortState = "open"
    certificate: CertificateKind | None = None
    is_at_connection: bool = False

    @property
    def is_of_whole_server(self) -> bool:
        """Whether it begins before a request can be read."""
        return self.port_state != "open" or self.certificate is not None or self.is_at_connection


def fault_of(fault: Fault | str) -> Fault:
    """Return the fault itself, which may be given by its name in the catalog."""
    return CATALOG[fault] if isinstance(fault, str) else fault


def at_first(times: int, fault: Fault | str) -> Fault:
    """Act on so many requests, and answer those that follow normally."""
    act, number = fault_of(fault).act, count()
    return Fault(lambda peer: act(peer) if next(number) < times else peer.answer_normally())


def for_users(fault: Fault | str) -> Fault:
    """Act only where somebody signs in as a user; the application itself is well served."""
    act = fault_of(fault).act

    def act_for_users(peer: Peer) -> None:
        is_for_user = "userid=" in peer.request.target or b"userid=" in peer.request.body
        (act if is_for_user else Peer.answer_normally)(peer)

    return Fault(act_for_users)


def processes_then(fault: Fault | str) -> Fault:
    """Process the request first, so that a code is spent or a token issued, and then act."""
    act = fault_of(fault).act

    def process_and_act(peer: Peer) -> None:
        peer.normal_reply()
        act(peer)

    return Fault(process_and_act)


def answers(status: int, body: bytes = b"", *headers: tuple[str, str], kind: str = "") -> Fault:
    """An orderly answer, always the same; `kind` is its content type."""
    types = (("Content-Type", kind),) if kind else ()
    return Fault(lambda peer: peer.reply(Reply(status, body, (*types, *headers))))


def answers_json(body: bytes, kind: str = "application/json") -> Fault:
    """200 with a body that claims to be JSON."""
    return answers(200, body, kind=kind)


def alters(change: Callable[[Received, Reply], Reply]) -> Fault:
    """The good answer, after this change."""
    return Fault(lambda peer: peer.reply(change(peer.request, peer.normal_reply())))


def sends(data: bytes, *, is_kept: bool = False) -> Fault:
    """These bytes, then the end of the connection unless it `is_kept`."""

    def act(peer: Peer) -> None:
        peer.send(data)
        peer.is_reusable = is_kept

    return Fault(act)


def stalls(data: bytes) -> Fault:
    """A long 200 in JSON of which only this comes."""

    def act(peer: Peer) -> None:
        peer.send(JSON_HEAD + b"Content-Length: 1000000\r\n\r\n" + data)
        peer.wait_until_gone()

    return Fault(act)


def comes_in_two(first: bytes, rest: bytes, gate: Event, *, stays_out: int = 0) -> Fault:
    """200 in JSON, of which the rest comes once the gate is open, except for that many bytes, which never come."""

    def act(peer: Peer) -> None:
        peer.send(JSON_HEAD + f"Content-Length: {len(first) + len(rest)}\r\n\r\n".encode() + first)
        gate.wait(LIFETIME_SECONDS)
        peer.send(rest[: len(rest) - stays_out])
        if stays_out:
            peer.wait_until_gone()

    return Fault(act)


def redirects(*locations: str, status: int = 302) -> Fault:
    """Redirect to these.

    In them `{target}` is what was asked for, `{state}` the state it was asked with, `{thief}` the origin of another
    host, and `{port}` the port of that.
    """

    def act(peer: Peer) -> None:
        known = {
            "{target}": peer.request.target,
            "{state}": dict(peer.request.query).get("state", ""),
            "{thief}": f"http://127.0.0.1:{peer.thief_port}",
            "{port}": str(peer.thief_port),
        }
        filled = [re.sub(r"\{\w+\}", lambda found: known[found[0]], each) for each in locations]
        peer.reply(Reply(status, b"", tuple(("Location", each) for each in filled)))

    return Fault(act)


def redirects_elsewhere(status: int, origin: str = "http://localhost:{port}") -> Fault:
    """Redirect to the same at the thief's: by default another host name on another port."""
    return redirects(origin + "{target}", status=status)


def rewrites(change: Callable[[str], str] = str, status: int = 302) -> Fault:
    """The good redirect with its query changed, or with another status."""

    def alter(_: Received, good: Reply) -> Reply:
        address, __, query = dict(good.headers)["Location"].partition("?")
        others = (header for header in good.headers if header[0] != "Location")
        return replace(good, status=status, headers=(*others, ("Location", f"{address}?{change(query)}")))

    return alters(alter)


def grants(**members: object) -> Fault:
    """The good token response with other members; one that is None is left out."""
    return alters(lambda _, good: _with_members(good, members))


def expires_as(form: ExpirationForm) -> Fault:
    """The good token response with its end in another form."""

    def alter(_: Received, good: Reply) -> Reply:
        end = datetime.fromisoformat(json.loads(good.body)["expiration"])
        seconds = (end - datetime.now(UTC)).total_seconds()
        return _with_members(good, {"expiration": None, **expiration_fields(form, end, seconds)})

    return alters(alter)


def expires_within(seconds: float) -> Fault:
    """The good token response with an early end."""

    def alter(_: Received, good: Reply) -> Reply:
        return _with_members(good, {"expiration": (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()})

    return alters(alter)


def _with_members(good: Reply, members: Mapping[str, object]) -> Reply:
    document = {**json.loads(good.body), **members}
    altered = json_reply({name: value for name, value in document.items() if value is not None})
    return replace(altered, headers=good.headers)


def asks_to_wait(status: int, retry_after: Callable[[], str] | str | None) -> Fault:
    """429 or 503, with or without Retry-After; a callable is asked at each request."""

    def act(peer: Peer) -> None:
        value = retry_after() if callable(retry_after) else retry_after
        headers = () if value is None else (("Retry-After", value),)
        peer.reply(Reply(status, b"", headers))

    return Fault(act)


def drips(data: bytes, opening: bytes = b"") -> Fault:
    """`opening` at once, then the bytes of `data` one by one, again and again."""

    def act(peer: Peer) -> None:
        peer.send(opening)
        for number in peer.ticks(DRIP_SECONDS):
            peer.send(data[number % len(data) :][:1])

    return Fault(act)


def floods(opening: bytes, data: bytes) -> Fault:
    """`opening`, then `data` as fast as it is taken, up to 1 GB."""

    def act(peer: Peer) -> None:
        peer.send(opening)
        for _ in range(MOST_CHUNKS):
            peer.send(data)

    return Fault(act)


def sends_then_resets(data: bytes) -> Fault:
    """These bytes, then RST."""

    def act(peer: Peer) -> None:
        peer.send(data)
        peer.reset()

    return Fault(act)


def sends_at_connection(data: bytes) -> Fault:
    """These bytes instead of shaking hands, and the end."""

    def act(peer: Peer) -> None:
        peer.send(data)
        peer.say_no_more()

    return Fault(act, is_at_connection=True)


def hints_for_ever(peer: Peer) -> None:
    """Informational answers, never the final one."""
    for _ in peer.ticks(DRIP_SECONDS / 10):
        peer.send(b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n")


def drips_header_lines(peer: Peer) -> None:
    """A good start, then a header at a time."""
    peer.send(JSON_HEAD)
    for number in peer.ticks(DRIP_SECONDS):
        peer.send(b"X-Drip-%d: on\r\n" % number)


def drips_answer(peer: Peer) -> None:
    """The good answer, a byte at a time."""
    for byte in peer.normal_reply().encoded():
        peer.send(bytes([byte]))
        peer.pause(DRIP_SECONDS)


def cuts_head(peer: Peer) -> None:
    """The beginning of the good answer, and the end."""
    peer.send(peer.normal_reply().encoded()[:60])
    peer.hang_up()


def garbles_head(peer: Peer) -> None:
    """The beginning of the good answer, then noise."""
    peer.send(peer.normal_reply().encoded()[:12] + Random(1).randbytes(1000))
    peer.hang_up()


def leaves_tls(peer: Peer) -> None:
    """The good answer past the TLS layer: what was agreed on ends here."""
    peer.send_past_tls(peer.normal_reply().encoded())
    peer.hang_up()


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

CATALOG: dict[str, Fault] = {
    # No answer.
    "refuses": Fault(port_state="closed"),
    "black_hole": Fault(port_state="full"),
    "never_answers": Fault(Peer.wait_until_gone),
    "drips_answer": Fault(drips_answer),
    "drips_status_line": drips(b"HTTP/1.1 200 " + b"O" * 1000),
    "drips_headers": Fault(drips_header_lines),
    "drips_body": drips(b" ", JSON_HEAD + b"Content-Length: 1000000\r\n\r\n["),
    "endless_103": Fault(hints_for_ever),
    # A broken answer.
    "closes_before_answer": Fault(Peer.hang_up),
    "resets_before_answer": Fault(Peer.reset),
    "resets_mid_body": sends_then_resets(JSON_HEAD + b"Content-Length: 100\r\n\r\n[{"),
    "cut_head": Fault(cuts_head),
    "garbled_head": Fault(garbles_head),
    "short_body": sends(JSON_HEAD + b"Content-Length: 100\r\n\r\n[]"),
    "short_chunks": sends(JSON_HEAD + CHUNKED + b"2\r\n[]\r\n"),
    "two_lengths": sends(JSON_HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n[]"),
    "garbage_status_line": sends(SSH_BANNER + b"\r\n"),
    "escape_in_reason": sends(b"HTTP/1.1 404 \x1b]52;c;aGk=\x07\r\nContent-Length: 0\r\n\r\n"),
    "c1_in_reason": sends(b"HTTP/1.1 404 \x9d52;c;aGk=\x9c\r\nContent-Length: 0\r\n\r\n"),
    "drops_after_answer": Fault(drops_after_answer),
    "drops_second_request": Fault(drops_second_request),
    # Too much.
    "gzip_unasked": answers(200, ZIPPED, ("Content-Encoding", "gzip"), kind="application/json"),
    "gzip_truncated": answers(200, ZIPPED[:-12], ("Content-Encoding", "gzip")),
    "gzip_bomb": Fault(sends_bomb),
    "endless_body": floods(JSON_HEAD + b"\r\n[", CHUNK),
    "endless_chunks": floods(JSON_HEAD + CHUNKED, b"10000\r\n" + CHUNK + b"\r\n"),
    "promised_terabyte": floods(JSON_HEAD + b"Content-Length: 1000000000000\r\n\r\n[", CHUNK),
    "endless_headers": floods(JSON_HEAD, b"X-More: and more\r\n" * 1000),
    "huge_header": answers(200, b"[]", ("X-Huge", "h" * (1 << 20))),
    # Odd, but an answer.
    "status_999": answers(999, b"[]"),
    "no_content_with_body": sends(NO_CONTENT),
    "no_content_with_body_and_more_to_come": sends(NO_CONTENT, is_kept=True),
    "captive_portal": answers(200, PORTAL, kind="text/html"),
    "charset_unknown": answers_json(PEOPLE.encode(), "application/json; charset=klingon"),
    "charset_not_text": answers_json(PEOPLE.encode(), "application/json; charset=zlib"),
    "charset_raising": answers_json(PEOPLE.encode(), "application/json; charset=undefined"),
    "charset_idna": answers_json(PEOPLE.encode(), "application/json; charset=idna"),
    "charset_with_nul": answers_json(PEOPLE.encode(), 'application/json; charset="utf\\0-8"'),
    "utf16_body": answers_json(PEOPLE.encode("utf-16"), "application/json; charset=utf-16"),
    "bom_body": answers_json(PEOPLE.encode("utf-8-sig")),
    "invalid_utf8": answers_json(b'[{"id": "u-1", "name": "Zo\xff\xc3"}]'),
    "lone_surrogate": answers_json(b'[{"id": "u-1", "name": "\\ud800"}]'),
    "deep_nest": answers_json(b"[" * 30_000 + b"]" * 30_000),
    "truncated_json": answers_json(b'[{"id": "u-1", "na'),
    "sets_cookies": Fault(sets_cookies),
    # Elsewhere.
    "redirects_302": redirects_elsewhere(302),
    "redirects_303": redirects_elsewhere(303),
    "redirects_307": redirects_elsewhere(307),
    "redirects_308": redirects_elsewhere(308),
    "redirects_307_to_other_port": redirects_elsewhere(307, "{thief}"),
    # Later.
    **{f"429_{name}": asks_to_wait(429, value) for name, value in RETRY_AFTER.items()},
    **{f"503_{name}": asks_to_wait(503, value) for name, value in RETRY_AFTER.items()},
    # TLS.
    "tls_private_ca": Fault(certificate="private_ca"),
    "tls_mutual": Fault(certificate="mutual"),
    "tls_self_signed": Fault(certificate="self_signed"),
    "tls_unknown_authority": Fault(certificate="unknown_authority"),
    "tls_expired": Fault(certificate="expired"),
    "tls_not_yet_valid": Fault(certificate="not_yet_valid"),
    "tls_wrong_host": Fault(certificate="wrong_host"),
    "tls_plain_http": Fault(certificate="plain_http"),
    "tls_never_shakes_hands": Fault(Peer.wait_until_gone, is_at_connection=True),
    "tls_other_protocol": sends_at_connection(SSH_BANNER),
    "tls_alert": sends_at_connection(bytes.fromhex("15030300020228")),
    "tls_ends_within_answer": Fault(leaves_tls),
}
