"""A plan: what would be sent, as whom, and how long that takes; and what is left of a run that is resumed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from tui.access.document import RunParameters
from tui.access.model import Row, RowKey
from tui.access.requests import MatrixRequest, SkippedEndpoint, restore_request
from tui.access.rules import Rules, default_rules, read_rules
from tui.access.run_file import RunFile, RunHeader, directory_of
from tui.airisk.endpoints.model import Endpoint
from tui.airisk.responses.volatile_fields import digest_of_bytes
from tui.clocks import timestamp
from tui.config.settings import Settings
from tui.errors import PlanError, ReasonRequiredError, RequestRejectedError, RunFileError
from tui.plain_names import has_words

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
    questions: Sequence[MatrixRequest]
    left_out: Sequence[SkippedEndpoint] = ()
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

    def questions_for(self, row: Row) -> list[MatrixRequest]:
        """What a row is still to be asked."""
        known = self.known.get(row.key, ())
        return [question for question in self.questions if question.column.name not in known]

    def check(self, settings: Settings) -> None:
        """Refuse what could not be asked.

        Raises:
            PlanError: nobody, nothing, or nonsense is planned.
            RequestRejectedError: it is not allowed by the settings.
        """
        if not self.rows:
            raise PlanError("There is nobody to ask as in this part.", advice="Take fewer shards.")
        if not self.questions:
            raise PlanError("There is nothing to ask.", advice=_why(self.left_out))
        if not 1 <= self.concurrency <= MOST_AT_ONCE:
            raise PlanError(f"1 to {MOST_AT_ONCE} requests can be under way at once.", advice="Choose another number.")
        if self.rate < 0:
            raise PlanError("The rate cannot be less than nothing.", advice="0 is as fast as answers come.")
        unsafe = [question.column.name for question in self.questions if not question.is_safe]
        if unsafe and settings.read_only:
            raise RequestRejectedError(
                f"{unsafe[0]} is refused: this deployment is set read-only.", advice="Leave it out of the matrix."
            )
        if settings.require_reason and not has_words(self.reason) and any(row.kind == "user" for row in self.rows):
            raise ReasonRequiredError("Acting as users needs a reason.")


def filter_confirmed(
    questions: Iterable[MatrixRequest | SkippedEndpoint], names: Collection[str]
) -> tuple[tuple[MatrixRequest, ...], tuple[SkippedEndpoint, ...]]:
    """Each question once, those that change things only if they were confirmed by their names; and what is left out."""
    kept: dict[str, MatrixRequest] = {}
    left: dict[str, SkippedEndpoint] = {}
    wanted = {name.strip().casefold() for name in names}
    for each in questions:
        if isinstance(each, SkippedEndpoint):
            left[each.name] = each
        elif each.is_safe or each.column.name.casefold() in wanted:
            kept[each.column.name] = each
        else:
            name = each.column.name
            left[name] = SkippedEndpoint(name, f"it may change things, and was not confirmed (--confirm '{name}')")
    return tuple(kept.values()), tuple(left.values())


def run_key(*parts: object) -> str:
    """A name for what was asked of whom under which rules: the same for the same question, put again."""
    return digest_of_bytes(msgspec.json.encode(parts))


def _why(left_out: Sequence[SkippedEndpoint]) -> str:
    return "; ".join(f"{each.name}: {each.why}" for each in left_out[:3]) or "Name an endpoint."


_LOOKED_AT = 5
"""Runs among which an unfinished one is looked for, the newest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedRun:
    """A plan as it stands.

    Args:
        plan: what would be asked.
        terms: under which it is asked.
        rules: what answers mean.
        path: where its run is kept.
        earlier: what is known of it already; closed.
    """

    plan: Plan
    terms: RunParameters
    rules: Rules
    path: Path
    earlier: RunFile | None = None

    @classmethod
    def of(
        cls,
        rows: Sequence[Row],
        questions: tuple[MatrixRequest, ...],
        left_out: tuple[SkippedEndpoint, ...],
        *,
        terms: RunParameters,
        rules: Rules,
        path: Path,
        earlier: RunFile | None,
    ) -> ProposedRun:
        """A proposal at the pace that its terms say."""
        plan = Plan(
            rows=rows,
            questions=questions,
            left_out=left_out,
            concurrency=terms.concurrency,
            rate=terms.rate,
            reason=terms.reason,
        )
        return cls(plan=plan, terms=terms, rules=rules, path=path, earlier=earlier)

    @classmethod
    def resume(
        cls, run: RunFile, endpoints: Iterable[Endpoint], terms: RunParameters, names: Collection[str] | None = None
    ) -> ProposedRun:
        """What is left of a run, whoever began it; the terms say how fast, and why. Blocks.

        What may change things has to be confirmed again, by its name: the file may have been edited meanwhile. Without
        `names` it is all in the plan, for whoever asks before it starts.

        Raises:
            RulesFileError: the rules it was begun with cannot be read.
            PlanError: they have changed, or nothing was begun.
        """
        head = run.head
        if head is None:
            raise PlanError("No run was begun.", advice="Begin one.")
        questions, left_out = restore_requests(head, endpoints)
        if names is not None:
            questions, left_out = filter_confirmed((*questions, *left_out), names)
        return cls.of(
            head.rows, questions, left_out, terms=terms, rules=restore_rules(head), path=run.path, earlier=run
        )

    def start(self, settings: Settings, *, goes_on: bool) -> tuple[RunFile, RunHeader]:
        """The file of the run, begun or gone on with, and what is asked of whom. Blocks.

        Raises:
            RunFileError: it cannot be kept, or another program is at it.
        """
        file = RunFile.open(self.path)
        head = file.head if goes_on else None
        if head is None:
            head = self._head(settings)
            try:
                file.start(head)
            except RunFileError:
                file.close()
                raise
        return file, head

    def _head(self, settings: Settings) -> RunHeader:
        questions = self.plan.questions
        return RunHeader(
            key=self.path.stem,
            deployment=str(settings.origin),
            client_id=settings.client_id,
            started=timestamp(),
            terms=self.terms,
            rows=list(self.plan.rows),
            columns=[question.column for question in questions],
            asked=[question.asked for question in questions],
            rules=digest_of_bytes(self.rules.ids),
        )


