"""Parse typed JSON, or say where it stops being JSON."""

import json
from typing import Any

_WORDS = {
    "Expecting value": "expected a value",
    "Expecting ',' delimiter": "missing comma",
    "Expecting ':' delimiter": "missing colon",
    "Expecting property name enclosed in double quotes": 'expected a name in "double quotes"',
    "Illegal trailing comma": "unexpected comma",
    "Unterminated string starting at": "unterminated string",
    "Invalid control character at": "a string cannot contain a line break or a control character; write \\n",
    "Invalid \\escape": "a backslash must be written twice",
    "Extra data": "more than one value",
}


class JSONSyntaxError(ValueError):
    """A text is not JSON: its message says why, with line and column; `line` is 0 if unknown."""

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
        error = _as_in_every_python(error)
        words = _WORDS.get(error.msg, error.msg)
        raise JSONSyntaxError(f"line {error.lineno}, column {error.colno}: {words}", error.lineno) from None
    except JSONSyntaxError:
        raise
    except (ValueError, RecursionError):
        raise JSONSyntaxError("a number is too long, or values are nested too deeply") from None


def _as_in_every_python(error: json.JSONDecodeError) -> json.JSONDecodeError:
    """Return the same error for every Python: 3.13 points at a comma before an end, others after it."""
    before = error.doc[: error.pos].rstrip()
    if error.msg.startswith("Illegal trailing comma"):
        return json.JSONDecodeError("Illegal trailing comma", error.doc, error.pos)
    if before.endswith(",") and error.doc[error.pos : error.pos + 1] in {"}", "]"}:
        return json.JSONDecodeError("Illegal trailing comma", error.doc, len(before) - 1)
    return error


def _refuse(name: str) -> None:
    raise JSONSyntaxError(f"{name} is not a JSON number")
