"""What a person sees of a table: every column aligned, at every width, with and without colour."""

import pytest
from rich.cells import cell_len
from rich.text import Text
from textual.content import Content
from textual.coordinate import Coordinate
from textual.geometry import Region
from textual.widgets import Input

from tests.panes.table_stage import COLUMNS, Listed, People, Stage, lazy_stage
from tui.widgets.table.columns import Cell, Column
from tui.widgets.table.virtual_table import VirtualTable

NAMES: dict[str, Cell] = {
    "plain": "Ada",
    "markup": "[/foo]",
    "action": "[@click=app.bell]x[/]",
    "wide": "李明",
    "family": "👨‍👩‍👧‍👦",
    "flag": "🇩🇪 Zoë",
    "heart": "❤️",
    "combining": "e\u0301" * 5,
    "cut in a wide one": "李" * 40,
    "cut in a family": "👨‍👩‍👧‍👦" * 40,
    "newline": "one\ntwo",
    "tab and return": "a\tb\rc\x85d\u2028e",
    "escape": "a\x1b[2Jb",
    "endless": "x" * 1_000_000,
    "rich": Text("red", style="red"),
    "textual": Content.styled("blue", "$primary"),
}


async def test_whatever_a_name_holds_the_columns_after_it_stay_where_they_are():
    rows = [(str(number), name, "mail", "Role", "5") for number, name in enumerate([*NAMES.values(), "Grace"])]
    stage = lazy_stage(Listed(*rows))
    async with stage.run_test(size=(80, len(rows) + 4)) as pilot:
        await pilot.pause()
        heading, *strange, plain = stage.lines()[: len(rows) + 1]
        assert cell_len(heading) == cell_len(plain) == 80
        before_mail, after_name = plain[: plain.index("mail")], plain[plain.index("mail") :]
        for name, line in zip(NAMES, strange, strict=True):
            assert cell_len(line) == 80, name
            assert cell_len(line[: line.index("mail")]) == cell_len(before_mail), name
            assert line[line.index("mail") :] == after_name, name
            assert not {"\n", "\t", "\r", "\x1b", "\x85", "\u2028"} & set(line), name


@pytest.mark.parametrize("words", ["[/foo]", "[@click=app.bell]"])
async def test_brackets_are_shown_as_they_are_in_cells_headings_and_the_empty_words(words):
    stage = Stage(VirtualTable([Column(words, "key")], empty_text=words))
    async with stage.run_test(size=(40, 8)) as pilot:
        await pilot.pause()
        await stage.becomes(lambda: [line.strip() for line in stage.lines() if words in line], [words, words])
        assert isinstance(stage.table, VirtualTable)
        stage.table.show(Listed((words,)))
        await pilot.pause()
        await stage.until(lambda: stage.lines()[1].startswith(f" › {words} "))
        await pilot.click(VirtualTable, offset=(5, 1), times=2)
        await stage.becomes(lambda: stage.trail[-1], ("chosen", 0))


async def test_what_does_not_fit_ends_in_an_ellipsis_and_what_fits_does_not():
    stage = lazy_stage(Listed(("12345678", "", "", "", ""), ("123456789", "", "", "", "")))
    async with stage.run_test(size=(80, 6)) as pilot:
        await pilot.pause()
        await stage.until(lambda: stage.lines()[1].startswith(" › 12345678  "))
        await stage.until(lambda: stage.lines()[2].startswith("   1234567…  "))


@pytest.mark.parametrize(
    ("width", "headings"),
    [
        (200, ["Id", "Name", "Mail", "Role", "Groups"]),
        (80, ["Id", "Name", "Mail", "Role", "Groups"]),
        (55, ["Id", "Name", "Role", "Groups"]),
        (40, ["Id", "Name", "Role"]),
        (30, ["Id", "Name"]),
        (20, ["Name"]),
    ],
)
async def test_a_narrower_terminal_takes_the_least_important_columns(width, headings):
    stage = lazy_stage(People(200))
    async with stage.run_test(size=(200, 24)) as pilot:
        await pilot.pause()
        await pilot.resize_terminal(width, 24)
        await pilot.pause()
        await stage.becomes(stage.headings, headings)
        # The columns fill the width, but for a blank and the place of the scroll bar.
        await stage.until(lambda: cell_len(stage.lines()[0].rstrip()) >= width - 2 or headings[-1] != "Groups")
        await pilot.resize_terminal(200, 24)
        await pilot.pause()
        await stage.becomes(stage.headings, ["Id", "Name", "Mail", "Role", "Groups"])


