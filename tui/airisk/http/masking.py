"""Mask secrets that were sent, in every encoding, wherever they come back."""

from __future__ import annotations

import base64
import re
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import TypeVar

from tui.airisk.http.response import Response
from tui.airisk.models import Headers, ResponseHead
from tui.config.keyring import Secret

MASK = b"[masked]"
SHORTEST = 8
"""Minimum characters of a secret that is masked in every response: a shorter one may be a common word."""
SHORTEST_QUOTED = 4
"""The same where a response is quoted in an error message, and where a request is only printed."""

_MOST = 32
"""Secrets that are masked: the first, which is the application's, and the latest ones."""

_SHORTEST_PIECE = 16
"""Characters of a part of a JSON Web Token that is masked by itself."""

_LONGEST_SIGN = 40
"""Bytes that one character of a secret may take, however it is encoded."""

_NAMED = {'"': b"quot", "&": b"amp", "'": b"apos", "<": b"lt", ">": b"gt"}
_SHORT = {"\b": b"b", "\f": b"f", "\n": b"n", "\r": b"r", "\t": b"t"}
_LEADS = (b"%", b"\\u00", b"")
"""How every byte begins where each is encoded, as in URLs and JSON; nothing in other encodings."""

_RUN = re.compile(rb"[0-9A-Za-z]+")
_HeadT = TypeVar("_HeadT", bound=ResponseHead)


