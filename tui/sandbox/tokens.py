"""Codes and tokens: given out, bound to what they were asked for with, spent, expired."""

import base64
import hashlib
import hmac
import json
import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tui.sandbox.options import Options
from tui.sandbox.people import Person

_MOST_KEPT = 100_000


@dataclass(frozen=True)
class Bound:
    """What a code was asked for with; the token request has to name the same."""

    redirect_uri: str
    user_id: str | None


@dataclass(frozen=True)
class Grant:
    """What a token opens: one person, or the application itself where that is None."""

    person: Person | None
    expires: int


class TokenIssuer:
    """Gives out codes and tokens and knows those it gave out, at most 100,000 of each.

    Args:
        options: how long they live and what tokens look like.
        clock: the time in seconds since 1970, UTC.
    """

    def __init__(self, options: Options, clock: Callable[[], float]) -> None:
        self._options = options
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._codes: OrderedDict[str, tuple[Bound, float]] = OrderedDict()
        self._grants: OrderedDict[str, Grant] = OrderedDict()

    def new_code(self, bound: Bound) -> str:
        """Return a code that is good once, for a short time, for the same address and user."""
        code = secrets.token_urlsafe(32)
        self._codes[code] = (bound, self._clock() + self._options.code_seconds)
        _drop_oldest(self._codes)
        return code

    def is_spent_well(self, code: str, bound: Bound) -> bool:
        """Spend a code and say whether it was good for this; it is spent in either case."""
        given, expires = self._codes.pop(code, (None, 0.0))
        return given == bound and self._clock() < expires

    def new_token(self, person: Person | None, named: Person | None) -> tuple[str, Grant]:
        """Return a token that opens what `person` may, its claims (if it has any) naming `named`."""
        grant = Grant(person, int(self._clock()) + self._options.token_seconds)
        token = secrets.token_urlsafe(48) if self._options.tokens == "opaque" else self._jwt(named, grant.expires)
        self._grants[token] = grant
        _drop_oldest(self._grants)
        return token, grant

    def grant(self, token: str) -> Grant | None:
        """Return what a token opens, None if it is not ours, revoked or expired."""
        grant = self._grants.get(token)
        return grant if grant and self._clock() < grant.expires else None

    def revoke(self, token: str) -> None:
        """Let a token open nothing any more."""
        self._grants.pop(token, None)

    def _jwt(self, named: Person | None, expires: int) -> str:
        claims: dict[str, Any] = {} if named is None else {"sub": named.id, "userid": named.id, "name": named.name}
        claims |= {
            "client_id": self._options.client_id,
            "iat": int(self._clock()),
            "exp": expires,
            "jti": secrets.token_hex(16),
        }
        signed = b".".join(_base64url(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims))
        signature = hmac.new(self._key, signed, hashlib.sha256).digest()
        return b".".join((signed, _base64url(signature))).decode()


def _base64url(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def _drop_oldest(kept: OrderedDict[str, Any]) -> None:
    while len(kept) > _MOST_KEPT:
        kept.popitem(last=False)
