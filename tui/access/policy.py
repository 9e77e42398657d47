"""A policy: who may call which endpoint. A matrix is checked against it; `example_policy.yaml` explains its members."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Literal

import msgspec

from tui.access.model import OBJECT_KINDS, Column, Expected, Gap, Row
from tui.access.rules import Wildcard, fits, wildcard
from tui.access.structured_file import Problem, StructuredFile, did_you_mean
from tui.airisk.http.methods import METHODS
from tui.airisk.identity import canonical_name
from tui.airisk.responses.volatile_fields import digest_of_bytes
from tui.decoding import convert
from tui.plain_names import has_words
from tui.safe_regex import InvalidPatternError

_Texts = str | list[str]
_Other = Literal["application", "anonymous", "generic"]


class Subjects(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, dict=True):
    """The identities that a rule applies to."""

    users: _Texts = []
    roles: _Texts = []
    groups: _Texts = []
    identities: _Other | list[_Other] = []

    @cached_property
    def patterns(self) -> tuple[tuple[Wildcard, ...], tuple[Wildcard, ...], tuple[Wildcard, ...]]:
        """The patterns of ids, roles and groups."""
        return _patterns(self.users), _patterns(self.roles), _patterns(self.groups)

    @property
    def is_nobody(self) -> bool:
        """Whether no identity is named."""
        return not (self.users or self.roles or self.groups or self.identities)

    def holds(self, row: Row) -> bool:
        """Return whether an identity matches."""
        if row.kind != "user":
            return row.kind in map(canonical_name, _listed(self.identities))
        users, roles, groups = self.patterns
        return (
            fits(users, row.id)
            or any(fits(roles, role) for role in _roles(row.role))
            or any(fits(groups, group) for group in row.groups)
        )


class PolicyRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, dict=True):
    """One rule: either `allow` or `deny` names its endpoints."""

    name: str = ""
    allow: _Texts = []
    deny: _Texts = []
    users: _Texts = []
    roles: _Texts = []
    groups: _Texts = []
    identities: _Other | list[_Other] = []
    except_: Subjects = msgspec.field(default=Subjects(), name="except")

    @cached_property
    def who(self) -> Subjects:
        """The identities it applies to: all users if none is named."""
        named = Subjects(users=self.users, roles=self.roles, groups=self.groups, identities=self.identities)
        return Subjects(users="*") if named.is_nobody else named

    @cached_property
    def endpoints(self) -> tuple[Wildcard, ...]:
        """The patterns of its endpoints."""
        return _patterns([text for text in self.texts if not object_kind(text)])

    @cached_property
    def objects(self) -> tuple[Wildcard, ...]:
        """The patterns of its objects."""
        return _patterns([text for text in self.texts if object_kind(text)])

    @property
    def texts(self) -> Sequence[str]:
        """The endpoints and objects that it names, as they are written."""
        return _listed(self.allow or self.deny)

    @property
    def says(self) -> Expected:
        """Its expectation."""
        return "allow" if self.allow else "deny"

    def holds(self, row: Row) -> bool:
        """Return whether it applies to an identity."""
        return self.who.holds(row) and not self.except_.holds(row)

    def covers(self, column: Column) -> bool:
        """Return whether it names an endpoint, as it was chosen or as it was sent, or an object, by name or id."""
        if column.is_object:
            return any(fits(self.objects, name) for name in (column.name, f"{column.kind}:{column.title}"))
        names = (column.name, f"{column.method} {column.target}" if column.target else column.name)
        return any(fits(self.endpoints, name) for name in names)


class Waiver(PolicyRule, frozen=True, forbid_unknown_fields=True, kw_only=True, dict=True):
    """An exception for a while: until it expires, an unexpected result that it allows or denies is no finding."""

    reason: str
    owner: str
    expires: date

    @property
    def what(self) -> str:
        """What it allows or denies, and for which identities, in words."""
        members = ("users", "roles", "groups", "identities")
        who = [f"{name} {', '.join(_listed(getattr(self, name)))}" for name in members if getattr(self, name)]
        return f"{self.says} {', '.join(_listed(self.allow or self.deny))} for {'; '.join(who) or 'all users'}"


class Policy(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, dict=True):
    """The expectations for all cells."""

    version: Literal[1] = 1
    default: Literal["allow", "deny", "none"] = "deny"
    rules: list[PolicyRule] = []
    waivers: list[Waiver] = []

    @property
    def digest(self) -> str:
        """A digest that is equal for equal policies."""
        return digest_of_bytes(msgspec.json.encode(self))

    def waiver_names(self) -> list[str]:
        """Return the name of each waiver."""
        return [_named("Waiver", number, waiver.name) for number, waiver in enumerate(self.waivers, start=1)]

    def row(self, row: Row, columns: Sequence[Column]) -> dict[str, Expected | None]:
        """Return what is expected of one identity, by endpoint name."""
        return self.expected(self.applying(row), columns)

    def applying(self, row: Row) -> tuple[int, ...]:
        """Return the numbers of the rules that apply to this identity. Equal numbers mean equal expectations."""
        rules = enumerate(self.rules)
        return tuple(number for number, rule in rules if rule.holds(row))

    def expected(self, applying: Sequence[int], columns: Sequence[Column]) -> dict[str, Expected | None]:
        """Return what is expected where these rules apply, by endpoint name."""
        rules = [self.rules[number] for number in applying]
        return {column.name: self._expected(rules, column) for column in columns}

    def unmatched(
        self, rows: Sequence[Row] | None, endpoints: Collection[str], objects: Collection[str] = ()
    ) -> Iterator[Gap]:
        """Yield every part of the policy that matches nothing, which is usually a misspelling.

        Args:
            rows: all users of the deployment, or None if they are unknown; then only endpoints are checked.
            endpoints: all known endpoints, and those of the run.
            objects: the kinds of objects of the run; which ones there are, only its lists show.
        """
        everyone = _Known.of(rows) if rows is not None else None
        for title, rule in self._titled():
            name = f"{title}:"
            for text in rule.texts:
                if kind := object_kind(text):
                    if kind not in objects:
                        yield Gap("policy", name, f"“{text}” matches nothing without --objects {kind}s")
                elif not any(wildcard(text).fits(each) for each in endpoints):
                    yield Gap("policy", name, f"“{text}” matches no known endpoint")
            for what, text in everyone.unmatched(rule.who) if everyone else ():
                yield Gap("policy", name, f"{what} “{text}” matches no user")
            if everyone and rows and not rule.except_.is_nobody:
                covered = _Known.of([row for row in rows if rule.who.holds(row)])
                for what, text in covered.unmatched(rule.except_):
                    yield Gap("policy", name, f"“except” {what} “{text}” matches no user of the rule")

    def unmatched_objects(self, columns: Sequence[Column]) -> Iterator[Gap]:
        """Yield every object of the policy that is none of these columns."""
        for title, rule in self._titled():
            for text in rule.texts:
                only = PolicyRule(allow=text)
                if object_kind(text) and not any(only.covers(column) for column in columns):
                    yield Gap("object", f"{title}:", f"“{text}” matches no listed {object_kind(text)}")

    def _titled(self) -> Iterator[tuple[str, PolicyRule]]:
        """Yield each rule and each waiver with its title."""
        yield from ((_named("Policy rule", number, rule.name), rule) for number, rule in enumerate(self.rules, start=1))
        yield from zip(self.waiver_names(), self.waivers, strict=True)

    @cached_property
    def _object_kinds(self) -> frozenset[str]:
        """The kinds of objects that rules name; nothing is expected of the others."""
        return frozenset(filter(None, (object_kind(text) for rule in self.rules for text in rule.texts)))

    def _expected(self, rules: Sequence[PolicyRule], column: Column) -> Expected | None:
        matching = {rule.says for rule in rules if rule.covers(column)}
        if "deny" in matching:
            return "deny"
        if "allow" in matching:
            return "allow"
        is_silent = column.is_object and column.kind not in self._object_kinds
        return None if self.default == "none" or is_silent else self.default


@dataclass(frozen=True, slots=True)
class _Known:
    """The ids, roles and groups of users."""

    users: Collection[str]
    roles: Collection[str]
    groups: Collection[str]

    @classmethod
    def of(cls, rows: Iterable[Row]) -> _Known:
        users = [row for row in rows if row.kind == "user"]
        return cls(
            {row.id for row in users},
            {role for row in users for role in _roles(row.role)},
            {group for row in users for group in row.groups},
        )

    def unmatched(self, subjects: Subjects) -> Iterator[tuple[str, str]]:
        """Yield the kind and the text of each pattern that matches none of them."""
        named = (("user", subjects.users, self.users), ("role", subjects.roles, self.roles))
        for what, texts, known in (*named, ("group", subjects.groups, self.groups)):
            for text in _listed(texts):
                if not any(wildcard(text).fits(each) for each in known):
                    yield what, text


_OBJECT = re.compile(r"\s*([A-Za-z]+):")


def object_kind(text: str) -> str:
    """Return what a pattern writes before its colon, such as `agent` in `agent:Claims*`; empty for an endpoint."""
    found = _OBJECT.match(text)
    return found[1].lower() if found else ""


def read_policy(path: Path) -> Policy:
    """Read a policy from a file of YAML or TOML. Blocks.

    Raises:
        RulesFileError: the file cannot be read or is invalid.
    """
    source = StructuredFile.read(path)
    source.refuse(policy_problems(source), "Run `airisk-tui matrix policy` for an example and an explanation.")
    return convert(source.value, Policy)


def policy_problems(source: StructuredFile) -> list[Problem]:
    """Return what is wrong in a policy."""
    return source.problems(Policy, {"rules": (PolicyRule, _rule_problem), "waivers": (Waiver, _waiver_problem)})


def example_policy() -> str:
    """Return an example of a policy, with its explanation."""
    return files("tui.access").joinpath("example_policy.yaml").read_text(encoding="utf-8")


def _rule_problem(rule: PolicyRule) -> str:
    if bool(rule.allow) is bool(rule.deny):
        return "exactly one of “allow” and “deny” is needed"
    if strange := next((text for text in rule.texts if object_kind(text) not in {"", *OBJECT_KINDS}), ""):
        return f"“{strange}” is neither METHOD PATH nor an object such as agent:NAME or conversation:ID"
    if wrong := next(filter(None, map(_method_problem, rule.texts)), ""):
        return wrong
    try:
        _ = rule.endpoints, rule.objects, rule.who.patterns, rule.except_.patterns
    except InvalidPatternError as error:
        return str(error)
    return ""


def _method_problem(text: str) -> str:
    """Return what is wrong with the method of an endpoint; one without a path has a title, and no method."""
    method, _, path = text.strip().partition(" ")
    is_method = method.isalpha() and (method.isupper() or path.lstrip().startswith(("/", "*")))
    if not path or not is_method or method.upper() in METHODS:
        return ""
    return f"“{text}” has no HTTP method" + (did_you_mean(method.upper(), METHODS) or f"; use {', '.join(METHODS)}")


def _waiver_problem(waiver: Waiver) -> str:
    empty = next((name for name in ("reason", "owner") if not has_words(getattr(waiver, name))), "")
    return _rule_problem(waiver) or (f"“{empty}” is empty" if empty else "")


def _named(what: str, number: int, name: str) -> str:
    return f"{what} {number} (“{name}”)" if name else f"{what} {number}"


def _listed(value: str | Sequence[str]) -> Sequence[str]:
    return [value] if isinstance(value, str) else value


def _patterns(value: _Texts) -> tuple[Wildcard, ...]:
    return tuple(map(wildcard, _listed(value)))


def _roles(role: str) -> Sequence[str]:
    """Return the role and, if it is a comma-separated list, also its parts."""
    return [role, *(each.strip() for each in role.split(","))] if "," in role else [role]
