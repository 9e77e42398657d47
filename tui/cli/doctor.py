"""`airisk-tui doctor`: print a line per check, and advice for the first that fails."""

from __future__ import annotations

import argparse
import sys
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

from tui import clocks
from tui.airisk.diagnostics import DiagnosticResult, examine
from tui.airisk.http.har import HarRecorder
from tui.airisk.openapi.document import read_document
from tui.audit.entry import describe_unknown
from tui.audit.reader import EntryFilter, read_since
from tui.audit.recorder import open_audit_sink
from tui.background import run_async, run_in_thread
from tui.cli.output import print_json, write_failure
from tui.cli.session import warn
from tui.config.paths import audit_file, keys_file
from tui.config.settings import RawSettings
from tui.config.workspace import WorkspaceStore
from tui.errors import AIRiskError, AuditError
from tui.files import write_atomic
from tui.format import plural
from tui.text import clean


def run(raw: RawSettings, arguments: argparse.Namespace) -> int:
    """Print the checks.

    Raises:
        AIRiskError: the error of the failed check, which sets the exit code.
    """
    recorder = HarRecorder() if arguments.trace else None
    failure = run_async(_examine(raw, recorder, as_json=arguments.format == "json"))
    if recorder:
        _write_trace(recorder, arguments.trace)
    if failure:
        raise failure
    return 0


async def _examine(raw: RawSettings, recorder: HarRecorder | None, *, as_json: bool) -> AIRiskError | None:
    checks = []
    async for check in _all_checks(raw, recorder):
        checks.append(check)
        if not as_json:
            sys.stdout.write(_line(check))
            sys.stdout.flush()
    if as_json:
        print_json([_record(check) for check in checks])
    return next((check.error for check in checks if check.error), None)


async def _all_checks(raw: RawSettings, recorder: HarRecorder | None) -> AsyncIterator[DiagnosticResult]:
    """Yield the checks of keys and changes, those of `examine` up to an error, then those of the description."""
    for look in (check_keys, check_changes):
        if check := look():
            yield check
    async for each in examine(raw, partial(open_audit_sink, warn=warn), recorder=recorder):
        yield each
        if each.error:
            return
    async for each in check_description(raw):
        yield each


def _write_trace(recorder: HarRecorder, file: Path) -> None:
    """Write the HAR file, and say what is in it.

    Raises:
        OutputError: it cannot be written.
    """
    try:
        write_atomic(file, recorder.document())
    except OSError as error:
        raise write_failure(file, error) from None
    said = f"{plural(recorder.count, 'request')} recorded in {file}, with pseudonyms for all values."
    sys.stderr.write(f"airisk-tui: {said} Read it before you give it to anyone.\n")


def _line(check: DiagnosticResult) -> str:
    mark = "✗" if check.error else "!" if check.is_caution else "✓"
    return f"{mark} {check.name:<11} {clean(check.finding)}\n"


def _record(check: DiagnosticResult) -> dict[str, object]:
    return {
        "check": check.name,
        "ok": check.is_good,
        "finding": clean(check.finding),
        "advice": clean(check.advice),
        "milliseconds": round(check.seconds * 1000),
    }


def check_keys() -> DiagnosticResult | None:
    """Check the user's own keys; None without any."""
    if not keys_file().exists():
        return None
    from tui.cli.keys import check_own_keys  # noqa: PLC0415 - all screens, which have the keys

    return check_own_keys()


_SINCE = "1w"
"""Older changes are reported by `audit show` and `audit verify` only."""


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


async def check_description(raw: RawSettings) -> AsyncIterator[DiagnosticResult]:
    """Yield a caution for each problem in the imported description."""
    started = clocks.precise()
    try:
        described = await WorkspaceStore(str(raw.settings().origin)).document()
        if not described:
            return
        problems = (await run_in_thread(read_document, described)).problems
    except AIRiskError as error:
        yield DiagnosticResult("description", error.message, clocks.precise() - started, error.advice, is_caution=True)
        return
    for each in problems:
        yield DiagnosticResult("description", each, clocks.precise() - started, is_caution=True)
