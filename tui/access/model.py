"""The parts of a matrix: a row per identity, a column per endpoint, and cells with a verdict and its evidence."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from typing import Literal

import msgspec

from tui.airisk.identity import RESERVED_NAMES, Identity, SubjectCheck
from tui.airisk.models import User
from tui.plain_names import encodable, is_text

Kind = Literal["anonymous", "application", "user"]

ObjectKind = Literal["agent", "conversation"]
OBJECT_KINDS: tuple[ObjectKind, ...] = ("agent", "conversation")
"""The kinds of objects that lists return."""

Expected = Literal["allow", "deny"]
"""The expectation for a cell, from a policy or else a baseline."""

EMPTY = "empty"
"""The name of the default rule for empty responses."""

RowKey = tuple[str, str]
"""The key of a row: its kind and its id."""


class Verdict(enum.StrEnum):
    """The result in a cell; the first three mean access."""

    ALLOWED = "allowed"
    DIFFERS = "differs"
    """Allowed, with other content than the baseline's."""
    SAME = "same"
    """Allowed, with the baseline's content except for volatile fields."""
    DENIED = "denied"
    INCONCLUSIVE = "inconclusive"
    """Neither is certain: no response, a server error, no token, or a response that does not come from the API."""

    @property
    def is_access(self) -> bool:
        """Whether the identity had access."""
        return self in _ACCESS

    @property
    def letter(self) -> str:
        """The one-character symbol: A, ≠, =, D or ?."""
        return _LETTERS[self]


_ACCESS = frozenset({Verdict.ALLOWED, Verdict.DIFFERS, Verdict.SAME})
_LETTERS = {
    Verdict.ALLOWED: "A",
    Verdict.DIFFERS: "≠",
    Verdict.SAME: "=",
    Verdict.DENIED: "D",
    Verdict.INCONCLUSIVE: "?",
}


class Finding(enum.StrEnum):
    """A deviation in a cell, the gravest first."""

    UNEXPECTED_ALLOW = "unexpected allow"
    UNEXPECTED_DENY = "unexpected deny"
    DRIFT = "drift"
    """Different from the baseline but not forbidden: other content, or a change that the policy allows."""

    @property
    def gravity(self) -> int:
        """From 3 for the gravest to 1."""
        return len(Finding) - tuple(Finding).index(self)


GapKind = Literal["endpoint", "identity", "policy", "baseline", "shard", "object"]


class Gap(msgspec.Struct, frozen=True):
    """Something that was not tested, or that the expectations name in vain.

    `endpoint`, `identity`: all its cells are inconclusive. `policy`: a part of the policy that matches nothing.
    `baseline`: cells that only the baseline has. `shard`: a part of a merged run that is missing, doubled, unfinished
    or different.
    `object`: objects without a column, or a part of the policy that matches none.
    `name` is what it is about; `reason` says why in words.
    """

    kind: GapKind
    name: str
    reason: str


WaiverState = Literal["in use", "expired", "not needed", "not tested"]


