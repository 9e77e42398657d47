"""Rows that are computed on access, in the data structures that DataTable uses for its rows."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Generic, Protocol, TypeVar, overload

from textual._two_way_dict import TwoWayDict
from textual.widgets.data_table import RowKey

from tui.widgets.table.columns import Cell

Item_co = TypeVar("Item_co", covariant=True)


class RowSource(Protocol):
    """Rows of a table, numbered from 0. After a change, call `refresh_rows()` or `show()`."""

    def __len__(self) -> int: ...

    def cells(self, index: int) -> Sequence[Cell]:
        """Return the cells of row `index`, one for each column in the order given to the table."""
        ...


class NoRows:
    """Source of a table without rows."""

    def __len__(self) -> int:
        return 0

    def cells(self, index: int) -> Sequence[Cell]:
        """Raise: there is no row `index`."""
        raise IndexError(index)


class PositionKey(RowKey):
    """Key of row `index` in one showing, so that a late message cannot refer to a row of another list."""

    def __init__(self, index: int, showing: "RowKeys") -> None:
        super().__init__(str(index))
        self.index = index
        self.showing = showing


class RowKeys(TwoWayDict[RowKey, int]):
    """Mapping of keys to row indices while `source` is shown."""

    def __init__(self, source: RowSource) -> None:
        super().__init__({})
        self.source = source

    def get(self, key: RowKey) -> int | None:
        """Return the index of `key`, or None if it is of another showing or beyond the end."""
        if isinstance(key, PositionKey) and key.showing is self and key.index < len(self):
            return key.index
        return None

    def get_key(self, value: int) -> RowKey | None:
        """Return the key of the row at index `value`, or None outside the rows."""
        return PositionKey(value, self) if self.contains_value(value) else None

    def contains_value(self, value: int) -> bool:
        """Return whether there is a row at index `value`."""
        return 0 <= value < len(self)

    def __len__(self) -> int:
        return len(self.source)

    def __iter__(self) -> Iterator[RowKey]:
        return (PositionKey(index, self) for index in range(len(self)))

    def __contains__(self, item: object) -> bool:
        return isinstance(item, RowKey) and self.get(item) is not None


class LazyMapping(Mapping[RowKey, Item_co]):
    """Mapping of row keys to values that `compute` returns for their indices."""

    def __init__(self, showing: RowKeys, compute: Callable[[int], Item_co]) -> None:
        self._showing = showing
        self._compute = compute

    def __getitem__(self, key: RowKey) -> Item_co:
        index = self._showing.get(key)
        if index is None:
            raise KeyError(key)
        return self._compute(index)

    def __iter__(self) -> Iterator[RowKey]:
        return iter(self._showing)

    def __len__(self) -> int:
        return len(self._showing)


class LazySequence(Sequence[Item_co], Generic[Item_co]):
    """Sequence of the values that `compute` returns for `indices`; a slice costs nothing until it is read."""

    def __init__(self, compute: Callable[[int], Item_co], indices: range) -> None:
        self._compute = compute
        self._indices = indices

    @overload
    def __getitem__(self, index: int) -> Item_co: ...
    @overload
    def __getitem__(self, index: slice) -> "LazySequence[Item_co]": ...
    def __getitem__(self, index: int | slice) -> "Item_co | LazySequence[Item_co]":
        if isinstance(index, slice):
            return LazySequence(self._compute, self._indices[index])
        return self._compute(self._indices[index])

    def __len__(self) -> int:
        return len(self._indices)
