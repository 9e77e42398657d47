"""The server's clock, and the tokens it issued."""

import base64
import hmac
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Literal

ExpirationForm = Literal[
    "z",
    "seven_digits",
    "offset",
    "no_zone",
    "missing",
    "garbage",
    "past",
    "year_1",
    "year_9999",
    "expires_in",
]
GENERIC = "(generic)"
UNUSABLE_EXPIRATIONS: dict[ExpirationForm, str] = {
    "garbage": "the day after tomorrow",
    "past": "2001-01-01T00:00:00Z",
    "year_1": "0001-01-01T00:00:00",
    "year_9999": "9999-12-31T23:59:59.9999999Z",
}


@dataclass
class Clock:
    """The server's time: the machine's, shifted. `machine` tells the seconds since 1970."""

    shift_seconds: float
    machine: Callable[[], float] = time.time

    def now(self) -> datetime:
        """The server's idea of the moment, in UTC."""
        return datetime.fromtimestamp(self.machine(), UTC) + timedelta(seconds=self.shift_seconds)

    def advance(self, seconds: float) -> None:
        """Let time pass at once."""
        self.shift_seconds += seconds


@dataclass
class Issued:
    """One token: for whom, until when, and for how many more requests (None: any number)."""

    value: str = field(repr=False)
    identity: str
    end: datetime
    uses_left: int | None
    is_revoked: bool = False


class TokenShelf:
    """Every token the server ever issued."""

    def __init__(self, clock: Clock) -> None:
        self.identities: list[str] = []
        self._clock = clock
        self._tokens: dict[str, Issued] = {}

    def issue(self, value: str, identity: str, seconds: float, uses: int | None) -> Issued:
        """Keep a new token."""
        token = Issued(value, identity, self._clock.now() + timedelta(seconds=seconds), uses)
        self._tokens[value] = token
        self.identities.append(identity)
        return token

    @property
    def values(self) -> list[str]:
        """All of them."""
        return list(self._tokens)

    def find(self, value: str) -> Issued | None:
        """The token of that value, live or not."""
        return self._tokens.get(value)

    def spend(self, value: str) -> str | None:
        """Use a token once; the identity it opened the request for, or None where it is not live."""
        token = self._tokens.get(value)
        if token is None or token.is_revoked or token.end <= self._clock.now() or token.uses_left == 0:
            return None
        if token.uses_left is not None:
            token.uses_left -= 1
        return token.identity

    def revoke(self, identity: str) -> int:
        """Revoke all tokens of an identity; how many there were."""
        theirs = [token for token in self._tokens.values() if token.identity == identity]
        for token in theirs:
            token.is_revoked = True
        return len(theirs)


def expiration_fields(form: ExpirationForm, end: datetime, seconds: float) -> dict[str, object]:
    """How the token answer states the end."""
    if form == "missing":
        return {}
    if form == "expires_in":
        return {"expires_in": int(seconds)}
    return {"expiration": UNUSABLE_EXPIRATIONS.get(form) or documented_expiration(form, end)}


def documented_expiration(form: ExpirationForm, end: datetime) -> str:
    """The end of a token as .NET may write it."""
    if form == "offset":
        return end.astimezone(timezone(timedelta(hours=2))).isoformat(timespec="seconds")
    tail = {"z": "Z", "seven_digits": f".{end:%f}7Z", "no_zone": ""}[form]
    return f"{end:%Y-%m-%dT%H:%M:%S}{tail}"


def opaque_token() -> str:
    """A token that says nothing."""
    return secrets.token_urlsafe(32)


def jwt(claims: dict[str, object]) -> str:
    """A JWT signed with a key nobody else has."""
    header = {"alg": "HS256", "typ": "JWT"}
    signed = ".".join(_base64(json.dumps(part).encode()) for part in (header, claims))
    return f"{signed}.{_base64(hmac.digest(secrets.token_bytes(32), signed.encode(), 'sha256'))}"


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