class WaiverUse(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A waiver of the policy, and what became of it in a run.

    Args:
        name: its number, and its name if it has one.
        what: what it allows or denies, and for which identities, in words.
        reason: why it was given.
        owner: who answers for it.
        expires: the last day on which it holds.
        state: `in use`, `expired`, `not needed` (all of its cells were tested, none needs it) or `not tested`.
        cells: the number of cells of the run that it covers.
        tested: how many of these are conclusive.
        waived: how many of these would be findings without it.
    """

    name: str
    what: str
    reason: str
    owner: str
    expires: str
    state: WaiverState
    cells: int = 0
    tested: int = 0
    waived: int = 0

    @property
    def is_stale(self) -> bool:
        """Whether it has to be renewed or removed."""
        return self.state in {"expired", "not needed"}


def waiver_state(*, is_expired: bool, cells: int, tested: int, waived: int) -> WaiverState:
    """Return the state of a waiver with these numbers."""
    if is_expired:
        return "expired"
    if waived:
        return "in use"
    return "not needed" if cells and tested == cells else "not tested"


class SkippedEndpoint(msgspec.Struct, frozen=True):
    """An endpoint that gets no request, and the reason."""

    name: str
    reason: str


class Coverage(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Which of the known endpoints were requested.

    Args:
        source: the name of the description that was given; empty for the built-in or imported endpoints.
        endpoints: the number of known endpoints.
        requested: how many of them were requested.
        skipped: the others, with reasons.
        problems: parts of the description that were skipped or only partly understood.
    """

    source: str = ""
    endpoints: int = 0
    requested: int = 0
    skipped: tuple[SkippedEndpoint, ...] = ()
    problems: tuple[str, ...] = ()


NO_COVERAGE = Coverage()
"""The coverage of a run whose endpoints are unknown."""


class Row(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """An identity of a matrix, with its data from the user list.

    `id` is a user's, else `application` or `anonymous`. A user may have such an id, so only both together are
    unique.
    `attributes` are other texts of the user list that users share, by their headings, such as a department.
    `subject_check` is how the token's subject was confirmed. `error` says why there was no token; then each cell is
    inconclusive. `place` is the position in the whole run of which a shard has a part, from 1; 0 without shards.
    """

    id: str
    kind: Kind = "user"
    name: str = ""
    role: str = ""
    groups: tuple[str, ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()
    subject_check: SubjectCheck = SubjectCheck.NONE
    error: str = ""
    place: int = 0

    @property
    def key(self) -> RowKey:
        """The key of the row."""
        return self.kind, self.id

    @property
    def identity(self) -> Identity:
        """The identity that sends the row's requests."""
        return Identity("user", self.id, self.name) if self.kind == "user" else Identity(self.kind)

    @property
    def label(self) -> str:
        """The identity in words; a nameless user whose id means another identity is marked as a user."""
        is_mistakable = self.kind == "user" and not self.name and self.id in RESERVED_NAMES
        return f"user {self.id}" if is_mistakable else str(self.identity)

    @classmethod
    def of(cls, user: User, groups: tuple[str, ...] = (), attributes: tuple[tuple[str, str], ...] = ()) -> Row:
        """Return a user's row. An id with invalid Unicode cannot be sent, so it sets `error`."""
        fault = "" if is_text(user.id) else "The user's id has invalid Unicode and cannot be sent."
        texts = (user.id, user.name, user.role, *groups)
        identifier, name, role, *rest = map(encodable, texts)
        said = tuple((encodable(heading), encodable(text)) for heading, text in attributes)
        return cls(identifier, "user", name, role, tuple(rest), said, error=fault)


APPLICATION_ROW = Row("application", "application")
ANONYMOUS_ROW = Row("anonymous", "anonymous")


class Column(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """An endpoint of a matrix, or an object that lists return.

    `name` is `METHOD PATH` as it was chosen, or `KIND:ID` of an object, whose name is the `title`. `target` is the sent
    target with values filled in, if it differs.
    """

    name: str
    title: str = ""
    group: str = ""
    target: str = ""
    kind: Literal["endpoint"] | ObjectKind = "endpoint"

    @property
    def method(self) -> str:
        """The HTTP method; the kind of an object."""
        return self.kind if self.is_object else self.name.partition(" ")[0]

    @property
    def path(self) -> str:
        """The path as it was chosen; the name and id of an object."""
        if not self.is_object:
            return self.name.partition(" ")[2]
        identifier = self.name.partition(":")[2]
        return f"{self.title} ({identifier})" if self.title else identifier

    @property
    def is_object(self) -> bool:
        """Whether it is an object, not an endpoint."""
        return self.kind != "endpoint"

    @property
    def label(self) -> str:
        """The column in words: `GET /api/ListUsers`, `agent Claims Intake (agent-7)`."""
        return f"{self.kind} {self.path}" if self.is_object else self.name


class ListedObjects(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """The objects in a response, as pairs of id and name; `is_whole` says whether the list is complete."""

    objects: tuple[tuple[str, str], ...]
    is_whole: bool = True


class Cell(msgspec.Struct, frozen=True, omit_defaults=True, gc=False, kw_only=True):
    """The result of one endpoint for one identity.

    Args:
        identity: the row's id, with its `kind`.
        endpoint: the column's name: `METHOD PATH`.
        status: the HTTP status; None without a response.
        verdict: the verdict on the response.
        expected: the expectation of the policy, or else of the baseline; None if there is none.
        reason: the verdict in words, with the rule or the error that it is based on.
        kind: the identity's kind.
        finding: the gravest finding, unless it is waived.
        waiver: the name of the waiver because of which an unexpected result is no finding.
        baseline: the verdict in the baseline run, if it has that cell.
        rule: the name of the rule that decided.
        milliseconds: the time from sending to the last byte.
        bytes: the size of the response body.
        content_type: the content type of the response.
        digest: the digest of the body without its volatile fields; equal digests mean equal content.
        at: when the response arrived, in UTC.
        attempts: how often the request was sent in this run.
        needs_witness: a denial only with a witness: another identity that is allowed, for a success with another shape.
        shape: the shape of a success: `[]`, `text`, or an object's members in braces; empty if it shows nothing.
        listed: the objects in the response, if the run collects them.
    """

    identity: str
    endpoint: str
    status: int | None
    verdict: Verdict
    expected: Expected | None
    reason: str
    kind: Kind = "user"
    finding: Finding | None = None
    waiver: str = ""
    baseline: Verdict | None = None
    rule: str = ""
    milliseconds: int | None = None
    bytes: int | None = None
    content_type: str = ""
    digest: str = ""
    at: str = ""
    attempts: int = 1
    needs_witness: bool = False
    shape: str = ""
    listed: ListedObjects | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """The key of the cell: the identity's kind and id, and the endpoint."""
        return self.kind, self.identity, self.endpoint

    @property
    def row_key(self) -> RowKey:
        """The key of its row."""
        return self.kind, self.identity


class Span:
    """The time span of requests, including those whose cells were later replaced."""

    def __init__(self, times: Iterable[str] = ()) -> None:
        self.first = self.last = ""
        for at in times:
            self.take(at)

    def take(self, at: str) -> None:
        """Include the time of a response."""
        if at:
            self.first = min(self.first or at, at)
            self.last = max(self.last, at)
