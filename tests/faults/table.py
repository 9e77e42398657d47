"""Parametrize tests by the rows of a table: all of them, or the first of each kind."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

import pytest


class Named(Protocol):
    """A row with a name."""

    @property
    def name(self) -> str: ...


class Row(Named, Protocol):
    """A row with a kind: what the code tells apart."""

    @property
    def kind(self) -> str: ...


SomeRow = TypeVar("SomeRow", bound=Row)


def first_of_each_kind(rows: Sequence[SomeRow]) -> list[SomeRow]:
    """Return the first row of each kind."""
    return [*{row.kind: row for row in reversed(rows)}.values()][::-1]


def every(argument: str, rows: Sequence[Named]) -> pytest.MarkDecorator:
    """Test all rows."""
    return pytest.mark.parametrize(argument, rows, ids=[row.name for row in rows])


def one_of_each(argument: str, rows: Sequence[SomeRow]) -> pytest.MarkDecorator:
    """Test the first row of each kind."""
    first = first_of_each_kind(rows)
    return pytest.mark.parametrize(argument, first, ids=[row.kind for row in first])
