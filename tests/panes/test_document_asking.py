"""A person asks a document for what they look for: a text, a part by JSONPath, one value, the text raw."""

import json
import sys
from collections.abc import Callable
from traceback import walk_stack

import pytest

from tests.panes.document_stage import formatted, reading
from tui.widgets.json_viewer.bounds import Bound, QueryError
from tui.widgets.json_viewer.jsonpath import complete_expression, find_matches, find_matches_now
from tui.widgets.json_viewer.viewer import AlternateView

PEOPLE = [{"id": number, "name": f"Person {number}", "role": "User" if number % 2 else "admin"} for number in range(60)]


# Parts


async def test_a_jsonpath_shows_only_what_it_finds_and_esc_brings_the_whole_back() -> None:
    async with reading(formatted(PEOPLE)) as reader:
        await reader.press("pagedown", "f")
        before = reader.path
        await reader.type("$[?@.id > 57].name")
        await reader.press("enter")
        await reader.sees("filtered by $[?@.id > 57].name: 2 matches")
        assert reader.shown == ["[", '  "Person 58",', '  "Person 59"', "]"]
        assert reader.document.has_focus
        await reader.press("j", "j")
        await reader.becomes(lambda: reader.path, "$[59].name")
        await reader.press("escape")
        await reader.sees_no("filtered by")
        assert reader.path == before
        assert "id" in reader.screen


async def test_a_filter_filters_the_whole_again_not_what_it_left() -> None:
    async with reading(formatted(PEOPLE)) as reader:
        for expression, words in (
            ("[3].id", "$[3].id: 1 match "),
            ("[*].id", "$[*].id: 60 matches"),
            ("nothing", "$.nothing: 0"),
        ):
            await reader.press("f", "ctrl+u")
            await reader.type(expression)
            await reader.press("enter")
            await reader.sees(words)
        await reader.press("escape")
        await reader.sees('"Person 0"')


async def test_a_wrong_expression_is_reported_and_can_be_mended() -> None:
    async with reading(formatted(PEOPLE)) as reader:
        await reader.press("f")
        await reader.type("$[?@.id >")
        await reader.press("enter")
        await reader.sees("✗ ends too early")
        await reader.type(" 58]")
        await reader.press("enter")
        await reader.sees("1 match ")


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("$[?@.a ==", "ends too early; try $[?@.age>30]"),
        ("$..", "ends too early; try $..name"),
        ("name last", "wrong at “last”; try $..name"),
        ("$[?@.a = 1]", "wrong at “= 1]”; try $[?@.age>30]"),
        ("$[?foo(@)]", "function 'foo' is not defined"),
    ],
)
async def test_it_is_said_what_is_wrong_with_an_expression_and_how_a_right_one_looks(
    expression: str, words: str
) -> None:
    async with reading(formatted(PEOPLE)) as reader:
        await reader.press("f")
        await reader.type(expression)
        await reader.press("enter")
        await reader.sees(f"✗ {words}")


ENDLESS = "$..[?count($..[?count($..[?count($..*)<0])<0])<0]"
"""Looks at all of a document for each place of it, four times over: minutes for a small one."""


async def test_esc_gives_a_filter_up_that_takes_for_ever_and_the_keys_act_meanwhile() -> None:
    async with reading(formatted(PEOPLE)) as reader:
        await reader.press("f")
        await reader.type(ENDLESS)
        await reader.press("enter")
        await reader.sees(" …")
        await reader.until(lambda: _filtering_threads() == 1, "its thread")
        await reader.press("escape")
        await reader.until(lambda: reader.document.has_focus)
        await reader.press("j", "j")
        await reader.becomes(lambda: reader.path, "$[0].id")
        await reader.until(lambda: not reader.app.workers, "the end of it")
        await reader.until(lambda: not _filtering_threads(), "the end of its thread")


def _filtering_threads() -> int:
    """How many threads are at work on an expression."""
    frames = sys._current_frames().values()
    return sum(any(each.f_code is find_matches_now.__code__ for each, _ in walk_stack(frame)) for frame in frames)


def _nested(wrapped: Callable[[object], object]) -> str:
    value: object = 1
    for _ in range(40):
        value = wrapped(value)
    return json.dumps(value)


LISTS, OBJECTS = _nested(lambda value: [value]), _nested(lambda value: {"a": value})


def _again_and_again(selector: str) -> str:
    """Forty times the same at each of twelve levels."""
    return ("[" + ",".join([selector] * 40) + "]") * 12 + "[?@.nope]"


@pytest.mark.parametrize(
    ("document", "expression"),
    [
        (LISTS, ENDLESS),
        (LISTS, "$" + "..*" * 40 + "[?@.nope]"),
        (LISTS, "$" + _again_and_again("*")),
        (OBJECTS, "$" + _again_and_again("*")),
        (LISTS, "$" + _again_and_again("0:9")),
        (LISTS, "$" + _again_and_again("0")),
        (OBJECTS, "$" + _again_and_again("'a'")),
        (LISTS, "$" + _again_and_again("?@")),
        (LISTS, f"$[?@{_again_and_again('*')}]"),
        (OBJECTS, f"$[?count(@{_again_and_again('*')})>0]"),
    ],
)
def test_whatever_an_expression_asks_for_it_ends_when_its_time_is_up(document: str, expression: str) -> None:
    with pytest.raises(QueryError, match="stopped"):
        find_matches_now(document, expression, Bound(0.2))


