"""Strict parser of `.env` files. Errors name the line, never the value."""

from __future__ import annotations

import errno
import io
import os
import re
import stat
from collections.abc import Container, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tui.errors import SettingsError
from tui.files import NotRegularFileError, read_bounded, refuse_others, write_atomic

if TYPE_CHECKING:
    from dotenv.parser import Binding

SIZE_CAP = 64 * 1024
"""Bytes; anything larger is not a settings file."""

_FORMAT = "Write lines of the form NAME=VALUE, each name once."

_BOM = "\ufeff"
_LINE_END = re.compile(r"\r\n|\r|\n")
_MERGE_MARKER = re.compile(r"(<{7}|={7}|>{7}|\|{7})(\s|$)")


def read_env_file(path: Path) -> dict[str, str]:
    """Read every assignment of the file, with nothing expanded: `$`, `#` and `%` in a value stay as they are.

    Raises:
        SettingsError: others could have written the file, it is unreadable or not UTF-8, or a line is no assignment.
    """
    text = _text(path, is_own=True).removeprefix(_BOM)
    for number, line in enumerate(_LINE_END.split(text), start=1):
        if _MERGE_MARKER.match(line):
            raise _invalid(path, number, "is a marker of a merge conflict")
    return _assignments(path, text)


def rewrite_env_file(path: Path, changes: Mapping[str, str | None]) -> None:
    """Set names, or remove those whose value is None. All other lines stay unchanged.

    The file is replaced atomically, and afterwards only its owner can read it.

    Raises:
        SettingsError: the file cannot be read or written, or cannot hold a value.
    """
    text = _text(path) if os.path.lexists(path) else ""
    mark = _BOM if text.startswith(_BOM) else ""
    end = "\r\n" if "\r\n" in text else "\n"
    kept = "".join(_without(changes, each) for each in _bindings(text.removeprefix(mark)))
    added = "".join(f"{name}={_quoted(name, value)}{end}" for name, value in changes.items() if value is not None)
    separator = end if added and kept and not kept.endswith(("\n", "\r")) else ""
    _replace(path, mark + kept + separator + added)


def _bindings(text: str) -> Iterator[Binding]:
    from dotenv.parser import parse_stream  # noqa: PLC0415 - not needed where there is no .env

    return parse_stream(io.StringIO(text))


def _without(names: Container[str | None], binding: Binding) -> str:
    """Return the binding's lines, or only the blank lines before it if it sets one of the names."""
    lines = binding.original.string
    if binding.key not in names:
        return lines
    blank = lines[: len(lines) - len(lines.lstrip())]
    return blank[: max(blank.rfind("\n"), blank.rfind("\r")) + 1]


def _quoted(name: str, value: str) -> str:
    if not value.isprintable() or "'" in value or "\\" in value:
        raise SettingsError(f"{name} contains a character that .env cannot store.", advice="Set it in the environment.")
    return value if re.fullmatch(r"[\w./:@-]*", value) else f"'{value}'"


def _replace(path: Path, text: str) -> None:
    try:
        write_atomic(path, text.encode())
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be written: {error.strerror}.", advice="Check its permissions. Nothing was changed."
        ) from None


def _text(path: Path, *, is_own: bool = False) -> str:
    """Read the file. If `is_own`, refuse it where others could have written it."""
    try:
        found = path.lstat()
        if is_own and (stat.S_ISREG(found.st_mode) or stat.S_ISLNK(found.st_mode)):
            refuse_others(path, found, path.parent.stat())
        # It may have been replaced in the meantime, by a link or by another user's file.
        check = partial(refuse_others, path, folder=path.parent.stat()) if is_own else None
        data = read_bounded(path, SIZE_CAP, follows=not is_own, check=check)
    except NotRegularFileError:
        kind = "a directory" if path.is_dir() else "a pipe or a device"
        raise SettingsError(f"{path} is {kind}, not a settings file.", advice="Name the file itself.") from None
    except FileNotFoundError:
        raise SettingsError(f"{path} does not exist.", advice="Check its path.") from None
    except (OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno == errno.EFBIG:
            raise SettingsError(f"{path} is larger than 64 kB.", advice=_FORMAT) from None
        reason = getattr(error, "strerror", None) or "invalid path"
        raise SettingsError(f"{path} cannot be read: {reason}.", advice="Check its permissions.") from None
    return _decoded(data, path)


def _decoded(data: bytes, path: Path) -> str:
    problem = ""
    try:
        text = data.decode("utf-8")
        readable, nul, _ = text.partition("\0")
        problem = "contains a NUL character" if nul else ""
    except UnicodeDecodeError as error:
        readable, problem = data[: error.start].decode("latin-1"), "is not UTF-8 text"
    if problem:
        # Not raised above: the decoder's error contains the whole file.
        raise _invalid(path, _lines_begun(readable), problem, advice="Save the file as UTF-8.")
    return readable


def _lines_begun(text: str) -> int:
    return 1 + len(_LINE_END.findall(text))


def _assignments(path: Path, text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    line = 1
    for binding in _bindings(text):
        whole = binding.original.string
        number = line - 1 + _lines_begun(whole[: len(whole) - len(whole.lstrip())])
        line += _lines_begun(whole) - 1
        if binding.error:
            raise _invalid(path, number, "is not NAME=VALUE", advice="Check for an unclosed quote.")
        if binding.key is None:
            continue
        if binding.value is None:
            raise _invalid(path, number, "has no = sign")
        if binding.key in found:
            raise _invalid(path, number, "sets a name for the second time")
        found[binding.key] = binding.value
    return found


def _invalid(path: Path, line: int, problem: str, *, advice: str = _FORMAT) -> SettingsError:
    return SettingsError(f"{path}, line {line} {problem}.", advice=advice)
