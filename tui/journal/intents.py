"""Changes that were to be sent, and whether it is known what came of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from tui.clocks import timestamp
from tui.journal.entries import Entry

UNKNOWN = "sent or not, unknown"
"""What stands in the trail in place of an outcome that nobody knows."""


class Intents:
    """Follows each intent to its outcome, entry by entry."""

    def __init__(self) -> None:
        self.open: dict[int, Entry] = {}
        self._unknown: dict[int, Entry] = {}

    def follow(self, entry: Entry) -> None:
        """Take the next entry of the trail."""
        if entry.event == "intent":
            self.open[entry.sequence] = entry
        elif entry.intent is not None:
            # What ended after all, behind the end of its run, is known.
            intent = self.open.pop(entry.intent, None) or self._unknown.pop(entry.intent, None)
            if intent and entry.why == UNKNOWN:
                self._unknown[intent.sequence] = intent

    def unknown(self, living: Iterable[str] = ()) -> list[Entry]:
        """Those of which nobody knows whether they were sent, oldest first; a living run's may still be under way."""
        alive = set(living)
        left = [intent for intent in self.open.values() if intent.process not in alive]
        return sorted([*self._unknown.values(), *left], key=lambda entry: entry.sequence)


def unknown_outcome(intent: Entry) -> Entry:
    """What is written in place of the outcome that whoever sent it did not live to write."""
    return msgspec.structs.replace(intent, time=timestamp(), event="request", why=UNKNOWN, intent=intent.sequence)


def in_words(unknown: Sequence[Entry]) -> str:
    """Say which changes nobody knows the outcome of, in one line."""
    last = unknown[-1]
    named = f"{last.method} {last.deployment}{last.path} as {last.identity} ({last.time[:19].replace('T', ' ')} UTC)"
    number = "1 change has" if len(unknown) == 1 else f"{len(unknown)} changes have"
    joint = ": " if len(unknown) == 1 else "; the last is "
    return f"{number} no outcome{joint}{named}. {UNKNOWN.capitalize()}: look before sending it again."