async def test_functions_of_regular_expressions_are_refused_in_words() -> None:
    async with reading(formatted(PEOPLE)) as reader:
        for name in ("match", "search"):
            await reader.press("f", "ctrl+u")
            await reader.type(f"$[?{name}(@.name,'(a+)+$')]")
            await reader.press("enter")
            await reader.sees(f"✗ {name}() is blocked: it may hang")
            await reader.press("escape")


async def test_a_document_that_is_one_string_is_not_read_once_more() -> None:
    for text in ("{", "[1]", "0", "true"):
        found = await find_matches(json.dumps(text), "$")
        assert list(found.lines) == ["[", f"  {json.dumps(text)}", "]"]


async def test_numbers_stay_as_they_were_written() -> None:
    found = await find_matches('{"a":[1.10,123456789012345678901234567890,1E400,-0,1e99999999999999999999]}', "$.a[*]")
    assert list(found.lines)[1:5] == ["  1.10,", "  123456789012345678901234567890,", "  1E+400,", "  0,"]


async def test_too_many_matches_are_cut_and_too_much_is_refused() -> None:
    found = await find_matches(json.dumps([0] * 100_001), "$[*]")
    assert (len(found.places), found.is_cut) == (100_000, True)
    found = await find_matches(json.dumps(["x" * 10_000_000]), "$[0,0,0,0,0,0]")
    assert (len(found.places), found.is_cut) == (4, True)
    with pytest.raises(QueryError, match="too many matches within a filter"):
        await find_matches(json.dumps([0] * 100_001), "$[?count($[*])>0]")
    for expression in ("$" + "[?" * 900, "not a path", "$.a["):
        with pytest.raises(QueryError):
            await find_matches("{}", expression)


def test_the_dollar_may_be_left_out() -> None:
    assert [complete_expression(each) for each in ("a.b", ".a", "[0]", " $.x ", "..id")] == [
        "$.a.b",
        "$.a",
        "$[0]",
        "$.x",
        "$..id",
    ]


async def test_enter_on_a_value_shows_it_whole_with_its_own_lines() -> None:
    answer = "First line\n\tsecond, and " + "long " * 30 + "end"
    async with reading(formatted({"id": 1, "text": answer})) as reader:
        await reader.press("j", "j", "enter")
        await reader.sees("$.text · Esc goes back", "First line")
        assert reader.line(0) == "First line"
        assert reader.line(-1).endswith("end")
        await reader.press("j")
        await reader.becomes(lambda: reader.path, "$.text")
        await reader.press("escape")
        await reader.becomes(lambda: reader.path, "$.text")
        await reader.becomes(lambda: reader.line(1), '  "id": 1,')


async def test_json_within_a_string_is_formatted() -> None:
    async with reading(formatted({"metadata": '{"a":[1,{"b":2}]}', "no": "[broken"})) as reader:
        await reader.press("j", "enter")
        await reader.sees('  "a": [')
        await reader.press("escape", "j", "enter")
        await reader.sees("$.no")
        assert reader.shown == ["[broken"]


async def test_raw_is_the_text_as_it_came_and_back() -> None:
    async with reading(formatted({"b": 1}), raw=AlternateView(lambda: '{"b":1}\r\n')) as reader:
        await reader.press("j", "r")
        await reader.sees("raw")
        assert reader.shown == ['{"b":1}']
        await reader.press("r")
        await reader.sees_no("raw")
        assert reader.path == "$.b"
        await reader.press("r")
        await reader.sees("raw")
        await reader.press("escape")
        await reader.becomes(lambda: reader.line(1), '  "b": 1')


async def test_another_response_forgets_what_was_asked_of_the_one_before() -> None:
    async with reading(formatted(PEOPLE)) as reader:
        await reader.press("f")
        await reader.type("$[1]")
        await reader.press("enter")
        await reader.sees("filtered")
        await reader.press("slash", "r")
        reader.view.show(["plain"], is_json=False)
        await reader.pilot.pause()
        await reader.becomes(lambda: reader.shown, ["plain"])
        await reader.press("escape")
        await reader.becomes(lambda: reader.shown, ["plain"])
        await reader.until(lambda: "filtered" not in reader.screen)
        await reader.until(lambda: "JSONPath" not in reader.footer, "the footer")


async def test_what_grows_while_a_part_is_shown_is_there_afterwards() -> None:
    async with reading(formatted({"a": "b"})) as reader:
        await reader.press("j", "enter")
        await reader.sees("$.a")
        reader.view.extend(["more"])
        await reader.becomes(lambda: reader.shown, ["b"])
        await reader.press("escape")
        await reader.becomes(lambda: reader.line(-1), "more")
