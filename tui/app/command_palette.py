"""Command palette: find users, endpoints and the active keys of the screen by words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from textual.binding import Binding
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.dom import DOMNode
from textual.system_commands import SystemCommandsProvider

from tui.airisk.models import User
from tui.airisk.users.search_index import normalize
from tui.key_labels import active_bindings, name_of_key, only_moves
from tui.screens.main.screen import MainScreen
from tui.text import clean, to_content


class Users(Provider):
    """Users to act as: recent ones first, then those who match the query."""

    async def discover(self) -> Hits:
        """Yield the most recent users while the query is empty."""
        for user, act_as in self._found("")[:_RECENT]:
            yield DiscoveryHit(_title(user), act_as, help="Act as this user")

    async def search(self, query: str) -> Hits:
        """Yield the users who match, in the order of the list."""
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
    """Endpoints to open in the form."""

    async def search(self, query: str) -> Hits:
        """Yield the endpoints that match, in the order of the explorer."""
        main = self.screen
        if not isinstance(main, MainScreen):
            return
        for place, endpoint in enumerate(main.find_endpoints(query)[:_MOST]):
            title = to_content(f"{endpoint.method} {endpoint.title}".strip())
            run = partial(main.open_endpoint, endpoint)
            yield Hit(_BELOW_PEOPLE - place / _MOST / 2, title, run, help=clean(endpoint.path or "path unknown"))


_BELOW_PEOPLE = 0.99
"""Score that sorts endpoints among the users, below the best matches."""

_BY_NAME, _BY_EXPLANATION = 2.0, 0.5
"""Scores that sort commands before the users if the name matches, after them if only the explanation does."""

_NOT_OFFERED = ("commands", "palette", "quit", "agree")
"""Bindings that the palette has itself, and the one that sends: that question is answered where it is asked."""


class Bindings(Provider):
    """The bindings of the screen below and of the pane in focus."""

    async def discover(self) -> Hits:
        """Yield all bindings while the query is empty."""
        for node, binding in self._bindings():
            yield DiscoveryHit(_with_key(binding), partial(self._run, node, binding), help=binding.tooltip)

    async def search(self, query: str) -> Hits:
        """Yield the bindings that match every word of the query."""
        words = normalize(query).split()
        for node, binding in self._bindings():
            name, text = normalize(binding.description), normalize(f"{binding.description} {binding.tooltip}")
            if all(word in text for word in words):
                score = _BY_NAME if all(word in name for word in words) else _BY_EXPLANATION
                yield Hit(score, _with_key(binding), partial(self._run, node, binding), help=binding.tooltip)

    def _bindings(self) -> Iterator[tuple[DOMNode, Binding]]:
        seen: set[str] = set()
        for active in active_bindings(self.screen):
            binding = active.binding
            if active.enabled and binding.id and not only_moves(active) and binding.id not in {*seen, *_NOT_OFFERED}:
                seen.add(binding.id)
                yield active.node, binding

    async def _run(self, node: DOMNode, binding: Binding) -> Any:
        return await self.app.run_action(binding.action, default_namespace=node)


_DIMMED = "not bold $foreground-muted"
_NAME = 30
"""Terminal columns of a name, after which its explanation begins."""


def _with_key(binding: Binding) -> Content:
    return Content.assemble(f"{binding.description:<{_NAME - 8}} ", (name_of_key(binding), _DIMMED))


class Commands(Provider):
    """All providers in one: Textual queries several concurrently, so that the order of their results would vary."""

    async def discover(self) -> Hits:
        """Yield recent users, then the keys, then Textual's commands, while the query is empty."""
        for provider in (Users, Bindings, SystemCommandsProvider):
            async for hit in provider(self.screen, self.match_style).discover():
                yield _on_one_line(hit)

    async def search(self, query: str) -> Hits:
        """Yield the matches of all providers; Textual sorts them by score."""
        for provider in (Users, Endpoints, Bindings, SystemCommandsProvider):
            async for hit in provider(self.screen, self.match_style).search(query):
                yield _on_one_line(hit)


def _on_one_line(hit: DiscoveryHit | Hit) -> DiscoveryHit | Hit:
    """Return a hit with its explanation beside its name. Textual would give it a line of its own."""
    name = hit.prompt if isinstance(hit.prompt, Content) else Content(str(hit.prompt))
    gap = " " * max(_NAME - name.cell_length, 0) + "  "
    line = Content.assemble(name, gap, (hit.help or "", _DIMMED))
    return replace(hit, match_display=line, help="") if isinstance(hit, Hit) else replace(hit, display=line, help="")
