"""Faults of three more kinds.

Some are no error, some send too much, and some leave open whether AIRisk processed a request.
"""

from dataclasses import dataclass

from tests.faults.network import FAULTS


@dataclass(frozen=True)
class Unnoticed:
    """A fault of the catalog that is no error: so many `users` are listed, and a request is `answered`."""

    name: str
    users: int
    answered: str = "200 OK {facts}"

    @property
    def kind(self) -> str:
        """Whether there are users."""
        return "users" if self.users else "nobody"

    @property
    def shown(self) -> tuple[str, ...]:
        """What the list of users shows."""
        if self.users:
            return (f"─ {self.users} user{'s' * (self.users > 1)} ─",)
        return "No users.", "─ 0 users ─"


UNNOTICED = (
    Unnoticed("charset_unknown", 1),
    Unnoticed("charset_not_text", 1),
    Unnoticed("charset_raising", 1),
    Unnoticed("charset_idna", 1),
    Unnoticed("charset_with_nul", 1),
    Unnoticed("utf16_body", 1),
    Unnoticed("bom_body", 1),
    Unnoticed("invalid_utf8", 1),
    Unnoticed("lone_surrogate", 1),
    Unnoticed("drops_after_answer", 3),
    Unnoticed("drops_second_request", 3),
    Unnoticed("sets_cookies", 0),
    Unnoticed("no_content_with_body", 0, "204 No Content {facts}"),
    Unnoticed("no_content_with_body_and_more_to_come", 0, "204 No Content {facts}"),
)

_LARGE = {"gzip bomb", "endless body", "endless chunks", "promised terabyte", "endless headers", "a header of 1 MB"}
TOO_MUCH = tuple(each for each in FAULTS if each.name in _LARGE)

UNCERTAIN = (
    "closes_before_answer",
    "resets_before_answer",
    "resets_mid_body",
    "short_body",
    "short_chunks",
    "garbage_status_line",
    "drops_second_request",
)
"""Faults of the catalog that leave open whether AIRisk processed a request."""
