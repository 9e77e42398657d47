"""Private names of Textual: where they may be used, and what uses them there. An upgrade fails here, by name."""

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from functools import cache
from types import ModuleType

import pytest

import tui

PLACES = ("tui.textual_ext", "tui.widgets.table")
"""The packages that may use private names of Textual."""

PINS = {
    # The crash report: replaced, and called wherever something fails.
    "App._handle_exception": ("message_pump:MessagePump._process_messages_loop", "worker:Worker._run"),
    "App._fatal_error": ("app:App._handle_exception",),
    # A palette that is closed before it is there.
    "CommandPalette._on_mount": ("screen:Screen._on_mount",),
    # Enter in the palette, while it searches.
    "CommandPalette._action_command_list": ("command:CommandPalette._select_or_command",),
    "CommandPalette._select_or_command": ("command:CommandPalette._select_command",),
    "CommandPalette._GATHER_COMMANDS_GROUP": ("command:CommandPalette._cancel_gather_commands",),
    # Work ends before the widgets that it works on.
    "App._prune": ("widget:Widget.remove", "widget:Widget.remove_children", "app:App._close_all"),
    # A cache that lives as long as the program.
    "StylesCache.get_inner_outer": ("_styles_cache:StylesCache.render_line",),
    # Each text of styles is parsed once for each theme.
    "Stylesheet._parse_cache": ("css.stylesheet:Stylesheet._parse_rules", "css.stylesheet:Stylesheet.set_variables"),
    # The focus stays when the window shrinks.
    "Screen._reset_focus": ("widget:Widget.blur", "app:App._prune"),
    # No frame that nobody sees, and that the next one would build on.
    "Screen._compositor_refresh": ("screen:Screen._on_timer_update",),
    # Whether a frame holds the identity bar.
    "App._display": ("screen:Screen._compositor_refresh",),
    "App._batch_count": ("app:App._display", "screen:Screen._on_timer_update"),
    # No layout where only the content grows.
    "Widget._scroll_update": ("scroll_view:ScrollView._size_updated",),
    # Columns fit their table from its first frame on.
    "ScrollView._size_updated": ("screen:Screen._refresh_layout",),
    # A single call that is late.
    "message_pump.Timer": ("message_pump:MessagePump.set_timer",),
    # What comes from the terminal.
    "linux_driver.XTermParser": ("drivers.linux_driver:LinuxDriver.run_input_thread",),
    "linux_driver.getincrementaldecoder": ("drivers.linux_driver:LinuxDriver.run_input_thread",),
    "Parser._timeout_time": ("_parser:Parser.tick", "_parser:Parser.feed"),
    # Being stopped and continued.
    "LinuxDriver._sigtstp_application": ("drivers.linux_driver:LinuxDriver.__init__",),
    "LinuxDriver._sigcont_application": ("drivers.linux_driver:LinuxDriver.__init__",),
    "LinuxDriver._must_signal_resume": (
        "drivers.linux_driver:LinuxDriver._sigtstp_application",
        "drivers.linux_driver:LinuxDriver.start_application_mode",
    ),
    "Driver._auto_restart": ("drivers.linux_driver:LinuxDriver._sigtstp_application",),
    "Driver._loop": ("driver:Driver.send_message",),
    "LinuxDriver._file": ("drivers.linux_driver:LinuxDriver.start_application_mode",),
    **dict.fromkeys(
        (
            "LinuxDriver._disable_line_wrap",
            "LinuxDriver._enable_bracketed_paste",
            "LinuxDriver._enable_mouse_support",
            "LinuxDriver._get_terminal_size",
            "LinuxDriver._patch_iflag",
            "LinuxDriver._patch_lflag",
            "LinuxDriver._query_in_band_window_resize",
        ),
        ("drivers.linux_driver:LinuxDriver.start_application_mode",),
    ),
}
"""Each name, and what in Textual uses it: modules are below `textual`."""

