"""Verdict rules, read from a file, and their patterns. The first rule that fits a response decides."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

import msgspec

from tui.access.structured_file import Problem, StructuredFile
from tui.airisk.responses.volatile_fields import USUAL, VolatileFields
from tui.decoding import convert
from tui.safe_regex import InvalidPatternError, Pattern, compiled, literal

if TYPE_CHECKING:
    from jsonpath import JSONPath, JSONPathEnvironment


_WILD = re.compile(r"\*+|\{[^{}]*\}")


class Wildcard(Protocol):
    """A case-insensitive pattern for a whole text."""

    def fits(self, text: str) -> bool:
        """Return whether the text matches."""


@dataclass(frozen=True, slots=True)
class _Plain:
    """A pattern without wildcards; with `has_query` a text may also have a query after it."""

    text: str
    has_query: bool

    def fits(self, text: str) -> bool:
        folded = text.casefold()
        return folded == self.text or (self.has_query and folded.partition("?")[0] == self.text)


@lru_cache(maxsize=4096)
def wildcard(text: str) -> Wildcard:
    """Read a pattern.

    For an endpoint the query is optional: `GET /api/x` also matches `GET /api/x?results=5`.

    Raises:
        InvalidPatternError: the pattern is too long.
    """
    may_have_query = "?" not in text and " " in text
    parts, end = [], 0
    for wild in _WILD.finditer(text):
        parts += [literal(text[end : wild.start()]), ".*" if wild[0][0] == "*" else "[^/?]+"]
        end = wild.end()
    if not parts:
        return _Plain(text.casefold(), may_have_query)
    query = r"(?:\?.*)?" if may_have_query else ""
    return compiled("(?is)" + "".join(parts) + literal(text[end:]) + query)


def fits(patterns: tuple[Wildcard, ...], text: str) -> bool:
    """Return whether the text matches one of the patterns."""
    return any(each.fits(text) for each in patterns)


_STATUS = re.compile(r"([1-9])xx|(\d{3})(?:-(\d{3}))?", re.IGNORECASE)

_QUOTED = 80
"""Characters of an expression that error messages show."""

Statuses = int | str | list[int | str]


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, dict=True):
    """One rule; `default_rules.toml` explains its members."""

    name: str
    verdict: Literal["allowed", "denied", "inconclusive"]
    reason: str = ""
    endpoint: str | list[str] = []
    status: Statuses = []
    content_type: str = ""
    header: dict[str, str] = {}
    json: str = ""
    matches: str = ""
    without: str = ""
    problem_only: bool = False
    body: str = ""
    empty: bool | None = None
    witness: bool = False

    def check(self) -> None:
        """Compile all members once.

        Raises:
            ValueError: a member is invalid.
        """
        if self.matches and not self.json:
            raise ValueError("`matches` needs `json`")
        _ = self.endpoints, self.statuses, self.headers, self.expressions, self.paths

    @cached_property
    def endpoints(self) -> tuple[Wildcard, ...]:
        """The endpoints it applies to; an empty tuple means all."""
        return tuple(map(wildcard, _listed(self.endpoint)))

    @cached_property
    def statuses(self) -> tuple[range, ...]:
        """The statuses it applies to; an empty tuple means all."""
        return tuple(map(_range, _listed(self.status)))

    @cached_property
    def headers(self) -> tuple[tuple[str, Pattern], ...]:
        """The required headers in lower case, each with the pattern that must occur in it."""
        return tuple((name.lower(), compiled(text)) for name, text in self.header.items())

    @cached_property
    def expressions(self) -> dict[str, Pattern]:
        """The regular expressions by member."""
        texts = {"content_type": self.content_type, "matches": self.matches, "body": self.body}
        return {name: compiled(text) for name, text in texts.items() if text}

    @cached_property
    def paths(self) -> dict[str, JSONPath]:
        """The JSONPaths by member."""
        texts = {"json": self.json, "without": self.without}
        return {name: _path(text) for name, text in texts.items() if text}


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict rules, and the fields of responses that are never compared.

    `name` is the path of their file, or empty for the built-in ones.
    """

    rules: tuple[Rule, ...]
    volatile: VolatileFields
    name: str = ""

    @property
    def ids(self) -> bytes:
        """A serialization that is equal for equal rules."""
        return msgspec.json.encode((self.rules, sorted(self.volatile.names), self.volatile.paths))


class RulesFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The content of a file of rules."""

    version: Literal[1] = 1
    rules: list[Rule] = []
    volatile: list[str] = []
    defaults: bool = True


def read_rules(path: Path) -> Rules:
    """Read a file of rules and append the default ones, unless it sets `defaults = false`. Blocks.

    `volatile` names additional fields that are never compared.

    Raises:
        RulesFileError: the file cannot be read or is invalid.
    """
    source = StructuredFile.read(path)
    file = _read(source)
    usual = default_rules()
    rules = (*file.rules, *(usual.rules if file.defaults else ()))
    return Rules(rules=rules, volatile=VolatileFields.of([*USUAL, *file.volatile]), name=str(path))


@lru_cache
def default_rules() -> Rules:
    """Return the built-in rules."""
    source = StructuredFile.of_toml("default_rules.toml", default_rules_text())
    return Rules(rules=tuple(_read(source).rules), volatile=VolatileFields.of())


def default_rules_text() -> str:
    """Return the file of the default rules, with its explanation."""
    return files("tui.access").joinpath("default_rules.toml").read_text(encoding="utf-8")


def rules_problems(source: StructuredFile) -> list[Problem]:
    """Return what is wrong in a file of rules."""
    problems = source.problems(RulesFile, {"rules": (Rule, _rule_problem)})
    return problems or [*_volatile_problems(source, convert(source.value, RulesFile).volatile)]


def _volatile_problems(source: StructuredFile, patterns: Sequence[str]) -> Iterator[Problem]:
    for pattern in patterns:
        try:
            VolatileFields.of([pattern])
        except ValueError as error:
            yield Problem(source.line(("volatile",)), f"{error} in “volatile”")


def _read(source: StructuredFile) -> RulesFile:
    source.refuse(rules_problems(source), "Run `airisk-tui matrix rules` for the default rules and an explanation.")
    return convert(source.value, RulesFile)


def _rule_problem(rule: Rule) -> str:
    try:
        rule.check()
    except ValueError as error:
        return str(error)
    return ""


def _listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else [value]


def _range(value: int | str) -> range:
    found = _STATUS.fullmatch(str(value))
    if not found:
        raise ValueError(f"“{value}” is not a status; use 403, 4xx or 500-599")
    hundred, first, last = found.groups()
    if hundred:
        return range(int(hundred) * 100, int(hundred) * 100 + 100)
    return range(int(first), int(last or first) + 1)


@lru_cache
def _path(text: str) -> JSONPath:
    from jsonpath.exceptions import JSONPathError  # noqa: PLC0415 - not for the first paint

    try:
        query = _paths().compile(text)
    except (ArithmeticError, ValueError, TypeError):  # raised by the library, for example for 1e999
        raise ValueError(f"“{text[:_QUOTED]}” is not a JSONPath (a number in it is too large)") from None
    except (JSONPathError, RecursionError) as error:
        raise ValueError(f"“{text[:_QUOTED]}” is not a JSONPath ({error})") from None
    return query  # type: ignore[return-value]


@lru_cache
def _paths() -> JSONPathEnvironment:
    """Return the JSONPath environment, whose functions `match` and `search` run in bounded time."""
    from jsonpath import JSONPathEnvironment  # noqa: PLC0415 - not for the first paint
    from jsonpath.function_extensions import Match, Search  # noqa: PLC0415

    class Fits(Match):
        def __call__(self, value: object, pattern: object) -> bool:
            return isinstance(value, str) and (found := _pattern_of(pattern)) is not None and found.fits(value)

    class IsIn(Search):
        def __call__(self, value: object, pattern: object) -> bool:
            return isinstance(value, str) and (found := _pattern_of(pattern)) is not None and found.is_in(value)

    environment = JSONPathEnvironment(strict=True)
    environment.function_extensions |= {"match": Fits(), "search": IsIn()}
    return environment


def _pattern_of(text: object) -> Pattern | None:
    try:
        return compiled(text) if isinstance(text, str) else None
    except InvalidPatternError:
        return None
