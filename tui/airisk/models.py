"""Shared data types: users, drafts and exchanges."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain
from urllib.parse import quote

import msgspec

from tui.airisk.http.methods import SAFE_METHODS, effective_method
from tui.airisk.identity import Identity
from tui.airisk.redaction import DOTS, hide_secrets
from tui.errors import RequestRejectedError
from tui.plain_names import is_text

Headers = tuple[tuple[str, str], ...]
Files = tuple[tuple[str, str, bytes], ...]
"""The parts of a form, each with its name, its file's name and its content."""


Part = tuple[int, int | None]
"""Number of listed users, and of all users, None if unknown."""


class AuditHead(msgspec.Struct, frozen=True):
    """The last entry of an audit trail at some time: the host of the trail, the number and the hash of the entry.

    The hash covers all entries before it.
    """

    host: str
    entry: int
    hash: str

    def __str__(self) -> str:
        return f"{self.entry}:{self.hash}"


class User(msgspec.Struct, frozen=True, gc=False):
    """A user of AIRisk as in the user list: every text exactly as received.

    `id` is sent as `userid`. `more` holds the values of `UserList.columns`.
    """

    id: str
    name: str = ""
    email: str = ""
    role: str = ""
    more: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UserList:
    """The users of a deployment, in the order they arrived.

    `columns` are the names of further columns than id, name, mail and role; `unrecognized` is the number of entries
    that were not users. `id_key` is the key under which the ids stand, `other_ids` are keys that hold other ids.
    `total` is AIRisk's own count of the users, None if unknown; `missing` says why the others are not listed, if these
    are only a part.
    """

    users: Sequence[User]
    columns: tuple[str, ...] = ()
    unrecognized: int = 0
    id_key: str = ""
    other_ids: tuple[str, ...] = ()
    total: int | None = None
    missing: str = ""

    @property
    def part(self) -> Part | None:
        """Which part of the users these are; None if they are all."""
        if not self.missing:
            return None
        return len(self.users), self.total if self.total and self.total > len(self.users) else None


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to send as a form part, which is named after the file, as AIRisk requires.

    Without a `filename`, it is a plain form value.
    """

    name: str
    filename: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Draft:
    """A request as typed, without an identity. `path` is percent-encoded, `query` is not.

    `secrets` are names of secret values that `redaction.names_a_secret` does not recognize; `hidden_path` is the path
    with dots for each secret in it, if there is one.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: Headers = ()
    body: bytes = field(default=b"", repr=False)
    files: tuple[Upload, ...] = field(default=(), repr=False)
    secrets: frozenset[str] = field(default=frozenset(), compare=False)
    hidden_path: str = field(default="", compare=False)

    @property
    def shown_target(self) -> str:
        """The path and the query for a screen or a file, with each secret masked.

        Raises:
            RequestRejectedError: the query cannot be sent.
        """
        shown = replace(self, path=self.hidden_path) if self.hidden_path else self
        return hide_secrets(shown.target, DOTS, self.secrets)[0]

    @property
    def target(self) -> str:
        """The path and the query, ready for the request line.

        Raises:
            RequestRejectedError: the query cannot be sent.
        """
        if not all(map(is_text, chain.from_iterable(self.query))):
            raise RequestRejectedError("The query contains invalid Unicode (an unpaired surrogate).")
        query = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in self.query)
        joint = "&" if "?" in self.path else "?"
        return self.path + (joint + query if query else "")

    @property
    def plain_parts(self) -> Iterator[tuple[str, str]]:
        """The names and texts of the form parts that are not files."""
        return ((file.name, file.content.decode(errors="replace")) for file in self.files if not file.filename)

    @property
    def effective_method(self) -> str:
        """The method that a server may apply, whatever the request line says."""
        pairs = chain(self.headers, self.query, self.plain_parts)
        return effective_method(self.method, self.path.partition("?")[2], pairs, self.body)

    @property
    def is_safe(self) -> bool:
        """Whether it changes nothing (RFC 9110, 9.2.1)."""
        return self.effective_method in SAFE_METHODS


@dataclass(kw_only=True)
class ResponseHead:
    """Status and headers of a response."""

    status: int
    reason: str
    headers: Headers = field(repr=False)

    def header(self, name: str) -> str:
        """Return the first header of that name, or an empty text."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    @property
    def content_type(self) -> str:
        """The media type without its parameters, in lower case."""
        return self.header("content-type").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class Timing:
    """Timing of an exchange: `connect` is 0 on a reused connection."""

    connect: float
    first_byte: float
    total: float


@dataclass(kw_only=True)
class Exchange(ResponseHead):
    """A request with its response and its identity. `seconds` is from sending to the last byte.

    `is_replayed`: AIRisk responded 401 first, the token was renewed, and this is the response to the second request.
    `may_be_repeated`: AIRisk responded 401 and the token was renewed, but a request that may change data is not resent.
    `broken` says why a stream ended early. `pages` is the number of joined pages of a list.
    """

    draft: Draft
    identity: Identity
    body: bytes = field(repr=False)
    seconds: float
    at: datetime
    timing: Timing | None = None
    is_replayed: bool = False
    may_be_repeated: bool = False
    broken: str = ""
    pages: int = 1
