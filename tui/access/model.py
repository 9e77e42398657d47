"""What a matrix holds: identities down, endpoints across, and in each cell a verdict with its evidence."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from typing import Literal

import msgspec

from tui.airisk.models import Identity, User
from tui.plain_names import is_text

Kind = Literal["anonymous", "generic", "user"]

Expected = Literal["allow", "deny"]
"""What a policy, or else a baseline, says of a cell."""

EMPTY = "empty"
"""The default rule for answers in which nothing is shown."""

RowKey = tuple[str, str]
"""What a row is found by: its kind and its id."""


class Verdict(enum.StrEnum):
    """What a cell says; the first three are ways of being let in."""

    ALLOWED = "allowed"
    DIFFERS = "differs"
    """Let in, but to other content than the baseline's."""
    SAME = "same"
    """Let in, to the baseline's content, volatile fields apart."""
    DENIED = "denied"
    INCONCLUSIVE = "inconclusive"
    """Neither can be told: no answer, an error of the server, no token, or something that is not the answer."""

    @property
    def is_access(self) -> bool:
        """Whether the identity was let in."""
        return self in _ACCESS

    @property
    def letter(self) -> str:
        """What stands for it where there is room for one character: A, ≠, =, D or ?."""
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
    """What stands out in a cell, the gravest first."""

    UNEXPECTED_ALLOW = "unexpected allow"
    UNEXPECTED_DENY = "unexpected deny"
    DRIFT = "drift"
    """Not as in the baseline, though nothing forbids it: other content, or a change that the policy agrees with."""

    @property
    def gravity(self) -> int:
        """3 for the gravest, 1 for the least."""
        return len(Finding) - tuple(Finding).index(self)


class Row(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """An identity of a matrix, as the list of users tells of it.

    `id` is a user's, else `generic` or `anonymous`; a user may have such an id too, so that `kind` belongs to it.
    `proof` is how sure it was whose token it is. `fault` says why there was none: then each cell is inconclusive.
    `place` is where it stands in the whole of which a shard has a part, from 1; 0 where that is this matrix.
    """

    id: str
    kind: Kind = "user"
    name: str = ""
    role: str = ""
    groups: tuple[str, ...] = ()
    proof: str = ""
    fault: str = ""
    place: int = 0

    @property
    def key(self) -> RowKey:
        """What it is found by."""
        return self.kind, self.id

    @property
    def identity(self) -> Identity:
        """In whose name its requests go."""
        return Identity("user", self.id, self.name) if self.kind == "user" else Identity(self.kind)

    @classmethod
    def of(cls, user: User, groups: tuple[str, ...] = ()) -> Row:
        """A user's row; an id that cannot be sent is known to be at fault before anything is."""
        fault = "" if is_text(user.id) else "Its id holds half a character, which cannot be sent."
        texts = (user.id, user.name, user.role, *groups)
        identifier, name, role, *rest = (text.encode("utf-8", "backslashreplace").decode() for text in texts)
        return cls(identifier, "user", name, role, tuple(rest), fault=fault)


APPLICATION_ROW = Row("generic", "generic")
ANONYMOUS_ROW = Row("anonymous", "anonymous")


class Column(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """An endpoint of a matrix.

    `name` is `METHOD PATH` as it was chosen; `target` is what was sent, with values filled in, where that is another.
    """

    name: str
    title: str = ""
    group: str = ""
    target: str = ""

    @property
    def method(self) -> str:
        """How it is asked."""
        return self.name.partition(" ")[0]

    @property
    def path(self) -> str:
        """What is asked, as it was chosen."""
        return self.name.partition(" ")[2]


class Cell(msgspec.Struct, frozen=True, omit_defaults=True, gc=False, kw_only=True):
    """One endpoint asked in one name.

    Args:
        identity: the row's id, with its `kind`.
        endpoint: the column's name: `METHOD PATH`.
        status: the HTTP status; None where no answer came.
        verdict: what that means.
        expected: what the policy, or else the baseline, says; None where neither says anything.
        reason: the verdict in words, and which rule or fault it rests on.
        kind: of the identity.
        finding: what stands out, the gravest.
        before: the verdict in the baseline run, if it has that cell.
        rule: the name of the rule that decided.
        milliseconds: from sending to the last byte.
        bytes: of the answer's body.
        content_type: of the answer.
        digest: of the body without its volatile fields; equal digests are equal content.
        at: when the answer came, in UTC.
        attempts: how often it was asked in this run.
        hidden: the answer is a denial only beside a witness: somebody who is let in, a success to something else.
        shape: of what a success shows: `[]`, `text`, or an object's members in braces; nothing where it shows nothing.
    """

    identity: str
    endpoint: str
    status: int | None
    verdict: Verdict
    expected: Expected | None
    reason: str
    kind: Kind = "user"
    finding: Finding | None = None
    before: Verdict | None = None
    rule: str = ""
    milliseconds: int | None = None
    bytes: int | None = None
    content_type: str = ""
    digest: str = ""
    at: str = ""
    attempts: int = 1
    hidden: bool = False
    shape: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is found by: the identity's kind and id, and the endpoint."""
        return self.kind, self.identity, self.endpoint

    @property
    def row_key(self) -> RowKey:
        """What its row is found by."""
        return self.kind, self.identity


class Span:
    """From when to when cells were asked; the times of those that were asked again since count as well."""

    def __init__(self, times: Iterable[str] = ()) -> None:
        self.first = self.last = ""
        for at in times:
            self.take(at)

    def take(self, at: str) -> None:
        """Take a cell into account, by when its answer came."""
        if at:
            self.first = min(self.first or at, at)
            self.last = max(self.last, at)
