"""Changes that were cut off: whether AIRisk was asked for them is unknown, and somebody has to look."""

from __future__ import annotations

from tui import clocks
from tui.airisk.diagnostics import DiagnosticResult
from tui.audit.entry import describe_unknown
from tui.audit.reader import EntryFilter, read_since
from tui.config.paths import audit_file
from tui.errors import AuditError

_SINCE = "1w"
"""Older ones are told by `audit show` and `audit verify` only."""


def check_changes() -> DiagnosticResult | None:
    """Return None where each change of the last week has an outcome."""
    started = clocks.precise()
    search = EntryFilter(since=read_since(_SINCE))
    try:
        for _ in search.entries(audit_file()):
            pass
    except AuditError as error:
        return DiagnosticResult("audit trail", error.message, clocks.precise() - started, error.advice, is_caution=True)
    if not search.unknown:
        return None
    return DiagnosticResult("changes", describe_unknown(search.unknown), clocks.precise() - started, is_caution=True)
