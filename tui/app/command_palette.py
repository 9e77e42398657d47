"""The command palette: people, endpoints, and every key that acts on the screen just now, found by words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from textual.binding import Binding
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.dom import DOMNode
from textual.system_commands import SystemCommandsProvider

from tui.airisk.models import User
from tui.airisk.users.search_index import normalize
from tui.bindings import active_bindings, only_moves
from tui.screens.main.screen import MainScreen
from tui.text import clean, to_content


class Users(Provider):
    """People to act as: the recent ones first, then those who match what is typed."""

    async def discover(self) -> Hits:
        """The recent ones, before anything is typed."""
        for user, act_as in self._found("")[:_RECENT]:
            yield DiscoveryHit(_title(user), act_as, help="Act as this user")

    async def search(self, query: str) -> Hits:
        """Those who match, in the order of the list."""
        for place, (user, act_as) in enumerate(self._found(query)):
            yield Hit(1 - place / _MOST, _title(user), act_as, help="Act as this user")

    def _found(self, text: str) -> list[tuple[User, Callable[[], object]]]:
        main = self.screen
        if not isinstance(main, MainScreen):
            return []
        found = {user.id: user for user in main.find_users(text)}.values()
        return [(user, partial(main.act_as, user)) for user in [*found][:_MOST]]


_MOST, _RECENT = 20, 5


def _title(user: User) -> Content:
    return to_content(f"{user.name or user.id} · {user.id}")


class Endpoints(Provider):
    """What can be asked."""

    async def search(self, query: str) -> Hits:
        """Those that match, in the order of the explorer."""
        main = self.screen
        if not isinstance(main, MainScreen):
            return
        for place, endpoint in enumerate(main.find_endpoints(query)[:_MOST]):
            title = to_content(f"{endpoint.method} {endpoint.title}".strip())
            run = partial(main.open_endpoint, endpoint)
            yield Hit(_BELOW_PEOPLE - place / _MOST / 2, title, run, help=clean(endpoint.path or "known by name only"))


_BELOW_PEOPLE = 0.99
"""Endpoints come among people: below the first who match."""

_BY_NAME, _BY_EXPLANATION = 2.0, 0.5
"""A command whose name is typed comes before people, one whose explanation has it after them."""

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
        words = normalize(query).split()
        for node, binding in self._bindings():
            name, text = normalize(binding.description), normalize(f"{binding.description} {binding.tooltip}")
            if all(word in text for word in words):
                score = _BY_NAME if all(word in name for word in words) else _BY_EXPLANATION
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


class Commands(Provider):
    """All of them. One provider, as Textual asks several in any order: what is listed first would differ by chance."""

    async def discover(self) -> Hits:
        """Before anything is typed: whom one acted as lately, the keys, and last what is Textual's."""
        for provider in (Users, Bindings, SystemCommandsProvider):
            async for hit in provider(self.screen, self.match_style).discover():
                yield hit

    async def search(self, query: str) -> Hits:
        """What matches, the best of all first."""
        for provider in (Users, Endpoints, Bindings, SystemCommandsProvider):
            async for hit in provider(self.screen, self.match_style).search(query):
                yield hit
