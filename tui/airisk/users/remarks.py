"""Remarks on a user list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tui.airisk.models import Part, UserList
from tui.airisk.users.lookup import UsersById
from tui.config.settings import Settings

NO_USERS = "AIRisk lists no users. The deployment may be empty, or this client may not be allowed to list users."

_QUOTED = 80
"""Characters of an id, or of a key of the list, in a remark."""


@dataclass(frozen=True, slots=True)
class Remark:
    """One or two sentences; `is_warning` if the user should act on them."""

    words: str
    is_warning: bool = True

    def __str__(self) -> str:
        return self.words


def remarks(listing: UserList, settings: Settings) -> Iterator[Remark]:
    """Yield remarks on a list; most have none. Slow for 100,000 users, so call it off the event loop."""
    if listing.part:
        why = f"AIRisk lists them in pages, and {listing.missing}."
        yield Remark(f"Only {part_words(listing.part)} are listed: {why}")
    if not listing.users:
        yield Remark(NO_USERS)
        return
    if listing.other_ids:
        words = f"IDs are taken from {_quoted(listing.id_key)}, not from {_any_of(listing.other_ids)}."
        yield Remark(words, is_warning=False)
    by_id = UsersById(listing.users)
    unrecognized = [each for each in sorted(settings.protected_users) if not by_id.is_guarding(each)]
    if unrecognized:
        names = ", ".join(each[:_QUOTED] for each in unrecognized[:3])
        more = f" and {len(unrecognized) - 3} more" if len(unrecognized) > 3 else ""
        yield Remark(f"AIRISK_PROTECTED_USERS lists {names}{more}, but no user has that ID.")


def part_words(part: Part) -> str:
    """Return how many of how many: `20 of 300 users`."""
    listed, total = part
    return f"{listed:,} of {total:,} users" if total else f"the first {listed:,} users"


def _any_of(keys: tuple[str, ...]) -> str:
    *first, last = map(_quoted, keys)
    return f"{', '.join(first)} or {last}" if first else last


def _quoted(key: str) -> str:
    return f"“{key[:_QUOTED]}”"
