"""Parse typed JSON, or say where it stops being JSON."""

import json
from typing import Any

_NOT_YET = {
    "Expecting value": "a value must stand here",
    "Expecting ',' delimiter": "a comma is missing",
    "Expecting ':' delimiter": "a colon is missing",
    "Expecting property name enclosed in double quotes": 'a name in "double quotes" must stand here',
    "Illegal trailing comma": "there is a comma too many",
    "Unterminated string starting at": "the text that begins here does not end",
    "Invalid control character at": "a text cannot hold a line break or a control character; write \\n",
    "Invalid \\escape": "a backslash must be written twice",
    "Extra data": "there is more than one value",
}


class JSONSyntaxError(ValueError):
    """A text is not JSON: its message says why, with line and column; `line` is 0 where that cannot be told."""

    def __init__(self, words: str, line: int = 0) -> None:
        super().__init__(words)
        self.line = line


def read_json(text: str) -> Any:
    """Parse a JSON text (RFC 8259).

    Raises:
        JSONSyntaxError: it is invalid.
    """
    try:
        return json.loads(text, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        fault = _as_in_every_python(error)
        words = _NOT_YET.get(fault.msg, fault.msg)
        raise JSONSyntaxError(f"line {fault.lineno}, column {fault.colno}: {words}", fault.lineno) from None
    except JSONSyntaxError:
        raise
    except (ValueError, RecursionError):
        raise JSONSyntaxError("a number is too long, or the values lie too deep") from None


def _as_in_every_python(error: json.JSONDecodeError) -> json.JSONDecodeError:
    """Return the same error for every Python: 3.13 points at a comma before an end, others behind it."""
    before = error.doc[: error.pos].rstrip()
    if error.msg.startswith("Illegal trailing comma"):
        return json.JSONDecodeError("Illegal trailing comma", error.doc, error.pos)
    if before.endswith(",") and error.doc[error.pos : error.pos + 1] in {"}", "]"}:
        return json.JSONDecodeError("Illegal trailing comma", error.doc, len(before) - 1)
    return error


def _refuse(name: str) -> None:
    raise JSONSyntaxError(f"{name} is not a JSON number")
