"""A typed JSON text, or where it stops being one."""

import json
from typing import Any

_NOT_YET = {
    "Expecting value": "a value must stand here",
    "Expecting ',' delimiter": "a comma is missing",
    "Expecting ':' delimiter": "a colon is missing",
    "Expecting property name enclosed in double quotes": 'a name in "double quotes" must stand here',
    "Illegal trailing comma before end of object": "there is a comma too many",
    "Illegal trailing comma before end of array": "there is a comma too many",
    "Unterminated string starting at": "the text that begins here does not end",
    "Invalid control character at": "a text cannot hold a line break or a control character; write \\n",
    "Invalid \\escape": "a backslash must be written twice",
    "Extra data": "there is more than one value",
}


class NotJSON(ValueError):
    """A text is not JSON: its message says why, with line and column; `line` is 0 where that cannot be told."""

    def __init__(self, words: str, line: int = 0) -> None:
        super().__init__(words)
        self.line = line


def read_json(text: str) -> Any:
    """The value that a JSON text (RFC 8259) stands for.

    Raises:
        NotJSON: it stands for none.
    """
    try:
        return json.loads(text, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        words = _NOT_YET.get(error.msg, error.msg)
        raise NotJSON(f"line {error.lineno}, column {error.colno}: {words}", error.lineno) from None
    except NotJSON:
        raise
    except (ValueError, RecursionError):
        raise NotJSON("a number is too long, or the values lie too deep") from None


def _refuse(name: str) -> None:
    raise NotJSON(f"{name} is not a JSON number")
