"""A place in a document, with safe access to what it should hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tui.airisk.json_schema.references import JSONNode, References, step_to


@dataclass(frozen=True, slots=True)
class Node:
    """The value at `pointer`."""

    node: JSONNode = field(repr=False)
    pointer: str
    document: References = field(repr=False)

    @property
    def mapping(self) -> dict[str, Any]:
        """Its members, empty if it is not an object."""
        return self.node if isinstance(self.node, dict) else {}

    def text(self, name: str) -> str:
        """Return a text that it holds; empty if there is none."""
        said = self.mapping.get(name)
        return said if isinstance(said, str) else ""

    def says(self, name: str) -> bool:
        """Return whether that member is true."""
        return self.mapping.get(name) is True

    def list(self, name: str) -> list[Any]:
        """Return a list that it holds; empty if there is none."""
        said = self.mapping.get(name)
        return said if isinstance(said, list) else []

    def part(self, *names: str) -> Node:
        """Return what it holds under these names, without following references."""
        node = self.node
        for name in names:
            node = node.get(name) if isinstance(node, dict) else None
        return Node(node, step_to(self.pointer, *names), self.document)

    def items(self, name: str) -> Iterator[Node]:
        """Yield the items of one of its lists."""
        for place, node in enumerate(self.list(name)):
            yield Node(node, step_to(self.pointer, name, str(place)), self.document)

    def followed(self) -> Node:
        """Follow it if it is a reference.

        Raises:
            UnresolvedReferenceError: nothing is meant.
        """
        return Node(*self.document.follow(self.node, self.pointer), self.document)
