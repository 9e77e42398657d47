"""Changes that were cut off: whether AIRisk was asked for them is unknown, and somebody has to look."""

from __future__ import annotations

from tui import clocks
from tui.airisk.diagnostics import DiagnosticResult
from tui.config.paths import audit_file
from tui.errors import AuditError
from tui.journal.intents import in_words
from tui.journal.showing import Search, read_since

_SINCE = "1w"
"""Older ones are told by `audit show` and `audit verify` only."""


def check_changes() -> DiagnosticResult | None:
    """Return None where each change of the last week has an outcome."""
    started = clocks.precise()
    search = Search(since=read_since(_SINCE))
    try:
        for _ in search.entries(audit_file()):
            pass
    except AuditError as error:
        return DiagnosticResult("audit trail", error.message, clocks.precise() - started, error.advice, is_caution=True)
    if not search.unknown:
        return None
    return DiagnosticResult("changes", in_words(search.unknown), clocks.precise() - started, is_caution=True)
