"""Check the connection step by step: what works, what fails, and how to fix it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.airisk.diagnostics import STEPS, DiagnosticResult, examine
from tui.audit.recorder import open_audit_sink
from tui.config.settings import RawSettings
from tui.errors import AuditError
from tui.format import duration
from tui.key_labels import format_keys
from tui.screens.common_bindings import HELP, STOP_ACTING
from tui.screens.dialogs import Dialog
from tui.text import clean, with_advice
from tui.widgets.hanging_indent import hanging_indent

_NAME = 12
"""Columns."""


class DiagnosticsScreen(Dialog[None]):
    """Live results of `airisk-tui doctor`.

    Args:
        raw_settings: the raw settings to check.
        has_keyring: whether the OS keyring may be read.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", "Back", id="leave_check", key_display="Esc", tooltip="Go back"),
        Binding("r", "again", "Check again", id="check_again", tooltip="Run all checks again"),
        STOP_ACTING,
        HELP,
    ]

    def __init__(self, raw_settings: RawSettings, *, has_keyring: bool) -> None:
        super().__init__("Check the connection", VerticalScroll(classes="choose", id="check"))
        self._steps = Static(id="check-steps", markup=False)
        self._raw_settings = raw_settings
        self._has_keyring = has_keyring

    def body(self) -> ComposeResult:
        """Compose a line for each step."""
        yield self._steps

    def on_mount(self) -> None:
        """Start once the width for texts is known."""
        self.call_after_refresh(self.action_again)

    def action_again(self) -> None:
        """Run all checks again."""
        self._look()

    @work(group="check", exclusive=True)
    async def _look(self) -> None:
        checks, warnings = list[DiagnosticResult](), list[AuditError]()
        self._show(checks, warnings)
        open_audit = partial(open_audit_sink, warn=warnings.append)
        async for check in examine(self._raw_settings, open_audit, has_keyring=self._has_keyring):
            checks.append(check)
            self._show(checks, warnings)

    def _show(self, checks: Sequence[DiagnosticResult], warnings: Sequence[AuditError]) -> None:
        entries = [entry for check in checks for entry in _found(check)]
        failed = any(not check.is_good for check in checks)
        for place, name in enumerate(STEPS[len(checks) :]):
            is_next = not place and not failed
            entries.append(_line("…" if is_next else "·", name, "checking…" if is_next else "skipped", "$text-muted"))
        entries += [
            _line("!", "audit trail", with_advice(each.message, each.advice), "$text-warning") for each in warnings
        ]
        room = self.frame.scrollable_content_region.width
        lines = [hanging_indent(name, words, room, style) for name, words, style in entries]
        if failed:
            lines += [Content(""), Content(format_keys("Fix this, then press {check_again|r} to check again."))]
        elif len(checks) == len(STEPS):
            lines += [Content(""), Content.styled("All checks passed.", "bold $text-success")]
        self._steps.update(Content("\n").join(lines))


_Entry = tuple[Content, str, str]
"""Mark and name, text, and its style."""


def _found(check: DiagnosticResult) -> list[_Entry]:
    if check.is_good:
        took = f" · {duration(check.seconds)}" if check.seconds > 0.001 else ""
        return [_line("✓", check.name, check.finding + took, "$text-success")]
    return [_line("✗", check.name, check.finding, "bold $text-error"), _line(" ", "", check.advice, "$text-warning")]


def _line(mark: str, name: str, words: str, style: str) -> _Entry:
    return Content.styled(f"{mark} {name:<{_NAME}}", style), clean(words), style if mark in "✗ " else ""
