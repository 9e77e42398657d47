"""A nested JSON document and its local references; none is followed beyond it."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

JSONNode = Any
"""A part of a document: any JSON value, of unknown type until it is checked."""


class UnresolvedReferenceError(LookupError):
    """A `$ref` leads out of the document, to nothing, or round in a circle: in words."""


class References:
    """What `$ref` means in one document."""

    def __init__(self, root: JSONNode) -> None:
        self.root = root

    def at(self, pointer: str) -> JSONNode:
        """Return the part of the document at a JSON pointer (RFC 6901).

        Raises:
            UnresolvedReferenceError: there is nothing.
        """
        node = self.root
        for step in steps_of(pointer):
            if isinstance(node, Mapping) and step in node:
                node = node[step]
            elif isinstance(node, list) and step.isdecimal() and len(step) < 10 and int(step) < len(node):
                node = node[int(step)]
            else:
                raise UnresolvedReferenceError(f"#{pointer} is not in the document")
        return node

    def follow(self, node: JSONNode, pointer: str = "") -> tuple[JSONNode, str]:
        """Follow `node` (at `pointer`) where it is a reference, or a reference to one.

        Raises:
            UnresolvedReferenceError: nothing is meant.
        """
        passed: set[str] = set()
        while isinstance(node, Mapping) and isinstance(reference := node.get("$ref"), str):
            pointer = pointer_of(reference)
            if reference in passed:
                raise UnresolvedReferenceError(f"{reference} refers to itself")
            passed.add(reference)
            node = self.at(pointer)
        return node, pointer

    def meant(self, node: JSONNode) -> JSONNode:
        """Follow a reference; an empty schema where it leads nowhere."""
        try:
            return self.follow(node)[0]
        except UnresolvedReferenceError:
            return {}

    def is_read_only(self, node: JSONNode) -> bool:
        """Return whether only responses hold a value of that schema."""
        return any(isinstance(each, Mapping) and each.get("readOnly") is True for each in (node, self.meant(node)))


def is_local(reference: str) -> bool:
    """Return whether a `$ref` stays within its document."""
    return reference == "#" or reference.startswith("#/")


def pointer_of(reference: str) -> str:
    """Return the JSON pointer of a `$ref`.

    Raises:
        UnresolvedReferenceError: it leads out of the document.
    """
    if not is_local(reference):
        raise UnresolvedReferenceError(f"{reference} is outside the document and was not fetched")
    return unquote(reference[1:])


def step_to(pointer: str, *steps: str) -> str:
    """Return the pointer to a step within what is at `pointer`."""
    return pointer + "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)


def steps_of(pointer: str) -> list[str]:
    """Return the steps of a JSON pointer."""
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
