"""What can be chosen about a sandbox."""

import os
import secrets
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from tui.sandbox import MOST_USERS
from tui.sandbox.faults import Faults
from tui.sandbox.people import People


def _chosen_secret() -> str:
    return os.environ.get("CLIENT_SECRET") or secrets.token_urlsafe(32)


@dataclass(frozen=True, kw_only=True)
class Options:
    """The choices for one sandbox; raises ValueError for one that cannot be served.

    Attributes:
        port: 0 takes any free one; the host is always 127.0.0.1.
        users: how many people there are, 1 to 1,000,000.
        seed: decides who they are and what they wrote.
        latency_ms: delays every answer by so many milliseconds.
        token_seconds: how long an access token lives.
        code_seconds: how long an authorization code lives.
        tokens: what access tokens look like.
        client_secret: by default `CLIENT_SECRET` of the environment, else a random one.
        redirect_uris: the registered addresses, separated by commas.
        user_id: the user to begin with; an active Admin by default.
        require_generic_bearer: refuse both steps of a user's sign-in without the generic token as Bearer.
        list_path: which of the two documented paths of the user list exist.
        faults: what goes wrong from the start, each `NAME` or `NAME=VALUE`.
    """

    port: int = 0
    users: int = 200
    seed: int = 1
    latency_ms: int = 0
    token_seconds: int = 3600
    code_seconds: int = 60
    tokens: Literal["jwt", "opaque"] = "jwt"
    client_id: str = "airisk-tui-sandbox"
    client_secret: str = field(default_factory=_chosen_secret, repr=False)
    redirect_uris: str = "https://localhost/callback"
    user_id: str = ""
    require_generic_bearer: bool = False
    list_path: Literal["both", "short", "long"] = "both"
    faults: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 1 <= self.users <= MOST_USERS:
            raise ValueError(f"users must be 1 to {MOST_USERS:,}")
        Faults(self.faults)
        if not self.user_id:
            object.__setattr__(self, "user_id", People(self.users, self.seed).likely_user().id)

    @property
    def registered(self) -> tuple[str, ...]:
        """Return the registered redirect addresses, the first of which is the one to use."""
        return tuple(address.strip() for address in self.redirect_uris.split(","))

    def handed_over(self) -> dict[str, Any]:
        """Return every choice by name, the secret too: for a child process's stdin and nothing else."""
        return asdict(self)
