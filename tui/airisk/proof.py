"""Whose a token is, where the token itself says so."""

from __future__ import annotations

import base64
import binascii
import uuid
from collections.abc import Mapping
from typing import Any

import msgspec

from tui.airisk.errors import SignInUnreadable
from tui.airisk.models import Identity, Proof

_USER_CLAIMS = ("userid", "user_id", "uid", "nameid", "nameidentifier", "oid")


def proof_of(token: str, identity: Identity) -> Proof:
    """Compare the token's subject with the user who was asked for.

    Raises:
        SignInUnreadable: the token names somebody else.
    """
    claims = _claims(token)
    named = {_plain(name): _identifier(value) for name, value in claims.items()}
    subjects = [named[name] for name in (*map(_plain, _USER_CLAIMS), "sub") if named.get(name)]
    if not subjects:
        return Proof.ASSERTED
    if any(_is_same_id(subject, identity.id) for subject in subjects):
        return Proof.PROVEN
    raise SignInUnreadable(
        f"AIRisk gave a token for {subjects[0][:80]}, not for {identity}.",
        advice="It was thrown away. Tell who runs the deployment.",
    )


def _plain(claim: str) -> str:
    """`http://schemas…/claims/nameidentifier` and `user_id` as `nameidentifier` and `userid`."""
    return claim.rpartition("/")[2].replace("_", "").lower()


def _identifier(value: Any) -> str:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _is_same_id(one: str, other: str) -> bool:
    """Ids are compared as they are; only GUIDs are the same in either case."""
    try:
        return one == other or uuid.UUID(one) == uuid.UUID(other)
    except ValueError:
        return False


def _claims(token: str) -> Mapping[str, Any]:
    """A JWT's claims, unverified: AIRisk itself is the one who gave it. Nothing, where it is not a JWT."""
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        return json_object(base64.b64decode(parts[1] + "=" * (-len(parts[1]) % 4), altchars=b"-_", validate=True))
    except binascii.Error:
        return {}


def json_object(data: bytes) -> Mapping[str, Any]:
    """The JSON object that the bytes hold, or an empty one."""
    try:
        document = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}