def latest_unfinished(settings: Settings) -> RunFile | None:
    """The newest run of this application against this deployment that was not brought to its end; closed. Blocks."""
    found = sorted(directory_of(str(settings.origin)).glob("*.jsonl"), key=lambda path: -path.stat().st_mtime)
    for path in found[:_LOOKED_AT]:
        with suppress(RunFileError):  # another program is at it
            run = load_run(path)
            if run and run.head and run.head.client_id == settings.client_id and run.head.asked and not run.is_whole:
                return run
    return None


def load_run(path: Path) -> RunFile | None:
    """What is known of a run, closed; nothing where nothing is. Blocks.

    Raises:
        RunFileError: it cannot be read, or another program is at it.
    """
    if not path.exists():
        return None
    run = RunFile.open(path)
    run.close()
    return run if run.head and run.cells else None


def restore_requests(
    head: RunHeader, endpoints: Iterable[Endpoint]
) -> tuple[tuple[MatrixRequest, ...], tuple[SkippedEndpoint, ...]]:
    """The questions of a run that was begun, and those that cannot be asked any more as they were. Blocks."""
    known = {endpoint.key: endpoint for endpoint in endpoints}
    found = [restore_request(column, asked, known) for column, asked in zip(head.columns, head.asked, strict=False)]
    questions = tuple(each for each in found if isinstance(each, MatrixRequest))
    return questions, tuple(each for each in found if isinstance(each, SkippedEndpoint))


def restore_rules(head: RunHeader) -> Rules:
    """The rules that a run was begun with. Blocks.

    Raises:
        RulesFileError: they cannot be read.
        PlanError: they are others by now.
    """
    rules = read_rules(Path(head.terms.rules)) if head.terms.rules else default_rules()
    if digest_of_bytes(rules.ids) != head.rules:
        raise PlanError("The rules are others than those of the run that was begun.", advice="Begin it anew.")
    return rules
