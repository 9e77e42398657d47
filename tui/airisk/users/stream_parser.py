"""Parse a user list as it arrives: the first users are shown before the last are sent.

It is cut into pages where a record begins. A wrong cut is not JSON, and thus detected. A list that cannot be cut is
parsed as a whole once it has arrived.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from tui.airisk.models import UserList
from tui.airisk.users.lazy_list import LazyUserList, RecordFormat
from tui.airisk.users.parser import ReadList, RecordReader, read_list
from tui.errors import UserListError

_FIRST = 64 * 1024
"""Bytes from which the meaning of keys is learned; a smaller list is parsed as a whole.

Some 300 users, which arrive within a third of a second even at 2 Mbit/s.
"""

_PAGE = 56 * 1024
"""Bytes of a page: some 250 users, which take a third of a millisecond."""

_MOST_UNCUT = 4 * 1024 * 1024
_TRIES = 8
"""Places at which a cut is tried: a record within a record may begin alike."""

_SPACE = b" \t\r\n"

OnProgress = Callable[[UserList], None]


class UserListParser:
    """Parses the pieces of a list as they arrive.

    Args:
        grown: called with the list so far after every page.
        reading: meaning of the keys, if this is a further page of a list, which is parsed as a whole.

    Attributes:
        size: bytes that came.
    """

    def __init__(self, on_progress: OnProgress | None = None, reading: RecordReader | None = None) -> None:
        self.size = 0
        self._on_progress = on_progress
        self._rest = bytearray()
        self._pages: list[bytes] = []
        self._users = LazyUserList()
        self._unrecognized = 0
        self._opening = b""
        self._format: RecordFormat | None = None
        self._earlier = reading
        self._reading: RecordReader | None = None
        self._is_whole = reading is not None

    def take(self, piece: bytes) -> None:
        """Process the next piece, and parse what is complete.

        Raises:
            UserListError: the response cannot contain users.
        """
        self.size += len(piece)
        self._rest += piece
        if self._is_whole or len(self._rest) < (_PAGE if self._format else _FIRST):
            return
        if self._format is None and not self._begin():
            if b"{" not in self._rest:
                raise UserListError("contains no list", advice="Check AIRISK_LIST_USERS.")
            self._is_whole = True
            return
        while len(self._rest) >= _PAGE and self._take_page():
            pass

    @property
    def is_small(self) -> bool:
        """Whether the rest is as small as a page or two."""
        return len(self._rest) <= _PAGE

    def end(self) -> UserList:
        """Return the users, now that all have arrived.

        Raises:
            UserListError: it is not JSON, or holds no array of users.
        """
        return self.whole().listing

    def whole(self) -> ReadList:
        """Return the list, now that all of it has arrived; raises as `end`."""
        if self._format is None or self._reading is None:
            return read_list(bytes(self._rest), self._earlier)
        last = bytes(self._rest).rstrip(_SPACE)
        is_read = not self._is_whole and last.endswith(b"]") and self._read(b"[" + last)
        return ReadList(self._listing(), self._reading) if is_read and len(self._users) else read_list(self._all())

    def _begin(self) -> bool:
        """Learn the meaning of keys from the first records, if this is an array of records."""
        body = bytes(self._rest).lstrip(_SPACE)
        if body[:1] != b"[":
            return False
        self._rest = bytearray(body[1:].lstrip(_SPACE))
        colon = self._rest.find(b":")
        self._opening = bytes(self._rest[: colon + 1])
        end = self._boundaries(len(self._rest))
        # With preserved references, a later user may be a mere reference, so that all of it is needed.
        is_cut = self._opening.startswith(b"{") and not self._opening[1:].lstrip(_SPACE).startswith(b'"$')
        first = next(filter(None, map(self._records, end)), None) if is_cut else None
        self._reading = RecordReader(first or ())
        self._format = self._reading.page_format(first or ())
        if self._format is None:
            self._rest[:0] = b"["
        return self._format is not None

    def _take_page(self) -> bool:
        """Parse the first page of the rest; return False if it cannot be cut."""
        for limit in (_PAGE, len(self._rest)):
            for end in self._boundaries(limit):
                page = self._page(end)
                if self._read(page):
                    del self._rest[:end]
                    if self._on_progress:
                        self._on_progress(self._listing())
                    return True
        self._is_whole = len(self._rest) > _MOST_UNCUT
        return False

    def _boundaries(self, end: int) -> Iterator[int]:
        """Yield places before `end` where a record may begin, the last ones first."""
        for _ in range(_TRIES):
            end = self._rest.rfind(self._opening, 1, end)
            if end < 0:
                return
            yield end

    def _page(self, end: int) -> bytes:
        """Return the records up to a place, as an array."""
        return b"[" + bytes(self._rest[:end]).rstrip(_SPACE).removesuffix(b",") + b"]"

    def _records(self, end: int) -> list[dict[str, Any]]:
        return [entry for entry in _decoded(self._page(end)) if isinstance(entry, dict)]

    def _read(self, page: bytes) -> bool:
        """Add a page; return False if it is invalid."""
        assert self._format  # noqa: S101 - nothing is cut before
        assert self._reading  # noqa: S101
        rows = self._format.rows(page)
        if rows is not None:
            self._users.add(rows, page, self._format.opened)
        else:
            entries = _decoded(page)
            found = [self._reading.user(entry) for entry in entries if isinstance(entry, dict)]
            users = [user for user in found if user]
            self._users.add_users(users)
            self._unrecognized += len(entries) - len(users)
            if not entries:
                return False
        self._pages.append(page)
        return True

    def _listing(self) -> UserList:
        return (self._reading or RecordReader(())).listing(self._users, self._unrecognized)

    def _all(self) -> bytes:
        """Return everything that arrived, unchanged except for blanks between pages."""
        pages = [page[1:-1] for page in self._pages]
        return b"[" + b",".join([*pages, bytes(self._rest)])


def _decoded(page: bytes) -> list[Any]:
    """Return the entries of an array; none if it is not JSON."""
    try:
        return msgspec.json.decode(page, type=list[Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return []
