"""Run a plan: rows run concurrently, each after its own sign-in, until every cell is known."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Collection, Coroutine, Iterable, Iterator, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from itertools import count

import msgspec

from tui import clocks
from tui.access.classifier import Classification, ClassifiedResponse, Classifier
from tui.access.model import Cell, ListedObjects, ObjectKind, Row, Verdict
from tui.access.object_lists import listed_kind, listed_objects
from tui.access.plan import Plan
from tui.access.requests import MatrixRequest
from tui.access.throttle import Throttle
from tui.access.unauthorized import TokenObservations, UnauthorizedResolver, is_token_known
from tui.airisk.http.backoff import most_attempts, wait_of
from tui.airisk.identity import Identity, SubjectCheck
from tui.airisk.models import Exchange
from tui.airisk.session import Session
from tui.background import run_in_thread
from tui.errors import NoResponseError, RequestRejectedError, ServiceBusyError, SignInError

_CLASSIFIED_AT_ONCE = 64 * 1024
_SIGNING_IN = 2
_NO_RESPONSE = (NoResponseError, SignInError, RequestRejectedError)
"""Errors that make a cell inconclusive. Any other, such as an audit trail that cannot be written, ends the run."""

CellConsumer = Callable[[Cell], None]
"""Called with each cell as soon as it is known."""

RowConsumer = Callable[[Row], None]
"""Called with each row after its sign-in succeeded or failed."""


class RowWorker:
    """Runs one row: signs in and sends every request as its identity.

    Args:
        session: the session that sends.
        classifier: classifies responses.
        throttle: limits the pace.
        row: the identity.
        observations: what the run has observed of tokens.
        reason: the reason for the audit trail.
        allows_changes: whether changes are allowed, although acting sessions begin read-only.
        recorded: a request that accepted this identity's token before the run was interrupted.
        objects: the kinds of listed objects to collect.
    """

    def __init__(
        self,
        session: Session,
        classifier: Classifier,
        throttle: Throttle,
        row: Row,
        *,
        observations: TokenObservations,
        reason: str = "",
        allows_changes: bool = False,
        recorded: MatrixRequest | None = None,
        objects: Sequence[ObjectKind] = (),
    ) -> None:
        self._objects = objects
        self._session = session
        self._classifier = classifier
        self._throttle = throttle
        self._observations = observations
        self._row = row
        self._reason = reason
        self._allows_changes = allows_changes
        self._recorded = recorded

    async def go(
        self, requests: Sequence[MatrixRequest], lanes: int, take: CellConsumer, take_row: RowConsumer
    ) -> None:
        """Send every request, `lanes` of them concurrently.

        Raises:
            AIRiskError: the audit trail is required and cannot be written.
        """
        identity = self._row.identity
        async with AsyncExitStack() as stack:
            fault = self._row.error or await self._sign_in(identity, stack)
            token = self._session.token(identity)
            subject_check = token.subject_check if token and not fault and identity.is_user else SubjectCheck.NONE
            take_row(msgspec.structs.replace(self._row, error=fault, subject_check=subject_check))
            if fault:
                for request in requests:
                    take(self._unsent(request, fault))
            else:
                await self._send_all(requests, lanes, take)
        self._session.forget(identity)

    async def _send_all(self, requests: Sequence[MatrixRequest], lanes: int, take: CellConsumer) -> None:
        refusals = UnauthorizedResolver(self._observations, self._send, self._renew, take, self._recorded)
        has_token = self._row.kind != "anonymous"
        left = iter(requests)

        async def lane() -> None:
            for request in left:
                if has_token:
                    await refusals.put(request)
                else:
                    take(self._noted(await self._send(request)))

        await together(lane() for _ in range(min(lanes, len(requests))))
        await refusals.flush()

    def _noted(self, cell: Cell) -> Cell:
        """Note an endpoint that is allowed without a token; return the cell."""
        if cell.verdict.is_access:
            self._observations.public.add(cell.endpoint)
        return cell

    async def _renew(self) -> None:
        """Sign in again; if that fails, the next request fails with the error."""
        async with self._throttle.turn(_SIGNING_IN):
            with suppress(*_NO_RESPONSE):
                await self._session.renew(self._row.identity)

    async def _sign_in(self, identity: Identity, stack: AsyncExitStack) -> str:
        """Sign in until the stack is closed; return why that failed, or an empty text."""
        if identity.kind == "anonymous":
            return ""
        for attempt in count(1):
            try:
                async with self._throttle.turn(_SIGNING_IN):
                    await stack.enter_async_context(
                        self._session.temporary_identity(identity, self._reason, allows_changes=self._allows_changes)
                    )
                    # `temporary_identity` signs in neither the application nor the active user.
                    await self._session.sign_in(identity)
                    return ""
            except ServiceBusyError as busy:
                self._throttle.pause_for(wait_of(busy.retry_after, attempt))
                if attempt == most_attempts(busy.status, busy.retry_after):
                    return busy.message
            except _NO_RESPONSE as error:
                return error.message
        raise AssertionError  # `count` is infinite

    async def _send(self, request: MatrixRequest) -> Cell:
        identity, attempt = self._row.identity, 1
        try:
            draft = request.make(identity)
            if request.is_safe and not draft.is_safe:
                raise RequestRejectedError(
                    "The values of this identity make it a request that may change data, which was not allowed."
                )
            while True:
                async with self._throttle.turn():
                    exchange = await self._session.send(draft, identity, renews=False)
                status, retry_after = exchange.status, exchange.header("retry-after")
                if not self._throttle.is_too_much(request.column.name, status, retry_after):
                    break
                self._throttle.pause_for(wait_of(retry_after, attempt))
                if not draft.is_safe:
                    break
                if attempt == most_attempts(status, retry_after):
                    self._throttle.give_up(request.column.name)
                    break
                attempt += 1
        except _NO_RESPONSE as error:
            return self._unsent(request, error.message, attempts=attempt)
        return await self._classified(request, exchange, attempt)

    async def _classified(self, request: MatrixRequest, exchange: Exchange, attempts: int) -> Cell:
        response = ClassifiedResponse(
            status=exchange.status,
            reason=exchange.reason,
            headers=exchange.headers,
            endpoint=request.column.name,
            body=exchange.body,
        )
        kind = listed_kind(request.column)
        collected = kind if kind in self._objects else None

        def judge() -> tuple[Classification, ListedObjects | None]:
            classified = self._classifier.classify(response)
            is_list = classified.verdict is Verdict.ALLOWED
            return classified, listed_objects(exchange, collected) if collected and is_list else None

        is_quick = len(exchange.body) <= _CLASSIFIED_AT_ONCE
        classified, listed = judge() if is_quick else await run_in_thread(judge)
        return self._cell(request, classified, listed, exchange, attempts)

    def _cell(
        self,
        request: MatrixRequest,
        classified: Classification,
        listed: ListedObjects | None,
        exchange: Exchange,
        attempts: int,
    ) -> Cell:
        return Cell(
            identity=self._row.id,
            kind=self._row.kind,
            endpoint=request.column.name,
            status=exchange.status,
            verdict=classified.verdict,
            expected=None,
            reason=classified.reason,
            rule=classified.rule,
            milliseconds=round(exchange.seconds * 1000),
            bytes=len(exchange.body),
            content_type=sys.intern(exchange.content_type[:100]),
            digest=classified.digest,
            at=clocks.timestamp(exchange.at),
            attempts=attempts,
            needs_witness=classified.needs_witness,
            shape=sys.intern(classified.shape),
            listed=listed,
        )

    def _unsent(self, request: MatrixRequest, why: str, *, attempts: int = 0) -> Cell:
        return Cell(
            identity=self._row.id,
            kind=self._row.kind,
            endpoint=request.column.name,
            status=None,
            verdict=Verdict.INCONCLUSIVE,
            expected=None,
            reason=why,
            at=clocks.timestamp(),
            attempts=attempts,
        )


async def together(work: Iterable[Coroutine[None, None, None]]) -> None:
    """Run coroutines concurrently; the first error cancels the others and is raised without a group.

    Raises:
        Exception: the first error.
    """
    try:
        async with asyncio.TaskGroup() as tasks:
            for each in work:
                tasks.create_task(each)
    except BaseExceptionGroup as group:
        raise group.exceptions[0] from None


_Open = tuple[Row, list[MatrixRequest]]
"""A row, and the requests still to send for it."""


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of a run. `seconds_left` is an estimate; `held` is how many seconds AIRisk asked to wait."""

    done: int
    total: int
    seconds_left: float
    held: float = 0.0
    is_paused: bool = False


