"""Issue, bind, spend and expire codes and tokens."""

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
    """The parameters that a code was issued for. The token request must repeat them."""

    redirect_uri: str
    user_id: str | None


@dataclass(frozen=True)
class Grant:
    """The access of a token: as one user, or as the application if `person` is None."""

    person: Person | None
    expires: int


class TokenIssuer:
    """Issues codes and tokens and stores the last 100,000 of each.

    Args:
        options: their lifetimes and the format of tokens.
        clock: the time in seconds since 1970, UTC.
    """

    def __init__(self, options: Options, clock: Callable[[], float]) -> None:
        self._options = options
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._codes: OrderedDict[str, tuple[Bound, float]] = OrderedDict()
        self._grants: OrderedDict[str, Grant] = OrderedDict()

    def new_code(self, bound: Bound) -> str:
        """Return a single-use, short-lived code for this address and user."""
        code = secrets.token_urlsafe(32)
        self._codes[code] = (bound, self._clock() + self._options.code_seconds)
        _drop_oldest(self._codes)
        return code

    def is_spent_well(self, code: str, bound: Bound) -> bool:
        """Spend a code, and return whether it was valid for this; it is spent in either case."""
        given, expires = self._codes.pop(code, (None, 0.0))
        return given == bound and self._clock() < expires

    def new_token(self, person: Person | None, named: Person | None) -> tuple[str, Grant]:
        """Return a token with the access of `person`, whose claims, if any, name `named`."""
        grant = Grant(person, int(self._clock()) + self._options.token_seconds)
        token = secrets.token_urlsafe(48) if self._options.tokens == "opaque" else self._jwt(named, grant.expires)
        self._grants[token] = grant
        _drop_oldest(self._grants)
        return token, grant

    def grant(self, token: str) -> Grant | None:
        """Return the access of a token; None if it is unknown, revoked or expired."""
        grant = self._grants.get(token)
        return grant if grant and self._clock() < grant.expires else None

    def revoke(self, token: str) -> None:
        """Revoke a token."""
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
