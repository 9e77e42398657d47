"""Compare a token's claims with the requested user."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tui.airisk.identity import Identity, SubjectCheck
from tui.airisk.lenient_json import InvalidJSONError, read_json
from tui.airisk.users.ids import is_among, is_same_id
from tui.errors import GuardRailError, UnexpectedSignInResponseError

_USER_CLAIMS = frozenset(
    {"sub", "userid", "uid", "userguid", "useridentifier"} | {"nameid", "nameidentifier", "oid", "objectidentifier"}
)
_NAMESPACES = ("http://schemas.xmlsoap.org/ws/2005/05/identity/claims", "http://schemas.microsoft.com/identity/claims")
"""Namespaces that .NET uses for claims of its own users. Claims in others may refer to another directory."""

_QUOTED = 80
"""Characters of an id in a message."""


@dataclass(frozen=True, slots=True)
class _Subject:
    """A user that a token names; `is_airisks` is whether the claim means a user of AIRisk."""

    id: str
    is_airisks: bool


def check_subject(
    token: str, identity: Identity, *, protected: Collection[str] = (), client_id: str = ""
) -> SubjectCheck:
    """Compare the users that a token names with the one it was requested for.

    Args:
        token: the token as received.
        identity: the user it was requested for.
        protected: the ids of protected users.
        client_id: the application's id, which a token may also name without naming another user.

    Raises:
        GuardRailError: the token names a protected user.
        UnexpectedSignInResponseError: it names another user, alone or in addition.
    """
    subjects = [each for each in _subjects(_claims(token)) if each.id != client_id]
    for each in subjects:
        if is_among(each.id, protected):
            raise GuardRailError(
                f"AIRisk issued a token for {each.id[:_QUOTED]}, who is protected. The token was discarded.",
                advice="AIRISK_PROTECTED_USERS lists this user.",
            )
    claimed = [each.id for each in subjects if each.is_airisks]
    # A mail address instead of an id cannot be compared with one: it neither confirms nor contradicts the user.
    ids = [each for each in claimed if "@" not in each or "@" in identity.id]
    others = [each for each in ids if not is_same_id(each, identity.id)]
    if others:
        both = f"{identity.id[:_QUOTED]} and for " if len(others) < len(ids) else ""
        raise UnexpectedSignInResponseError(
            f"AIRisk issued a token for {both}{others[0][:_QUOTED]}, not for {identity}{' alone' if both else ''}.",
            advice="The token was discarded. Report this to the deployment's operator.",
        )
    return SubjectCheck.CONFIRMED if ids and len(ids) == len(claimed) else SubjectCheck.NOT_CONFIRMED


def _subjects(claims: Mapping[str, Any]) -> Iterator[_Subject]:
    for claim, value in claims.items():
        namespace, _, name = claim.rpartition("/")
        if re.sub("[_-]", "", name).lower() in _USER_CLAIMS:
            for each in value if isinstance(value, list) else [value]:
                if user_id := _identifier(each):
                    yield _Subject(user_id, is_airisks=not namespace or namespace in _NAMESPACES)


def _identifier(value: Any) -> str:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _claims(token: str) -> Mapping[str, Any]:
    """Return a JWT's claims, unverified because AIRisk itself issued it; empty for any other token."""
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        return json_object(base64.b64decode(parts[1] + "=" * (-len(parts[1]) % 4), altchars=b"-_", validate=True))
    except binascii.Error:
        return {}


def json_object(data: bytes) -> Mapping[str, Any]:
    """Parse a JSON object; empty if the bytes hold none."""
    try:
        document = read_json(data)
    except InvalidJSONError:
        return {}
    return document if isinstance(document, dict) else {}
