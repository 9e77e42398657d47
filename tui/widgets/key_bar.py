"""The last line of a screen: which keys act just now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Protocol, runtime_checkable

from rich.cells import cell_len
from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.keys import REPLACED_KEYS, key_to_character
from textual.screen import Screen
from textual.style import Style
from textual.widget import Widget

_HELP = "app.help"
_ALWAYS = "stop_acting"
"""Whatever else there is: the way back to one's own identity."""
_AIRY = "  "
"""What sets them apart, where there is room for it: without colours a key is told from a word by that alone."""
_MORE = "… "
"""Others there was no room for; help tells them all."""


@runtime_checkable
class RelabelsKeys(Protocol):
    """A widget in which Enter does something else than in others of its kind."""

    enter_labels: dict[str, str]
    """What the key bar says that it does, by the id of the binding."""


class KeyBar(Widget):
    """One line that is drawn, and never laid out anew: a Footer would make a widget of each key at every change.

    The key for help stays in sight at the right, however many others there are: help tells them all.
    """

    ALLOW_SELECT = False

    DEFAULT_CSS = """
    KeyBar {
        dock: bottom;
        height: 1;
        color: $footer-description-foreground;
        background: $panel;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._acting: list[tuple[Binding, bool]] = []

    def on_mount(self) -> None:
        """Follow what can be done."""
        self.screen.bindings_updated_signal.subscribe(self, self._follow)

    def on_click(self, event: events.Click) -> None:
        """Clicking a key is as good as pressing it."""
        if key := event.style.meta.get("key"):
            self.app.simulate_key(key)

    def _follow(self, screen: Screen[object]) -> None:
        if screen.app.app_focus:  # else nothing has the focus, and all but the screen's keys would go
            self.refresh()

    def render(self) -> Content:
        """As many keys as there is room for, in the order of their nearness to the focus."""
        if self.app.app_focus:
            self._acting = list(self._offered())
        help_key = Content("  ").join(self._words(*each) for each in self._acting if each[0].action == _HELP)
        room = self.size.width - cell_len(help_key.plain) - 1
        line = self._fitting(room)
        return line + Content(" " * (room + 1 - cell_len(line.plain))) + help_key

    def _fitting(self, room: int) -> Content:
        """The keys for which there is room, and whether there are more."""
        keys = {
            binding.action: self._words(binding, is_enabled)
            for binding, is_enabled in self._acting
            if binding.action != _HELP
        }
        gap, needed = _AIRY, sum(cell_len(words.plain) for words in keys.values())
        if needed + len(keys) * len(gap) > room:
            gap = " "
        if needed + len(keys) > room:
            room -= len(_MORE)
        shown = set()
        for action in sorted(keys, key=lambda action: action != _ALWAYS):  # in their order otherwise
            if cell_len(keys[action].plain) + len(gap) <= room:
                shown.add(action)
                room -= cell_len(keys[action].plain) + len(gap)
        more = Content(_MORE if len(shown) < len(keys) else "")
        return Content("").join([words + gap for action, words in keys.items() if action in shown]) + more

    def _offered(self) -> Iterator[tuple[Binding, bool]]:
        """The first key of each action that is to be shown, and whether it would do anything."""
        told = set()
        for node, binding, is_enabled, _ in self.screen.active_bindings.values():
            if binding.show and binding.action not in told and not self._is_typed(binding.key):
                told.add(binding.action)
                label = node.enter_labels.get(binding.id or "") if isinstance(node, RelabelsKeys) else None
                yield replace(binding, description=label) if label else binding, is_enabled

    def _is_typed(self, key: str) -> bool:
        """Whether the field in focus takes it for text, which Textual does not know of `/`, `-` and the like."""
        focused = self.screen.focused
        return (
            focused is not None
            and key in REPLACED_KEYS
            and focused.check_consume_key(key, key_to_character(REPLACED_KEYS[key]))
        )

    def _words(self, binding: Binding, is_enabled: bool) -> Content:  # noqa: FBT001 - as Textual gives it
        # As a link it would have one colour, and a key could not be told from what it does at a glance.
        click = Style.from_meta({"key": binding.key})
        words = Content.assemble(
            (self.app.get_key_display(binding), "bold $footer-key-foreground"), " ", binding.description
        )
        return words.stylize(click) if is_enabled else words.stylize("dim")
