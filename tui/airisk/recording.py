"""One request, told to whoever keeps the record, however it ends."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tui.airisk.acting import Record
from tui.airisk.errors import AIRiskError, Refused
from tui.airisk.models import Draft, Identity


@dataclass(slots=True)
class Outcome:
    """What came of a request so far: the status and the bytes of the body, None without an answer."""

    status: int | None = None
    size: int | None = None

    async def counted(self, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """The same chunks, while their bytes are counted."""
        self.size = 0
        async for chunk in chunks:
            self.size += len(chunk)
            yield chunk


@asynccontextmanager
async def recorded(record: Record, draft: Draft, identity: Identity) -> AsyncIterator[Outcome]:
    """Tell the record of a request when it is over: answered, failed or cancelled.

    A request that the program refused to send was none.
    """
    outcome = Outcome()
    started = time.perf_counter()

    async def tell(why: str = "") -> None:
        seconds = time.perf_counter() - started
        kept = record.requested(draft, identity, seconds=seconds, status=outcome.status, size=outcome.size, why=why)
        # Whoever cancels a request does not cancel its record.
        await asyncio.shield(kept)

    try:
        yield outcome
    except Refused:
        raise
    except AIRiskError as error:
        await tell(error.message)
        raise
    except asyncio.CancelledError:
        await tell("cancelled")
        raise
    else:
        await tell()