async def test_its_first_frame_has_all_columns_when_it_is_shown_later(monkeypatch):
    stage = lazy_stage(People(200))
    frames: list[list[str]] = []
    monkeypatch.setattr(stage, "post_display_hook", lambda: frames.append(stage.lines()))
    async with stage.run_test(size=(80, 6)) as pilot:
        stage.table.display = False
        await stage.until(lambda: not stage.lines()[1].strip())
        stage.table.display = True
        await stage.until(lambda: "› u-000000" in stage.lines()[1])
        await pilot.pause()
    with_rows = [frame for frame in frames if "›" in frame[1]]
    assert with_rows == [frame for frame in with_rows if "u-000000" in frame[1]]


async def test_the_cursor_stays_in_sight_when_the_terminal_shrinks():
    stage = lazy_stage(People(200))
    async with stage.run_test(size=(80, 24)) as pilot:
        await pilot.press(*["down"] * 20)
        await pilot.resize_terminal(40, 8)
        await pilot.pause()
        await stage.until(lambda: "› u-000020" in "".join(stage.lines()))


@pytest.mark.parametrize("size", [(1, 1), (1, 24), (80, 1), (2, 2), (3, 3)])
@pytest.mark.parametrize("count", [0, 1, 1_000_000])
async def test_nothing_breaks_however_small_the_terminal(size, count):
    stage = lazy_stage(People(count), empty_text="No users. There may be nobody.")
    async with stage.run_test(size=size) as pilot:
        await pilot.press("down", "pagedown", "G", "enter", "pageup", "g")
        await pilot.resize_terminal(80, 24)
        await pilot.press("G")
        await stage.becomes(lambda: stage.table.cursor_row, max(0, count - 1))


def colours(stage: Stage, words: str) -> tuple[object, bool]:
    """Background and boldness of the line on the screen with `words`."""
    strips = [strip for strip in stage.screen._compositor.render_strips() if words in strip.text]
    styles = [segment.style for strip in strips for segment in strip if words in segment.text]
    return (styles[0].bgcolor, bool(styles[0].bold)) if len(strips) == 1 and styles[0] else (None, False)


async def test_the_empty_words_may_have_a_style_of_their_own():
    stage = lazy_stage(Listed(), empty_text=Text("Nobody.", style="bold"))
    async with stage.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await stage.until(lambda: colours(stage, "Nobody.")[1])


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light", "nord", "ansi-dark"])
async def test_the_cursor_stands_out_and_grows_calmer_without_the_focus(theme):
    stage = lazy_stage(People(50))
    stage.theme = theme
    async with stage.run_test(size=(80, 24)) as pilot:
        await pilot.press("down")
        focused, other = colours(stage, "u-000001"), colours(stage, "u-000000")
        assert focused[1]
        assert focused != other
        stage.query_one(Input).focus()
        await pilot.pause()
        blurred = colours(stage, "u-000001")
        assert not blurred[1]
        assert blurred != focused
        assert "› u-000001" in "".join(stage.lines())


async def test_exactly_one_row_is_marked_wherever_the_cursor_goes():
    stage = lazy_stage(People(50))
    async with stage.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        for key, row in [("down", 1), ("down", 2), ("up", 1), ("pagedown", 23), ("down", 24), ("pageup", 2)]:
            assert stage.lines()
            await pilot.press(key)
            await stage.becomes(lambda: [line[3:11] for line in stage.lines() if "›" in line], [f"u-{row:06}"])


async def test_the_colours_of_a_cell_are_drawn_and_the_cursor_wins_over_them():
    words = Text("rich", style="green"), Content.styled("textual", "$error")
    stage = lazy_stage(Listed((*words, "plain", "", ""), (*words, "plain", "", "")))
    async with stage.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        strips = stage.screen._compositor.render_strips()
        under_cursor, other = (
            {segment.text.strip(): segment.style.color for segment in strip if segment.style and segment.style.color}
            for strip in strips[1:3]
        )
        assert len({other["rich"], other["textual"], other["plain"]}) == 3
        assert len({color for word, color in under_cursor.items() if word}) == 1