class Run:
    """One run of a plan.

    Args:
        session: the session that sends; its active identity does not change.
        plan: the plan, checked.
        classifier: classifies responses.
        earlier: the cells that are known from before.
    """

    def __init__(self, session: Session, plan: Plan, classifier: Classifier, earlier: Collection[Cell] = ()) -> None:
        self.throttle = Throttle(plan.concurrency, plan.rate)
        self._session = session
        self._plan = plan
        self._classifier = classifier
        public = {cell.endpoint for cell in earlier if cell.kind == "anonymous" and cell.verdict.is_access}
        self._observations = TokenObservations(public=public)
        safe = {request.column.name: request for request in plan.requests if request.is_safe}
        self._recorded = {
            cell.row_key: safe[cell.endpoint]
            for cell in earlier
            if cell.endpoint in safe and cell.kind != "anonymous" and is_token_known(cell, public)
        }
        self._before = sum(map(len, plan.known.values()))
        self._done = 0
        self._began = clocks.steady()
        self._paused_at: float | None = None

    @property
    def progress(self) -> Progress:
        """The current progress."""
        total = self._plan.cells
        done = self._before + self._done
        elapsed = (self._paused_at or clocks.steady()) - self._began
        each = elapsed / self._done if self._done else self._plan.seconds / max(total - self._before, 1)
        return Progress(done, total, each * (total - done), self.throttle.retry_after, self.throttle.is_paused)

    def pause(self) -> None:
        """Stop sending for now; requests in flight complete."""
        if self._paused_at is None:
            self._paused_at = clocks.steady()
            self.throttle.pause()

    def go_on(self) -> None:
        """Resume sending; the pause does not count in the estimate."""
        if self._paused_at is not None:
            self._began += clocks.steady() - self._paused_at
            self._paused_at = None
            self.throttle.go_on()

    async def go(self, take: CellConsumer, take_row: RowConsumer) -> None:
        """Send all requests whose cells are unknown. Canceling stops at once; cells already handed over stay valid.

        Raises:
            AIRiskError: the audit trail is required and cannot be written, or `take` failed.
        """
        self._began = clocks.steady()
        rows = self._rows()
        at_once = max(1, min(self._plan.concurrency, len(self._plan.rows)))
        lanes = max(1, self._plan.concurrency // at_once)
        # The workers share one iterator, so that a free one takes the next row.
        await together(self._work(rows, lanes, take, take_row) for _ in range(at_once))

    async def _work(self, rows: Iterator[_Open], lanes: int, take: CellConsumer, take_row: RowConsumer) -> None:
        for row, requests in rows:
            asking = RowWorker(
                self._session,
                self._classifier,
                self.throttle,
                row,
                observations=self._observations,
                reason=self._plan.reason,
                allows_changes=self._plan.allows_changes and not all(request.is_safe for request in requests),
                recorded=self._recorded.get(row.key),
                objects=self._plan.objects,
            )
            await asking.go(requests, lanes, self._counted(take), take_row)

    def _counted(self, take: CellConsumer) -> CellConsumer:
        def counted(cell: Cell) -> None:
            take(cell)
            self._done += 1

        return counted

    def _rows(self) -> Iterator[_Open]:
        for row in self._plan.rows:
            if requests := self._plan.requests_for(row):
                yield row, requests
