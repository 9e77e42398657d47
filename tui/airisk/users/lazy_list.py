"""Users stored as the bytes in which they arrived, parsed when they are shown."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from typing import Any, TypeVar, overload

import msgspec

from tui.airisk.models import User
from tui.airisk.users.search_index import UserIndex, columns_of

_READY = 128
"""Pages whose entries are already separated: more than a screen has lines."""

P = TypeVar("P")
Shown = Callable[[Any], str]
Column = Callable[[Sequence[Any]], Sequence[str]]
_ENTRIES = msgspec.json.Decoder(list[msgspec.Raw])


class LazyUserList(Sequence[User]):
    """Users of a list, in its order, page by page; it grows while the list arrives.

    Attributes:
        search_index: finds them.
    """

    def __init__(self) -> None:
        self.search_index = UserIndex()
        # A page creates no objects but its bytes: the garbage collector would have to traverse all others.
        self._pages: list[Any] = []
        self._openers: list[Callable[[Any], Callable[[int], User]]] = []
        self._ready: OrderedDict[int, Callable[[int], User]] = OrderedDict()

    def add(self, rows: Sequence[Sequence[str]], page: P, opened: Callable[[P], Callable[[int], User]]) -> None:
        """Add a page.

        Args:
            rows: the columns of its users, to be searched.
            page: its stored content.
            opened: makes of that what reads a user of the page.
        """
        if rows:
            self.search_index.add(rows)
            self._pages.append(page)
            self._openers.append(opened)

    def add_users(self, users: Sequence[User]) -> None:
        """Add a page of parsed users."""
        self.add([columns_of(user) for user in users], users, _getter)

    def __len__(self) -> int:
        return len(self.search_index)

    @overload
    def __getitem__(self, index: int) -> User: ...
    @overload
    def __getitem__(self, index: slice) -> list[User]: ...
    def __getitem__(self, index: int | slice) -> User | list[User]:
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        place = range(len(self))[index]
        number, start = self.search_index.block_of(place)
        return self._page(number)(place - start)

    def _page(self, number: int) -> Callable[[int], User]:
        if number not in self._ready:
            if len(self._ready) >= _READY:
                self._ready.popitem(last=False)
            self._ready[number] = self._openers[number](self._pages[number])
        self._ready.move_to_end(number)
        return self._ready[number]


def index_of(users: Sequence[User]) -> UserIndex:
    """Return the index of a user list: built while it arrived, or now."""
    return users.search_index if isinstance(users, LazyUserList) else UserIndex(users)


@dataclass(frozen=True, slots=True)
class ColumnSource:
    """Where the users of a list hold a column.

    `keys` are the members that hold it: none if unknown, several if their texts are joined. `has_other` is whether
    another member may hold it where these are empty.
    """

    keys: Sequence[str]
    has_other: bool = False


class RecordFormat:
    """Parses pages of users that all have the same layout.

    Args:
        sources: those of id, name, mail, role and the other columns.
        sample: records that show of which kind the values are.
        user: makes a user of a record.
        shown: makes a text of a value.

    Attributes:
        opened: makes of the bytes of a page what reads a user of it.
    """

    def __init__(
        self,
        sources: Sequence[ColumnSource],
        sample: Sequence[Mapping[str, Any]],
        user: Callable[[Mapping[str, Any]], User | None],
        shown: Shown,
    ) -> None:
        self._sources = sources
        self.opened: Callable[[bytes], Callable[[int], User]] = partial(_opened, user)
        self._columns: dict[str, Column] = {}
        fields = []
        for number, key in enumerate(dict.fromkeys(key for each in sources for key in each.keys)):
            kind, texts = _kind([record.get(key) for record in sample], shown)
            self._columns[key] = partial(texts, attrgetter(f"field_{number}"))
            fields.append((f"field_{number}", kind, msgspec.field(name=key, default=None)))
        self._decoder = msgspec.json.Decoder(list[msgspec.defstruct("Record", fields, gc=False)])  # type: ignore[misc]

    def rows(self, page: bytes) -> list[tuple[str, ...]] | None:
        """Return the columns of a page's users; None if they differ in shape, or are not JSON."""
        try:
            records = self._decoder.decode(page)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None
        columns = [self._texts(each.keys, records) for each in self._sources]
        if not all(columns[0]) or any(
            each.has_other and not all(column) for each, column in zip(self._sources, columns, strict=True)
        ):
            return None
        return list(zip(*columns, strict=True))

    def _texts(self, keys: Sequence[str], records: Sequence[Any]) -> Sequence[str]:
        columns = [self._columns[key](records) for key in keys]
        if len(columns) == 1:
            return columns[0]
        return [" ".join(filter(None, row)) for row in zip(*columns, strict=True)] or [""] * len(records)


def _opened(made: Callable[[Mapping[str, Any]], User | None], page: bytes) -> Callable[[int], User]:
    entries = _ENTRIES.decode(page)

    def user(place: int) -> User:
        found = made(msgspec.json.decode(entries[place]))
        assert found is not None  # noqa: S101 - `rows` has seen its id
        return found

    return user


def _getter(users: Sequence[User]) -> Callable[[int], User]:
    return users.__getitem__


def _kind(values: Sequence[Any], shown: Shown) -> tuple[Any, Callable[..., Sequence[str]]]:
    """Return the type of a column, and the function that turns its values into texts."""
    if all(value is None or isinstance(value, str) for value in values):
        return str | None, _texts
    if all(_is_texts(value) for value in values):
        return list[str] | None, _lists
    return Any, lambda get, records: [shown(get(record)) for record in records]


def _is_texts(value: Any) -> bool:
    return value is None or (isinstance(value, list) and all(isinstance(each, str) for each in value))


def _texts(get: Callable[[Any], str | None], records: Sequence[Any]) -> Sequence[str]:
    return [get(record) or "" for record in records]


def _lists(get: Callable[[Any], list[str] | None], records: Sequence[Any]) -> Sequence[str]:
    return [", ".join(filter(None, get(record) or ())) for record in records]
