"""Faults of the network and of an HTTP server, and the words that report each."""

from dataclasses import dataclass

from tests.faults.lists import HOLDS_NONE, NOT_JSON, at_both_paths
from tests.kit.deployment.faults import Fault, answers, floods, sends
from tests.kit.deployment.peer import Peer

CHECK = "Check AIRISK_URL and the network, then try again."
ASK = "Try again. If it keeps happening, contact the deployment's operator."
CA = "If the deployment uses a private CA, set AIRISK_CA_FILE to its certificate."
NOT_TLS = "{host} does not use TLS on this port. Check the port and https:// in AIRISK_URL."
COMPRESSED = (
    "Unexpected compressed response; it was not decompressed. "
    "A proxy may have compressed it. Ask its operator to turn that off."
)
TOO_LARGE = "Response larger than {size} MB; download stopped. Request fewer results per page."
STARTING = (
    "is not JSON (text/html)",
    "The deployment may be starting, or a login page of your network may be in between. Try again.",
)
LATER = "Try again later."
NO_SUCH_LIST = "Set AIRISK_LIST_USERS to the path of the user list."


@dataclass(frozen=True)
class NetworkFault:
    """A fault: what the server does wrong (`how`), by itself or by its name in the catalog.

    `kind` is what the code tells apart. `listed` reports the fault for a list of users, on the screen and by
    `airisk-tui users`, which exits with `code`. `answered` reports it for a request as a user, if the words are others.
    Words that do not end a sentence are only its beginning.
    """

    name: str
    kind: str
    how: Fault | str
    listed: str
    answered: str = ""
    code: int = 4

    @property
    def is_waited_for(self) -> bool:
        """Whether a command waits, and tries again."""
        return self.kind == "busy" and "huge" not in self.name


def cut_to(words: str, line: str) -> str:
    """Return the line, or only its beginning if the words do not end a sentence."""
    return line if words.endswith(".") else line[: len(words)]


def named(name: str, kind: str, listed: str, answered: str = "") -> NetworkFault:
    """A fault of the catalog without a response."""
    return NetworkFault(name.replace("_", " "), kind, name, listed, answered)


def late(name: str, how: Fault | str) -> NetworkFault:
    """A response that only the deadline ends."""
    return NetworkFault(name, "deadline", how, f"{{host}} did not respond within {{seconds}} s. {CHECK}")


def broken(name: str, how: Fault | str) -> NetworkFault:
    """A response that is not HTTP."""
    return NetworkFault(name, "broken answer", how, f"{{host}} sent an invalid HTTP response. {ASK}")


def broke_off(name: str, how: Fault | str) -> NetworkFault:
    """A connection that ends too early."""
    return NetworkFault(
        name, "broke off", how, f"The connection to {{host}} was closed before the response was complete. {ASK}"
    )


def distrusted(name: str, how: str, why: str) -> NetworkFault:
    """An invalid certificate."""
    return NetworkFault(name, "TLS", how, f"Cannot trust {{host}}: its certificate {why}. {CA}")


def no_list(name: str, said: tuple[str, str], answered: str) -> NetworkFault:
    """A response of the catalog without a list of users."""
    return NetworkFault(name.replace("_", " "), "not a list", name, at_both_paths(*said), answered, 1)


def status(name: str, how: Fault | str, number: int, advice: str, answered: str) -> NetworkFault:
    """A response with a status other than 200."""
    return NetworkFault(name, "status", how, at_both_paths(f"returned {number}", advice), answered, 1)


def busy(name: str, number: int, words: str, reason: str) -> NetworkFault:
    """A response that asks to wait; the other path is not tried."""
    listed = f"The user list request returned {number}. AIRisk is busy. {words or LATER}"
    answered = f"{number} {reason} {{facts}} {words}".strip()
    return NetworkFault(f"{number}, Retry-After {name}", "busy", f"{number}_{name}", listed, answered)


def redirected(number: int, reason: str, where: str = "") -> NetworkFault:
    """A redirect."""
    how = f"redirects_{number}{where and '_' + where.replace(' ', '_')}"
    listed = at_both_paths(f"returned {number}", "Check that AIRISK_URL is an AIRisk deployment.")
    answered = f"{number} {reason} {{facts}} Redirects to"
    return NetworkFault(f"{number} {where or 'to another host'}", "redirect", how, listed, answered, 1)


def resets_in_head(peer: Peer) -> None:
    """Send the beginning of the good response, then RST."""
    peer.send(peer.normal_reply().encoded()[:60])
    peer.reset()


TOO_MANY_HEADERS = b"HTTP/1.1 200 OK\r\n" + b"X-More: and more\r\n" * 20_000 + b"\r\n[]"

