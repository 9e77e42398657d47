"""Policies, rules and values as people write them, in YAML or TOML, checked with the line of each problem."""

from __future__ import annotations

import difflib
import errno
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tomllib import TOMLDecodeError, loads
from typing import Any, TypeVar

import msgspec

from tui.decoding import convert
from tui.errors import OpenAPIError, RulesFileError
from tui.files import read_bounded

T = TypeVar("T")

_MOST_BYTES = 4_000_000
_STEP = re.compile(r"\.(\w+)|\[(\d+)\]")
_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`")
_MISSING = re.compile(r"Object missing required field `(.*)`")
_NOT_A_DATE = "Invalid RFC3339 encoded date"
_WRONG_TYPE = re.compile(r"Expected `(.*)`, got `(.*)`")
_WRONG_CHOICE = re.compile(r"Invalid enum value '?(.*?)'?")
_TYPES = {
    "str": "text",
    "int": "a number",
    "float": "a decimal number",
    "bool": "true or false",
    "null": "empty",
    "array": "a list",
    "object": "a mapping (NAME: VALUE)",
    "date": "a date (such as 2026-12-31)",
    "datetime": "a date with a time",
    "time": "a time",
}
"""The types that msgspec names, in words; an expected one also with what is in parentheses."""
_UNNAMED = {"float", "null"}
"""Expected types that need no words: `int` stands beside `float`, and a member that may be empty may be omitted."""

Steps = tuple[str | int, ...]
"""Names and indexes from the top of a file to a part of it."""

Check = Callable[[Any], str]
"""Returns what is wrong with an entry that has the right members, or an empty text."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a file that cannot be used, and its line."""

    line: int
    text: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.text}"


@dataclass(frozen=True, slots=True)
class StructuredFile:
    """The structure in a file; `line` returns the line of a part, or of the nearest part around it."""

    name: str
    value: Any
    line: Callable[[Steps], int] = field(repr=False)

    @classmethod
    def read(cls, path: Path) -> StructuredFile:
        """Read a file of YAML (also JSON) or TOML. Blocks.

        Raises:
            RulesFileError: the file cannot be read, or is neither; the message has the line if it is known.
        """
        try:
            content = read_bounded(path, _MOST_BYTES)
        except OSError as error:
            advice = "Use patterns instead of long lists." if error.errno == errno.EFBIG else "Check its path."
            raise RulesFileError(f"{path} cannot be read: {error.strerror}.", advice=advice) from None
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise RulesFileError(f"{path} is not UTF-8 text.", advice="Save it as UTF-8.") from None
        return cls.of_toml(str(path), text) if path.suffix.lower() == ".toml" else cls._of_yaml(str(path), text)

    @classmethod
    def of_toml(cls, name: str, text: str) -> StructuredFile:
        """Parse TOML.

        Raises:
            RulesFileError: it is not TOML.
        """
        try:
            value = loads(text)
        except (TOMLDecodeError, RecursionError) as error:
            raise RulesFileError(f"{name} is not TOML: {error}.", advice="Correct it, or use YAML.") from None
        lines = text.splitlines()
        return cls(name, value, lambda steps: _toml_line(lines, steps))

    @classmethod
    def _of_yaml(cls, name: str, text: str) -> StructuredFile:
        from tui.airisk.openapi.yaml_loader import read_yaml  # noqa: PLC0415 - PyYAML, for few

        try:
            value, containers = read_yaml(text)
        except OpenAPIError as error:
            where = f", line {error.line}" if error.line else ""
            raise RulesFileError(
                f"{name}{where} is not YAML: {error.reason}.", advice="Correct it, or use TOML."
            ) from None
        lines = text.splitlines()

        def line(steps: Steps) -> int:
            around, found = (containers.line(_pointer(each)) for each in (steps[:-1], steps))
            return _line_of_key(lines, around, steps[-1]) if steps and found == around else found

        return cls(name, value, line)

    def problems(self, kind: type, lists: Mapping[str, tuple[type, Check]]) -> list[Problem]:
        """Return every problem of a file, at most one for each entry of its lists.

        Args:
            kind: the type of the whole.
            lists: the name of each list, with the type of its entries and what checks one.
        """
        value = self.value
        parts = {name: value[name] for name in lists if name in value} if isinstance(value, Mapping) else {}
        parts = {name: part for name, part in parts.items() if isinstance(part, list)}
        found = list(self.problems_of({**value, **{name: [] for name in parts}} if parts else value, kind))
        for name, part in parts.items():
            entry_kind, check = lists[name]
            for number, entry in enumerate(part):
                found += self.problems_of(entry, entry_kind, (name, number), check)
        return sorted(found, key=lambda problem: problem.line)

    def problems_of(self, value: Any, kind: type, at: Steps = (), check: Check = lambda _: "") -> Iterator[Problem]:
        """Yield the problem of one part of a file, if it has one.

        Args:
            value: the part.
            kind: its type.
            at: where it is.
            check: checks it once it has that type.
        """
        try:
            text, steps = check(convert(value, kind)), at
        except msgspec.ValidationError as error:
            text, steps = _in_words(str(error), kind, at)
        if text:
            yield Problem(self.line(steps), _entry(value, at) + text)

    def refuse(self, problems: Sequence[Problem], advice: str) -> None:
        """Refuse a file that has problems.

        Raises:
            RulesFileError: it has; the message has the first and counts the others.
        """
        if problems:
            more = f" ({len(problems) - 1} more)" if len(problems) > 1 else ""
            raise RulesFileError(f"{self.name}, {problems[0]}{more}.", advice=advice)


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """Return the end of a problem that asks for the known name nearest to the given one; empty if none is near."""
    found = difflib.get_close_matches(name, {*names}, n=1)
    return f"; did you mean “{found[0]}”?" if found else ""


def _entry(value: Any, at: Steps) -> str:
    """Return which rule or waiver a problem is in, if that has a name."""
    name = value.get("name") if at and isinstance(value, Mapping) else None
    return f"{str(at[0]).removesuffix('s')} “{name}”: " if isinstance(name, str) and name else ""


def _in_words(error: str, kind: type, at: Steps) -> tuple[str, Steps]:
    """Return msgspec's message on a part of a file in plain words, and where the problem is."""
    text, _, place = error.partition(" - at `$")
    inner = tuple(name or int(number) for name, number in _STEP.findall(place))
    steps = (*at, *inner)
    if unknown := _UNKNOWN.fullmatch(text):
        return f"unknown member “{unknown[1]}”", (*steps, unknown[1])
    if missing := _MISSING.fullmatch(text):
        return f"“{missing[1]}” is missing", steps
    named = next((f"“{step}”" for step in reversed(steps) if isinstance(step, str)), "the file")
    is_of_list = place.endswith("]`") or (steps and isinstance(steps[-1], int))
    what = f"an entry of {named}" if is_of_list else named
    choices = [str(each) for each in _choices(msgspec.inspect.type_info(kind), inner)]
    if wrong := _WRONG_CHOICE.fullmatch(text):
        return f"{what} must be {_either(choices)}, not “{wrong[1]}”", steps
    if wrong := _WRONG_TYPE.fullmatch(text):
        wanted = choices or [_TYPES.get(each, each) for each in wrong[1].split(" | ") if each not in _UNNAMED]
        found = _TYPES.get(wrong[2], wrong[2]).partition(" (")[0]
        return f"{what} must be {_either(wanted)}, not {found}", steps
    if text == _NOT_A_DATE:
        return f"{what} must be {_TYPES['date']}", steps
    return f"{what} is invalid: {text[:1].lower()}{text[1:]}", steps


