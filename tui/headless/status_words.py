"""What `airisk-tui request` says of an answer that is no success: its body may say nothing at all."""

from __future__ import annotations

import sys

from tui.airisk.http import response
from tui.airisk.models import Identity, ResponseHead
from tui.text import clean

_LONGEST = 120
"""Columns that are given to what the deployment says."""


def tell_status(head: ResponseHead, identity: Identity) -> None:
    """A line to stderr: the status, and what to make of it."""
    said = clean(f"{head.status} {head.reason}".rstrip(), limit=_LONGEST)
    sys.stderr.write(f"airisk-tui: AIRisk answered {said}. {_advice(head, identity)}".rstrip() + "\n")


def _advice(head: ResponseHead, identity: Identity) -> str:
    if head.status in {401, 403}:
        return _permissions(head.status, identity)
    if head.status in {429, 503}:
        return clean(response.in_words(head.header("retry-after"))) or "Try again in a while."
    if head.status < 400:
        return _pointing(head.header("location"))
    return "Try again; if it goes on, tell who runs the deployment." if head.status >= 500 else ""


def _permissions(status: int, identity: Identity) -> str:
    if identity.kind == "generic":
        return "The generic token lists users, and nothing else: name a user with --as."
    if not identity.is_user:
        return "It was sent without a token."
    who = clean(str(identity), limit=_LONGEST)
    if status == 401:
        return f"It did not accept the token of {who}, not even a new one."
    return (
        "These are your own permissions." if identity.is_oneself else f"These are the permissions of {who}, not yours."
    )


def _pointing(location: str) -> str:
    """Where to, but not with which query: that may hold what nobody should read in a log."""
    target = clean(location.partition("?")[0], limit=_LONGEST)
    return f"It points to {target}, and was not followed." if target else ""
