"""`airisk-tui audit show` and `audit verify`: print entries of the audit trail, and check that it is intact."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

import msgspec

from tui.audit.entry import AuditEntry, describe_unknown
from tui.audit.reader import EntryFilter, read_since
from tui.audit.storage import AuditFiles
from tui.audit.verify import VerifyResult
from tui.audit.verify import verify as examine
from tui.cli.output import print_csv, print_json, print_table
from tui.config.paths import audit_file, runs_directory
from tui.errors import AuditError
from tui.format import count, size
from tui.text import clean, clean_lines

COLUMNS = ("time (UTC)", "os user", "event", "identity", "name", "token", "request", "status", "ms", "size", "why")


def show(arguments: argparse.Namespace) -> int:
    """Print the matching entries, and return 0 even if there are none.

    Raises:
        SettingsError: --since is not a time.
        AuditError: the trail cannot be read.
    """
    since = read_since(arguments.since) if arguments.since else ""
    search = EntryFilter(arguments.user, arguments.status, since)
    {"json": _print_json, "csv": _print_csv, "table": _print_table}[arguments.format](search.entries(audit_file()))
    if search.unreadable:
        lines = (
            "1 line is not a valid entry"
            if search.unreadable == 1
            else f"{search.unreadable} lines are not valid entries"
        )
        sys.stderr.write(f"airisk-tui: {lines}. Run `airisk-tui audit verify`.\n")
    if search.unknown:
        sys.stderr.write(f"airisk-tui: {clean(describe_unknown(search.unknown))}\n")
    return 0


class _Outcome(msgspec.Struct):
    """Whether the trail is intact, how many entries are, and what there is to say."""

    ok: bool
    entries: int
    messages: list[str]


def verify(arguments: argparse.Namespace) -> int:
    """Print the number of valid entries, or the first fault and return 1; also print changes of unknown outcome.

    With `expects`, also print whether the trail has that entry, and return 1 if not.

    Raises:
        AuditError: the trail cannot be read.
    """
    path = arguments.file or audit_file()
    if arguments.file and not _is_there(path):
        raise AuditError(f"{path} does not exist.", advice="Omit FILE to verify your own audit trail.")
    outcome = _verified(path, arguments.expects) if _is_there(path) else _missing(path, arguments.expects)
    if arguments.format == "json":
        print_json(outcome)
    else:
        sys.stdout.writelines(f"{message}\n" for message in outcome.messages)
    return 0 if outcome.ok else 1


def _verified(path: Path, expected: tuple[int, str] | None) -> _Outcome:
    verdict = examine(path, expected)
    found = [_expectation(expected[0], verdict)] if expected else []
    if verdict.error:
        return _Outcome(ok=False, entries=verdict.entries, messages=[clean(str(verdict.error)), *found])
    entries = "1 entry" if verdict.entries == 1 else f"{count(verdict.entries)} entries"
    torn = " A partial last line, left by a killed program, is ignored." if verdict.has_torn_line else ""
    unknown = [clean(describe_unknown(verdict.unknown))] if verdict.unknown else []
    messages = [f"OK: {entries} verified.{torn}", *found, *unknown]
    return _Outcome(ok=verdict.expected is not False, entries=verdict.entries, messages=messages)


def _expectation(number: int, verdict: VerifyResult) -> str:
    """Return in words whether the trail has the entry that was expected."""
    if verdict.expected:
        return f"Entry {number} is the expected one. Neither it nor any entry before it was changed."
    if verdict.entries >= number:
        return f"Entry {number} is not the expected one: it or one before it was changed, or the trail is another one."
    if verdict.error:
        return f"Entry {number} cannot be verified, because it comes after this."
    return f"Entry {number} is missing: the end of the trail was cut off, or the trail is another one."


def _missing(path: Path, expected: tuple[int, str] | None) -> _Outcome:
    """Return whether it is right that there is no trail; files of earlier runs show that it was deleted."""
    was_deleted = any(AuditFiles.of(path).runs.glob("*")) or any(runs_directory().rglob("*.jsonl"))
    why = "It was deleted: files of earlier runs exist." if was_deleted else "Nothing was recorded yet."
    found = [_expectation(expected[0], VerifyResult(0))] if expected else []
    where = clean(str(path.parent))
    return _Outcome(ok=not (was_deleted or expected), entries=0, messages=[f"No audit trail in {where}. {why}", *found])


def _is_there(path: Path) -> bool:
    try:
        return AuditFiles.of(path).exist()
    except OSError as error:
        raise AuditError(f"{path} cannot be read: {error.strerror}.", advice="Check its path.") from None


def _print_json(entries: Iterable[AuditEntry]) -> None:
    write = sys.stdout.write
    joint = "[\n  "
    for entry in entries:
        text = msgspec.json.encode(entry).decode()
        write(joint + (clean_lines(text) if sys.stdout.isatty() else text))
        joint = ",\n  "
    write("[]\n" if joint.startswith("[") else "\n]\n")


def _print_csv(entries: Iterable[AuditEntry]) -> None:
    print_csv(chain([AuditEntry.__struct_fields__], map(_fields, entries)))


def _fields(entry: AuditEntry) -> Iterator[str]:
    return ("" if value is None else str(value) for value in msgspec.structs.astuple(entry))


def _print_table(entries: Iterable[AuditEntry]) -> None:
    if rows := [_cells(entry) for entry in entries]:
        print_table(COLUMNS, rows)
    else:
        sys.stderr.write("airisk-tui: No entries.\n")


def _cells(entry: AuditEntry) -> tuple[str, ...]:
    return (
        entry.time.replace("T", " ").removesuffix("Z"),
        entry.os_user,
        entry.event,
        entry.identity,
        entry.name,
        entry.subject_check,
        f"{entry.method} {entry.path}".strip(),
        "" if entry.status is None else str(entry.status),
        "" if entry.milliseconds is None else str(entry.milliseconds),
        "" if entry.bytes is None else size(entry.bytes),
        _words(entry),
    )


def _words(entry: AuditEntry) -> str:
    return f"not sent: {entry.why}" if entry.sent is False else entry.why or entry.reason
