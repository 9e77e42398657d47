"""A person moves through a list of any length, and nothing depends on how long it is."""

import gc
import weakref

import pytest
from textual import events
from textual.coordinate import Coordinate
from textual.widgets.data_table import RowDoesNotExist, RowKey

from tests.panes.table_stage import COLUMNS, Listed, People, Stage, lazy_stage, stock_stage
from tui.widgets.table.columns import Column
from tui.widgets.table.virtual_table import VirtualTable

SIZE = (80, 24)
PAGE = SIZE[1] - 2
"""Rows on the screen, between the heading and the input."""


def table_of(stage: Stage) -> VirtualTable:
    assert isinstance(stage.table, VirtualTable)
    return stage.table


@pytest.mark.parametrize("count", [100, 1_000_000, 10**12])
async def test_filling_and_keys_ask_only_for_the_rows_that_come_into_sight(count):
    people = People(count)
    stage = lazy_stage(people)
    async with stage.run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert sorted(set(people.asked)) == list(range(PAGE))
        for key, newly_seen in [
            ("down", []),
            ("pagedown", list(range(PAGE, 2 * PAGE))),
            ("j", []),
            ("G", list(range(count - PAGE, count))),
            ("k", []),
            ("end", []),
        ]:
            people.asked.clear()
            await pilot.press(key)
            assert people.asked == newly_seen, key


async def test_holding_the_down_key_asks_for_one_row_a_press_and_draws_three_lines(monkeypatch):
    drawn = []
    draw_row = VirtualTable._render_row

    def note_and_draw(table, row, *rest):
        drawn.append(row)
        return draw_row(table, row, *rest)

    monkeypatch.setattr(VirtualTable, "_render_row", note_and_draw)
    people = People(1_000_000)
    stage = lazy_stage(people)
    async with stage.run_test(size=SIZE) as pilot:
        await pilot.press(*["down"] * PAGE)
        for row in range(PAGE + 1, PAGE + 4):
            people.asked.clear()
            drawn.clear()
            await pilot.press("down")
            assert people.asked == [row]
            # The row that comes into sight, before and after the cursor is on it, and the row that it left.
            assert 1 <= len(drawn) <= 3


@pytest.mark.parametrize(
    "keys",
    [
        ["down", "down", "up", "enter", "up", "up", "up"],
        ["pagedown", "pagedown", "pagedown", "pagedown", "pageup", "down", "pageup", "pageup", "pageup"],
        ["ctrl+end", "down", "enter", "ctrl+home", "up", "left", "right", "enter"],
    ],
)
async def test_keys_leave_the_trail_and_the_scroll_that_datatable_leaves(keys):
    seen = []
    for stage in stock_stage(People(50), [8] * 5), lazy_stage(People(50), marker=False):
        async with stage.run_test(size=SIZE) as pilot:
            await pilot.pause()
            scrolls = []
            for key in keys:
                await pilot.press(key)
                scrolls.append(stage.table.scroll_offset)
            seen.append((stage.trail, scrolls))
    stock, lazy = seen
    assert lazy == stock


async def test_letters_and_home_and_end_move_as_well():
    stage = lazy_stage(People(50))
    async with stage.run_test(size=SIZE) as pilot:
        places = []
        for key in ["j", "j", "k", "G", "g", "end", "home", "ctrl+end", "ctrl+home"]:
            await pilot.press(key)
            places.append(stage.table.cursor_row)
        assert places == [1, 2, 1, 49, 0, 49, 0, 49, 0]


async def test_every_key_can_be_remapped_and_explains_itself():
    stage = lazy_stage(People(50))
    async with stage.run_test(size=SIZE) as pilot:
        stage.set_keymap({"cursor_down": "n"})
        await pilot.press("n", "j", "down")
        await stage.becomes(lambda: stage.table.cursor_row, 1)
    bindings = [binding for binding in VirtualTable.BINDINGS if not isinstance(binding, tuple)]
    assert all(binding.id == binding.action and binding.tooltip and not binding.show for binding in bindings)


