"""Key bar: the last line of a screen, with the active keys."""

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
"""The action that is always shown if it is active: the way to stop acting."""
_AIRY = "  "
"""The gap between keys, if there is room. Without colors, only the gap separates a key from the previous label."""
_MORE = "… "
"""Shown if keys were dropped for lack of room; help lists all keys."""


@runtime_checkable
class RelabelsKeys(Protocol):
    """Widget that has its own labels for keys such as Enter."""

    @property
    def enter_labels(self) -> dict[str, str]:
        """The labels that the key bar shows, by binding id; an empty one hides its key."""


class KeyBar(Widget):
    """One-line footer that is redrawn without a relayout.

    Textual's Footer would create a widget for each key at every change. The help key always stays visible at the right,
    because help lists all keys.
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
        """Follow changes of the active bindings."""
        self.screen.bindings_updated_signal.subscribe(self, self._follow)

    def on_click(self, event: events.Click) -> None:
        """Simulate a press of the clicked key."""
        if key := event.style.meta.get("key"):
            self.app.simulate_key(key)

    def _follow(self, screen: Screen[object]) -> None:
        if screen.app.app_focus:  # else nothing has the focus, and only the screen's keys would remain
            self.refresh()

    def render(self) -> Content:
        """Return as many keys as fit, those nearest to the focus first."""
        if self.app.app_focus:
            self._acting = list(self._offered())
        help_key = Content("  ").join(self._words(*each) for each in self._acting if each[0].action == _HELP)
        room = self.size.width - cell_len(help_key.plain) - 1
        line = self._fitting(room)
        return line + Content(" " * (room + 1 - cell_len(line.plain))) + help_key

    def _fitting(self, room: int) -> Content:
        """Return the keys that fit into `room` columns, and a mark if others were dropped."""
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
        for action in sorted(keys, key=lambda action: action != _ALWAYS):  # the others keep their order
            if cell_len(keys[action].plain) + len(gap) <= room:
                shown.add(action)
                room -= cell_len(keys[action].plain) + len(gap)
        more = Content(_MORE if len(shown) < len(keys) else "")
        return Content("").join([words + gap for action, words in keys.items() if action in shown]) + more

    def _offered(self) -> Iterator[tuple[Binding, bool]]:
        """Yield the first visible binding of each action, and whether it is enabled."""
        seen = set()
        for node, binding, is_enabled, _ in self.screen.active_bindings.values():
            if binding.show and binding.action not in seen and not self._is_typed(binding.key):
                seen.add(binding.action)
                label = binding.description
                if isinstance(node, RelabelsKeys):
                    label = node.enter_labels.get(binding.id or "", label)
                if label:
                    yield replace(binding, description=label), is_enabled

    def _is_typed(self, key: str) -> bool:
        """Return whether the focused field takes the key as text. Textual misses this for keys such as `/` and `-`."""
        focused = self.screen.focused
        return (
            focused is not None
            and key in REPLACED_KEYS
            and focused.check_consume_key(key, key_to_character(REPLACED_KEYS[key]))
        )

    def _words(self, binding: Binding, is_enabled: bool) -> Content:  # noqa: FBT001 - as Textual gives it
        # A link would have one color for both the key and its label.
        click = Style.from_meta({"key": binding.key})
        words = Content.assemble(
            (self.app.get_key_display(binding), "bold $footer-key-foreground"), " ", binding.description
        )
        return words.stylize(click) if is_enabled else words.stylize("dim")
