"""The command palette: every key that acts on the screen just now can be found by what it does."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from textual.binding import Binding
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.dom import DOMNode

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
        matcher = self.matcher(query)
        for node, binding in self._bindings():
            score = matcher.match(f"{binding.description} {binding.tooltip}")
            if score > 0:
                title = matcher.highlight(binding.description)
                yield Hit(score, title, partial(self._run, node, binding), help=self._help(binding))

    def _bindings(self) -> Iterator[tuple[DOMNode, Binding]]:
        seen: set[str] = set()
        for active in self.screen.active_bindings.values():
            binding = active.binding
            if active.enabled and binding.id and binding.tooltip and binding.id not in {*seen, *_PALETTES_OWN}:
                seen.add(binding.id)
                yield active.node, binding

    def _help(self, binding: Binding) -> str:
        return f"{self.app.get_key_display(binding)}  {binding.tooltip}"

    async def _run(self, node: DOMNode, binding: Binding) -> Any:
        return await self.app.run_action(binding.action, default_namespace=node)
