"""Check and complete a request before it is sent: typed input cannot change its destination."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from tui.airisk.http.methods import METHODS, SAFE_METHODS
from tui.airisk.models import Draft, Files, Headers
from tui.airisk.redaction import secrets_of
from tui.config.keyring import Secret
from tui.config.settings import OWN_HEADERS
from tui.errors import RequestRejectedError
from tui.plain_names import is_text

_TARGET = re.compile(r"/(?!/)[!$-;=?-\[\]_a-z~]*")
_DOT_SEGMENT = re.compile(r"(?:^|/)(?:\.|%2e){1,2}(?:/|\?|$)", re.IGNORECASE)
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")


Progress = Callable[[int, int], None]
"""Called with the number of bytes of a body that were sent, and the total."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request before the origin and the program's own headers are added.

    `target` is a percent-encoded path with its query, beginning with one slash. `secrets` are its secrets other than
    the bearer, which are masked in the response, unless it `fetches_secret`. `effective_method` is the method that the
    draft overrides the request line with, if any. Callbacks: `progress` as the body is sent; `leaves` right before its
    first byte; `sent_again` before a resend, when a kept-alive connection returned nothing.
    """

    method: str
    target: str = field(repr=False)
    headers: Headers = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)
    files: Files = field(default=(), repr=False)
    bearer: Secret | None = None
    secrets: tuple[Secret, ...] = field(default=(), repr=False)
    fetches_secret: bool = False
    effective_method: str = ""
    progress: Progress | None = field(default=None, repr=False, compare=False)
    leaves: Callable[[], None] | None = field(default=None, repr=False, compare=False)
    sent_again: Callable[[], Awaitable[None]] | None = field(default=None, repr=False, compare=False)

    @classmethod
    def of(cls, draft: Draft, bearer: Secret | None = None) -> Request:
        """Return a draft as it is sent."""
        files = tuple((file.name, file.filename, file.content) for file in draft.files)
        secrets = tuple(secrets_of(draft))
        return cls(
            draft.method,
            draft.target,
            draft.headers,
            draft.body,
            files,
            bearer,
            secrets,
            effective_method=draft.effective_method,
        )

    @property
    def is_safe(self) -> bool:
        """Whether it is safe to repeat (RFC 9110, 9.2.1)."""
        return (self.effective_method or self.method) in SAFE_METHODS


def validate_request(request: Request) -> None:
    """Refuse, by name, anything that could leave the origin, or smuggle a header or another request."""
    if request.method not in METHODS:
        raise RequestRejectedError("The method must be one of " + ", ".join(METHODS) + ".")
    if not _TARGET.fullmatch(request.target):
        raise RequestRejectedError(
            "The path must begin with one / and contain no space, backslash, # or control character."
        )
    if _DOT_SEGMENT.search(request.target.partition("?")[0]):
        raise RequestRejectedError("The path must not contain . or .. as a segment.")
    for name, value in request.headers:
        if not _HEADER_NAME.fullmatch(name):
            raise RequestRejectedError("A header's name contains a character that HTTP does not allow.")
        if name.lower() in OWN_HEADERS:
            raise RequestRejectedError(f"Only airisk-tui may set the header {name}.")
        if not _HEADER_VALUE.fullmatch(value):
            raise RequestRejectedError(f"The header {name} contains a character that HTTP does not allow.")
    if not all(is_text(name + filename) for name, filename, _ in request.files):
        raise RequestRejectedError("The file name contains invalid Unicode.", advice="Send a copy with another name.")
    if request.bearer and not re.fullmatch(r"[\x21-\x7e]+", request.bearer.reveal()):
        raise RequestRejectedError("The token contains a character that HTTP does not allow.")


OWN_VALUES: Headers = (
    ("Accept", "application/json, */*;q=0.1"),
    ("Accept-Encoding", "identity"),
    ("User-Agent", "airisk-tui"),
)
"""Default headers, unless the draft sets them."""


def refuse_unsendable_draft(draft: Draft) -> None:
    """Refuse, by name, a draft that the client would refuse.

    Raises:
        RequestRejectedError: it could leave the origin, or smuggle a header or another request.
    """
    validate_request(Request.of(draft))


def sent_headers(draft: Draft) -> Headers:
    """Return every header that the client sends, except Host, Content-Length, the token and a form's boundary."""
    return complete_headers(draft.headers, OWN_VALUES)


def complete_headers(given: Headers, defaults: Headers) -> Headers:
    """Put the defaults that are not given in front of the headers that are."""
    replaced = {name.lower() for name, _ in given}
    kept = tuple(each for each in defaults if each[0].lower() not in replaced)
    return (*kept, *((name, value.strip(" \t")) for name, value in given))


def has_content_type(draft: Draft) -> bool:
    """Return whether the draft itself sets the type of its body."""
    return any(name.lower() == "content-type" for name, _ in draft.headers)


def file_type(filename: str) -> str:
    """Return the media type that a form's part gets from its file name."""
    return mimetypes.guess_type(filename)[0] or "application/octet-stream"


def written_in_form(name: str) -> str:
    """Return a name as the client writes it into the headers of a form's part."""
    escaped = name.replace("\\", r"\\").replace('"', "%22")
    return re.sub(r"[\0-\x1a\x1c-\x1f]", lambda control: f"%{ord(control[0]):02X}", escaped)
