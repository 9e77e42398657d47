"""One request, told to whoever keeps the record: one that may change data before it leaves, every one when it ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tui import clocks
from tui.airisk.acting import Ended, Record
from tui.airisk.errors import AIRiskError, Refused
from tui.airisk.models import Draft, Identity
from tui.background import shielded

_CANCELLED = "cancelled"


@dataclass(slots=True)
class Outcome:
    """What came of a request so far: the status and the bytes of the body, None without an answer.

    `is_sent`: whether any of it left this machine.
    """

    status: int | None = None
    size: int | None = None
    is_sent: bool = False
    _record: Record = field(kw_only=True)
    _draft: Draft = field(kw_only=True)
    _identity: Identity = field(kw_only=True)
    _started: float = field(default_factory=clocks.precise)
    _intent: int | None = None

    async def announce(self) -> None:
        """Tell the record what is about to leave.

        Raises:
            AIRiskError: it has to be recorded, and cannot be: do not send it.
        """
        intending = asyncio.ensure_future(self._record.intended(self._draft, self._identity))
        try:
            self._intent = await shielded(intending)
        except AIRiskError as error:
            raise type(error)(f"The request was not sent. {error.message}", advice=error.advice) from None
        except asyncio.CancelledError:
            await shielded(self._take_back(intending))
            raise
        self._started = clocks.precise()

    def leaves(self) -> None:
        """From here on AIRisk may receive it."""
        self.is_sent = True

    async def counted(self, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """The same chunks, while their bytes are counted."""
        self.size = 0
        async for chunk in chunks:
            self.size += len(chunk)
            yield chunk

    async def tell(self, why: str = "") -> None:
        """Tell the record."""
        seconds = clocks.precise() - self._started
        ended = Ended(seconds, self.status, self.size, why, self.is_sent, self._intent)
        try:
            # Whoever cancels a request does not cancel its record.
            await shielded(self._record.requested(self._draft, self._identity, ended))
        except AIRiskError as error:
            if self._draft.is_safe or not self.is_sent:
                raise
            raise type(error)(f"The request was sent. {error.message}", advice=error.advice) from None

    async def tell_sent_again(self) -> None:
        """Tell the record that it got no answer, and is sent once more: AIRisk may have heard both."""
        await self.tell("The connection broke off; sent once more.")
        self._started, self.is_sent = clocks.precise(), False

    async def _take_back(self, intending: asyncio.Future[int | None]) -> None:
        """Tell the record that it did not leave, once it is known to stand there."""
        await asyncio.wait([intending])
        if intending.exception() is None:
            self._intent = intending.result()
            await self.tell(_CANCELLED)


@asynccontextmanager
async def recorded(record: Record, draft: Draft, identity: Identity) -> AsyncIterator[Outcome]:
    """Tell the record of a request when it is over: answered, failed or cancelled. Of a change it hears before, too.

    A request that the program refused to send was none, unless it was announced.

    Raises:
        AIRiskError: the change has to be recorded, and cannot be.
    """
    outcome = Outcome(_record=record, _draft=draft, _identity=identity)
    if not draft.is_safe:
        await outcome.announce()
    try:
        yield outcome
    except Refused as refusal:
        if not draft.is_safe:
            await outcome.tell(refusal.message)
        raise
    except AIRiskError as error:
        await outcome.tell(error.message)
        if not draft.is_safe and outcome.is_sent:
            error.advice = "It may have been done: look before you send it again."
        raise
    except asyncio.CancelledError:
        await outcome.tell(_CANCELLED)
        raise
    else:
        await outcome.tell()
