"""JSONPath query that checks its time limit at every step. The library takes 40 ms: import this only to filter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, cast

from jsonpath import JSONPath, JSONPathEnvironment, JSONPathMatch
from jsonpath.filter import FilterQuery, walk
from jsonpath.selectors import Filter

from tui.widgets.json_viewer.bounds import MOST, Bound, QueryError

_REGULAR_EXPRESSIONS = ("match", "search")
"""Rejected functions: matching a regular expression may never end, and no other thread runs until it does."""


def compiled(expression: str, bound: Bound) -> JSONPath:
    """Compile an expression to a query that is limited by `bound`, as are the queries in its filters."""
    environment = _Environment(bound)
    path = cast("JSONPath", environment.compile(expression))  # in strict mode there are no unions
    filters = (each for segment in path.segments for each in segment.selectors if isinstance(each, Filter))
    for part in [part for each in filters for part in walk(each.expression)]:
        if isinstance(part, FilterQuery):
            part.path = _QueryWithin(part.path, bound)
    return _Query(path, bound)


class _Environment(JSONPathEnvironment):
    max_recursion_depth = 900
    """Maximum depth of nested containers; Python allows about a thousand."""

    def __init__(self, bound: Bound) -> None:
        super().__init__(strict=True)
        self._bound = bound

    def is_truthy(self, obj: object) -> bool:
        """Check the time limit: a filter calls this for every value."""
        self._bound.check()
        return super().is_truthy(obj)

    def validate_function_extension_signature(self, token: Any, args: list[Any]) -> list[Any]:
        """Reject functions that may never end."""
        if token.value in _REGULAR_EXPRESSIONS:
            raise QueryError(f"{token.value}() is blocked: it may hang")
        return super().validate_function_extension_signature(token, args)


class _Match(JSONPathMatch):
    __slots__ = ("_bound",)

    def __init__(self, bound: Bound, **of: Any) -> None:
        super().__init__(**of)
        self._bound = bound

    def new_child(self, obj: object, key: int | str) -> JSONPathMatch:
        """Check the time limit. Omit the path as text, which costs more time and memory than everything else."""
        self._bound.check()
        parts = (*self.parts, key)
        context = self.filter_context()
        return _Match(self._bound, filter_context=context, obj=obj, parent=self, path="", parts=parts, root=self.root)

    def add_child(self, *children: JSONPathMatch) -> None:
        """Do nothing: otherwise every node on the way to a match would stay in memory."""


class _Query(JSONPath):
    __slots__ = ("_bound",)

    def __init__(self, path: JSONPath, bound: Bound) -> None:
        super().__init__(env=path.env, segments=path.segments)
        self._bound = bound

    def finditer(self, data: Any, *, filter_context: Any = None) -> Iterable[JSONPathMatch]:
        """Return the matches, which are found lazily."""
        found: Iterable[JSONPathMatch] = [
            _Match(
                self._bound, filter_context=filter_context or {}, obj=data, parent=None, path="", parts=(), root=data
            )
        ]
        for segment in self.segments:
            found = segment.resolve(found)
        return found


class _QueryWithin(_Query):
    """Query in a filter, whose matches are all held in memory."""

    __slots__ = ()

    def finditer(self, data: Any, *, filter_context: Any = None) -> Iterator[JSONPathMatch]:
        """Yield the matches. Raise QueryError if there are more than `MOST`, which could exhaust the memory."""
        for number, match in enumerate(super().finditer(data, filter_context=filter_context)):
            if number == MOST:
                raise QueryError("too many matches within a filter")
            yield match
