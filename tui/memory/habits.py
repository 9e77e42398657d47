"""How a person uses the endpoints of a deployment. Endpoints are known by their `key`."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

_RECENT = 8
_REMEMBERED = 200
"""Endpoints whose forms are remembered, the latest ones."""

_LONGEST = 100_000
"""Characters of a value; what is longer is not worth remembering."""


class Habits(msgspec.Struct, frozen=True):
    """Nothing secret: the values typed into forms, never an answer.

    `typed` holds the values of each form by their fields' names, the latest form last; `completed` the method and the
    path that a person found out for an endpoint that is known by name only; `has_looked` whether the deployment was
    asked for a description of itself.
    """

    favourites: tuple[str, ...] = ()
    recent: tuple[str, ...] = ()
    typed: dict[str, dict[str, str]] = {}
    completed: dict[str, tuple[str, str]] = {}
    has_looked: bool = False

    def used(self, key: str, values: Mapping[str, str]) -> Habits:
        """An endpoint was sent with these values."""
        others = {other: form for other, form in self.typed.items() if other != key}
        kept = {name: value for name, value in values.items() if len(value) <= _LONGEST}
        latest = list({**others, key: kept}.items())[-_REMEMBERED:]
        recent = tuple(dict.fromkeys((key, *self.recent)))[:_RECENT]
        return msgspec.structs.replace(self, typed=dict(latest), recent=recent)

    def favoured(self, key: str) -> Habits:
        """An endpoint became a favourite, or is none any more."""
        is_one = key in self.favourites
        favourites = tuple(each for each in self.favourites if each != key) if is_one else (*self.favourites, key)
        return msgspec.structs.replace(self, favourites=favourites)

    def knowing(self, title: str, method: str, path: str) -> Habits:
        """A person found out how an endpoint is asked that was known by name only."""
        return msgspec.structs.replace(self, completed={**self.completed, title: (method, path)})

    def looked(self) -> Habits:
        """The deployment was asked for a description of itself."""
        return msgspec.structs.replace(self, has_looked=True)