async def test_without_colour_the_cursor_is_marked_and_bold(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    stage = lazy_stage(People(50))
    async with stage.run_test(size=(80, 24)) as pilot:
        await pilot.press("down")
        await stage.becomes(
            lambda: [line[:11] for line in stage.lines()[1:4]], ["   u-000000", " › u-000001", "   u-000002"]
        )
        await stage.until(lambda: colours(stage, "u-000001")[1])
        await stage.until(lambda: not colours(stage, "u-000000")[1])


async def test_the_whole_row_under_the_mouse_is_lit_until_a_key_is_pressed():
    stage = lazy_stage(People(50))
    async with stage.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert stage.lines()
        await pilot.hover(VirtualTable, offset=(5, 2))
        assert stage.lines()
        await pilot.hover(VirtualTable, offset=(5, 4))
        row = stage.lines().index(stage.line_with("u-000003"))
        strip = stage.screen._compositor.render_strips()[row]
        lit = {segment.style.bgcolor for segment in strip.crop(0, 79) if segment.style}
        assert len(lit) == 1
        assert lit != {colours(stage, "u-000004")[0]}
        assert colours(stage, "u-000001") == colours(stage, "u-000004")
        await pilot.press("down")
        await stage.until(lambda: colours(stage, "u-000003") == colours(stage, "u-000004"))


async def test_the_mouse_does_not_light_the_row_of_a_new_list():
    stage = lazy_stage(People(50))
    async with stage.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.hover(VirtualTable, offset=(5, 4))
        await stage.until(lambda: colours(stage, "u-000003") != colours(stage, "u-000004"))
        assert isinstance(stage.table, VirtualTable)
        stage.table.show(People(40))
        await pilot.pause()
        await stage.until(lambda: colours(stage, "u-000003") == colours(stage, "u-000004"))


async def test_the_mouse_has_both_rows_drawn_again_over_their_whole_width():
    stage = lazy_stage(People(50))
    async with stage.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        stage.table.hover_coordinate = Coordinate(3, 0)
        assert {Region(0, 1, 80, 1), Region(0, 4, 80, 1)} <= stage.table._dirty_regions


async def test_stripes_and_fixed_columns_are_datatables():
    stage = lazy_stage(People(50), zebra_stripes=True)
    async with stage.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await stage.until(
            lambda: colours(stage, "u-000003") == colours(stage, "u-000005") != colours(stage, "u-000004")
        )
        stage.table.fixed_columns = 1
        await pilot.pause()
        await stage.until(lambda: colours(stage, "u-000003") == colours(stage, "u-000004"))
        await stage.until(lambda: "› u-000000  Person 0 " in stage.lines()[1])


async def test_the_empty_words_are_wrapped_in_the_middle():
    stage = lazy_stage(Listed(), empty_text="No users match. Esc clears the filter.")
    async with stage.run_test(size=(40, 12)) as pilot:
        await pilot.resize_terminal(24, 12)
        await pilot.pause()
        await stage.becomes(
            lambda: [line.strip() for line in stage.lines()[1:-1] if line.strip()],
            ["No users match. Esc", "clears the filter."],
        )
        left = len(stage.lines()[5]) - len(stage.lines()[5].lstrip())
        assert left == pytest.approx((24 - len("No users match. Esc")) / 2, abs=1)


async def test_a_table_that_is_shown_again_has_the_columns_of_its_width():
    stage = lazy_stage(People(3))
    async with stage.run_test(size=(80, 8)) as pilot:
        stage.table.display = False
        await pilot.pause()
        assert isinstance(stage.table, VirtualTable)
        stage.table.set_columns(COLUMNS)
        compositor = stage.screen._compositor
        compositor._full_map_invalidated = True  # as after scrolling, until a place is looked up
        stage.table.display = True
        assert stage.table.region.width == 80
        await stage.until(lambda: "u-000001  Person 1" in "\n".join(stage.lines()))
