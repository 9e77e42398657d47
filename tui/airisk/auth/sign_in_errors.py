"""Failures of signing in and of listing users, distinguished as in AIRisk's documentation."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tui.airisk.auth.token_subject import json_object
from tui.airisk.http.backoff import BUSY
from tui.airisk.http.response import Response, describe_retry_after
from tui.airisk.models import Identity
from tui.config.keyring import Secret
from tui.errors import (
    AIRiskError,
    ClientSecretRejectedError,
    ServiceBusyError,
    SignInRejectedError,
    UnexpectedSignInResponseError,
    UserListError,
)


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """The client as registered in AIRisk, and the users for whom it accepts no token."""

    client_id: str
    secret: Secret
    redirect_uri: str
    protected_users: frozenset[str] = frozenset()


CONTACT_DEPLOYMENT = "Try again; if it goes on, tell who runs the deployment."
_NOT_AIRISK = "Check that AIRISK_URL is an AIRisk deployment."
_LATER = "Try again in a while."
_CLIENT_REFUSED = "Check CLIENT_ID, and that REDIRECT_URI is registered for it."
_USER_REFUSED = "The user may be gone, suspended, or not open to this client: refresh the list."
_QUOTED = 160
"""Characters of a deployment's own words, after which they are cut."""
_WRONG_FIELD = re.compile(r"Invalid (?!client_secret|userid)\w+")
"""The token endpoint's text for a 400, except for the secret and the user, which have their own errors."""


def no_code(why: str, *, advice: str = CONTACT_DEPLOYMENT) -> UnexpectedSignInResponseError:
    """Return the error for an authorize response without a code."""
    return UnexpectedSignInResponseError(f"AIRisk did not give a code: {why}.", advice=advice)


def refusal(response: Response, identity: Identity, *, step: str) -> AIRiskError:
    """Describe a rejected sign-in, distinguished as in AIRisk's documentation."""
    status, said = response.status, _said(response)
    if status not in {400, 401, 403}:
        return _neither_yes_nor_no(response, step)
    words = quoted(f"{status} {said}" if said else str(status))
    if said == "Invalid Code":
        advice = "Try again; if it goes on, check REDIRECT_URI and the clock of the deployment."
        return SignInRejectedError(
            f"AIRisk did not accept the code it had just given ({words}).", status=status, advice=advice
        )
    if _WRONG_FIELD.fullmatch(said):
        advice = "Check CLIENT_ID and REDIRECT_URI."
        return SignInRejectedError(f"AIRisk misses a field, or cannot read it ({words}).", status=status, advice=advice)
    if identity.is_user:
        message = f"AIRisk refused to let you act as {identity} ({words})."
        return SignInRejectedError(message, status=status, advice=_USER_REFUSED)
    if step == "token":
        return ClientSecretRejectedError(
            f"AIRisk refused the client secret ({words}).", status=status, advice="Enter it again."
        )
    message = f"AIRisk did not give a code: it does not know this client ({words})."
    return SignInRejectedError(message, status=status, advice=_CLIENT_REFUSED)


def denial(words: str, identity: Identity, *, status: int) -> SignInRejectedError:
    """Describe a refusal that arrives in the redirect."""
    advice = _USER_REFUSED if identity.is_user else _CLIENT_REFUSED
    said = quoted(words) or "it does not say why"
    stop = "" if said.endswith(("…", "!", "?")) else "."
    return SignInRejectedError(f"AIRisk did not give a code: {said}{stop}", status=status, advice=advice)


def _neither_yes_nor_no(response: Response, step: str) -> AIRiskError:
    """Describe a response that is neither a code nor a refusal of this client or user."""
    status = response.status
    advice = {200: _NOT_AIRISK, 404: _NOT_AIRISK}.get(status, CONTACT_DEPLOYMENT)
    facts = f"with {status} ({kind_of(response)})"
    if status in BUSY:
        asked = "did not give a code: it answered" if step == "authorize" else "answered the request for a token"
        return _too_busy(f"AIRisk {asked} {facts}.", response)
    if step == "authorize":
        return no_code(f"it answered {facts}", advice=advice)
    return UnexpectedSignInResponseError(f"AIRisk answered the request for a token {facts}.", advice=advice)


def no_list(response: Response) -> UserListError:
    """Describe a response to the user list request that is not 200."""
    status = response.status
    advice = {
        401: "The generic token was not accepted: run `airisk-tui doctor`.",
        403: "This client may not list users: ask who runs the deployment.",
        404: "Name the path in AIRISK_LIST_USERS.",
    }.get(status, _NOT_AIRISK if 300 <= status < 400 else _LATER)
    busy = _too_busy(f"The user list request failed with {status}.", response) if status in BUSY else None
    return UserListError(f"returned {status}", advice=advice, busy=busy)


def _too_busy(message: str, response: Response) -> ServiceBusyError:
    """Describe an overloaded AIRisk, and when to try again."""
    header = response.header("retry-after")
    advice = f"AIRisk has too much to do. {describe_retry_after(header) or _LATER}"
    return ServiceBusyError(message, status=response.status, retry_after=header, advice=advice)


def kind_of(response: Response) -> str:
    """Return the response's content type, cut."""
    return response.content_type[:80] or "no content type"


def _said(response: Response) -> str:
    """Return what a refusal says: a problem's title and detail, or one short line of text."""
    if response.content_type == "text/plain" and len(response.body) <= 200:
        return response.body.decode("utf-8", errors="replace").strip()
    if response.content_type in {"application/problem+json", "application/json"}:
        problem = json_object(response.body)
        parts = (problem.get(key) for key in ("title", "detail"))
        return ": ".join(part for part in parts if isinstance(part, str) and part)
    return ""


def quoted(words: str) -> str:
    """Quote the deployment's own words, cut."""
    words = words.strip().rstrip(".")
    return words if len(words) <= _QUOTED else words[:_QUOTED] + "…"
