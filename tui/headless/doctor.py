"""`airisk-tui doctor`: a line for each check, and what to do about the first that fails."""

from __future__ import annotations

import argparse
import sys
from collections.abc import AsyncIterator

import msgspec

from tui.airisk.diagnostics import DiagnosticResult, examine
from tui.background import run_async
from tui.config.settings import RawSettings
from tui.errors import AIRiskError
from tui.headless.changes import check_changes
from tui.headless.description import check_description
from tui.headless.keys import check_keys, listed_keys
from tui.text import clean


def run(told: RawSettings, arguments: argparse.Namespace) -> int:
    """Print the checks.

    Raises:
        AIRiskError: what the failed check found, so that the exit code is its own.
    """
    if arguments.keys:
        sys.stdout.write(listed_keys())
        return 0
    failure = run_async(_examine(told, as_json=arguments.json))
    if failure:
        raise failure
    return 0


async def _examine(told: RawSettings, *, as_json: bool) -> AIRiskError | None:
    checks = []
    async for check in _all_checks(told):
        checks.append(check)
        if not as_json:
            sys.stdout.write(_line(check))
            sys.stdout.flush()
    if as_json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode([_record(check) for check in checks])).decode() + "\n")
    return next((check.error for check in checks if check.error), None)


async def _all_checks(told: RawSettings) -> AsyncIterator[DiagnosticResult]:
    """What keeps nothing else from being looked at first: the person's own keys, and changes that were cut off."""
    for look in (check_keys, check_changes):
        if check := look():
            yield check
    async for each in examine(told):
        yield each
        if each.error:
            return
    async for each in check_description(told):
        yield each


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
