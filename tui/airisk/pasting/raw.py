"""A request typed freely: a method, a path or an address, lines of headers, and a body."""

from __future__ import annotations

from tui.airisk.errors import Refused
from tui.airisk.http.request import refuse_unsendable_draft
from tui.airisk.models import Draft, Headers
from tui.airisk.pasting.targets import encoded, has_scheme, target_of, with_target
from tui.airisk.values import is_text
from tui.config.origin import Origin


def read_raw(method: str, target: str, headers: str, body: str, origin: Origin) -> Draft:
    """The request that was typed; `target` is a path, or an address of this deployment.

    Raises:
        Refused: it cannot be sent, is for another host, or sets what is the program's own to set.
    """
    if not is_text(target + headers + body):
        raise Refused("This holds half a character, which cannot be sent.", advice="Type it again.")
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
        raise Refused(f"Line {number} of the headers is not a name, a colon and a value.", advice="Write Name: value.")
    return name.rstrip(" \t"), value.strip(" \t")
