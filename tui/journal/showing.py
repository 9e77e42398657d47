"""Finding entries in a trail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tui import clocks
from tui.airisk.users.ids import is_same_id
from tui.errors import SettingsError
from tui.journal.entries import Entry, unseal
from tui.journal.files import Files
from tui.journal.intents import Intents
from tui.journal.reading import snapshot

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


@dataclass(slots=True)
class Search:
    """Which entries are wanted; those left empty do not matter. `since` is a time as entries tell it.

    A `user` is found by any spelling of the id, for the id may have been typed.

    `unreadable` is how many lines were met that are no entries, `unknown` the changes in the time and the name that are
    wanted of which nobody knows whether they were sent.
    """

    user: str = ""
    status: int | None = None
    since: str = ""
    unreadable: int = 0
    unknown: list[Entry] = field(default_factory=list)

    def entries(self, path: Path) -> Iterator[Entry]:
        """The entries that match, newest last; memory does not grow with the trail.

        Raises:
            AuditError: it cannot be read.
        """
        intents = Intents()
        with snapshot(Files.of(path)) as taken:
            for line in taken.lines():
                entry = unseal(line.content) if line.is_whole else None
                if entry is None:
                    self.unreadable += line.is_whole
                    continue
                intents.follow(entry)
                if self.matches(entry):
                    yield entry
            self.unknown = [each for each in intents.unknown(taken.living) if self._is_theirs(each)]

    def matches(self, entry: Entry) -> bool:
        """Whether it is one of those wanted."""
        return self._is_theirs(entry) and (self.status is None or entry.status == self.status)

    def _is_theirs(self, entry: Entry) -> bool:
        return (not self.user or is_same_id(entry.identity, self.user)) and entry.time >= self.since


def read_since(text: str, now: datetime | None = None) -> str:
    """A time in ISO 8601, UTC where it names no zone, or how long ago: ``90s``, ``30m``, ``2h``, ``3d``, ``1w``.

    Raises:
        SettingsError: it is neither.
    """
    try:
        ago = re.fullmatch(r"(\d{1,9})([smhdw])", text.strip().lower(), re.ASCII)
        if ago:
            return clocks.timestamp((now or clocks.now()) - timedelta(**{_UNITS[ago[2]]: int(ago[1])}))
        moment = datetime.fromisoformat(text.strip())
        return clocks.timestamp(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        raise SettingsError(
            "--since is not a time.", advice="Write 2025-03-31, 2025-03-31T13:00:00Z, or how long ago: 30m, 2h, 3d."
        ) from None