async def test_a_click_moves_the_cursor_and_a_double_click_selects_wherever_it_falls():
    stage = lazy_stage(People(50))
    async with stage.run_test(size=SIZE) as pilot:
        await pilot.pause()
        stage.trail.clear()
        await pilot.click(VirtualTable, offset=(5, 4))
        await pilot.click(VirtualTable, offset=(5, 4))
        await stage.becomes(lambda: stage.trail, [("RowHighlighted", 3)])
        await pilot.click(VirtualTable, offset=(40, 4), times=2)
        await stage.becomes(lambda: stage.trail, [("RowHighlighted", 3), ("chosen", 3)])
        await pilot.click(VirtualTable, offset=(40, 4), times=3)
        await stage.becomes(lambda: stage.trail[1:], [("chosen", 3)] * 2)
        await pilot.click(VirtualTable, offset=(78, 6))
        await stage.becomes(lambda: stage.table.cursor_row, 5)


async def test_a_click_on_a_heading_names_the_column_that_stands_there():
    stage = lazy_stage(People(50))
    async with stage.run_test(size=(50, 24)) as pilot:
        await pilot.pause()
        stage.trail.clear()
        await pilot.click(VirtualTable, offset=(stage.line_with("Id").index("Role"), 0))
        await stage.becomes(lambda: stage.trail, [("HeaderSelected", 2, "role", "Role")])
        await stage.becomes(lambda: stage.table.cursor_row, 0)


async def test_the_wheel_scrolls_and_leaves_the_cursor():
    stage = lazy_stage(People(1_000_000))
    async with stage.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await pilot._post_mouse_events([events.MouseScrollDown], VirtualTable, offset=(5, 5))
        await pilot.wait_for_animation()
        assert stage.table.cursor_row == 0
        assert "Person 2 " in stage.lines()[1]
        await pilot.press("down")
        await stage.until(lambda: "Person 1 " in stage.lines()[1])


async def test_a_filter_shows_fewer_rows_then_none_then_all_again():
    stage = lazy_stage(People(1_000_000), empty_text="Nobody is called that.")
    async with stage.run_test(size=SIZE) as pilot:
        await pilot.press("G")
        stage.trail.clear()
        table = table_of(stage).show(People(3, named="Hopper"), cursor=999_999)
        await pilot.pause()
        await stage.becomes(lambda: (table.cursor_row, table.scroll_y, table.row_count), (2, 0, 3))
        table.show(Listed())
        await pilot.press("G", "down", "pagedown", "pageup", "enter", "g")
        await stage.until(lambda: "Nobody is called that." in "".join(stage.lines()))
        await stage.until(lambda: "Hopper" not in "".join(stage.lines()))
        table.show(People(1_000_000))
        await pilot.pause()
        await stage.until(lambda: "Person 0 " in stage.lines()[1])
        await stage.becomes(lambda: stage.trail, [("RowHighlighted", 2), ("RowHighlighted", 0)])


async def test_the_row_under_the_cursor_keeps_its_line_when_the_list_is_read_again():
    stage = lazy_stage(People(1000))
    async with stage.run_test(size=SIZE) as pilot:
        table = table_of(stage)
        table.move_cursor(row=500)
        await pilot.press("up", "up", "up")
        line = stage.lines().index(stage.line_with("Person 497 "))
        table.show(People(1100), cursor=597)
        await pilot.pause()
        await stage.becomes(lambda: stage.lines().index(stage.line_with("Person 597 ")), line)


async def test_a_table_shown_its_rows_before_it_is_on_the_screen_scrolls_to_the_cursor():
    table = VirtualTable(COLUMNS).show(People(1_000_000), cursor=500_000)
    stage = Stage(table)
    async with stage.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await stage.until(lambda: "› u-500000" in "".join(stage.lines()))
        await pilot.press("enter")
        await stage.becomes(lambda: stage.trail[-1], ("chosen", 500_000))


