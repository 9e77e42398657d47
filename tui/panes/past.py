"""One exchange of the history: what was asked in whose name, how it was answered, and whether it can be sent again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.airisk.models import Identity
from tui.bindings import key_label
from tui.format import duration, size
from tui.history.entry import BODY, HistoryEntry
from tui.panes.exchange import status_words
from tui.panes.history_rows import method_style, status_style
from tui.text import clean

_LONGEST = 2000
"""Columns of the terminal after which a text is cut."""


class PastPane(VerticalScroll):
    """What is known of the exchange under the cursor."""

    BORDER_TITLE = "Exchange"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "scroll_down", "Down", show=False, id="past_down", tooltip="Read on"),
        Binding("k,up", "scroll_up", "Up", show=False, id="past_up", tooltip="Read back"),
    ]

    def __init__(self) -> None:
        super().__init__(id="past")

    def compose(self) -> ComposeResult:
        """One text."""
        yield Static(id="past-words", markup=False)

    def show(self, past: HistoryEntry | None, now: Identity) -> None:
        """Tell of an exchange, and in whose name it would be sent again now."""
        words = Content("\n").join(_lines(past, now)) if past else Content("")
        self.query_one("#past-words", Static).update(words)


def why_not(past: HistoryEntry) -> tuple[str, str]:
    """Why it cannot be sent again, and what to do about it; nothing if it can."""
    if not past.left_out:
        return "", ""
    if BODY in past.left_out:
        words = "It cannot be sent again: its body was not kept."
        return words, "AIRISK_KEEP_BODIES=true keeps those of what is asked from then on."
    lacking = clean(", ".join(past.left_out), limit=200)
    return f"It cannot be sent again: {lacking} was not kept.", "Fill it in anew, in the explorer."


def _lines(past: HistoryEntry, now: Identity) -> Iterator[Content]:
    draft = past.draft
    path, _, query = draft.target.partition("?")
    yield Content.assemble(
        (f"{clean(draft.method, limit=10)} ", f"bold {method_style(draft.method)}"),
        (clean(path, limit=_LONGEST), "bold"),
        ("?" + clean(query, limit=_LONGEST), "$text-muted") if query else "",
    )
    answer = f"{past.status} {clean(past.reason or status_words(past.status), limit=60)}".strip()
    at = f"{past.at.astimezone():%d %b %Y, %H:%M:%S %z}"
    facts = Content(f" · {duration(past.seconds)} · {size(past.size)} · {at}")
    yield Content.styled(answer, f"bold {status_style(past.status)}".strip()) + facts
    yield _fact("as", f"{past.identity} ({past.identity.proof})" if past.identity.is_user else str(past.identity))
    yield from _again(past, now)
    for name, value in draft.headers:
        yield _fact("header", f"{name}: {value}")
    if past.has_content:
        yield _fact("body", "kept")


def _again(past: HistoryEntry, now: Identity) -> Iterator[Content]:
    message, advice = why_not(past)
    if message:
        yield Content.assemble((f"✗ {message}", "bold $text-warning"), f" {advice}")
        return
    yield _fact(key_label("replay_as_now", "F5"), f"again as now: {now}", style="bold $text-accent")
    switching = "" if past.identity == now else " (signs in first)" if past.identity.is_user else ""
    yield _fact(
        key_label("replay_as_it_was", "R"), f"again as it was: {past.identity}{switching}", style="bold $text-accent"
    )


def _fact(name: str, words: str, *, style: str = "$text-muted") -> Content:
    return Content.assemble((f"{name:<8}", style), clean(words, limit=_LONGEST))
