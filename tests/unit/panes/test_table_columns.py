"""How columns share the width of their table."""

from tests.panes.table_stage import COLUMNS
from tui.widgets.table.columns import Column, share_width


def test_every_cell_of_the_width_is_given_to_a_column():
    for room in range(55, 200):
        shared = share_width(COLUMNS, room, padding=2)
        assert sum(width + 2 for _, width in shared) == room
        assert all(width >= column.narrowest for column, width in shared)


def test_columns_grow_from_their_minimum_to_their_width_before_others_stretch():
    columns = [
        Column("A", "a", width=20, minimum=5),
        Column("B", "b", width=20, minimum=5),
        Column("C", "c", minimum=5),
    ]
    widths = {room: [width for _, width in share_width(columns, room, padding=0)] for room in (15, 25, 40, 60)}
    assert widths == {15: [5, 5, 5], 25: [15, 5, 5], 40: [20, 15, 5], 60: [20, 20, 20]}