TABLE_PINS = {
    # replaced by the table of this program, and read or called by these methods of DataTable
    "rows": ("row_count", "is_valid_row_index", "get_row_height"),
    "ordered_rows": ("action_page_down", "action_page_up", "_get_fixed_offset"),
    "columns": ("ordered_columns", "_get_column_region"),
    "_data": ("get_cell", "get_row", "_highlight_row", "_post_selected_message"),
    "_row_locations": ("coordinate_to_cell_key", "_highlight_row", "get_row_index", "_render_line_in_row"),
    "_column_locations": ("ordered_columns", "coordinate_to_cell_key"),
    "_y_offsets": ("_get_offsets", "_total_row_height"),
    "_get_row_region": ("refresh_row", "_scroll_cursor_into_view"),
    "_get_cell_region": ("refresh_coordinate", "_scroll_cursor_into_view"),
    "_compute_row_renderables": ("_get_row_renderables",),
    "_render_cell": ("_render_line_in_row",),
    "_render_line": ("render_line",),
    # called or read by it, and part of how DataTable itself works
    "_get_row_renderables": ("_render_cell",),
    "_get_column_region": ("refresh_column",),
    "_get_styles_to_render_cell": ("_render_cell",),
    "_get_row_style": ("_render_line_in_row",),
    "_show_hover_cursor": ("_set_hover_cursor", "_render_line"),
    "_set_hover_cursor": ("_on_mouse_move", "action_cursor_down"),
    "_scroll_cursor_into_view": ("watch_cursor_coordinate",),
    "_highlight_cursor": ("add_row",),
    "_post_selected_message": ("action_select_cursor", "_on_click"),
    "_clear_caches": ("clear", "watch_fixed_columns", "watch_zebra_stripes"),
    "_update_count": ("_render_line", "_get_row_renderables"),
    "_refresh_region": ("refresh_row",),
    "_pseudo_class_state": ("render_lines", "_render_line"),
}
"""The same for the table, whose names are all of DataTable."""

ALL_PINS = PINS | {
    f"DataTable.{name}": tuple(f"widgets._data_table:DataTable.{user}" for user in users)
    for name, users in TABLE_PINS.items()
}

MODULES = {
    "textual._ansi_sequences": ("ANSI_SEQUENCES_KEYS",),
    "textual._compositor": ("ChopsUpdate",),
    "textual._parser": ("ParseError", "Parser"),
    "textual._styles_cache": ("StylesCache",),
    "textual._time": ("get_time",),
    "textual._two_way_dict": ("TwoWayDict",),
    "textual._types": ("SegmentLines",),
    "textual._xterm_parser": ("SPECIAL_SEQUENCES", "XTermParser"),
    "textual.widgets._data_table": ("RowRenderables",),
}
"""Private modules, and what is imported of them."""


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name != "_"


def _modules() -> Iterator[ModuleType]:
    for module in pkgutil.walk_packages(tui.__path__, "tui."):
        if module.name != "tui.__main__" and ".sandbox" not in module.name:
            yield importlib.import_module(module.name)


def _is_own(node: ast.expr) -> bool:
    """Whether it is `self`, `cls` or `super()`."""
    name = node.func if isinstance(node, ast.Call) else node
    return isinstance(name, ast.Name) and name.id in {"self", "cls", "super"}


def _members(tree: ast.ClassDef) -> set[str]:
    """The names that a class defines, and those that its methods set on `self`."""
    defined = {each.name for each in tree.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)}
    for each in tree.body:
        targets = (
            each.targets if isinstance(each, ast.Assign) else [each.target] if isinstance(each, ast.AnnAssign) else []
        )
        defined |= {target.id for target in targets if isinstance(target, ast.Name)}
    return defined | {
        each.attr
        for each in ast.walk(tree)
        if isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Store) and _is_own(each.value)
    }


@cache
def _classes_of(module: str) -> dict[str, set[str]]:
    """The members of each class of a module."""
    tree = ast.parse(inspect.getsource(importlib.import_module(module)))
    return {node.name: _members(node) for node in tree.body if isinstance(node, ast.ClassDef)}


def _owner(kind: type, name: str) -> type | None:
    """The first class of Textual, from which this one is made, that has such a member."""
    of_textual = (each for each in kind.__mro__ if each.__module__.partition(".")[0] == "textual")
    return next((each for each in of_textual if name in _classes_of(each.__module__).get(each.__name__, ())), None)


def _used_of_parents(module: ModuleType, tree: ast.Module) -> Iterator[str]:
    for node in (each for each in ast.walk(tree) if isinstance(each, ast.ClassDef)):
        kind = getattr(module, node.name, None)
        if not isinstance(kind, type):
            continue
        used = {each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute) and _is_own(each.value)}
        for name in filter(_is_private, used | _members(node)):
            if owner := _owner(kind, name):
                yield f"{owner.__name__}.{name}"


