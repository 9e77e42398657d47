"""Plan a run: the requests, the identities and the duration; or the rest of a run that is resumed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from tui.access.matrix_document import RunParameters
from tui.access.model import NO_COVERAGE, Coverage, ObjectKind, Row, RowKey, SkippedEndpoint
from tui.access.object_lists import LIST_EXAMPLES, listed_kind
from tui.access.requests import MatrixRequest, restore_request
from tui.access.rules import Rules, default_rules, read_rules
from tui.access.run_file import RunFile, RunHeader, directory_of
from tui.airisk.endpoints.model import Endpoint
from tui.airisk.guard_rails import check_not_protected, is_protected
from tui.airisk.models import UserList
from tui.airisk.responses.volatile_fields import digest_of_bytes
from tui.clocks import timestamp
from tui.config.settings import Settings
from tui.errors import ChangesNotAllowedError, GuardRailError, PlanError, ReasonRequiredError, RunFileError
from tui.plain_names import has_words

CONCURRENCY = 4
"""Default number of concurrent requests."""

RATE = 50.0
"""Default requests per second."""

MOST_AT_ONCE = 100
"""Maximum connections of one run."""

_SIGN_IN_REQUESTS = 2
_TYPICAL_SECONDS = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The identities and requests of a run, and its pace.

    Args:
        rows: the identities.
        requests: the requests to send as each identity.
        skipped: the skipped endpoints, with reasons.
        concurrency: the number of concurrent requests.
        rate: requests per second, including sign-ins; 0 for no limit.
        reason: the reason for the audit trail.
        allows_changes: whether changes are allowed where acting sessions begin read-only.
        known: the endpoints whose cells are known and are not requested again, by row key.
        objects: the kinds of objects that have columns, as far as lists return them.
    """

    rows: Sequence[Row]
    requests: Sequence[MatrixRequest]
    skipped: Sequence[SkippedEndpoint] = ()
    concurrency: int = CONCURRENCY
    rate: float = RATE
    reason: str = ""
    allows_changes: bool = False
    known: Mapping[RowKey, Collection[str]] = field(default_factory=dict)
    objects: Sequence[ObjectKind] = ()

    @property
    def cells(self) -> int:
        """The number of cells of the matrix."""
        return len(self.rows) * len(self.requests)

    @property
    def by_method(self) -> dict[str, int]:
        """The number of requests still to send, by method."""
        methods = {request.column.name: request.column.method for request in self.requests}
        counted = Counter({method: number * len(self.rows) for method, number in Counter(methods.values()).items()})
        for row in self.rows if self.known else ():
            counted.subtract(methods[name] for name in self.known.get(row.key, ()) if name in methods)
        return {method: number for method, number in sorted(counted.items()) if number}

    @property
    def sign_ins(self) -> int:
        """The number of requests to sign in all users with requests left."""
        users = [row for row in self.rows if row.kind == "user"]
        return _SIGN_IN_REQUESTS * (sum(bool(self.requests_for(row)) for row in users) if self.known else len(users))

    @property
    def request_count(self) -> int:
        """The number of requests still to send, without sign-ins."""
        return sum(self.by_method.values())

    @property
    def seconds(self) -> float:
        """The estimated duration: by the rate, and with 0.1 s per response."""
        requests = self.request_count + self.sign_ins
        at_best = requests * _TYPICAL_SECONDS / self.concurrency
        return max(requests / self.rate, at_best) if self.rate else at_best

    def requests_for(self, row: Row) -> list[MatrixRequest]:
        """Return the requests that are still to be sent for a row."""
        known = self.known.get(row.key, ())
        return [request for request in self.requests if request.column.name not in known]

    def check(self, settings: Settings) -> None:
        """Refuse a plan that cannot be run.

        Raises:
            PlanError: the plan has no identity, no request, or an invalid pace.
            GuardRailError: the settings do not allow it.
        """
        if not self.requests:
            raise PlanError("No endpoint to send a request to.", advice=_why(self.skipped))
        for kind in self.objects:
            if not any(listed_kind(request.column) == kind for request in self.requests):
                raise PlanError(f"No endpoint lists {kind}s.", advice=f"Add one, for example {LIST_EXAMPLES[kind]}.")
        if not 1 <= self.concurrency <= MOST_AT_ONCE:
            raise PlanError(f"Concurrency must be 1 to {MOST_AT_ONCE}.", advice="Choose another number.")
        if self.rate < 0:
            raise PlanError("The rate must be 0 or more.", advice="0 means no limit.")
        unsafe = [request.column.name for request in self.requests if not request.is_safe]
        if unsafe and settings.read_only:
            raise GuardRailError(
                f"{unsafe[0]} may change data, and this deployment is set read-only.",
                advice="Remove it from the matrix.",
            )
        has_users = any(row.kind == "user" for row in self.rows)
        if unsafe and settings.act_read_only and has_users and not self.allows_changes:
            raise ChangesNotAllowedError(
                f"{unsafe[0]} may change data, and acting sessions begin read-only.",
                advice="Remove it from the matrix.",
            )
        is_whole = not any(row.place for row in self.rows)  # other shards may have users who are not protected
        if is_whole and self.rows and all(is_protected(settings, row.identity) for row in self.rows):
            check_not_protected(settings, self.rows[0].identity)
        if settings.require_reason and not has_words(self.reason) and has_users:
            raise ReasonRequiredError("Acting as users requires a reason.")


