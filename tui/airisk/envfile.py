"""A `.env` file, read strictly: each fault is named by its line, never by its value."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Mapping
from pathlib import Path

from tui.airisk.errors import SettingsError

SIZE_CAP = 64 * 1024
"""Bytes; anything larger is not a settings file."""

_MERGE_MARKER = re.compile(r"(<{7}|={7}|>{7}|\|{7})(\s|$)")


def read_env_file(path: Path) -> dict[str, str]:
    """Read every assignment of the file, with nothing expanded: `$`, `#` and `%` in a value stay as they are.

    Raises:
        SettingsError: the file cannot be read, is not UTF-8 text, or a line of it is not an assignment.
    """
    text = _text(path)
    for number, line in enumerate(text.splitlines(), start=1):
        if _MERGE_MARKER.match(line):
            raise _fault(path, number, "is a merge marker")
    return _assignments(path, text)


def rewrite_env_file(path: Path, changes: Mapping[str, str | None]) -> None:
    """Set names, or remove those whose value is None; every other line stays as it is.

    The file is replaced at once and whole, and afterwards only its owner can read it.

    Raises:
        SettingsError: the file cannot be read or written, or a value cannot stand in such a file.
    """
    from dotenv.parser import parse_stream  # noqa: PLC0415 - not needed where there is no .env

    text = _text(path) if path.exists() else ""
    kept = [each.original.string for each in parse_stream(io.StringIO(text)) if each.key not in changes]
    added = [f"{name}={_quoted(name, value)}\n" for name, value in changes.items() if value is not None]
    separator = "" if not kept or kept[-1].endswith("\n") else "\n"
    _replace(path, "".join(kept) + separator + "".join(added))


def _quoted(name: str, value: str) -> str:
    if not value.isprintable() or "'" in value or "\\" in value:
        raise SettingsError(f"{name} holds a character that .env cannot hold.", advice="Set it in the environment.")
    return value if re.fullmatch(r"[\w./:@-]*", value) else f"'{value}'"


def _replace(path: Path, text: str) -> None:
    target = path.resolve()
    fresh = target.with_name(f"{target.name}.{os.getpid()}.new")
    try:
        fresh.touch(mode=0o600, exist_ok=False)
        with fresh.open("w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(target)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise SettingsError(f"{path} cannot be written: {error.strerror}.", advice="Nothing was changed.") from None


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(SIZE_CAP + 1)
    except IsADirectoryError:
        raise SettingsError(f"{path} is a directory, not a settings file.", advice="Name the file itself.") from None
    except FileNotFoundError:
        raise SettingsError(f"{path} does not exist.", advice="See .env.example for what it holds.") from None
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}.", advice="Check who may read it.") from None
    if len(data) > SIZE_CAP:
        raise SettingsError(f"{path} is larger than 64 kB.", advice="It should hold a few lines NAME=VALUE.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _fault(path, line, "is not UTF-8 text", advice="Save the file as UTF-8.") from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise _fault(path, line, "holds a NUL character", advice="Save the file as UTF-8.")
    return text


def _assignments(path: Path, text: str) -> dict[str, str]:
    from dotenv.parser import parse_stream  # noqa: PLC0415 - not needed where there is no .env

    found: dict[str, str] = {}
    for binding in parse_stream(io.StringIO(text)):
        blank_lines = len(binding.original.string) - len(binding.original.string.lstrip("\r\n"))
        number = binding.original.line + binding.original.string[:blank_lines].count("\n")
        if binding.error:
            raise _fault(path, number, "is not NAME=VALUE", advice="Look for a quote that is not closed.")
        if binding.key is None:
            continue
        if binding.value is None:
            raise _fault(path, number, "has a name and no =")
        if binding.key in found:
            raise _fault(path, number, "sets a name that was set before")
        found[binding.key] = binding.value
    return found


def _fault(
    path: Path, line: int, fault: str, *, advice: str = "See .env.example for what it should hold."
) -> SettingsError:
    return SettingsError(f"{path}, line {line} {fault}.", advice=advice)
