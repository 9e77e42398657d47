"""The connection looked at step by step: what is well, what is not, and what to do about it."""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.airisk.diagnostics import STEPS, DiagnosticResult, examine
from tui.bindings import format_keys
from tui.config.settings import RawSettings
from tui.format import duration
from tui.panes.identity import IdentityBar
from tui.text import clean
from tui.widgets.key_bar import KeyBar
from tui.widgets.layout_text import hanging_indent

_NAME = 12
"""Columns."""


class DiagnosticsScreen(ModalScreen[None]):
    """What `airisk-tui doctor` prints, while it is found out.

    Args:
        told: the settings to look at.
        has_keyring: whether the OS keyring may be asked.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", "Close", id="leave_check", key_display="Esc", tooltip="Go back"),
        Binding("r", "again", "Again", id="check_again", tooltip="Look at everything once more"),
    ]

    def __init__(self, told: RawSettings, *, has_keyring: bool) -> None:
        super().__init__()
        self._told = told
        self._has_keyring = has_keyring

    def compose(self) -> ComposeResult:
        """Bar, and a line for each step."""
        yield IdentityBar()
        with VerticalScroll(classes="dialog choose", id="check") as dialog:
            dialog.border_title = "Check the connection"
            yield Static(id="check-steps", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        """Begin once it is known how much room there is for words."""
        self.call_after_refresh(self.action_again)

    def action_again(self) -> None:
        """Look at everything once more."""
        self._look()

    def action_leave(self) -> None:
        """Go back."""
        self.dismiss(None)

    @work(group="check", exclusive=True)
    async def _look(self) -> None:
        checks: list[DiagnosticResult] = []
        self._show(checks)
        async for check in examine(self._told, has_keyring=self._has_keyring):
            checks.append(check)
            self._show(checks)

    def _show(self, checks: list[DiagnosticResult]) -> None:
        entries = [entry for check in checks for entry in _found(check)]
        failed = any(not check.is_good for check in checks)
        for place, name in enumerate(STEPS[len(checks) :]):
            is_next = not place and not failed
            entries.append(_line("…" if is_next else "·", name, "looking" if is_next else "not reached", "$text-muted"))
        room = self.query_one("#check", VerticalScroll).scrollable_content_region.width
        lines = [hanging_indent(name, words, room, style) for name, words, style in entries]
        if failed:
            lines += [Content(""), Content(format_keys("{check_again|r} looks again once that is mended."))]
        elif len(checks) == len(STEPS):
            lines += [Content(""), Content.styled("All is well.", "bold $text-success")]
        self.query_one("#check-steps", Static).update(Content("\n").join(lines))


_Entry = tuple[Content, str, str]
"""A mark and a name, words, and their style."""


def _found(check: DiagnosticResult) -> list[_Entry]:
    if check.is_good:
        took = f" · {duration(check.seconds)}" if check.seconds > 0.001 else ""
        return [_line("✓", check.name, check.finding + took, "$text-success")]
    return [_line("✗", check.name, check.finding, "bold $text-error"), _line(" ", "", check.advice, "$text-warning")]


def _line(mark: str, name: str, words: str, style: str) -> _Entry:
    return Content.styled(f"{mark} {name:<{_NAME}}", style), clean(words), style if mark in "✗ " else ""