def filter_confirmed(
    requests: Iterable[MatrixRequest | SkippedEndpoint], names: Collection[str]
) -> tuple[tuple[MatrixRequest, ...], tuple[SkippedEndpoint, ...]]:
    """Return each request once, unsafe ones only if `names` confirms them, and the skipped endpoints."""
    kept: dict[str, MatrixRequest] = {}
    left: dict[str, SkippedEndpoint] = {}
    wanted = {name.strip().casefold() for name in names}
    for each in requests:
        if isinstance(each, SkippedEndpoint):
            left[each.name] = each
        elif each.is_safe or not wanted.isdisjoint({each.column.name.casefold(), each.endpoint.casefold()}):
            kept[each.column.name] = each
        else:
            name = each.endpoint
            left[name] = SkippedEndpoint(name, f"may change data (allow with --allow-unsafe '{name}')")
    return tuple(kept.values()), tuple(left.values())


def run_key(*parts: object) -> str:
    """Return the key of a run: the same for equal identities, requests and rules."""
    return digest_of_bytes(msgspec.json.encode(parts))


def _why(skipped: Sequence[SkippedEndpoint]) -> str:
    return "; ".join(f"{each.name}: {each.reason}" for each in skipped[:3]) or "Choose an endpoint."


_SEARCHED_RUNS = 5
"""The number of newest runs that are searched for an unfinished one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedRun:
    """A plan with all that its run needs.

    Args:
        plan: the requests and identities.
        parameters: the parameters of the run.
        rules: the verdict rules.
        path: the file of the run.
        earlier: the same run's earlier results, closed.
        coverage: which of the known endpoints the plan requests.
        listing: the users as they were listed for it; empty if they were not.
    """

    plan: Plan
    parameters: RunParameters
    rules: Rules
    path: Path
    earlier: RunFile | None = None
    coverage: Coverage = NO_COVERAGE
    listing: UserList = field(default_factory=lambda: UserList(()))

    @classmethod
    def of(
        cls,
        rows: Sequence[Row],
        requests: tuple[MatrixRequest, ...],
        skipped: tuple[SkippedEndpoint, ...],
        *,
        parameters: RunParameters,
        rules: Rules,
        path: Path,
        earlier: RunFile | None,
        coverage: Coverage = NO_COVERAGE,
        listing: UserList | None = None,
    ) -> ProposedRun:
        """Create a proposal with the pace and the reason of its parameters."""
        plan = Plan(
            rows=rows,
            requests=requests,
            skipped=skipped,
            concurrency=parameters.concurrency,
            rate=parameters.rate,
            reason=parameters.reason,
            objects=parameters.objects,
        )
        return cls(
            plan=plan,
            parameters=parameters,
            rules=rules,
            path=path,
            earlier=earlier,
            coverage=coverage,
            listing=listing or UserList(()),
        )

    @classmethod
    def resume(
        cls,
        run: RunFile,
        endpoints: Iterable[Endpoint],
        parameters: RunParameters,
        names: Collection[str] | None = None,
    ) -> ProposedRun:
        """Propose the rest of an earlier run; `parameters` set its pace and its reason. Blocks.

        Unsafe requests must be confirmed again by name, because the file may have been edited. Without `names` they
        are all in the plan, and the caller must have them confirmed before the run starts.

        Raises:
            RulesFileError: the rules of the run cannot be read.
            PlanError: the rules have changed, or no run was started.
        """
        head = run.head
        if head is None:
            raise PlanError("No run was started.", advice="Start one.")
        requests, skipped = restore_requests(head, endpoints)
        if names is not None:
            requests, skipped = filter_confirmed((*requests, *skipped), names)
        return cls.of(
            head.rows,
            requests,
            skipped,
            parameters=parameters,
            rules=restore_rules(head),
            path=run.path,
            earlier=run,
            coverage=head.coverage,
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
        requests = self.plan.requests
        return RunHeader(
            key=self.path.stem,
            deployment=str(settings.origin),
            client_id=settings.client_id,
            started=timestamp(),
            parameters=self.parameters,
            coverage=self.coverage,
            rows=list(self.plan.rows),
            columns=[request.column for request in requests],
            inputs=[request.inputs for request in requests],
            rules=digest_of_bytes(self.rules.ids),
        )


def latest_unfinished(settings: Settings) -> RunFile | None:
    """Return this application's newest unfinished run against this deployment, closed, or None. Blocks."""
    found = sorted(directory_of(str(settings.origin)).glob("*.jsonl"), key=lambda path: -path.stat().st_mtime)
    for path in found[:_SEARCHED_RUNS]:
        with suppress(RunFileError):  # another program uses it
            run = load_run(path)
            if run and run.head and run.head.client_id == settings.client_id and run.head.inputs and not run.is_whole:
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
    found = [restore_request(column, inputs, known) for column, inputs in zip(head.columns, head.inputs, strict=False)]
    requests = tuple(each for each in found if isinstance(each, MatrixRequest))
    return requests, tuple(each for each in found if isinstance(each, SkippedEndpoint))


def restore_rules(head: RunHeader) -> Rules:
    """Return the rules that a run was started with. Blocks.

    Raises:
        RulesFileError: the rules cannot be read.
        PlanError: the rules have changed.
    """
    rules = read_rules(Path(head.parameters.rules)) if head.parameters.rules else default_rules()
    if digest_of_bytes(rules.ids) != head.rules:
        raise PlanError("The rules have changed since this run was started.", advice="Start a new run.")
    return rules
