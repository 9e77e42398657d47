"""Identities that requests are sent as."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from tui.plain_names import as_a_name, as_an_id

if TYPE_CHECKING:
    from tui.airisk.models import User


class SubjectCheck(enum.StrEnum):
    """How sure it is that a token is that of the requested user."""

    CONFIRMED = "confirmed"
    """The token names its subject, and it is that user."""
    NOT_CONFIRMED = "not_confirmed"
    """AIRisk issued the token for that user, but the token names no user."""
    NONE = "none"
    """No user is acted as."""

    @property
    def words(self) -> str:
        """What it says of the token; empty if no user is acted as."""
        return "" if self is SubjectCheck.NONE else f"token {self.value.replace('_', ' ')}"


@dataclass(frozen=True, slots=True)
class Identity:
    """Identity of a request: user, application or anonymous. Equality ignores how sure it is.

    `is_oneself`: it is the program's user, who signs in in single-user mode.
    """

    kind: Literal["anonymous", "application", "user"]
    id: str = ""
    name: str = ""
    subject_check: SubjectCheck = field(default=SubjectCheck.NONE, compare=False)
    is_oneself: bool = field(default=False, compare=False)

    def __str__(self) -> str:
        if self.kind != "user":
            return self.kind
        return f"{as_a_name(self.name)} · {as_an_id(self.id)}" if self.name else as_an_id(self.id)

    @property
    def with_subject_check(self) -> str:
        """The identity, and how sure it is that the token is that user's, if there is one."""
        return f"{self} ({self.subject_check.words})" if self.subject_check.words else str(self)

    @property
    def is_user(self) -> bool:
        """Whether requests are sent as a user."""
        return self.kind == "user"

    @classmethod
    def of(cls, user: User) -> Identity:
        """Return the identity that acts as this user."""
        return cls("user", user.id, user.name)


ANONYMOUS = Identity("anonymous")
"""No user: requests carry no token."""

APPLICATION = Identity("application")
"""The application itself: its generic token opens the user list, and by AIRisk's documentation nothing else."""

RESERVED_NAMES = frozenset({"anonymous", "application", "generic"})
"""Names of identities other than users. `generic` is another spelling of `application`."""


def canonical_name(name: str) -> str:
    """Return the name of an identity in its usual spelling: `application` for `generic`."""
    return APPLICATION.kind if name == "generic" else name