class SentSecrets:
    """The secrets that were sent, and their masks: plain, URL-encoded, in JSON, HTML, hexadecimal and base64.

    Args:
        secrets: the first of them.
        always: secrets that are sent with every request, masked in addition.
    """

    def __init__(self, *secrets: Secret | None, always: Iterable[Secret] = ()) -> None:
        self._forms: dict[str, tuple[_Form, ...]] = {}
        self._always = 0
        self._held: bytes = b""
        self._longest = 0
        self.add(*always)
        self._always = len(self._forms)
        self.add(*secrets)

    def add(self, *secrets: Secret | None) -> None:
        """Register a secret that is about to be sent."""
        for secret in secrets:
            text = secret.reveal() if secret else ""
            if len(text) < SHORTEST_QUOTED:
                continue
            is_new = text not in self._forms
            if is_new or text not in islice(self._forms, self._always + 1):
                self._forms[text] = tuple(_forms(text)) if is_new else self._forms.pop(text)
            while len(self._forms) > self._always + _MOST:
                del self._forms[next(islice(self._forms, self._always + 1, None))]
            if is_new:
                self._measure()

    def masked(self, data: bytes, shortest: int = SHORTEST) -> bytes:
        """Return the bytes without any of the secrets."""
        leads = {lead for lead in _LEADS if lead in data}
        for secret, forms in self._forms.items():
            if len(secret) < shortest:
                continue
            for form in forms:
                if form.lead in leads and form.anchor in data:
                    data = form.pattern.sub(MASK, data)
        return data

    def quoted(self, text: str) -> str:
        """Return text of a response without any of the secrets, however short."""
        masked = self.masked(text.encode("utf-8", "surrogatepass"), SHORTEST_QUOTED)
        return masked.decode("utf-8", "surrogatepass")

    def quotable(self, response: Response) -> Response:
        """Return a response that can be quoted."""
        return replace(self.masked_head(response), body=self.masked(response.body, SHORTEST_QUOTED))

    def masked_head(self, head: _HeadT) -> _HeadT:
        """Mask the secrets in a response's reason and headers."""
        whole = "\n".join((head.reason, *chain.from_iterable(head.headers)))
        if self._in_head(whole) == whole:
            return head
        headers: Headers = tuple((self._in_head(name), self._in_head(value)) for name, value in head.headers)
        return replace(head, reason=self._in_head(head.reason), headers=headers)

    async def masked_chunks(self, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """Mask chunk by chunk. The end of a chunk that may start a secret is held back for the next one."""
        held = b""
        async for chunk in chunks:
            data = self.masked(held + chunk)
            end = max(len(data.rstrip(self._held)), len(data) - self._longest)
            data, held = data[:end], data[end:]
            if data:
                yield data
        if held:
            yield held

    def _in_head(self, text: str) -> str:
        return self.masked(text.encode("latin-1")).decode("latin-1") if self._forms else text

    def _measure(self) -> None:
        """Determine the bytes that an unfinished secret may consist of, and its maximum length."""
        texts = "".join(self._forms).encode("utf-8", "surrogatepass")
        self._held = bytes(
            {*texts, *b"%\\&#;+/=-_", *b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"}
        )
        self._longest = max(_LONGEST_SIGN * len(text) for text in self._forms)


@dataclass(frozen=True, slots=True)
class _Form:
    """One encoding of a secret; unless both `lead` and `anchor` occur, the pattern cannot match.

    A lead is common to one encoding of all secrets, and is missing in most responses. The pattern is compiled only if
    both occur: compiling is slow, needs much memory, and is rarely necessary.
    """

    anchor: bytes
    text: str
    sign: Callable[[str], bytes]
    lead: bytes = b""

    @property
    def pattern(self) -> re.Pattern[bytes]:
        return re.compile(b"".join(map(self.sign, self.text)), re.DOTALL)


def _forms(secret: str) -> Iterator[_Form]:
    data = secret.encode("utf-8", "surrogatepass")
    yield _form(secret, _sign)
    _, *pieces = secret.split(".")
    for piece in pieces:
        if len(piece) >= _SHORTEST_PIECE:
            yield _form(piece, _sign)
    for shift in range(3):
        # The outermost characters also depend on their neighbors.
        encoded = base64.b64encode(b"\0" * shift + data).decode().rstrip("=")[(0, 2, 3)[shift] : -1]
        if len(encoded) >= SHORTEST:
            yield _form(encoded, _base64_sign)
    for encoded in {data.hex(), data.hex().upper(), *_each_encoded(data)}:
        lead = next((lead for lead in _LEADS if encoded.encode().startswith(lead)), b"")
        yield _Form(encoded.encode(), encoded, _escaped, lead)


def _form(text: str, sign: Callable[[str], bytes]) -> _Form:
    runs = _RUN.findall(text.encode("utf-8", "surrogatepass"))
    return _Form(max(runs, key=len, default=b""), text, sign)


def _escaped(character: str) -> bytes:
    return re.escape(character.encode())


def _each_encoded(data: bytes) -> Iterator[str]:
    """Yield forms in which every byte is encoded, even if that is not required."""
    for byte in ("{:02x}", "{:02X}"):
        yield "".join(f"%{byte.format(each)}" for each in data)
        yield "".join(f"\\u00{byte.format(each)}" for each in data)


def _sign(character: str) -> bytes:
    """Match a character in any spelling: letters and digits literally, others also as in URLs, JSON and HTML."""
    if character.isascii() and character.isalnum():
        return character.encode()
    code = ord(character)
    ways = [
        b"".join(rb"%%(?:25){0,3}(?i:%02x)" % byte for byte in character.encode("utf-8", "surrogatepass")),
        b"".join(rb"\\{1,3}u(?i:%04x)" % unit for unit in _units(character)),
        rb"&(?:amp;){0,2}#0{0,4}%d;" % code,
        rb"&(?:amp;){0,2}#[xX]0{0,4}(?i:%x);" % code,
    ]
    if character in _NAMED:
        ways.append(rb"&(?:amp;){0,2}%s;" % _NAMED[character])
    if character in _SHORT:
        ways.append(rb"\\{1,3}" + _SHORT[character])
    if character == " ":
        ways.append(rb"\+")
    ways.append(rb"\\{0,3}" + re.escape(character.encode("utf-8", "surrogatepass")))  # last: "%" begins "%25", too
    return b"(?:" + b"|".join(ways) + b")"


def _base64_sign(character: str) -> bytes:
    """Match a character in either alphabet of base64."""
    other = {"+": "-", "/": "_"}.get(character)
    return b"(?:" + _sign(character) + b"|" + _sign(other) + b")" if other else _sign(character)


def _units(character: str) -> Iterator[int]:
    encoded = character.encode("utf-16-be", "surrogatepass")
    return (int.from_bytes(encoded[place : place + 2]) for place in range(0, len(encoded), 2))