SILENT = (
    late("a SYN black hole", "black_hole"),
    late("accepts and never shakes hands", "tls_never_shakes_hands"),
    late("a byte every 250 ms", "drips_answer"),
    late("never answers", "never_answers"),
    late("a status line that drips", "drips_status_line"),
    late("headers that drip", "drips_headers"),
    late("a body that drips", "drips_body"),
    late("endless 103", "endless_103"),
)
"""Only the deadline ends these."""

FAULTS = (
    # Connection and TLS.
    NetworkFault("refused", "refused", "refuses", f"Cannot reach {{host}}: the connection was refused. {CHECK}"),
    distrusted("self-signed", "tls_self_signed", "is self-signed"),
    distrusted(
        "an unknown authority",
        "tls_unknown_authority",
        "is signed by an unknown authority",
    ),
    distrusted("expired", "tls_expired", "has expired"),
    distrusted("not yet valid", "tls_not_yet_valid", "is not valid yet"),
    distrusted("wrong host", "tls_wrong_host", "is for another address"),
    NetworkFault("plain HTTP on 443", "TLS", "tls_plain_http", NOT_TLS),
    NetworkFault("another protocol", "TLS", "tls_other_protocol", NOT_TLS),
    NetworkFault(
        "a TLS alert",
        "TLS",
        "tls_alert",
        "TLS handshake with {host} failed. It may require another version of TLS. Contact the deployment's operator.",
    ),
    broke_off("cut short", "cut_head"),
    broke_off("noise in the head", "garbled_head"),
    broke_off("reset before the answer", "resets_before_answer"),
    broke_off("reset during the answer", Fault(resets_in_head)),
    broke_off("TLS that ends within the answer", "tls_ends_within_answer"),
    # Broken responses.
    broke_off("closed before the answer", "closes_before_answer"),
    broke_off("a body shorter than promised", "short_body"),
    broke_off("chunks without their end", "short_chunks"),
    broken("two lengths", "two_lengths"),
    broken("a length that is none", sends(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n[]")),
    broken("chunks of no size", sends(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n[]\r\n0\r\n\r\n")),
    broken("an unknown transfer encoding", sends(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n[]")),
    broken("a garbage status line", "garbage_status_line"),
    broken("NUL in a header", sends(b"HTTP/1.1 200 OK\r\nX-Nul: \0\r\nContent-Length: 2\r\n\r\n[]")),
    broken("HTTP/2 unasked", sends(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")),
    broken("a switch of protocols", sends(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n")),
    # Too much.
    named("gzip_unasked", "compressed", COMPRESSED),
    named("gzip_truncated", "compressed", COMPRESSED),
    named("gzip_bomb", "compressed", COMPRESSED),
    named("promised_terabyte", "too large", TOO_LARGE.format(size=268), f"✗ {TOO_LARGE.format(size=16)}"),
    no_list("endless_body", HOLDS_NONE, f"✗ {TOO_LARGE.format(size=16)}"),
    no_list("endless_chunks", HOLDS_NONE, f"✗ {TOO_LARGE.format(size=16)}"),
    broken("endless headers", "endless_headers"),
    broken("a header of 1 MB", "huge_header"),
    broken("20,000 headers", sends(TOO_MANY_HEADERS)),
    broken("endless header line", floods(b"HTTP/1.1 200 OK\r\nX-Long: ", b"x" * 65536)),
    # Responses without a list.
    no_list("captive_portal", STARTING, "200 OK {facts} ›Hotel WiFi"),
    no_list("truncated_json", NOT_JSON, '200 OK {facts} ›[{"id": "u-1", "na'),
    no_list("deep_nest", NOT_JSON, "200 OK {facts} ›[[[[[["),
    status("status 999", "status_999", 999, LATER, "999 Unheard Of {facts} ›[]"),
    status("ESC in the reason", "escape_in_reason", 404, NO_SUCH_LIST, "404 ␛]52;c;aGk=␇ {facts}"),
    status("C1 in the reason", "c1_in_reason", 404, NO_SUCH_LIST, "404 <U+009D>52;c;aGk=<U+009C> {facts}"),
    status(
        "an error as a page",
        answers(500, b"<h1>Oops</h1>", kind="text/html"),
        500,
        LATER,
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
            "huge": "AIRisk asks to wait 31 years.",
            "seconds": "AIRisk asks to wait 5 s.",
            "negative": "AIRisk says when to try again: -1.",
            "date": "AIRisk asks to wait",
            "garbage": "AIRisk says when to try again: when it suits you.",
            "nothing": "",
        }.items()
    ),
)
