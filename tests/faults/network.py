"""What a network and an HTTP server can do instead of answering, and the words that are then read."""

import os
import socket
import struct
from dataclasses import dataclass

from tests.kit.deployment.faults import CATALOG, Fault, answers, floods, sends
from tests.kit.deployment.faulty_line import BreaksOffError, Line, LineFault

CHECK = "Check AIRISK_URL and the network, then try again."
ASK = "Try again; if it goes on, ask who runs the deployment."
CA = "If a private authority signs this deployment, name its certificate in AIRISK_CA_FILE."
NOT_TLS = "{host} does not speak TLS here. Check the port and https:// in AIRISK_URL."
COMPRESSED = (
    "AIRisk sent a compressed answer though none was asked for; it was not unpacked. "
    "A proxy between here and AIRisk may do this: ask for it to be switched off."
)
TOO_LARGE = "The answer is larger than {size} MB; it was not read. Ask for less at once."
NOBODY = "AIRisk's answer holds no list of users. Check AIRISK_LIST_USERS."
NOT_JSON = "AIRisk's answer is not JSON, so not a user list. Try again."
STARTING = (
    "AIRisk's answer is not JSON (text/html), so not a user list. "
    "The deployment may be starting, or a login page of your network stands in between. Try again."
)


@dataclass(frozen=True)
class NetworkFault:
    """One way not to answer; `how` says what the server does, or what befalls the line to it.

    `listed` is read where the users are asked for, on the screen and by `airisk-tui users`, which ends with `code`.
    `answered` is read where something is asked in a user's name, if that is something else.
    """

    name: str
    how: Fault | LineFault
    listed: str
    answered: str = ""
    code: int = 4


def named(name: str, listed: str, answered: str = "", code: int = 4) -> NetworkFault:
    """A fault that has a name already."""
    return NetworkFault(name.replace("_", " "), CATALOG[name], listed, answered, code)


def late(name: str, how: Fault | LineFault) -> NetworkFault:
    """One that only the deadline ends."""
    return NetworkFault(name, how, f"{{host}} did not answer within {{seconds}} s. {CHECK}")


def broken(name: str, how: Fault | LineFault) -> NetworkFault:
    """An answer that is none."""
    return NetworkFault(name, how, f"{{host}} sent a broken answer. {ASK}")


def broke_off(name: str, how: Fault | LineFault) -> NetworkFault:
    """A connection that ends too soon."""
    return NetworkFault(name, how, f"The connection to {{host}} broke off: broken answer. {ASK}")


def distrusted(name: str, certificate: LineFault, why: str) -> NetworkFault:
    """A certificate that is not what it should be."""
    return NetworkFault(name, certificate, f"{{host}} cannot be trusted: its certificate {why}. {CA}")


def status(name: str, how: Fault, number: int, advice: str, answered: str) -> NetworkFault:
    """An answer, but with a status that gives no list."""
    return NetworkFault(name, how, f"AIRisk answered the question for its users with {number}. {advice}", answered, 1)


def busy(name: str, number: int, words: str, reason: str) -> NetworkFault:
    """One that has too much to do, and perhaps says for how long."""
    how, advice = CATALOG[f"{number}_{name}"], words or "Try again in a while."
    return status(f"{number}, Retry-After {name}", how, number, advice, f"{number} {reason} {{facts}} {words}".strip())


def redirected(number: int, reason: str, name: str = "") -> NetworkFault:
    """A redirect, which is shown and not followed."""
    return status(
        f"{number} {name or 'to another host'}",
        CATALOG[f"redirects_{number}{name and '_' + name.replace(' ', '_')}"],
        number,
        "Check that AIRISK_URL is an AIRisk deployment.",
        f"{number} {reason} {{facts}} It points to",
    )


def drip(line: Line, data: bytes) -> None:
    """A byte at a time."""
    for byte in data:
        line.pause(0.25)
        line.near.sendall(bytes([byte]))


def cut_short(line: Line, data: bytes) -> None:
    """The first bytes, then the end."""
    line.near.sendall(data[:60])
    raise BreaksOffError


def garble(line: Line, data: bytes) -> None:
    """The first bytes, then noise."""
    line.near.sendall(data[:12] + os.urandom(len(data)))
    raise BreaksOffError


def reset(line: Line, data: bytes) -> None:
    """RST in the middle of the answer."""
    line.near.sendall(data[:60])
    reset_at_once(line, data)


def reset_at_once(line: Line, _: bytes) -> None:
    """RST instead of the answer."""
    line.near.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    socket.socket.close(line.near)
    raise BreaksOffError


def bare(line: Line, data: bytes) -> None:
    """Past the TLS layer: what was agreed on ends here."""
    socket.socket.send(line.near, data)


SSH = b"SSH-2.0-OpenSSH_9.9\r\n"
TOO_MANY_HEADERS = b"HTTP/1.1 200 OK\r\n" + b"X-More: and more\r\n" * 20_000 + b"\r\n[]"

