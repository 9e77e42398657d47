"""What is told from the text of a document alone agrees with what a parse of it tells."""

import json
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonpath import JSONPathEnvironment
from rich.cells import cell_len

from tests.panes.document_stage import formatted
from tui.json_path import json_path
from tui.text import clean
from tui.widgets.json_viewer.folding import Folds
from tui.widgets.json_viewer.highlight import TextSearch
from tui.widgets.json_viewer.json_outline import JsonOutline
from tui.widgets.json_viewer.line_buffer import LineBuffer, wrapped

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
TRICKY = st.sampled_from(['"', '": {', "[", "}", "\\", "a: b", "\n", " ", "", "it's", "\u2028", "İ"])
STRINGS = TEXT | TRICKY
LEAVES = (
    STRINGS
    | st.integers(-(10**20), 10**20)
    | st.booleans()
    | st.none()
    | st.floats(allow_nan=False, allow_infinity=False)
)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(STRINGS, inner, max_size=5), max_leaves=40
)


def walked(value: Any, *parts: str | int) -> Iterator[tuple[str, Any, int]]:
    """Path and value for each line of the formatted text, and how many lines of the container follow behind it."""
    path = json_path(parts)
    if not isinstance(value, dict | list) or not value:
        yield path, value, 0
        return
    members = value.items() if isinstance(value, dict) else enumerate(value)
    inside = [line for part, inner in members for line in walked(inner, *parts, part)]
    yield path, value, len(inside) + 1
    yield from inside
    yield path, value, 0


@given(VALUES)
def test_every_line_has_the_path_the_value_and_the_extent_of_what_is_on_it(value: Any) -> None:
    lines = LineBuffer(formatted(value))
    structure = JsonOutline(lines)
    expected = list(walked(value))
    assert len(lines) == len(expected)
    for line, (path, inside, behind) in enumerate(expected):
        assert structure.path(line) == path
        is_container = isinstance(inside, dict | list) and bool(inside)
        assert structure.opens(line) == (behind > 0)
        assert structure.last(line) == (line + behind if behind else None)
        if behind:
            assert structure.size(line) == len(inside)
            assert structure.head(line + behind) == line
        leaf = structure.leaf(line)
        assert (leaf is None) == is_container
        if leaf is not None:
            assert leaf == inside if isinstance(inside, str) else json.loads(leaf) == inside


@given(VALUES, st.data())
def test_a_path_is_right_wherever_the_cursor_was_before(value: Any, data: st.DataObject) -> None:
    lines = LineBuffer(formatted(value))
    structure, expected = JsonOutline(lines), [path for path, _, _ in walked(value)]
    for line in data.draw(st.lists(st.integers(0, len(lines) - 1), max_size=20)):
        assert structure.path(line) == expected[line]


@given(VALUES)
def test_a_path_finds_the_value_again(value: Any) -> None:
    environment = JSONPathEnvironment(strict=True)
    for path, inside, _ in walked(value):
        if "\\u00" not in path:  # RFC 9535 allows it in a name, this peer does not
            document = json.dumps(value) if isinstance(value, str) else value  # it would be read once more
            assert environment.findall(path, document) == [inside]


@given(VALUES)
def test_the_containers_in_a_container_are_those_of_the_parse(value: Any) -> None:
    lines = LineBuffer(formatted(value))
    expected = list(walked(value))
    depths = [len(text) - len(text.lstrip(" ")) for text in lines]
    direct = {line: line + behind for line, (_, _, behind) in enumerate(expected) if behind and depths[line] == 2}
    assert dict(JsonOutline(lines).containers(0)) == direct


def test_documents_one_after_the_other_have_paths_of_their_own() -> None:
    lines = LineBuffer(formatted({"a": [1]}))
    structure = JsonOutline(lines)
    lines.extend(formatted([{"b": [2, 3]}]).split("\n"))
    assert [structure.path(line) for line in range(len(lines))] == [
        *("$", "$.a", "$.a[0]", "$.a", "$"),
        *("$", "$[0]", "$[0].b", "$[0].b[0]", "$[0].b[1]", "$[0].b", "$[0]", "$"),
    ]


@given(st.lists(TEXT.map(lambda text: text.replace("\n", ""))), st.lists(TEXT.map(lambda text: text.replace("\n", ""))))
def test_lines_are_the_lines_whether_given_at_once_or_one_by_one(first: list[str], more: list[str]) -> None:
    lines = LineBuffer.of([*first, "."])
    lines.extend(more and [*more, "."])
    expected = [*first, ".", *more, "."] if more else [*first, "."]
    assert list(lines) == expected
    assert lines[1:3] == expected[1:3]
    assert lines.widest == max(map(len, expected))
    assert lines.text == "\n".join(expected)
    for line, (start, end) in enumerate(lines.spans()):
        assert lines.line_at(start) == lines.line_at(end) == line


