"""The OpenAPI description that was imported: what of it was left out, or understood in part."""

from __future__ import annotations

from collections.abc import AsyncIterator

from tui import clocks
from tui.airisk.diagnostics import DiagnosticResult
from tui.background import run_in_thread
from tui.config.settings import RawSettings
from tui.config.workspace import WorkspaceStore
from tui.errors import AIRiskError


async def check_description(told: RawSettings) -> AsyncIterator[DiagnosticResult]:
    """Yield a caution for each part of it that is not offered as it is described; nothing where all is."""
    started = clocks.precise()
    try:
        described = await WorkspaceStore(str(told.settings().origin)).document()
        if not described:
            return
        from tui.airisk.openapi.document import read_document  # noqa: PLC0415 - only where there is one

        problems = (await run_in_thread(read_document, described)).problems
    except AIRiskError as error:
        yield DiagnosticResult("description", error.message, clocks.precise() - started, error.advice, is_caution=True)
        return
    for each in problems:
        yield DiagnosticResult("description", each, clocks.precise() - started, is_caution=True)
