"""What the keys do and what the words mean, made from the bindings themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

from tui.keys import active_bindings, only_moves, words_of
from tui.panes.identity import IdentityBar

_WORDS = (
    ("act as", "sign in as a user, so that every request is theirs, with their permissions"),
    ("generic", "the application itself: it may list users, and nothing else"),
    ("proven", "the token itself names the user, and it is the one you chose"),
    ("asserted", "AIRisk gave the token for that user; the token does not say whose it is"),
    ("* field", "required; an empty field without it is not sent"),
    ("{{agent.id}}", "what an answer told last, or what = picked; others are offered while {{ is typed"),
)


class HelpScreen(ModalScreen[None]):
    """All keys of the screen below, those of the pane in focus first.

    Args:
        below: the screen that help was asked on.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,f1", "dismiss", "Close", id="close_help"),
        Binding("j,down", "scroll('down')", show=False, id="help_down"),
        Binding("k,up", "scroll('up')", show=False, id="help_up"),
    ]

    def __init__(self, below: Screen[Any]) -> None:
        super().__init__()
        self._below = below

    def compose(self) -> ComposeResult:
        """The bar, and one long text."""
        yield IdentityBar()
        with VerticalScroll(id="help") as scroll:
            scroll.border_title = "Help"
            scroll.border_subtitle = "Esc closes"
            yield Static(Content("\n").join(self._lines()))

    def action_scroll(self, direction: str) -> None:
        """Read on, or back."""
        scroll = self.query_one("#help", VerticalScroll)
        scroll.scroll_relative(y=3 if direction == "down" else -3, animate=False)

    def _lines(self) -> Iterator[Content]:
        acting, moving = key_lines(self._below)
        for title, entries in (("Keys", acting), ("Words", _WORDS), ("Moving", moving)):
            yield Content.styled(title, "bold $text-accent")
            for name, meaning in entries:
                yield Content.assemble((f"  {name:<16}", "bold"), meaning)
            yield Content("")


def key_lines(screen: Screen[Any]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The keys of a screen just now with what they do: those that act, and those that only move. Each action once."""
    acting: dict[str, tuple[list[str], str]] = {}
    moving: dict[str, tuple[list[str], str]] = {}
    for active in active_bindings(screen):
        lines, binding = moving if only_moves(active) else acting, active.binding
        lines.setdefault(binding.id or binding.action, ([], words_of(active)))[0].append(
            screen.app.get_key_display(binding)
        )
    return _joined(acting), _joined(moving)


def _joined(lines: dict[str, tuple[list[str], str]]) -> list[tuple[str, str]]:
    return [(" ".join(dict.fromkeys(keys)), words) for keys, words in lines.values()]