SILENT = (
    late("a SYN black hole", LineFault(port="full")),
    late("accepts and never shakes hands", LineFault(is_deaf=True)),
    late("a byte every 250 ms", LineFault(carry=drip)),
    late("never answers", CATALOG["never_answers"]),
    late("a status line that drips", CATALOG["drips_status_line"]),
    late("headers that drip", CATALOG["drips_headers"]),
    late("a body that drips", CATALOG["drips_body"]),
    late("endless 103", CATALOG["endless_103"]),
)
"""Ended by the deadline alone."""

FAULTS = (
    # The line.
    NetworkFault("refused", LineFault(port="closed"), f"Cannot reach {{host}}: the connection was refused. {CHECK}"),
    distrusted("self-signed", LineFault(certificate="self_signed"), "is self-signed"),
    distrusted(
        "an unknown authority",
        LineFault(certificate="unknown_authority"),
        "is signed by an authority this machine does not know",
    ),
    distrusted("expired", LineFault(certificate="expired"), "has expired"),
    distrusted("not yet valid", LineFault(certificate="not_yet_valid"), "is not valid yet"),
    distrusted("wrong host", LineFault(certificate="wrong_host"), "is for another address"),
    NetworkFault("plain HTTP on 443", LineFault(certificate="plain_http"), NOT_TLS),
    NetworkFault("another protocol", LineFault(greeting=SSH), NOT_TLS),
    NetworkFault(
        "a TLS alert",
        LineFault(greeting=bytes.fromhex("15030300020228")),
        "{host} speaks TLS, but not with us. "
        "It may want a certificate of ours, or another version of TLS: ask who runs the deployment.",
    ),
    broken("cut short", LineFault(carry=cut_short)),
    broken("noise in the head", LineFault(carry=garble)),
    broke_off("reset before the answer", LineFault(carry=reset_at_once)),
    broke_off("reset during the answer", LineFault(carry=reset)),
    broke_off("TLS that ends within the answer", LineFault(carry=bare)),
    # A broken answer.
    broken("closed before the answer", CATALOG["closes_before_answer"]),
    broken("a body shorter than promised", CATALOG["short_body"]),
    broken("chunks without their end", CATALOG["short_chunks"]),
    broken("two lengths", CATALOG["two_lengths"]),
    broken("a length that is none", sends(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n[]")),
    broken("chunks of no size", sends(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n[]\r\n0\r\n\r\n")),
    broken("an unknown transfer encoding", sends(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n[]")),
    broken("a garbage status line", CATALOG["garbage_status_line"]),
    broken("NUL in a header", sends(b"HTTP/1.1 200 OK\r\nX-Nul: \0\r\nContent-Length: 2\r\n\r\n[]")),
    broken("HTTP/2 unasked", sends(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")),
    broken("a switch of protocols", sends(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n")),
    # Too much.
    named("gzip_unasked", COMPRESSED),
    named("gzip_truncated", COMPRESSED),
    named("gzip_bomb", COMPRESSED),
    named("endless_body", NOBODY, f"✗ {TOO_LARGE.format(size=16)}", code=1),
    named("endless_chunks", NOBODY, f"✗ {TOO_LARGE.format(size=16)}", code=1),
    named("promised_terabyte", TOO_LARGE.format(size=268), f"✗ {TOO_LARGE.format(size=16)}"),
    broken("endless headers", CATALOG["endless_headers"]),
    broken("a header of 1 MB", CATALOG["huge_header"]),
    broken("20,000 headers", sends(TOO_MANY_HEADERS)),
    broken("endless header line", floods(b"HTTP/1.1 200 OK\r\nX-Long: ", b"x" * 65536)),
    # An answer, but not the one.
    named("captive_portal", STARTING, "200 OK {facts} ›Hotel WiFi", 1),
    named("truncated_json", NOT_JSON, '200 OK {facts} ›[{"id": "u-1", "na', 1),
    named("deep_nest", NOT_JSON, "200 OK {facts} ›[[[[[[", 1),
    status("status 999", CATALOG["status_999"], 999, "Try again in a while.", "999 Unheard Of {facts} ›[]"),
    status(
        "ESC in the reason",
        CATALOG["escape_in_reason"],
        404,
        "Name the path in AIRISK_LIST_USERS.",
        "404 ␛]52;c;aGk=␇ {facts}",
    ),
    status(
        "C1 in the reason",
        CATALOG["c1_in_reason"],
        404,
        "Name the path in AIRISK_LIST_USERS.",
        "404 <U+009D>52;c;aGk=<U+009C> {facts}",
    ),
    status(
        "an error as a page",
        answers(500, b"<h1>Oops</h1>", ("Content-Type", "text/html")),
        500,
        "Try again in a while.",
        "500 Internal Server Error {facts}",
    ),
    redirected(302, "Found"),
    redirected(303, "See Other"),
    redirected(307, "Temporary Redirect"),
    redirected(307, "Temporary Redirect", "to other port"),
    redirected(308, "Permanent Redirect"),
    *(
        busy(name, number, words, reason)
        for number, reason in ((429, "Too Many Requests"), (503, "Service Unavailable"))
        for name, words in {
            "seconds": "AIRisk asks to wait 5 s.",
            "negative": "AIRisk says when to try again: -1.",
            "huge": "AIRisk asks to wait 11,575 days.",
            "date": "AIRisk asks to wait",
            "garbage": "AIRisk says when to try again: when it suits you.",
            "nothing": "",
        }.items()
    ),
)
