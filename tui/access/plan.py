"""Plan a run: the requests, the identities and the duration; or the rest of a run that is resumed."""

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
from tui.errors import GuardRailError, PlanError, ReasonRequiredError, RunFileError
from tui.plain_names import has_words

CONCURRENCY = 4
"""Default number of concurrent requests."""

RATE = 50.0
"""Default requests per second."""

MOST_AT_ONCE = 100
"""Maximum connections of one run."""

_SIGNING_IN = 2
_USUAL_SECONDS = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The identities and requests of a run, and its pace.

    Args:
        rows: the identities.
        questions: the requests to send as each identity.
        left_out: the skipped endpoints, with reasons.
        concurrency: the number of concurrent requests.
        rate: requests per second, including sign-ins; 0 for no limit.
        reason: the reason for the audit trail.
        known: the endpoints whose cells are known and are not requested again, by row key.
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
        """The number of cells of the matrix."""
        return len(self.rows) * len(self.questions)

    @property
    def by_method(self) -> dict[str, int]:
        """The number of requests still to send, by method."""
        methods = {question.column.name: question.column.method for question in self.questions}
        counted = Counter({method: number * len(self.rows) for method, number in Counter(methods.values()).items()})
        for row in self.rows if self.known else ():
            counted.subtract(methods[name] for name in self.known.get(row.key, ()) if name in methods)
        return {method: number for method, number in sorted(counted.items()) if number}

    @property
    def sign_ins(self) -> int:
        """The number of requests to sign in all users with requests left."""
        users = [row for row in self.rows if row.kind == "user"]
        return _SIGNING_IN * (sum(bool(self.questions_for(row)) for row in users) if self.known else len(users))

    @property
    def requests(self) -> int:
        """The number of requests still to send, without sign-ins."""
        return sum(self.by_method.values())

    @property
    def seconds(self) -> float:
        """The estimated duration: by the rate, and with 0.1 s per response."""
        requests = self.requests + self.sign_ins
        at_best = requests * _USUAL_SECONDS / self.concurrency
        return max(requests / self.rate, at_best) if self.rate else at_best

    def questions_for(self, row: Row) -> list[MatrixRequest]:
        """Return the requests that are still to be sent for a row."""
        known = self.known.get(row.key, ())
        return [question for question in self.questions if question.column.name not in known]

    def check(self, settings: Settings) -> None:
        """Refuse a plan that cannot be run.

        Raises:
            PlanError: the plan has no identity, no request, or an invalid pace.
            GuardRailError: the settings do not allow it.
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
            raise GuardRailError(
                f"{unsafe[0]} is refused: this deployment is set read-only.", advice="Leave it out of the matrix."
            )
        if settings.require_reason and not has_words(self.reason) and any(row.kind == "user" for row in self.rows):
            raise ReasonRequiredError("Acting as users needs a reason.")


def filter_confirmed(
    questions: Iterable[MatrixRequest | SkippedEndpoint], names: Collection[str]
) -> tuple[tuple[MatrixRequest, ...], tuple[SkippedEndpoint, ...]]:
    """Return each request once, unsafe ones only if `names` confirms them, and the skipped endpoints."""
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
            left[name] = SkippedEndpoint(name, f"it may change things, and was not confirmed (--allow-unsafe '{name}')")
    return tuple(kept.values()), tuple(left.values())


def run_key(*parts: object) -> str:
    """Return the key of a run: the same for equal identities, requests and rules."""
    return digest_of_bytes(msgspec.json.encode(parts))


def _why(left_out: Sequence[SkippedEndpoint]) -> str:
    return "; ".join(f"{each.name}: {each.why}" for each in left_out[:3]) or "Name an endpoint."


_LOOKED_AT = 5
"""The number of newest runs that are searched for an unfinished one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedRun:
    """A plan with all that its run needs.

    Args:
        plan: the requests and identities.
        terms: the terms of the run.
        rules: the verdict rules.
        path: the file of the run.
        earlier: the same run's earlier results, closed.
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
        """Create a proposal with the pace and the reason of its terms."""
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
        """Propose the rest of an earlier run; `terms` set its pace and its reason. Blocks.

        Unsafe requests must be confirmed again by name, because the file may have been edited. Without `names` they
        are all in the plan, and the caller must have them confirmed before the run starts.

        Raises:
            RulesFileError: the rules of the run cannot be read.
            PlanError: the rules have changed, or no run was started.
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
        """Open the run's file, to resume it or to start over, and return it with its header. Blocks.

        Raises:
            RunFileError: the file cannot be written, or another program uses it.
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
    """Return this application's newest unfinished run against this deployment, closed, or None. Blocks."""
    found = sorted(directory_of(str(settings.origin)).glob("*.jsonl"), key=lambda path: -path.stat().st_mtime)
    for path in found[:_LOOKED_AT]:
        with suppress(RunFileError):  # another program uses it
            run = load_run(path)
            if run and run.head and run.head.client_id == settings.client_id and run.head.asked and not run.is_whole:
                return run
    return None


def load_run(path: Path) -> RunFile | None:
    """Load a run and close its file; return None if it has no cells. Blocks.

    Raises:
        RunFileError: the file cannot be read, or another program uses it.
    """
    if not path.exists():
        return None
    run = RunFile.open(path)
    run.close()
    return run if run.head and run.cells else None


def restore_requests(
    head: RunHeader, endpoints: Iterable[Endpoint]
) -> tuple[tuple[MatrixRequest, ...], tuple[SkippedEndpoint, ...]]:
    """Restore the requests of a run; also return the endpoints that can no longer be sent as before. Blocks."""
    known = {endpoint.key: endpoint for endpoint in endpoints}
    found = [restore_request(column, asked, known) for column, asked in zip(head.columns, head.asked, strict=False)]
    questions = tuple(each for each in found if isinstance(each, MatrixRequest))
    return questions, tuple(each for each in found if isinstance(each, SkippedEndpoint))


def restore_rules(head: RunHeader) -> Rules:
    """Return the rules that a run was started with. Blocks.

    Raises:
        RulesFileError: the rules cannot be read.
        PlanError: the rules have changed.
    """
    rules = read_rules(Path(head.terms.rules)) if head.terms.rules else default_rules()
    if digest_of_bytes(rules.ids) != head.rules:
        raise PlanError("The rules are others than those of the run that was begun.", advice="Begin it anew.")
    return rules