async def test_a_cursor_that_moves_while_the_table_is_hidden_is_in_sight_later_and_the_list_scrolls_only_for_that():
    stage = lazy_stage(People(100))
    async with stage.run_test(size=SIZE) as pilot:
        await stage.until(lambda: stage.table.row_count == 100)
        for row, top in (2, 0), (PAGE + 2, 3), (PAGE - 3, 3), (0, 0):
            stage.table.display = False
            await pilot.pause()
            stage.table.move_cursor(row=row)
            stage.table.display = True
            await pilot.pause()
            await stage.becomes(lambda: (stage.table.cursor_row, stage.table.scroll_offset.y), (row, top))


async def test_a_source_that_changed_is_drawn_again_and_the_cursor_stays_inside():
    people = People(1000)
    stage = lazy_stage(people)
    async with stage.run_test(size=SIZE) as pilot:
        await pilot.press("G")
        people.count, people.named = 5, "Hopper"
        table_of(stage).refresh_rows()
        await pilot.pause()
        await stage.becomes(lambda: stage.table.cursor_row, 4)
        await stage.until(lambda: "Hopper 4 " in "".join(stage.lines()))
        await stage.until(lambda: "Person" not in "".join(stage.lines()))


async def test_the_row_that_was_chosen_is_known_after_another_list_is_shown():
    stage = lazy_stage(People(10))
    async with stage.run_test(size=SIZE) as pilot:
        await pilot.pause()
        table = table_of(stage)
        table.move_cursor(row=7)
        table.action_select_cursor()
        table.show(People(0))
        await stage.becomes(lambda: stage.chosen, ["u-000007"])


async def test_a_message_of_a_list_no_longer_shown_names_no_row():
    stage = lazy_stage(People(10))
    async with stage.run_test(size=SIZE) as pilot:
        await pilot.pause()
        table = table_of(stage)
        key, _ = table.coordinate_to_cell_key(Coordinate(7, 0))
        assert (key.value, table.get_row_index(key)) == ("7", 7)
        table.show(People(10, named="Hopper"))
        with pytest.raises(RowDoesNotExist):
            table.get_row_index(key)
        with pytest.raises(RowDoesNotExist):
            table.get_row_index(RowKey("7"))


async def test_datatables_own_questions_are_answered_from_the_source():
    stage = lazy_stage(People(1_000_000))
    async with stage.run_test(size=SIZE) as pilot:
        await pilot.pause()
        table = table_of(stage)
        assert table.get_cell_at(Coordinate(999_999, 1)) == "Person 999999"
        assert table.get_row_at(3)[:2] == ["u-000003", "Person 3"]
        assert table.ordered_rows[5].key == RowKey("5")
        assert (table.row_count, len(table.rows)) == (1_000_000, 1_000_000)
        table.show(People(3))
        assert list(table.get_column("name")) == ["Person 0", "Person 1", "Person 2"]
        assert [key.value for key in table.rows] == ["0", "1", "2"]
        assert table.clear().row_count == 0


ROW_CHANGES = ["add_row", "add_rows", "remove_row", "sort", "update_cell", "update_cell_at"]
COLUMN_CHANGES = ["add_column", "add_columns", "remove_column"]


@pytest.mark.parametrize("name", [*ROW_CHANGES, *COLUMN_CHANGES])
def test_what_would_put_rows_into_the_table_says_what_to_do_instead(name):
    with pytest.raises(TypeError, match=r"holds no rows: .* show\(\)"):
        getattr(VirtualTable(COLUMNS), name)("anything")


@pytest.mark.parametrize("columns", [[], [Column("A", "a"), Column("B", "a")]])
def test_a_table_without_columns_or_with_a_key_twice_is_refused(columns):
    with pytest.raises(ValueError, match="at least one column, and no key twice"):
        VirtualTable(columns)


async def test_rows_that_are_no_longer_shown_are_let_go_without_garbage_collection():
    stage = lazy_stage(People(50))
    async with stage.run_test(size=SIZE) as pilot:
        table = table_of(stage)
        table.cursor_type = "cell"  # Cells are then drawn by Textual, which caches them.
        gc.disable()
        try:
            await pilot.press("down", "right", "pagedown")
            shown = weakref.ref(table.source)
            table.show(People(50, named="Other"))
            await stage.until(lambda: "Other 1" in "\n".join(stage.lines()))
            assert shown() is None
        finally:
            gc.enable()
