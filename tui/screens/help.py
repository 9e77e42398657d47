"""Help on keys and words, generated from the bindings and searchable."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from textual import on, work
from textual.app import App, ComposeResult
from textual.binding import ActiveBinding, Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widgets import Input, Static

from tui.airisk.users.search_index import normalize
from tui.background import run_in_thread
from tui.key_labels import (
    KeyScope,
    active_bindings,
    format_keys,
    key_in_words,
    name_of_key,
    only_moves,
    own_keys,
    words_of,
)
from tui.widgets.hanging_indent import hanging_indent
from tui.widgets.identity_bar import IdentityBar
from tui.widgets.key_bar import KeyBar

_WORDS = (
    ("act as", "sign in on a user's behalf; requests then run with that user's permissions"),
    (
        "application",
        "the client's own identity, with the generic token; by AIRisk's documentation it can only list users",
    ),
    ("confirmed", "the access token names the user you chose"),
    ("not confirmed", "AIRisk issued the access token for that user, but the token does not name anyone"),
    ("* field", "required; an empty field without it is not sent"),
    (
        "{{agent.id}}",
        "a value from the latest response, or one you saved with {save_value|=}; type {{ to see what is available",
    ),
)
_KEYS = 14
"""Columns of the keys, without the gap after them."""

Lines = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Section:
    """Related keys or words, each with what it does or means."""

    title: str
    lines: Lines

    def matching(self, text: str) -> Section:
        """Return the section with only the lines that match every word, counting the title as part of each line."""
        words = normalize(text).split()
        found = [line for line in self.lines if _has(words, f"{self.title} {line[0]} {line[1]}")]
        return Section(self.title, found)


class HelpLine(Input):
    """Search line. The key that opened the help closes it from here, too."""

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Leave the question mark to the binding that closes the help."""
        return key != "question_mark" and super().check_consume_key(key, character)


class HelpScreen(ModalScreen[None]):
    """Keys of the focused pane first, then those of the screen below, then all others.

    Args:
        below: the screen on which the user asked for help.
        read_scopes: returns every place with its keys. This imports every screen.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,f1", "clear_or_leave", "Back", id="close_help", priority=True),
        Binding("down", "scroll('down')", show=False, id="help_down"),
        Binding("up", "scroll('up')", show=False, id="help_up"),
        Binding("pagedown", "scroll('page_down')", show=False, id="help_page_down"),
        Binding("pageup", "scroll('page_up')", show=False, id="help_page_up"),
    ]

    def __init__(self, below: Screen[Any], read_scopes: Callable[[], list[KeyScope]]) -> None:
        super().__init__()
        self._read_scopes = read_scopes
        self._sections = list(_sections(below))
        # Not looked up: while the screen is removed, a late call would find no widget.
        self._line = HelpLine(placeholder="type to find a key or a term", id="help-line", compact=True)
        self._scrolled = VerticalScroll(id="help-lines", can_focus=False)
        self._text = Static(id="help-text")

    def compose(self) -> ComposeResult:
        """Compose the identity bar, the search line, one long text and the footer."""
        yield IdentityBar()
        with Vertical(id="help") as frame:
            frame.border_title = "Help"
            frame.border_subtitle = format_keys("{help_up|↑} {help_down|↓} scroll · {close_help|Esc} closes")
            yield self._line
            with self._scrolled:
                yield self._text
        yield KeyBar()

    def on_mount(self) -> None:
        """Show the keys of the current screen at once, all others as soon as they are gathered."""
        self._gather()

    def on_resize(self) -> None:
        """Wrap the text again."""
        self.call_after_refresh(self._show)

    @work(group="gather")
    async def _gather(self) -> None:
        self._sections += _elsewhere(await run_in_thread(self._read_scopes))
        self._show()

    @on(Input.Changed)
    def _narrow(self, event: Input.Changed) -> None:
        event.stop()
        self._show()
        self._scrolled.scroll_home(animate=False)

    def action_clear_or_leave(self) -> None:
        """Clear the search, or close the help if it is empty."""
        if self._line.value:
            self._line.value = ""
        else:
            self.dismiss()

    def action_scroll(self, direction: str) -> None:
        """Scroll by lines or by pages."""
        lines = {"down": 3, "up": -3, "page_down": self._scrolled.size.height, "page_up": -self._scrolled.size.height}
        self._scrolled.scroll_relative(y=lines[direction], animate=False)

    def _show(self) -> None:
        found = [section.matching(self._line.value) for section in self._sections]
        room = self._scrolled.scrollable_content_region.width
        lines = [line for section in found if section.lines for line in _drawn(section, room)]
        self._text.update(
            Content("\n").join(lines)
            if lines
            else Content(format_keys("No matches. Press {close_help|Esc} to clear the search."))
        )


def _has(words: list[str], text: str) -> bool:
    folded = normalize(text)
    return all(word in folded for word in words)


def _drawn(section: Section, room: int) -> Iterator[Content]:
    yield Content.styled(section.title, "bold $text-accent")
    for name, meaning in section.lines:
        yield hanging_indent(Content.styled(f"  {name:<{_KEYS}}  ", "bold"), meaning, room)
    yield Content("")


def _sections(below: Screen[Any]) -> Iterator[Section]:
    """Yield the keys that act on a screen now, those of the focused pane first, then the words and the moving keys."""
    acting = [active for active in active_bindings(below) if not only_moves(active)]
    inner = [active for active in acting if isinstance(active.node, Screen | App)]
    own = [active for active in acting if active not in inner]
    if own:
        yield Section(f"This pane: {_pane_in_focus(below)}", _lines(own))
    yield Section("Keys of this screen", _lines(inner))
    yield Section("Terms", [(word, format_keys(meaning)) for word, meaning in _WORDS])
    yield Section("Moving", key_lines(below)[1])


def _pane_in_focus(screen: Screen[Any]) -> str:
    around = screen.focused.ancestors_with_self if screen.focused else []
    titles = (str(getattr(type(node), "BORDER_TITLE", "") or "") for node in around)
    return next((title.lstrip("0123456789 ") for title in titles if title), "form")


def _elsewhere(scopes: Iterable[KeyScope]) -> list[Section]:
    """Return all keys of the program, grouped by the place where they act."""
    rebound = own_keys.get()
    known: set[str] = set()
    sections = []
    for place in scopes:
        lines = [
            (_named(rebound.get(binding.id or "") or binding.key), binding.tooltip or binding.description)
            for binding in place.bindings
            if binding.id not in known and (binding.tooltip or binding.description)
        ]
        known |= {binding.id or "" for binding in place.bindings}
        sections += [Section(f"All keys: {place.name}", lines)] if lines else []
    return sections


def _named(keys: str) -> str:
    return " ".join(key_in_words(key) for key in keys.split(","))


def key_lines(screen: Screen[Any]) -> tuple[Lines, Lines]:
    """Return the active keys of a screen: those that act, and those that only move. Each action appears once."""
    active = list(active_bindings(screen))
    moving = [each for each in active if only_moves(each)]
    return _lines([each for each in active if each not in moving]), _lines(moving)


def _lines(bindings: list[ActiveBinding]) -> Lines:
    lines: dict[str, tuple[list[str], str]] = {}
    for active in bindings:
        binding = active.binding
        keys, _ = lines.setdefault(binding.id or binding.action, ([], words_of(active)))
        keys.append(name_of_key(binding))
    return [(" ".join(dict.fromkeys(keys)), words) for keys, words in lines.values()]
