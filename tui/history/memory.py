"""Exchanges of this run, with their bodies, in memory only."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from datetime import timedelta

from tui.airisk.models import Exchange
from tui.history.entry import BODY, HistoryEntry, redact

_MOST = 200
_MOST_BYTES = 24_000_000
"""Bytes of all bodies that are remembered; the oldest exchanges are dropped first."""

_ROUNDED = timedelta(milliseconds=2)
"""How far a stored time may be from that of its exchange."""


class RecentExchanges:
    """The last exchanges of this run, by their number in the history."""

    def __init__(self) -> None:
        self._exchanges: OrderedDict[int, Exchange] = OrderedDict()
        self._bytes = 0

    def add(self, number: int, exchange: Exchange) -> None:
        """Remember an exchange, and drop the oldest ones if there are too many."""
        self._exchanges[number] = exchange
        self._bytes += _size(exchange)
        while len(self._exchanges) > _MOST or (self._bytes > _MOST_BYTES and len(self._exchanges) > 1):
            _, dropped = self._exchanges.popitem(last=False)
            self._bytes -= _size(dropped)

    def of(self, past: HistoryEntry) -> Exchange | None:
        """Return the exchange of an entry, or None. In a file that was begun again, a number may be another one's."""
        exchange = self._exchanges.get(past.number)
        return exchange if exchange and abs(exchange.at - past.at) < _ROUNDED else None

    def completed(self, past: HistoryEntry) -> HistoryEntry:
        """Return an entry that can be resent, if only its body was not stored and the body holds no secret."""
        exchange = self.of(past)
        if exchange is None or past.left_out != (BODY,):
            return past
        left_out = tuple(redact(exchange.draft, exchange.identity, keep_bodies=True).left_out)
        return replace(past, left_out=left_out, has_content=not left_out)


def _size(exchange: Exchange) -> int:
    return len(exchange.body) + len(exchange.draft.body) + sum(len(file.content) for file in exchange.draft.files)
