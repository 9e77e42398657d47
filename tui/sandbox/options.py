"""Options of a sandbox."""

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
    """Options of one sandbox; raises ValueError for invalid ones.

    Attributes:
        port: 0 takes any free one; the host is always 127.0.0.1.
        users: number of users, 1 to 1,000,000.
        seed: determines the users and their conversations.
        latency_ms: delay of every response, in milliseconds.
        reply_pause_ms: pause after each event of an agent's reply, in milliseconds.
        token_seconds: lifetime of an access token.
        code_seconds: lifetime of an authorization code.
        tokens: format of the access tokens.
        client_secret: by default `CLIENT_SECRET` from the environment, else a random one.
        redirect_uris: the registered addresses, comma-separated.
        user_id: the initial user; an active Admin by default.
        require_generic_bearer: refuse both steps of a user's sign-in without the generic token as Bearer.
        list_path: which of the two documented paths of the user list exist.
        faults: faults that are on from the start, each `NAME` or `NAME=VALUE`.
    """

    port: int = 0
    users: int = 200
    seed: int = 1
    latency_ms: int = 0
    reply_pause_ms: int = 0
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
        """The registered redirect addresses, the preferred one first."""
        return tuple(address.strip() for address in self.redirect_uris.split(","))

    def handed_over(self) -> dict[str, Any]:
        """Return every option by name, including the secret: only for a child process's stdin."""
        return asdict(self)
