"""What a matrix holds: identities down, endpoints across, and in each cell a verdict with its evidence."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

import msgspec

from tui.access.shapes import kinds_of
from tui.airisk.endpoints.parameter_values import is_text
from tui.airisk.models import Identity, User

Kind = Literal["anonymous", "generic", "user"]

Expected = Literal["allow", "deny"]
"""What a policy, or else a baseline, says of a cell."""

_MOST_SHAPES = 24
_MOST_KINDS = 3
"""Of what is shown at one endpoint, that are told apart."""

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


GENERIC_ROW = Row("generic", "generic")
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


def is_turned_away(row: Row, statuses: Collection[int | None]) -> bool:
    """Whether a user was signed in, and then answered 401 whatever was asked."""
    return row.kind == "user" and not row.fault and bool(statuses) and all(status == 401 for status in statuses)


@dataclass(frozen=True, slots=True)
class Mixed:
    """An endpoint whose successes come in several shapes: each with the number of its cells, most of them first."""

    endpoint: str
    shapes: tuple[tuple[str, int], ...]


class Shown:
    """Who was let in, and to what: some deployments refuse with an empty list, or with a success that tells so."""

    def __init__(self, cells: Iterable[Cell] = ()) -> None:
        self._counted: Counter[tuple[str, bool]] = Counter()
        self._shapes: dict[str, Counter[str]] = {}
        for cell in cells:
            self.count(cell, 1)

    def count(self, cell: Cell, step: int) -> None:
        """Take a cell into account, or with -1 no longer."""
        if cell.verdict.is_access:
            self._counted[cell.endpoint, cell.rule == EMPTY] += step
            self._shapes.setdefault(cell.endpoint, Counter())[cell.shape] += step

    @property
    def mixed(self) -> list[Mixed]:
        """The endpoints at which people are let in to things of two or three shapes, one of which may be a refusal."""
        return [mixed for endpoint, shapes in self._shapes.items() if (mixed := _mixed(endpoint, shapes))]

    @property
    def nothing(self) -> int:
        """How many were shown nothing where others were shown something."""
        return sum(
            number for (name, is_empty), number in self._counted.items() if is_empty and self._counted[name, False]
        )


def _mixed(endpoint: str, shapes: Counter[str]) -> Mixed | None:
    """What is shown there; more shapes than anybody would tell apart are no two ways of answering."""
    seen = {shape: number for shape, number in shapes.items() if number > 0}
    kinds = kinds_of(seen) if 1 < len(seen) <= _MOST_SHAPES else []
    if not 1 < len(kinds) <= _MOST_KINDS:
        return None
    counted = [(max(kind, key=seen.__getitem__), sum(seen[shape] for shape in kind)) for kind in kinds]
    return Mixed(endpoint, tuple(sorted(counted, key=lambda each: -each[1])))
