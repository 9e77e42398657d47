"""One request, told to whoever keeps the record, however it ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tui.airisk import clocks
from tui.airisk.acting import Ended, Record
from tui.airisk.errors import AIRiskError, Refused
from tui.airisk.models import Draft, Identity
from tui.airisk.threads import to_the_end


@dataclass(slots=True)
class Outcome:
    """What came of a request so far: the status and the bytes of the body, None without an answer."""

    status: int | None = None
    size: int | None = None
    _record: Record = field(kw_only=True)
    _draft: Draft = field(kw_only=True)
    _identity: Identity = field(kw_only=True)
    _started: float = field(default_factory=clocks.precise)

    async def counted(self, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """The same chunks, while their bytes are counted."""
        self.size = 0
        async for chunk in chunks:
            self.size += len(chunk)
            yield chunk

    async def tell(self, why: str = "") -> None:
        """Tell the record."""
        ended = Ended(clocks.precise() - self._started, self.status, self.size, why)
        # Whoever cancels a request does not cancel its record.
        await to_the_end(self._record.requested(self._draft, self._identity, ended))

    async def tell_sent_again(self) -> None:
        """Tell the record that it got no answer, and is sent once more: AIRisk may have heard both."""
        await self.tell("The connection broke off; sent once more.")
        self._started = clocks.precise()


@asynccontextmanager
async def recorded(record: Record, draft: Draft, identity: Identity) -> AsyncIterator[Outcome]:
    """Tell the record of a request when it is over: answered, failed or cancelled.

    A request that the program refused to send was none.
    """
    outcome = Outcome(_record=record, _draft=draft, _identity=identity)
    try:
        yield outcome
    except Refused:
        raise
    except AIRiskError as error:
        await outcome.tell(error.message)
        raise
    except asyncio.CancelledError:
        await outcome.tell("cancelled")
        raise
    else:
        await outcome.tell()
