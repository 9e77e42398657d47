"""A process that filters JSON by a JSONPath: it can be killed, whatever the expression makes of the time.

It reads the expression as a line of JSON, then the document. It writes a line of JSON that tells of the result, then
the values that match, formatted. A regular expression in Python lets no other thread run while it matches, so that
on a thread of the program a hostile one would stop the screen for good.
"""

import contextlib
import json
import sys
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Any

import msgspec
from jsonpath import JSONPathEnvironment, JSONPathMatch
from jsonpath.exceptions import JSONPathError

MOST = 100_000
"""Matches after which it stops."""

_SECONDS, _BYTES = 20, 2 << 30
"""Of the processor and of memory, where the system knows such limits: nothing is left behind by a killed program."""

_DIGITS = 18
"""A longer number is kept as it stands: not every one is an int that JSON can hold."""


class _Environment(JSONPathEnvironment):
    max_recursion_depth = 900


def _main() -> None:
    _bound_itself()
    expression = json.loads(sys.stdin.buffer.readline())
    document = sys.stdin.buffer.read()
    told, values = _answer(expression, document)
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + values)


def _answer(expression: str, document: bytes) -> tuple[dict[str, Any], bytes]:
    try:
        # The expression first: what is wrong with it is told at once.
        query = _Environment(strict=True).compile(expression)
        value = json.loads(document, parse_float=_number, parse_int=_number)
        # A string would be read once more.
        matches: Iterator[JSONPathMatch] = iter(query.finditer(json.dumps(value) if isinstance(value, str) else value))
        found = list(islice(matches, MOST))
        told = {"parts": [match.parts for match in found], "is_cut": next(matches, None) is not None}
        return told, _formatted([match.obj for match in found])
    except JSONPathError as error:
        return {"error": str(error).partition("\n")[0]}, b""
    except RecursionError:
        return {"error": "too deep"}, b""
    except MemoryError:
        return {"error": "too much memory wanted"}, b""
    except (ArithmeticError, ValueError, TypeError):  # the library's own, such as of 1e999
        return {"error": "a number or a value in it cannot be compared"}, b""


def _number(text: str) -> int | Decimal | str:
    """A number that is written again as it was read, `1.10` as such and 30 digits as 30 digits."""
    if len(text) <= _DIGITS and text.lstrip("-").isdigit():
        return int(text)
    try:
        return Decimal(text)
    except InvalidOperation:  # an exponent that no machine holds
        return text


def _formatted(values: list[Any]) -> bytes:
    encoded = msgspec.json.Encoder(decimal_format="number").encode(values)
    return msgspec.json.format(encoded, indent=2)


def _bound_itself() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 - Windows has none

        resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (_BYTES, _BYTES))


if __name__ == "__main__":
    _main()
