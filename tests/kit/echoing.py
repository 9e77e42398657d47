"""A deployment that says again what it was sent as a secret, in twelve ways of writing it."""

import base64
import html
import json
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, quote, quote_plus

from tests.kit.deployment.faults import Fault
from tests.kit.deployment.foreign import TOKEN_PATH, ForeignAIRisk
from tests.kit.deployment.messages import Reply
from tests.kit.deployment.peer import Peer

SECRET = "canary+/%$#&<'ü\" 5f2a91c77d3e"

WAYS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "URL-encoded": lambda secret: quote(secret, safe=""),
    "URL-encoded as in a form, in lower case": lambda secret: _lower_escapes(quote_plus(secret)),
    "URL-encoded twice": lambda secret: quote(quote(secret, safe=""), safe=""),
    "base64": lambda secret: base64.b64encode(secret.encode()).decode(),
    "base64url": lambda secret: base64.urlsafe_b64encode(secret.encode()).decode().rstrip("="),
    "Basic": lambda secret: "Basic " + base64.b64encode(f"client:{secret}".encode()).decode(),
    "JSON-escaped": lambda secret: json.dumps(secret)[1:-1],
    "JSON-escaped as .NET does": lambda secret: "".join(map(_dot_net, secret)),
    "HTML-escaped": lambda secret: html.escape(html.escape(secret)),
    "hexadecimal": lambda secret: secret.encode().hex().upper(),
    "every byte URL-encoded": lambda secret: "".join(f"%{byte:02X}" for byte in secret.encode()),
}


def echoing(server: ForeignAIRisk, way: str, status: int = 400) -> Fault:
    """Answer with every secret that came so far, in the reason, in headers, and in a body of the kind asked for."""

    def echo(peer: Peer) -> None:
        said = [WAYS[way](secret) for secret in sent_to(server)]
        in_head = [quote(each, safe="!-~ ") for each in said]
        peer.reply(
            Reply(
                status,
                json.dumps({"title": "No", "detail": " ".join(said), "sent": said}).encode(),
                (
                    ("Content-Type", "application/problem+json"),
                    ("WWW-Authenticate", f'Bearer error="invalid_token", error_description="{", ".join(in_head)}"'),
                    *(("X-Sent", each) for each in in_head),
                ),
            )
        )

    return Fault(echo)


def sent_to(server: ForeignAIRisk) -> Iterator[str]:
    """The client secret, the codes and the tokens that came back to the server, and the keys in headers."""
    forms = [parse_qs(each.body.decode()) for each in server.requests if each.path == TOKEN_PATH]
    bearers = [value.removeprefix("Bearer ") for each in server.requests for value in each.values("Authorization")]
    keys = [value for each in server.requests for value in each.values("X-Api-Key")]
    yield from dict.fromkeys(
        [*keys, *(each[name][0] for each in forms for name in ("client_secret", "code")), *bearers]
    )


def _lower_escapes(encoded: str) -> str:
    first, *others = encoded.split("%")
    return "%".join([first, *(each[:2].lower() + each[2:] for each in others)])


def _dot_net(character: str) -> str:
    is_plain = character.isascii() and character.isalnum()
    return (
        character
        if is_plain
        else json.dumps(character)[1:-1]
        if ord(character) > 0xFFFF
        else f"\\u{ord(character):04X}"
    )
