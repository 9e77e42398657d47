"""Convert a free-form method, address and headers to a request to this deployment and no other."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote, urlsplit

from tui.airisk.http.request import refuse_unsendable_draft
from tui.airisk.models import Draft, Headers
from tui.config.origin import Origin
from tui.errors import RequestRejectedError
from tui.plain_names import is_text

_USUAL_PORTS = {"https": 443, "http": 80}
_KEPT = "!$%&'()*+,-./:;=?@[]_~#\\"
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_ADVICE = "Example: {}/api/…"


def has_scheme(address: str) -> bool:
    """Return whether it is a complete address, not a path."""
    return _SCHEME.match(address) is not None


def target_of(address: str, origin: Origin) -> str:
    """Return path and query of an address, which must be this deployment's.

    Raises:
        RequestRejectedError: it is another host's address, or invalid.
    """
    found, rest = _parts(address)
    if not found.host or found.scheme not in _USUAL_PORTS:
        raise RequestRejectedError("The address is invalid.", advice=_ADVICE.format(origin))
    if found.port == _USUAL_PORTS[found.scheme]:
        found = Origin(found.scheme, found.host)
    if found.host != origin.host or found.port != origin.port:
        raise RequestRejectedError(
            f"The address is for {found.name}, but this deployment is {origin.name}.", advice="Nothing was sent."
        )
    if found.scheme != origin.scheme:
        raise RequestRejectedError(
            f"The address is for {found}, but this deployment is {origin}.", advice="Nothing was sent."
        )
    return rest if rest.startswith("/") else f"/{rest}"


def _parts(address: str) -> tuple[Origin, str]:
    """Return the origin, without a host if there is none, and the rest."""
    if not re.fullmatch(r"[\x21-\x5b\x5d-\x7e]+", re.split("[/?#]", address.partition("://")[2])[0]):
        return Origin("", ""), ""
    try:
        parts = urlsplit(address)
        found = Origin(parts.scheme, parts.hostname or "", parts.port)
    except ValueError:
        return Origin("", ""), ""
    return found, address.partition("://")[2][len(parts.netloc) :]


def encoded(target: str) -> str:
    """Percent-encode each character that has no meaning in a target; the client checks the others."""
    return re.sub(r"[^\0-\x1f\x7f]+", lambda text: quote(text[0], safe=_KEPT), target)


def with_target(draft: Draft, target: str) -> Draft:
    """Set the draft's target, and parse its query if it can be rebuilt exactly."""
    path, mark, query = target.partition("?")
    pairs = tuple(_pair(text) for text in query.split("&")) if query else ()
    taken_apart = Draft(draft.method, path, pairs, draft.headers, draft.body, draft.files)
    if mark and taken_apart.target == target:
        return taken_apart
    return Draft(draft.method, target, (), draft.headers, draft.body, draft.files)


def _pair(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return unquote(name, errors="replace"), unquote(value, errors="replace")


def read_raw(method: str, target: str, headers: str, body: str, origin: Origin) -> Draft:
    """Parse a typed request; `target` is a path, or an address of this deployment.

    Raises:
        RequestRejectedError: it cannot be sent, is for another host, or sets a header that only the program may set.
    """
    if not is_text(target + headers + body):
        raise RequestRejectedError(
            "The request contains invalid Unicode (an unpaired surrogate).", advice="Type it again."
        )
    target = target.strip(" ")
    target = encoded(target_of(target, origin) if has_scheme(target) else target)
    draft = Draft(method.strip().upper(), target, (), _headers(headers), body.encode())
    refuse_unsendable_draft(draft)
    return with_target(draft, target)


def _headers(text: str) -> Headers:
    lines = [(number, line.removesuffix("\r")) for number, line in enumerate(text.split("\n"), 1)]
    return tuple(_header(number, line) for number, line in lines if line.strip())


def _header(number: int, line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon or line[0] in " \t":
        raise RequestRejectedError(
            f"Line {number} of the headers is not a name, a colon and a value.",
            advice="Write each header as Name: value.",
        )
    return name.rstrip(" \t"), value.strip(" \t")
