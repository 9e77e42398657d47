"""Whatever stands in an answer is seen, does nothing, and moves no column."""

import json

import pytest
from rich.cells import cell_len
from textual.widgets import Input

from tests.panes.document_stage import Reader, formatted, reading
from tui.widgets.json_viewer.line_buffer import LineBuffer

pytestmark = pytest.mark.fault("hostile text")

HOSTILE = [
    "[/] [@click=app.bell]x[/] $x [link=http://e]",
    "\x1b[2J\x1b]52;c;eA==\x07",
    "\x9b31m \x85 \u2028",
    "user\u202egpj.exe \u2066 \u200b",
    "e" + "\u0301" * 300,
    "漢字かな 한국어 👩‍👩‍👧‍👦 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🇫🇷",
    "\ufeff\u3164\u2800",
    "tab\tend",
]


@pytest.mark.parametrize("is_json", [True, False])
async def test_everything_drawn_is_harmless_and_as_wide_as_the_widget(is_json: bool) -> None:
    shown = formatted(HOSTILE) if is_json else "\n".join(HOSTILE)
    async with reading(shown, is_json=is_json) as reader:
        await reader.press("j", "slash")
        await reader.type("e")
        await reader.press("enter")
        await reader.sees(" of 8")
        for _ in range(12):
            _look(reader)
            await reader.press("right", "j", "n")


def _look(reader: Reader) -> None:
    document = reader.document
    for y in range(document.size.height):
        strip = document.render_line(y)
        text = strip.text
        assert strip.cell_length == cell_len(text) == document.size.width
        assert not {
            sign for sign in text if sign < " " or "\x7f" <= sign <= "\x9f" or sign in "\u202e\u2066\u200b\ufeff\u2028"
        }


async def test_hostile_keys_make_a_hostile_path_harmless_where_it_is_shown() -> None:
    async with reading(formatted({"\x1b[2J[/]": {"\u202e": 'say "x"'}})) as reader:
        await reader.press("j", "j", "enter")
        await reader.sees("goes back")
        assert reader.document.path_at_cursor() == "$['\\u001b[2J[/]']['\u202e']"
        assert "<U+202E>" in reader.lines[0]
        assert "[/]" in reader.lines[0]


async def test_an_error_about_a_hostile_expression_is_harmless() -> None:
    async with reading(formatted({"a": 1})) as reader:
        await reader.press("f")
        reader.app.query_one("#document-field", Input).value = "$[/] [@click=app.bell]\u202e["
        await reader.press("enter")
        await reader.sees("✗ wrong at “/] [@clic…”; try $..name")
        await reader.press("ctrl+u")
        await reader.type("$['")
        await reader.press("enter")
        await reader.sees("✗ ")


@pytest.mark.parametrize("text", ["x" * 2_500_000, "漢" * 750_000, "\x1b" * 2_500_000, "\u0301" * 250_000])
async def test_one_endless_line_is_read_like_any_other(text: str) -> None:
    async with reading(
        LineBuffer(formatted([text]) if "\x1b" not in text else text), is_json="\x1b" not in text
    ) as reader:
        await reader.press("j", "right", "G", "g", "j")
        await reader.press("slash")
        await reader.type("x漢")
        await reader.sees("not found")
        await reader.press("escape")
        _look(reader)


async def test_an_endless_line_of_text_can_be_read_to_its_end() -> None:
    async with reading(LineBuffer("漢 " * 200_000 + "the end"), is_json=False) as reader:
        await reader.until(lambda: len(reader.shown) > 5, "it wrapped")
        await reader.press("G")
        await reader.sees("the end")


async def test_a_value_too_long_for_its_line_is_cut_with_a_sign_and_read_by_opening_it() -> None:
    async with reading(formatted(["word " * 2_000 + "the end"])) as reader:
        await reader.press("w")
        reader.document.scroll_to(x=5_000, animate=False)
        await reader.press("j", "right")
        await reader.until(lambda: reader.line(1).endswith("…"))
        await reader.press("enter")
        await reader.sees("goes back")
        await reader.press("w", "G")
        await reader.sees("the end")


async def test_wide_characters_can_be_scrolled_to() -> None:
    async with reading(formatted(["漢" * 60 + "the end"])) as reader:
        await reader.press("j", *["right"] * 20)
        await reader.sees('the end"')


async def test_deep_nests_fold_and_have_paths() -> None:
    depth = 800
    text = formatted(json.loads("[" * depth + "]" * depth))
    async with reading(text) as reader:
        reader.document.search_for("[]", 0)
        assert reader.document.path_at_cursor() == "$" + "[0]" * (depth - 1)
        await reader.press("g", "enter")
        await reader.becomes(lambda: reader.shown, ["[ 1 item ]"])
