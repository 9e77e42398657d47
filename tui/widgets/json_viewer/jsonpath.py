"""JSONPath (RFC 9535) queries on JSON text, limited in time and size."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from tui.background import run_in_thread
from tui.json_path import json_path
from tui.text import clean
from tui.widgets.json_viewer.bounds import MOST, Bound, QueryError
from tui.widgets.json_viewer.line_buffer import LineBuffer

if TYPE_CHECKING:
    from jsonpath import JSONPathMatch
    from jsonpath.exceptions import JSONPathError

_DEADLINE = 10.0
"""Maximum seconds of a query; 10 MB take about two."""

_BYTES = 32 << 20
"""Bytes of matches after which a query stops; a match may contain all the others."""

_DIGITS = 18
"""Maximum characters of an int. A longer number becomes a Decimal, because not every int can be encoded."""

_PLACE = re.compile(r"\$\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class JSONPathResult:
    """Result of an expression: the matching values as one JSON array."""

    expression: str
    lines: LineBuffer
    places: Sequence[Sequence[str | int]]
    is_cut: bool

    def path(self, path: str) -> str:
        """Return the path in the whole document of the value at `path` in the array."""
        place = _PLACE.match(path)
        return json_path(self.places[int(place[1])]) + path[place.end() :] if place else self.expression


def complete_expression(expression: str) -> str:
    """Return the expression with the leading `$`, which users may omit."""
    expression = expression.strip()
    return expression if expression.startswith("$") else f"${'' if expression[:1] in '.[' else '.'}{expression}"


async def find_matches(text: str, expression: str) -> JSONPathResult:
    """Filter a JSON text on a thread. The thread stops on cancellation or after a time limit.

    Raises:
        QueryError: the expression is invalid, cannot be evaluated, or takes too long.
    """
    bound = Bound(_DEADLINE)
    try:
        return await run_in_thread(partial(find_matches_now, text, expression, bound))
    finally:
        bound.is_canceled = True


def find_matches_now(text: str, expression: str, bound: Bound) -> JSONPathResult:
    """Filter a JSON text on this thread.

    Raises:
        QueryError: the expression is invalid, cannot be evaluated, or takes too long.
    """
    from jsonpath.exceptions import JSONPathError  # noqa: PLC0415 - few filter, and it takes 40 ms

    from tui.widgets.json_viewer.jsonpath_query import compiled  # noqa: PLC0415

    try:
        # Compile first, to report an invalid expression at once.
        query = compiled(expression, bound)
        value = json.loads(text, parse_float=_number, parse_int=_number)
        return _read(expression, query.finditer(value))
    except JSONPathError as error:
        raise QueryError(_fault(error, expression)) from None
    except RecursionError:
        raise QueryError("nested too deeply") from None
    except MemoryError:
        raise QueryError("needs too much memory") from None
    except (ArithmeticError, ValueError, TypeError):  # raised by the library, for example for 1e999
        raise QueryError("a number or value cannot be compared") from None


def _fault(error: JSONPathError, expression: str) -> str:
    """Return what is wrong with an expression, and an example of a right one."""
    words, token = str(error).partition("\n")[0], error.token
    if token and words.startswith(("expected", "unexpected")):
        words = f"wrong at “{clean(expression[token.index :], limit=10)}”" if token.value else "ends too early"
        return f"{words}; try {'$[?@.age>30]' if '?' in expression else '$..name'}"
    return clean(words, limit=100)


def _read(expression: str, matches: Iterable[JSONPathMatch]) -> JSONPathResult:
    encoder = msgspec.json.Encoder(decimal_format="number")
    values: list[bytes] = []
    places: list[Sequence[str | int]] = []
    size, is_cut = 0, False
    for match in matches:
        is_cut = len(values) == MOST or size > _BYTES
        if is_cut:
            break
        values.append(encoder.encode(match.obj))
        places.append(match.parts)
        size += len(values[-1])
    shown = msgspec.json.format(b"[" + b",".join(values) + b"]", indent=2)
    return JSONPathResult(expression, LineBuffer(shown.decode()), places, is_cut)


def _number(text: str) -> int | Decimal | str:
    """Parse a number so that it is written as it was read, such as `1.10` or 30 digits."""
    if len(text) <= _DIGITS and text.lstrip("-").isdigit():
        return int(text)
    try:
        return Decimal(text)
    except InvalidOperation:  # an exponent out of range
        return text
