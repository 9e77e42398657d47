"""A place in a document has one way to be written, wherever it is told: one that JSONPath itself understands."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jsonpath import JSONPathEnvironment

from tui.airisk.responses.diff import changes
from tui.airisk.responses.volatile_fields import VolatileFields
from tui.json_path import json_path
from tui.widgets.json_viewer.json_outline import JsonOutline
from tui.widgets.json_viewer.line_buffer import LineBuffer

PARTS = st.lists(
    st.text(st.characters(min_codepoint=32) | st.sampled_from("\n\t"), max_size=4) | st.integers(0, 3), max_size=4
)
"""Other control characters are escaped as well, but the library takes no escape of them."""


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ((), "$"),
        (("a", 3, "b"), "$.a[3].b"),
        (("a b",), "$['a b']"),
        (('"', "'", "\\"), "$['\"']['\\'']['\\\\']"),
        (("", "été"), "$['']['été']"),
        (("\n\x00",), "$['\\n\\u0000']"),
    ],
)
def test_a_place_is_written_as_rfc_9535_writes_it(parts: tuple[str | int, ...], words: str) -> None:
    assert json_path(parts) == words


@given(PARTS)
def test_what_is_written_leads_back_to_the_place(parts: list[str | int]) -> None:
    [found] = JSONPathEnvironment(strict=True).finditer(json_path(parts), nested(parts))
    assert (list(found.parts), found.obj) == (parts, "here")


@given(PARTS.filter(bool))
@example([0, "\ud800"])  # half a character in an item of a list
def test_a_comparison_and_the_viewer_name_a_place_alike(parts: list[str | int]) -> None:
    before, after = nested(parts, "there"), nested(parts, "here")
    [change] = changes(before, after, VolatileFields.of())
    lines = LineBuffer(json.dumps(after, indent=2, ensure_ascii=False))
    [line] = [number for number in range(len(lines)) if lines[number].endswith('"here"')]
    assert JsonOutline(lines).path(line) == change.place


def nested(parts: list[str | int], value: Any = "here") -> Any:
    """A document with this value at that place."""
    for part in reversed(parts):
        value = {part: value} if isinstance(part, str) else [*[None] * part, value]
    return value
