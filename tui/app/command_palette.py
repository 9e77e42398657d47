"""The command palette: people, endpoints, settings, and every key that acts on the screen just now, found by words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, Literal, Protocol, cast

from textual.binding import Binding
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.dom import DOMNode
from textual.system_commands import SystemCommandsProvider

from tui.airisk.endpoints.model import Endpoint
from tui.airisk.models import User
from tui.airisk.users.search_index import normalize
from tui.bindings import active_bindings, only_moves
from tui.config.settings import NAMES, SECRET_SETTINGS, RawSettings
from tui.text import clean, to_content


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
    return to_content(f"{user.name or user.id} · {user.id}")


class Exploring(Protocol):
    """A screen on which endpoints are opened."""

    def find_endpoints(self, text: str) -> Sequence[Endpoint]:
        """Those that match, the ones used lately first."""
        ...

    def open_endpoint(self, endpoint: Endpoint) -> object:
        """Make a request of one."""
        ...


class Endpoints(Provider):
    """What can be asked."""

    async def search(self, query: str) -> Hits:
        """Whatever matches, in the order of the explorer."""
        if not hasattr(self.screen, "find_endpoints"):
            return
        screen = cast("Exploring", self.screen)
        for place, endpoint in enumerate(screen.find_endpoints(query)[:_MOST]):
            title = to_content(f"{endpoint.method} {endpoint.title}".strip())
            run = partial(screen.open_endpoint, endpoint)
            yield Hit(_ASKED - place / _MOST / 2, title, run, help=clean(endpoint.path or "known by name only"))


_ASKED = 0.99
"""Endpoints come among people: below the first who match."""


class Telling(Protocol):
    """A screen that says things, and knows what it was told."""

    told: RawSettings

    def tell(self, message: str, advice: str = "", severity: Literal["information"] = "information") -> None:
        """Say it."""
        ...


class Settings(Provider):
    """What is set for this deployment, and what could be."""

    async def search(self, query: str) -> Hits:
        """Those whose name or meaning has every word."""
        if not hasattr(self.screen, "told"):
            return
        words = normalize(query).split()
        for name, meaning in NAMES.items():
            if all(word in normalize(f"setting {name} {meaning}") for word in words):
                yield Hit(_TOLD, Content(name), partial(self._tell, name, meaning), help=f"Setting: {meaning}")

    def _tell(self, name: str, meaning: str) -> None:
        screen = cast("Telling", self.screen)
        value = clean(screen.told.values.get(name, ""), limit=60)
        shown = "not shown" if name in SECRET_SETTINGS else value or "not set"
        screen.tell(f"{name} is {shown}.", f"{meaning}. It is set in {screen.told.env_file}.", "information")


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
        words = normalize(query).split()
        for node, binding in self._bindings():
            named, told = normalize(binding.description), normalize(f"{binding.description} {binding.tooltip}")
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


class Commands(Provider):
    """All of them. One provider, as Textual asks several in any order: what is listed first would differ by chance."""

    async def discover(self) -> Hits:
        """Before anything is typed: whom one acted as lately, the keys, and last what is Textual's."""
        for provider in (Users, Bindings, SystemCommandsProvider):
            async for hit in provider(self.screen, self.match_style).discover():
                yield hit

    async def search(self, query: str) -> Hits:
        """What matches, the best of all first."""
        for provider in (Users, Endpoints, Bindings, Settings, SystemCommandsProvider):
            async for hit in provider(self.screen, self.match_style).search(query):
                yield hit
