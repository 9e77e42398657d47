"""Search users by typed text, block by block."""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice

from tui.airisk.models import User
from tui.airisk.users.ids import normal_id

BLOCK = 256
"""Users that are searched at once: about a tenth of a millisecond."""

_BETWEEN_SIGNS = b" \t\r\x0b\x0c{}()+-"
"""Characters that may occur around or within an id in some of its spellings."""
_ID_PREFIXES = (b"urn:", b"uuid:", b"guid:")
_LEADING_ZEROS = re.compile(rb"\n0+")

_RARE = 24
"""Places of a block that hold a word, below which it is quicker to go from one to the next than through all lines."""

_BETWEEN = "\x1f"
"""Separator of a user's columns, which no typed word contains."""
_CUT = _BETWEEN.encode()

_PLAIN = str.maketrans({_BETWEEN: " ", "\n": " "})
_ASCII = bytes(range(128))
_MOST_REPLACED = 64
"""Letters of a block that are replaced one by one; with more, each letter of the block is looked up."""


class UserIndex:
    """Searchable users: every typed word must occur in an id, name, mail address, role or other column.

    Their texts are stored as bytes, in blocks of some hundred users, one line each: separate strings would take three
    times the memory. Their ids are stored once more, squeezed: looking one up touches a tenth of the bytes.
    """

    def __init__(self, users: Iterable[User] = ()) -> None:
        self._blocks: list[bytes] = []
        self._ids: list[bytes] = []
        self._starts = array("L")
        self._size = 0
        rest = iter(users)
        while block := list(islice(rest, BLOCK)):
            self.add([columns_of(user) for user in block])

    def __len__(self) -> int:
        return self._size

    def add(self, rows: Sequence[Sequence[str]]) -> None:
        """Add a block of users, each by its columns."""
        lines = list(map(_BETWEEN.join, rows))
        width = len(rows[0]) - 1
        text = "\n".join(lines)
        if text.count("\n") >= len(rows) or text.count(_BETWEEN) != width * len(rows):
            lines = [_BETWEEN.join(column.translate(_PLAIN) for column in row) for row in rows]
            text = "\n".join(lines)
        self._blocks.append(_bytes(normalize(text)))
        ids = [row[0] for row in rows]
        if not ((joined := "".join(ids)).isascii() and joined.isprintable()):
            ids = [normal_id(each).translate(_PLAIN) for each in ids]
        self._ids.append(_squeezed(_bytes(normalize("\n".join(ids)))))
        self._starts.append(self._size)
        self._size += len(rows)

    def matching(self, text: str) -> Sequence[int]:
        """Return the positions of the users that match, in their order.

        Args:
            text: words, in any case, with or without accents; an empty text matches all users.
        """
        if not text.strip():
            return range(self._size)
        found = array("L")
        for positions in self.search(text):
            found.extend(positions)
        return found

    def search(self, text: str, among: Iterable[tuple[int, Sequence[int]]] | None = None) -> Iterator[Sequence[int]]:
        """Yield the matching positions block by block.

        Args:
            text: as in `matching`.
            among: numbers of blocks and the users of each that may match, if all others are known not to.
        """
        words = _bytes(normalize(text)).split()
        if among is None:
            for number in range(len(self._blocks)):
                yield self._found(number, words)
        else:
            for number, positions in among:
                yield self._narrowed(number, words, positions)

    def _narrowed(self, number: int, words: Sequence[bytes], among: Sequence[int]) -> Sequence[int]:
        start, lines = self._starts[number], self._blocks[number].split(b"\n")
        if len(words) == 1:
            word = words[0]
            return [position for position in among if word in lines[position - start]]
        return [position for position in among if all(word in lines[position - start] for word in words)]

    def _found(self, number: int, words: Sequence[bytes]) -> Sequence[int]:
        block, start = self._blocks[number], self._starts[number]
        counts = [block.count(word) for word in words]
        if not all(counts):
            return ()
        if min(counts) < _RARE:
            rarest = words[counts.index(min(counts))]
            found = _lines_with(rarest, block)
            return [start + place for place, line in found if all(word in line for word in words)]
        lines = block.split(b"\n")
        if len(words) == 1:
            return [place for place, line in enumerate(lines, start) if words[0] in line]
        return [place for place, line in enumerate(lines, start) if all(word in line for word in words)]

    def block_of(self, position: int) -> tuple[int, int]:
        """Return the number of a user's block, and the position of its first user."""
        number = bisect_right(self._starts, position) - 1
        return number, self._starts[number]

    @property
    def block_count(self) -> int:
        """Number of blocks."""
        return len(self._blocks)

    def column(self, number: int, column: int) -> list[bytes]:
        """Return a block's users' values in a column, normalized: the order of these bytes is the sort order."""
        return [line.split(_CUT, column + 1)[column] for line in self._blocks[number].split(b"\n")]

    def with_id(self, user_id: str) -> Iterator[int]:
        """Yield the positions whose id may be this one, in any spelling."""
        wanted = _squeezed(indexed(normal_id(user_id)))
        for start, ids in zip(self._starts, self._ids, strict=True):
            at = ids.find(wanted)
            while at >= 0:
                yield start + ids.count(b"\n", 0, at)
                at = ids.find(wanted, at + 1)


def _squeezed(ids: bytes) -> bytes:
    """Strip from ids, one a line, most of what their spellings differ in. A newline precedes and follows each."""
    bare = b"\n" + ids.translate(None, _BETWEEN_SIGNS) + b"\n"
    for prefix in _ID_PREFIXES:
        bare = bare.replace(b"\n" + prefix, b"\n")
    return _LEADING_ZEROS.sub(b"\n", bare)


def _lines_with(word: bytes, block: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that contain a word, with their numbers; other lines are never extracted."""
    place, end, at = 0, 0, block.find(word)
    while at >= 0:
        place += block.count(b"\n", end, at)
        start = block.rfind(b"\n", end, at) + 1 or end
        end = block.find(b"\n", at)
        end = len(block) if end < 0 else end
        yield place, block[start:end]
        at = block.find(word, end)


def columns_of(user: User) -> tuple[str, ...]:
    """Return the texts of a user that are searched."""
    return (user.id, user.name, user.email, user.role, *user.more)


def indexed(text: str) -> bytes:
    """Return a text as `UserIndex.column` returns it."""
    return _bytes(normalize(text.translate(_PLAIN)))


def normalize(text: str) -> str:
    """Return the text without case and accents: `Ångström` and `angstrom` are one."""
    if text.isascii():
        return text.lower()
    # Most of a block is ASCII: the few other letters are located among its bytes, and replaced one by one.
    others = set(_bytes(text).translate(None, _ASCII).decode("utf-8", "surrogatepass"))
    changing = [letter for letter in others if _folded(letter) != letter]
    if len(changing) > _MOST_REPLACED:
        return "".join(map(_folded, text))
    for letter in changing:
        text = text.replace(letter, _folded(letter))
    return _bytes(text).lower().decode("utf-8", "surrogatepass")


@lru_cache(maxsize=4096)
def _folded(letter: str) -> str:
    """Return one letter without case and accents, such that folding it again changes nothing."""
    decomposed = unicodedata.normalize("NFKD", letter.casefold()).lower()
    folded = "".join(part for part in decomposed if not unicodedata.combining(part))
    return folded if folded == letter else "".join(map(_folded, folded))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
