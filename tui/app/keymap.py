"""The user's own key bindings: `keys.toml` in the configuration directory.

    vim = false             # hjkl, g and G no longer move
    matrix = "M"            # an action, and the key that does it
    filter = ["/", "ctrl+f"]

An invalid line is reported by its number, and its action keeps its usual key.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from textual.app import App
from textual.binding import Binding
from textual.keys import KEY_NAME_REPLACEMENTS, Keys

from tui.config.paths import keys_file
from tui.errors import SettingsError
from tui.files import read_bounded
from tui.screens.key_scopes import bindings, key_scopes

_VIM = frozenset("hjklgG")
_MODIFIED = re.compile(r"((ctrl|alt|shift|super|meta)\+)+")
_NAMED = {key.value for key in Keys} | {"comma"}
_SIZE_CAP = 64 * 1024
"""Bytes; anything larger is not a file of keys."""


@dataclass(frozen=True, slots=True)
class Keymap:
    """Keys by binding id, in Textual's format, and the errors in the other lines."""

    keys: Mapping[str, str]
    faults: tuple[str, ...] = ()


def read_keymap(app: type[App[None]]) -> Keymap:
    """Read the file and check it against all bindings. Blocks.

    Raises:
        SettingsError: it cannot be read, or is not TOML; with the line.
    """
    text, table = _parsed(keys_file())
    known = bindings(app)
    has_vim = table.pop("vim", True)
    usual = {} if has_vim is True else dict(_without_letters(known))
    faults = {name: fault for name, value in table.items() if (fault := _fault(name, value, known))}
    wanted = {name: _joined(value) for name, value in table.items() if name not in faults}
    while clash := next(_clashes(wanted, usual, app), None):  # An action that keeps its usual key may conflict in turn.
        faults |= [clash]
        del wanted[clash[0]]
    if not isinstance(has_vim, bool):
        faults["vim"], usual = "vim must be true or false.", {}
    numbered = sorted((_line(text, name), fault) for name, fault in faults.items())
    return Keymap({**usual, **wanted}, tuple(f"line {number}: {fault}" for number, fault in numbered))


def _parsed(path: Path) -> tuple[str, dict[str, object]]:
    try:
        text = read_bounded(path, _SIZE_CAP).decode()
        return text, tomllib.loads(text)
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8 text"
        raise SettingsError(f"{path} could not be read: {reason}.", advice="The default keys are active.") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SettingsError(f"{path} is not valid TOML: {error}.", advice="The default keys are active.") from None


def _fault(name: str, value: object, known: Mapping[str, Binding]) -> str:
    if name not in known:
        near = get_close_matches(name, known, n=1)
        advice = f"Did you mean {near[0]}?" if near else "`airisk-tui keys` lists all."
        return f"unknown action {name}. {advice}"
    keys = _listed(value)
    if not keys:
        return f"{name} has no key. Write one in quotes, or several in brackets."
    strange = next((key for key in keys if not _is_key(key)), None)
    return "" if strange is None else f"{strange!r} is not a key. Examples: x, ctrl+x, f6, enter."


def _listed(value: object) -> list[str]:
    values: list[object] = value if isinstance(value, list) else [value]
    texts = [each for each in values if isinstance(each, str) and each]
    return texts if len(texts) == len(values) else []


def _joined(value: object) -> str:
    return ",".join(map(_long, _listed(value)))


def _long(key: str) -> str:
    """Return a key in Textual's spelling: the Unicode name for punctuation."""
    if len(key) == 1 and not key.isalnum():
        name = unicodedata.name(key, key).lower().replace("-", "_").replace(" ", "_")
        return KEY_NAME_REPLACEMENTS.get(name, name)
    return key


def _is_key(key: str) -> bool:
    last = _MODIFIED.sub("", key)
    return key in _NAMED or (len(last) == 1 and last.isprintable() and not last.isspace()) or last in _NAMED


def _clashes(wanted: Mapping[str, str], usual: Mapping[str, str], app: type[App[None]]) -> Iterator[tuple[str, str]]:
    """Yield the actions that share a key with another action in the same place, each with a message."""
    keymap = {**usual, **wanted}
    for place in key_scopes(app):
        here = {each.id: set(keymap.get(each.id, each.key).split(",")) for each in place.bindings if each.id}
        for name in (each for each in wanted if each in here):
            for other, keys in here.items():
                if other != name and (taken := keys & here[name]):
                    yield name, f"{min(taken)} for {name} is already the key of {other} ({place.name})."


def _without_letters(known: Mapping[str, Binding]) -> Iterator[tuple[str, str]]:
    """Yield the bindings that have other keys than vi's letters, with those keys."""
    for name, binding in known.items():
        keys = binding.key.split(",")
        others = [key for key in keys if key not in _VIM]
        if others and len(others) < len(keys):
            yield name, ",".join(others)


def _line(text: str, name: str) -> int:
    found = re.search(rf"^[ \t]*[\"']?{re.escape(name)}[\"']?[ \t]*=", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else 1
