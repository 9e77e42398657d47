"""The command palette: whom one could act as, and every key that acts on the screen just now, found by words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, Protocol, cast

from textual.binding import Binding
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.dom import DOMNode

from tui.airisk.models import User
from tui.airisk.search import fold
from tui.keys import active_bindings, only_moves
from tui.text import content


class Becoming(Protocol):
    """A screen that can act as people."""

    def find_users(self, text: str) -> Sequence[User]:
        """Those who match, the ones acted as lately first."""
        ...

    def act_as(self, user: User) -> object:
        """Become a user."""
        ...


class Users(Provider):
    """People to act as: the recent ones first, then whoever matches what is typed."""

    async def discover(self) -> Hits:
        """The recent ones, before anything is typed."""
        for user in self._found("")[:_RECENT]:
            yield DiscoveryHit(_title(user), partial(self._become, user), help="Act as this user")

    async def search(self, query: str) -> Hits:
        """Whoever matches, in the order of the list."""
        for place, user in enumerate(self._found(query)):
            yield Hit(1 - place / _MOST, _title(user), partial(self._become, user), help="Act as this user")

    def _found(self, text: str) -> Sequence[User]:
        if not hasattr(self.screen, "find_users"):
            return ()
        found = cast("Becoming", self.screen).find_users(text)
        return list({user.id: user for user in found}.values())[:_MOST]

    def _become(self, user: User) -> None:
        cast("Becoming", self.screen).act_as(user)


_MOST, _RECENT = 20, 5


def _title(user: User) -> Content:
    return content(f"{user.name or user.id} · {user.id}")


_NAMED, _TOLD = 2.0, 0.5
"""A command whose name is typed comes before people, one that only tells of what is typed after them."""

_PALETTES_OWN = ("commands", "quit")


class Bindings(Provider):
    """The bindings of the screen below and of the pane in focus."""

    async def discover(self) -> Hits:
        """Everything, before anything is typed."""
        for node, binding in self._bindings():
            yield DiscoveryHit(
                Content(binding.description), partial(self._run, node, binding), help=self._help(binding)
            )

    async def search(self, query: str) -> Hits:
        """What matches the words typed."""
        words = fold(query).split()
        for node, binding in self._bindings():
            named, told = fold(binding.description), fold(f"{binding.description} {binding.tooltip}")
            if all(word in told for word in words):
                score = _NAMED if all(word in named for word in words) else _TOLD
                title = Content(binding.description)
                yield Hit(score, title, partial(self._run, node, binding), help=self._help(binding))

    def _bindings(self) -> Iterator[tuple[DOMNode, Binding]]:
        seen: set[str] = set()
        for active in active_bindings(self.screen):
            binding = active.binding
            if active.enabled and binding.id and not only_moves(active) and binding.id not in {*seen, *_PALETTES_OWN}:
                seen.add(binding.id)
                yield active.node, binding

    def _help(self, binding: Binding) -> str:
        return f"{self.app.get_key_display(binding)}  {binding.tooltip}"

    async def _run(self, node: DOMNode, binding: Binding) -> Any:
        return await self.app.run_action(binding.action, default_namespace=node)