def _used_of_others(tree: ast.Module, own: set[str]) -> Iterator[str]:
    """Private members of objects, by those that no code of the program has; and what is replaced in modules."""
    of_textual = {
        (alias.asname or alias.name): alias.name
        for each in ast.walk(tree)
        if isinstance(each, ast.ImportFrom) and (each.module or "").partition(".")[0] == "textual"
        for alias in each.names
    }
    for node in (each for each in ast.walk(tree) if isinstance(each, ast.Attribute)):
        if _is_private(node.attr) and not _is_own(node.value) and node.attr not in own and of_textual:
            yield next((pin for pin in ALL_PINS if pin.endswith(f".{node.attr}")), f"?.{node.attr}")
        if isinstance(node.ctx, ast.Store) and isinstance(node.value, ast.Name) and node.value.id in of_textual:
            yield f"{node.value.id}.{node.attr}"


def _imports(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Private modules of Textual with what is imported of them, and private names of others."""
    for node in (each for each in ast.walk(tree) if isinstance(each, ast.ImportFrom)):
        module = node.module or ""
        if module.partition(".")[0] == "textual":
            is_private = any(map(_is_private, module.split(".")))
            yield from ((module, alias.name) for alias in node.names if is_private or _is_private(alias.name))


@cache
def _used() -> dict[str, tuple[set[str], set[tuple[str, str]]]]:
    """By module of the program: which members of Textual's classes it uses, and what it imports of private modules."""
    trees = {module: ast.parse(inspect.getsource(module)) for module in _modules()}
    own = {
        name
        for tree in trees.values()
        for node in ast.walk(tree)
        for name in (
            {node.name}
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            else _members(node)
            if isinstance(node, ast.ClassDef)
            else set()
        )
    }
    return {
        module.__name__: ({*_used_of_parents(module, tree), *_used_of_others(tree, own)}, {*_imports(tree)})
        for module, tree in trees.items()
    }


def test_private_names_of_textual_are_used_in_their_places_only() -> None:
    elsewhere = {module: used for module, used in _used().items() if any(used) and not module.startswith(PLACES)}
    assert elsewhere == {}


def test_every_private_name_that_is_used_is_pinned() -> None:
    members = set().union(*(members for members, _ in _used().values()))
    public = {name for name in ALL_PINS if not _is_private(name.partition(".")[2])}
    assert members | public == set(ALL_PINS)
    imported = set().union(*(imported for _, imported in _used().values()))
    assert imported == {(module, name) for module, names in MODULES.items() for name in names}


@pytest.mark.parametrize("pin", ALL_PINS)
def test_textual_uses_what_is_replaced_or_called_here(pin: str) -> None:
    name = pin.partition(".")[2]
    assert [moved for user in ALL_PINS[pin] if (moved := _moved_from(name, user))] == []


def _moved_from(name: str, user: str) -> str:
    """What an upgrade has moved; nothing where `user` still uses `name`."""
    module, _, path = user.partition(":")
    owner, _, method = path.partition(".")
    found = inspect.getattr_static(getattr(importlib.import_module(f"textual.{module}"), owner), method, None)
    if found is None:
        return f"{user} is gone: see who uses {name} now"
    source = inspect.getsource(getattr(found, "fget", None) or inspect.unwrap(found))
    return "" if re.search(rf"\b{name}\b", source) else f"{user} does not use {name} any more"


def test_what_is_replaced_is_called_as_before() -> None:
    differing = []
    for module in _modules():
        for kind in vars(module).values():
            if not isinstance(kind, type) or kind.__module__ != module.__name__:
                continue
            for name, ours in vars(kind).items():
                if not _is_private(name) or not inspect.isfunction(ours) or not (owner := _owner(kind, name)):
                    continue
                mine, theirs = (_parameters(each) for each in (ours, getattr(owner, name)))
                differing += [f"{kind.__name__}.{name}"] if mine != theirs else []
    assert differing == []


def _parameters(function: object) -> list[tuple[str, object]]:
    """Names and defaults; those of what takes any number are free."""
    assert callable(function)
    return [
        ("*" if each.kind is each.VAR_POSITIONAL else each.name, each.default)
        for each in inspect.signature(function).parameters.values()
    ]
