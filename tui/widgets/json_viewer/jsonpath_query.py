"""A JSONPath query that looks at the clock at every step. The library takes 40 ms: import this only to filter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, cast

from jsonpath import JSONPath, JSONPathEnvironment, JSONPathMatch
from jsonpath.filter import FilterQuery, walk
from jsonpath.selectors import Filter

from tui.widgets.json_viewer.bounds import MOST, Bound, QueryError

_REGULAR_EXPRESSIONS = ("match", "search")
"""Functions that are refused: while Python matches a regular expression no other thread runs, and it may never end."""


def compiled(expression: str, bound: Bound) -> JSONPath:
    """The expression as a query within `bound`, with all queries that are in its filters."""
    environment = _Environment(bound)
    path = cast("JSONPath", environment.compile(expression))  # strict, it knows no unions
    filters = (each for segment in path.segments for each in segment.selectors if isinstance(each, Filter))
    for part in [part for each in filters for part in walk(each.expression)]:
        if isinstance(part, FilterQuery):
            part.path = _QueryWithin(part.path, bound)
    return _Query(path, bound)


class _Environment(JSONPathEnvironment):
    max_recursion_depth = 900
    """Containers within one another; Python allows about a thousand."""

    def __init__(self, bound: Bound) -> None:
        super().__init__(strict=True)
        self._bound = bound

    def is_truthy(self, obj: object) -> bool:
        """Look at the clock: a filter asks this of every value."""
        self._bound.check()
        return super().is_truthy(obj)

    def validate_function_extension_signature(self, token: Any, args: list[Any]) -> list[Any]:
        """Refuse functions that may never end."""
        if token.value in _REGULAR_EXPRESSIONS:
            raise QueryError(f"{token.value}() is refused: it may hang")
        return super().validate_function_extension_signature(token, args)


class _Match(JSONPathMatch):
    __slots__ = ("_bound",)

    def __init__(self, bound: Bound, **of: Any) -> None:
        super().__init__(**of)
        self._bound = bound

    def new_child(self, obj: object, key: int | str) -> JSONPathMatch:
        """Look at the clock; and leave the path in words out, which takes more time and memory than all else."""
        self._bound.check()
        parts = (*self.parts, key)
        context = self.filter_context()
        return _Match(self._bound, filter_context=context, obj=obj, parent=self, path="", parts=parts, root=self.root)

    def add_child(self, *children: JSONPathMatch) -> None:
        """Keep nothing: whatever is on the way to a match would stay in memory."""


class _Query(JSONPath):
    __slots__ = ("_bound",)

    def __init__(self, path: JSONPath, bound: Bound) -> None:
        super().__init__(env=path.env, segments=path.segments)
        self._bound = bound

    def finditer(self, data: Any, *, filter_context: Any = None) -> Iterable[JSONPathMatch]:
        """The matches, each found when it is asked for."""
        found: Iterable[JSONPathMatch] = [
            _Match(
                self._bound, filter_context=filter_context or {}, obj=data, parent=None, path="", parts=(), root=data
            )
        ]
        for segment in self.segments:
            found = segment.resolve(found)
        return found


class _QueryWithin(_Query):
    """A query in a filter, of which all matches are held in memory."""

    __slots__ = ()

    def finditer(self, data: Any, *, filter_context: Any = None) -> Iterator[JSONPathMatch]:
        """The matches; so many are refused that no memory holds them."""
        for number, match in enumerate(super().finditer(data, filter_context=filter_context)):
            if number == MOST:
                raise QueryError("too many matches within a filter")
            yield match
