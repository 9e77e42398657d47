"""A plan: what would be asked, in whose names, and how long that takes; looked at before anything is sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from tui.access.cells import Row, RowKey
from tui.access.errors import NotAPlan
from tui.access.essence import digest_of_bytes
from tui.access.questions import LeftOut, Question
from tui.airisk.endpoints.parameter_values import has_words
from tui.airisk.errors import ReasonMissing, Refused
from tui.config.settings import Settings

CONCURRENCY = 4
"""Requests under way at once, unless the person chooses."""

RATE = 50.0
"""Requests a second, unless the person chooses."""

MOST_AT_ONCE = 100
"""The connections that one run may use."""

_SIGNING_IN = 2
_USUAL_SECONDS = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Rows and questions, and at what pace.

    Args:
        rows: the identities.
        questions: what each is asked.
        left_out: what is not asked, and why.
        concurrency: requests under way at once.
        rate: requests a second, those for signing in among them; 0 is as fast as answers come.
        reason: why, for the audit trail.
        known: the endpoints that are known and not asked again, by the rows' keys.
    """

    rows: Sequence[Row]
    questions: Sequence[Question]
    left_out: Sequence[LeftOut] = ()
    concurrency: int = CONCURRENCY
    rate: float = RATE
    reason: str = ""
    known: Mapping[RowKey, Collection[str]] = field(default_factory=dict)

    @property
    def cells(self) -> int:
        """How many cells the matrix will have."""
        return len(self.rows) * len(self.questions)

    @property
    def by_method(self) -> dict[str, int]:
        """How many requests of each kind there will be."""
        methods = {question.column.name: question.column.method for question in self.questions}
        counted = Counter({method: number * len(self.rows) for method, number in Counter(methods.values()).items()})
        for row in self.rows if self.known else ():
            counted.subtract(methods[name] for name in self.known.get(row.key, ()) if name in methods)
        return {method: number for method, number in sorted(counted.items()) if number}

    @property
    def sign_ins(self) -> int:
        """How many requests it takes to sign in everybody who is asked anything."""
        users = [row for row in self.rows if row.kind == "user"]
        return _SIGNING_IN * (sum(bool(self.questions_for(row)) for row in users) if self.known else len(users))

    @property
    def requests(self) -> int:
        """How many requests are left, besides those to sign in."""
        return sum(self.by_method.values())

    @property
    def seconds(self) -> float:
        """About how long it takes: by the rate, or where there is none by answers of a tenth of a second."""
        requests = self.requests + self.sign_ins
        at_best = requests * _USUAL_SECONDS / self.concurrency
        return max(requests / self.rate, at_best) if self.rate else at_best

    def questions_for(self, row: Row) -> list[Question]:
        """What a row is still to be asked."""
        known = self.known.get(row.key, ())
        return [question for question in self.questions if question.column.name not in known]

    def check(self, settings: Settings) -> None:
        """Refuse what could not be asked.

        Raises:
            NotAPlan: nobody, nothing, or nonsense is planned.
            Refused: it is not allowed by the settings.
        """
        if not self.rows:
            raise NotAPlan("There is nobody to ask as in this part.", advice="Take fewer shards.")
        if not self.questions:
            raise NotAPlan("There is nothing to ask.", advice=_why(self.left_out))
        if not 1 <= self.concurrency <= MOST_AT_ONCE:
            raise NotAPlan(f"1 to {MOST_AT_ONCE} requests can be under way at once.", advice="Choose another number.")
        if self.rate < 0:
            raise NotAPlan("The rate cannot be less than nothing.", advice="0 is as fast as answers come.")
        unsafe = [question.column.name for question in self.questions if not question.is_safe]
        if unsafe and settings.read_only:
            raise Refused(
                f"{unsafe[0]} is refused: this deployment is set read-only.", advice="Leave it out of the matrix."
            )
        if settings.require_reason and not has_words(self.reason) and any(row.kind == "user" for row in self.rows):
            raise ReasonMissing("Acting as users needs a reason.")


def confirmed(
    questions: Iterable[Question | LeftOut], names: Collection[str]
) -> tuple[tuple[Question, ...], tuple[LeftOut, ...]]:
    """Each question once, those that change things only if they were confirmed by their names; and what is left out."""
    kept: dict[str, Question] = {}
    left: dict[str, LeftOut] = {}
    wanted = {name.strip().casefold() for name in names}
    for each in questions:
        if isinstance(each, LeftOut):
            left[each.name] = each
        elif each.is_safe or each.column.name.casefold() in wanted:
            kept[each.column.name] = each
        else:
            name = each.column.name
            left[name] = LeftOut(name, f"it may change things, and was not confirmed (--confirm '{name}')")
    return tuple(kept.values()), tuple(left.values())


def identity_of_run(*parts: object) -> str:
    """A name for what was asked of whom under which rules: the same for the same question, put again."""
    return digest_of_bytes(msgspec.json.encode(parts))


def _why(left_out: Sequence[LeftOut]) -> str:
    return "; ".join(f"{each.name}: {each.why}" for each in left_out[:3]) or "Name an endpoint."
