"""VirtualTable replaces private parts of Textual's DataTable: an upgrade that moves one must fail here, by name."""

import inspect
import re

from textual.widgets import DataTable

from tui.widgets.table import virtual_table

USED_BY = {
    # replaced by VirtualTable, and read or called by these methods of DataTable
    "rows": ["row_count", "is_valid_row_index", "get_row_height"],
    "ordered_rows": ["action_page_down", "action_page_up", "_get_fixed_offset"],
    "columns": ["ordered_columns", "_get_column_region"],
    "_data": ["get_cell", "get_row", "_highlight_row", "_post_selected_message"],
    "_row_locations": ["coordinate_to_cell_key", "_highlight_row", "get_row_index", "_render_line_in_row"],
    "_column_locations": ["ordered_columns", "coordinate_to_cell_key"],
    "_y_offsets": ["_get_offsets", "_total_row_height"],
    "_get_row_region": ["refresh_row", "_scroll_cursor_into_view"],
    "_get_cell_region": ["refresh_coordinate", "_scroll_cursor_into_view"],
    "_compute_row_renderables": ["_get_row_renderables"],
    "_render_cell": ["_render_line_in_row"],
    "_render_line": ["render_line"],
    # called or read by VirtualTable, and part of how DataTable itself works
    "_get_row_renderables": ["_render_cell"],
    "_get_column_region": ["refresh_column"],
    "_get_styles_to_render_cell": ["_render_cell"],
    "_get_row_style": ["_render_line_in_row"],
    "_show_hover_cursor": ["_set_hover_cursor", "_render_line"],
    "_set_hover_cursor": ["_on_mouse_move", "action_cursor_down"],
    "_scroll_cursor_into_view": ["watch_cursor_coordinate"],
    "_highlight_cursor": ["add_row"],
    "_clear_caches": ["clear", "watch_fixed_columns", "watch_zebra_stripes"],
    "_update_count": ["_render_line", "_get_row_renderables"],
    "_refresh_region": ["refresh_row"],
    "_pseudo_class_state": ["render_lines", "_render_line"],
}


def test_datatable_still_uses_what_virtual_table_replaces():
    assert [moved for name, users in USED_BY.items() for user in users if (moved := moved_from(name, user))] == []


def moved_from(name: str, user: str) -> str:
    """What an upgrade has moved; nothing where DataTable's `user` still uses `name`."""
    method = inspect.getattr_static(DataTable, user, None)
    if method is None:
        return f"DataTable has no {user} any more: see who uses {name} now"
    source = inspect.getsource(getattr(method, "fget", None) or inspect.unwrap(method))
    return "" if re.search(rf"self\.{name}\b", source) else f"DataTable.{user} does not use {name} any more"


def test_every_private_name_that_virtual_table_takes_from_datatable_is_pinned():
    words = set(re.findall(r"\b_[a-z]\w+", inspect.getsource(virtual_table)))
    taken = {word for word in words if word in vars(DataTable) or word in vars(DataTable())}
    assert taken == {name for name in USED_BY if name.startswith("_")}


def test_what_is_overridden_is_called_as_datatable_calls_it():
    for name in ("_render_cell", "_render_line", "_compute_row_renderables", "_get_row_region"):
        ours = inspect.signature(getattr(virtual_table.VirtualTable, name)).parameters.values()
        theirs = inspect.signature(getattr(DataTable, name)).parameters.values()
        assert [(one.name, one.default) for one in ours] == [(one.name, one.default) for one in theirs], name
