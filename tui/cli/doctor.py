"""`airisk-tui doctor`: a line for each check, and what to do about the first that fails."""

from __future__ import annotations

import argparse
import sys
from collections.abc import AsyncIterator

import msgspec

from tui import clocks
from tui.airisk.diagnostics import DiagnosticResult, examine
from tui.audit.entry import describe_unknown
from tui.audit.reader import EntryFilter, read_since
from tui.background import run_async, run_in_thread
from tui.config.paths import audit_file, keys_file
from tui.config.settings import RawSettings
from tui.config.workspace import WorkspaceStore
from tui.errors import AIRiskError, AuditError, SettingsError
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


def check_keys() -> DiagnosticResult | None:
    """None where nobody wrote any: then nothing of the screens has to be imported."""
    if not keys_file().exists():
        return None
    from tui.app.app import AIRiskApp  # noqa: PLC0415
    from tui.app.keymap import read_keymap  # noqa: PLC0415

    started = clocks.precise()
    try:
        keymap = read_keymap(AIRiskApp)
        if keymap.faults:
            raise SettingsError(
                f"{keys_file()}, " + "; ".join(keymap.faults), advice="Those actions keep their usual keys."
            )
    except AIRiskError as error:
        return DiagnosticResult("keys", error.message, clocks.precise() - started, error.advice, error)
    number = len(keymap.keys)
    words = "1 action has a key" if number == 1 else f"{number} actions have keys"
    return DiagnosticResult("keys", f"{words} of your own", clocks.precise() - started)


def listed_keys() -> str:
    """Every action with its keys, as a `keys.toml` in which those that are as usual are comments."""
    from tui.app.app import AIRiskApp  # noqa: PLC0415
    from tui.app.keymap import read_keymap  # noqa: PLC0415
    from tui.screens.key_scopes import key_scopes  # noqa: PLC0415

    own = read_keymap(AIRiskApp).keys if keys_file().exists() else {}
    told: set[str] = {""}
    lines = [f"# {keys_file()}: take the # away from what is to be changed"]
    for place in key_scopes(AIRiskApp):
        new = {each.id or "": each for each in reversed(place.bindings) if each.id not in told}
        lines += [f"\n# {place.name}"] if new else []
        for name, binding in reversed(new.items()):
            keys = [_written(key) for key in own.get(name, binding.key).split(",")]
            line = f"{name} = {msgspec.json.encode(keys).decode()}  # {binding.tooltip or binding.description}"
            lines.append(("" if name in own else "# ") + line.rstrip("# "))
        told |= new.keys()
    return "\n".join(lines) + "\n"


def _written(key: str) -> str:
    """As one writes it: `/` for `slash`."""
    from textual.keys import format_key  # noqa: PLC0415

    shown = format_key(key)
    return shown if len(shown) == 1 and shown.isascii() else key


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