def test_a_text_need_not_end_its_last_line_and_may_end_lines_as_windows_does() -> None:
    assert list(LineBuffer.of("a\r\nb\n")) == ["a", "b"]
    assert list(LineBuffer.of("")) == []
    with pytest.raises(IndexError):
        _ = LineBuffer.of("a")[1]


@given(st.lists(TEXT | st.text("a 漢\u0301", max_size=80), max_size=6), st.integers(4, 30))
def test_wrapped_lines_lose_nothing_and_fit(texts: list[str], width: int) -> None:
    lines = LineBuffer.of([text.replace("\n", " ") for text in [*texts, "end"]])
    pieces = wrapped(lines, width)
    assert "".join(pieces) == "".join(lines)
    assert all(len(piece) == 1 or cell_len(clean(piece)) <= width for piece in pieces)


def test_words_stay_whole_where_they_fit() -> None:
    assert list(wrapped(LineBuffer.of("the quick brown fox\njumps"), 10)) == ["the quick ", "brown fox", "jumps"]


FOLDED = st.dictionaries(st.integers(0, 60), st.integers(1, 15), max_size=12)


@given(FOLDED)
def test_rows_and_lines_agree_with_counting_them(sizes: dict[int, int]) -> None:
    nested = {head: head + size for head, size in sizes.items()}
    # Containers are within one another or apart: what would overlap is left out.
    nested = {h: e for h, e in nested.items() if not any(o < h <= nested[o] < e for o in nested)}
    nested = {h: e for h, e in nested.items() if not any(h < o <= e < nested[o] for o in nested)}
    folds = Folds(nested)
    hidden = {line for head, last in nested.items() for line in range(head + 1, last + 1)}
    visible = [line for line in range(90) if line not in hidden]
    assert folds.hidden == len(hidden)
    for row, line in enumerate(visible):
        assert folds.line(row) == line
        assert folds.row(line) == row
    for line in hidden:
        assert visible[folds.row(line)] == max(seen for seen in visible if seen < line)
    for line in range(90):
        shown = Folds(nested)
        assert shown.reveal(line) == (line in hidden)
        assert shown.line(shown.row(line)) == line


def test_a_fold_within_a_fold_is_still_folded_when_that_is_opened() -> None:
    folds = Folds({2: 5})
    folds.fold(0, 9)
    assert [folds.line(row) for row in range(2)] == [0, 10]
    folds.unfold(0)
    assert [folds.line(row) for row in range(4)] == [0, 1, 2, 6]


@given(st.text("aAbİ\nß", max_size=40), st.text("aAbİß", min_size=1, max_size=3))
def test_a_search_finds_the_places_that_looking_at_each_finds(text: str, wanted: str) -> None:
    search = TextSearch(LineBuffer(text), wanted)
    small = wanted == wanted.lower()

    def is_at(place: int) -> bool:
        there = text[place : place + len(wanted)]
        return (there.replace("İ", "i").lower() if small else there) == wanted

    places = [place for place in range(len(text)) if is_at(place)]
    for start in range(len(text) + 1):
        found, before = search.next(start), search.previous(start)
        assert (found and found[0]) == next((place for place in places if place >= start), None)
        ends = [place for place in places if place + len(wanted) <= start]
        assert (before and before[0]) == (ends[-1] if ends else None)
    assert sum(search.counts(0, None)) == len(list(search.within(0, len(text))))


def test_what_is_no_formatted_json_gives_no_errors() -> None:
    for text in ("", "{", "   }", "]\n[", '{"a":1}', '"', "\n\n", "  x\n{", '[\n      "a": [\n]'):
        lines = LineBuffer(text)
        structure = JsonOutline(lines)
        for line in range(len(lines)):
            assert structure.path(line).startswith("$")
            assert structure.leaf(line) is None or not structure.opens(line)
            assert (structure.last(line) or line) >= line >= (structure.parent(line) or 0)
            assert structure.size(line) >= len(list(structure.containers(line)))


def test_a_formatter_that_changes_its_form_is_noticed() -> None:
    text = msgspec.json.format(b'{"a":[],"b":{},"c":[1,{"d":"\\u00e9\\n"}]}', indent=2).decode()
    assert text == '{\n  "a": [],\n  "b": {},\n  "c": [\n    1,\n    {\n      "d": "\\u00e9\\n"\n    }\n  ]\n}'
    with pytest.raises(msgspec.DecodeError):
        msgspec.json.format(b'["a\nb"]', indent=2)
