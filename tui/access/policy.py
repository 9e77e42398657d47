"""A policy file: who may call what. A matrix is checked against it.

::

    version: 1
    default: deny            # if no rule fits: allow, deny, or none (nothing is expected)
    rules:
      - name: everybody chats
        allow: [GET /api/Chat/*, GET /api/ListUsers]
        roles: [User, Admin, Risk *]
      - name: nobody but the office deletes
        deny: DELETE *
        users: "*"
        except:
          groups: [Office]
      - allow: GET /api/ListUsers
        identities: [application]

`users` are ids, `roles` and `groups` are as in the user list, `identities` are the two non-users: application and
anonymous. A rule applies to every identity that one of them matches, without any to all users. `*` matches anything,
`{name}` one segment of a path; case does not matter. If both an `allow` and a `deny` match, `deny` wins.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Literal

import msgspec

from tui.access.model import Column, Expected, Row
from tui.access.rules import Wildcard, fits, read_structure, wildcard
from tui.airisk.models import canonical_name
from tui.errors import RulesFileError
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
        return _patterns(self.allow or self.deny)

    @property
    def says(self) -> Expected:
        """Its expectation."""
        return "allow" if self.allow else "deny"


class Policy(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The expectations for all cells."""

    version: Literal[1] = 1
    default: Literal["allow", "deny", "none"] = "deny"
    rules: list[PolicyRule] = []

    def row(self, row: Row, columns: Sequence[Column]) -> dict[str, Expected | None]:
        """Return what is expected of one identity, by endpoint name."""
        return self.expected(self.applying(row), columns)

    def applying(self, row: Row) -> tuple[int, ...]:
        """Return the numbers of the rules that apply to this identity. Equal numbers mean equal expectations."""
        rules = enumerate(self.rules)
        return tuple(number for number, rule in rules if rule.who.holds(row) and not rule.except_.holds(row))

    def expected(self, applying: Sequence[int], columns: Sequence[Column]) -> dict[str, Expected | None]:
        """Return what is expected where these rules apply, by endpoint name."""
        rules = [self.rules[number] for number in applying]
        return {column.name: self._expected(rules, column) for column in columns}

    def _expected(self, rules: Sequence[PolicyRule], column: Column) -> Expected | None:
        names = (column.name, f"{column.method} {column.target}" if column.target else column.name)
        matching = {rule.says for rule in rules if any(fits(rule.endpoints, name) for name in names)}
        if "deny" in matching:
            return "deny"
        if "allow" in matching:
            return "allow"
        return None if self.default == "none" else self.default


def read_policy(path: Path) -> Policy:
    """Read a policy from a file of YAML or TOML. Blocks.

    Raises:
        RulesFileError: the file cannot be read or is invalid.
    """
    try:
        policy = msgspec.convert(read_structure(path), Policy)
    except msgspec.ValidationError as error:
        raise RulesFileError(f"{path} is not a policy: {error}.", advice="The README explains one.") from None
    for number, rule in enumerate(policy.rules, start=1):
        if bool(rule.allow) is bool(rule.deny):
            name = f"“{rule.name}”" if rule.name else f"number {number}"
            raise RulesFileError(
                f"{path}: rule {name} needs either `allow` or `deny`.", advice="The README explains one."
            )
        try:
            _ = rule.endpoints, rule.who.patterns, rule.except_.patterns
        except InvalidPatternError as error:
            raise RulesFileError(f"{path}: {error}.", advice="Write shorter patterns.") from None
    return policy


def _listed(value: str | Sequence[str]) -> Sequence[str]:
    return [value] if isinstance(value, str) else value


def _patterns(value: _Texts) -> tuple[Wildcard, ...]:
    return tuple(map(wildcard, _listed(value)))


def _roles(role: str) -> Sequence[str]:
    """Return the role and, if it is a comma-separated list, also its parts."""
    return [role, *(each.strip() for each in role.split(","))] if "," in role else [role]
