"""Notes on a response's status: whose permissions it reflects, and where a redirect points."""

from __future__ import annotations

from tui.airisk.identity import Identity
from tui.airisk.models import ResponseHead


def permission_note(status: int, identity: Identity, *, how_to_act: str) -> str:
    """Return whose permissions a 401 or 403 reflects, uncleaned; empty for other statuses.

    Args:
        status: the status of the response.
        identity: the identity that the request was sent as.
        how_to_act: a sentence on how to act as a user, where the application is not allowed.
    """
    if status not in {401, 403}:
        return ""
    if identity.kind == "application":
        return f"The application's token can only list users. {how_to_act}"
    if not identity.is_user:
        return "Sent without a token."
    if status == 401:
        return f"AIRisk rejected the token of {identity}, even a new one."
    return "You are not allowed to do this." if identity.is_oneself else f"{identity} is not allowed to do this."


def redirect_note(head: ResponseHead) -> str:
    """Return where a redirect points, uncleaned and without its query, which may hold secrets; else an empty text."""
    target = head.header("location").partition("?")[0] if 300 <= head.status < 400 else ""
    return f"Redirects to {target}. airisk-tui does not follow redirects." if target else ""
