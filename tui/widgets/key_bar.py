"""Key bar: the last line of a screen, with the active keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol, runtime_checkable

from rich.cells import cell_len
from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.dom import DOMNode
from textual.keys import REPLACED_KEYS, key_to_character
from textual.screen import Screen
from textual.style import Style
from textual.widget import Widget

_GLOBAL = ("back", "app.stop_acting", "matrix", "open_history", "app.help", "quit")
"""Actions that do not depend on the focus, as they are shown at the right."""
_DISPENSABLE = ("matrix", "open_history")
"""Those that go for lack of room, the first one first. Stopping, help and the way out always stay."""
_MOST_OWN, _MOST_GLOBAL = 5, 4
_AIRY, _TIGHT = "  ", " "
"""The gap between keys. Without colors, only the gap separates a key from the previous label."""
_MORE = "… "
"""Shown if keys were dropped for lack of room; help lists all keys."""


@runtime_checkable
class RelabelsKeys(Protocol):
    """Widget that has its own labels for keys such as Enter."""

    @property
    def footer_labels(self) -> dict[str, str]:
        """The labels that the key bar shows, by binding id; an empty one hides its key."""


class KeyBar(Widget):
    """One-line footer that is redrawn without a relayout.

    At the left is what acts in the focused pane, at the right what always acts. Textual's Footer would create a widget
    for each key at every change.
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
        self._is_checked_soon = False

    def on_mount(self) -> None:
        """Follow changes of the active bindings."""
        self.screen.bindings_updated_signal.subscribe(self, self._follow)

    def on_click(self, event: events.Click) -> None:
        """Simulate a press of the clicked key."""
        if key := event.style.meta.get("key"):
            self.app.simulate_key(key)

    def _follow(self, _: Screen[object]) -> None:
        if not self._is_checked_soon:  # One act updates the bindings several times.
            self._is_checked_soon = True
            self.call_next(self._check)

    def _check(self) -> None:
        """Redraw if another key is active, or one has another label."""
        self._is_checked_soon = False
        if self.display and self._acting != self._offered():  # It is not displayed while its screen is removed.
            self.refresh()

    def render(self) -> Content:
        """Return the keys that fit, those nearest to the focus first."""
        self._acting = self._offered()
        words = {binding.action: self._words(binding, is_enabled) for binding, is_enabled in self._acting}
        always = [action for action in _GLOBAL if action in words]
        own = [action for action in words if action not in always]
        if "cancel" in own[_MOST_OWN:]:
            own = [*own[: _MOST_OWN - 1], "cancel"]  # What Esc does now is worth more than the fifth key.
        del own[_MOST_OWN:]
        for action in _DISPENSABLE:
            if len(always) > _MOST_GLOBAL and action in always:
                always.remove(action)
        return self._line(words, own, always)

    def _line(self, words: Mapping[str, Content], own: list[str], always: list[str]) -> Content:
        """Return the line: with less room the gaps shrink, then global keys go, then the last ones of the pane."""
        gap, more, width = _AIRY, "", self.size.width

        def left() -> Content:
            return Content("").join([words[action] + gap for action in own]) + more

        def right() -> Content:
            return Content(_AIRY).join([words[action] for action in always])

        def is_too_long() -> bool:
            return cell_len(left().plain) + cell_len(right().plain) + 1 > width

        if is_too_long():
            gap = _TIGHT
        for action in _DISPENSABLE:
            if is_too_long() and action in always:
                always.remove(action)
        while is_too_long() and own:
            more = _MORE
            if len(own) == 1 and "quit" in always:
                always.remove("quit")  # The palette has it, too; the first key of the pane is worth more.
            else:
                own.pop()
        return left() + Content(" " * (width - cell_len(left().plain) - cell_len(right().plain))) + right()

    def _offered(self) -> list[tuple[Binding, bool]]:
        """Return the first visible binding of each action, and whether it is enabled."""
        if not self.app.app_focus:  # Nothing has the focus, and only the screen's keys would remain.
            return self._acting
        offered: dict[str, tuple[Binding, bool]] = {}
        labels: dict[DOMNode, dict[str, str]] = {}
        for node, binding, is_enabled, _ in self.screen.active_bindings.values():
            if not binding.show or binding.action in offered or self._is_typed(binding.key):
                continue
            if node not in labels:
                labels[node] = node.footer_labels if isinstance(node, RelabelsKeys) else {}
            shown = replace(binding, description=labels[node].get(binding.id or "", binding.description))
            offered[binding.action] = shown, is_enabled
        return [each for each in offered.values() if each[0].description]

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
        # A binding of several keys shows the first one's sign, even where that key is text.
        is_of_other_key = len(binding.key_display or "") == 1 and key_to_character(binding.key) != binding.key_display
        shown = replace(binding, key_display=None) if is_of_other_key else binding
        words = Content.assemble(
            (self.app.get_key_display(shown), "bold $footer-key-foreground"), " ", binding.description
        )
        return words.stylize(click) if is_enabled else words.stylize("dim")