def _choices(kind: msgspec.inspect.Type, steps: Steps) -> list[Any]:
    """Return the only values that a part of a type may have; an empty list if it may have others."""
    if isinstance(kind, msgspec.inspect.UnionType):
        return [each for part in kind.types for each in _choices(part, steps)]
    if isinstance(kind, msgspec.inspect.LiteralType) and not steps:
        return list(kind.values)
    if isinstance(kind, msgspec.inspect.ListType) and steps:
        return _choices(kind.item_type, steps[1:])
    if isinstance(kind, msgspec.inspect.StructType) and steps:
        field = next((each for each in kind.fields if each.encode_name == steps[0]), None)
        return _choices(field.type, steps[1:]) if field else []
    return []


def _either(choices: Sequence[str]) -> str:
    return " or ".join(filter(None, (", ".join(choices[:-1]), choices[-1])))


def _pointer(steps: Steps) -> str:
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def _line_of_key(lines: Sequence[str], first: int, key: str | int, *, is_toml: bool = False) -> int:
    """Return the line of the first such key from a line on, or that line. In TOML it may be in a table's header."""
    before, after = (r"[\s{,\[.]", r"[=\].]") if is_toml else (r"[\s{,\-]", "[:=]")
    wanted = re.compile(rf"(?:^|{before})[\"']?{re.escape(str(key))}[\"']?\s*{after}")
    found = (number for number, line in enumerate(lines[first - 1 :], start=first) if wanted.search(line))
    return next(found, first)


def _toml_line(lines: Sequence[str], steps: Steps) -> int:
    line = 1
    if len(steps) > 1 and isinstance(steps[1], int):
        header = re.compile(rf"\s*\[\[\s*{re.escape(str(steps[0]))}\s*\]\]")
        headers = [number for number, text in enumerate(lines, start=1) if header.match(text)]
        line = headers[steps[1]] if steps[1] < len(headers) else _line_of_key(lines, 1, steps[0], is_toml=True)
        steps = steps[2:]
    for step in steps:
        line = _line_of_key(lines, line, step, is_toml=True) if isinstance(step, str) else line
    return line
