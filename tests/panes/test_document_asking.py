"""A person asks a document for what they look for: a text, a part by JSONPath, one value, the text as it came."""

import json
import os
from contextlib import suppress
from pathlib import Path

import pytest

from tests.panes.document_stage import formatted, reading
from tui.widgets.json_viewer.jsonpath import QueryError, complete_expression, find_matches
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


async def test_a_wrong_expression_is_told_and_can_be_mended() -> None:
    async with reading(formatted(PEOPLE)) as reader:
        await reader.press("f")
        await reader.type("$[?@.id >")
        await reader.press("enter")
        await reader.sees("✗ unexpected end of expression")
        await reader.type(" 58]")
        await reader.press("enter")
        await reader.sees("1 match ")


async def test_esc_gives_a_filter_up_that_takes_for_ever_and_the_keys_act_meanwhile() -> None:
    document = formatted({"text": "a" * 60 + "!", "more": [1, 2]})
    async with reading(document) as reader:
        await reader.press("f")
        await reader.type("$[?match(@,'(a+)+$')]")
        await reader.press("enter")
        await reader.sees(" …")
        await reader.until(lambda: len(_filters()) == 1, "its process")
        await reader.press("escape")
        await reader.until(lambda: reader.document.has_focus)
        await reader.press("j")
        await reader.becomes(lambda: reader.path, "$.text")
        await reader.until(lambda: not reader.app.workers, "the end of it")
        await reader.until(lambda: not _filters(), "the end of its process")


def _filters() -> list[str]:
    """The processes of this one that filter a document."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has ended
            parent = (process / "stat").read_text().rpartition(")")[2].split()[1]
            if parent == str(os.getpid()) and b"query_process" in (process / "cmdline").read_bytes():
                found.append(process.name)
    return found


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
        await reader.sees("as it came")
        assert reader.shown == ['{"b":1}']
        await reader.press("r")
        await reader.sees_no("as it came")
        assert reader.path == "$.b"
        await reader.press("r")
        await reader.sees("as it came")
        await reader.press("escape")
        await reader.becomes(lambda: reader.line(1), '  "b": 1')


async def test_another_answer_forgets_what_was_asked_of_the_one_before() -> None:
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
