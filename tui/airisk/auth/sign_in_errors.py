"""Failures of signing in and of listing users, distinguished as in AIRisk's documentation."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tui.airisk.auth.token_subject import json_object
from tui.airisk.http.backoff import BUSY
from tui.airisk.http.response import Response, describe_retry_after
from tui.airisk.identity import Identity
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
    """The client as registered in AIRisk, and the protected users, for which tokens are discarded."""

    client_id: str
    secret: Secret
    redirect_uri: str
    protected_users: frozenset[str] = frozenset()


CONTACT_DEPLOYMENT = "Try again. If it keeps happening, contact the deployment's operator."
_NOT_AIRISK = "Check that AIRISK_URL is an AIRisk deployment."
_LATER = "Try again later."
_CLIENT_REFUSED = "Check CLIENT_ID and that REDIRECT_URI is registered for it."
_USER_REFUSED = "The user may be deleted, suspended, or not available to this client. Reload the list."
_QUOTED = 160
"""Characters of a deployment's own words, after which they are cut."""
_WRONG_FIELD = re.compile(r"Invalid (?!client_secret|userid)\w+")
"""The token endpoint's text for a 400, except for the secret and the user, which have their own errors."""


def no_code(why: str, *, advice: str = CONTACT_DEPLOYMENT) -> UnexpectedSignInResponseError:
    """Return the error for an authorize response without a code."""
    return UnexpectedSignInResponseError(f"AIRisk returned no authorization code: {why}.", advice=advice)


def refusal(response: Response, identity: Identity, *, step: str) -> AIRiskError:
    """Describe a rejected sign-in, distinguished as in AIRisk's documentation."""
    status, said = response.status, _said(response)
    if status not in {400, 401, 403}:
        return _neither_yes_nor_no(response, step)
    words = quoted(f"{status} {said}" if said else str(status))
    if said == "Invalid Code":
        advice = "Try again. If it keeps happening, check REDIRECT_URI and the deployment's clock."
        return SignInRejectedError(
            f"AIRisk rejected its own authorization code ({words}).", status=status, advice=advice
        )
    if _WRONG_FIELD.fullmatch(said):
        advice = "Check CLIENT_ID and REDIRECT_URI."
        return SignInRejectedError(
            f"AIRisk says a field is missing or invalid ({words}).", status=status, advice=advice
        )
    if identity.is_user:
        message = f"AIRisk would not sign in as {identity} ({words})."
        return SignInRejectedError(message, status=status, advice=_USER_REFUSED)
    if step == "token":
        return ClientSecretRejectedError(
            f"AIRisk rejected the client secret ({words}).", status=status, advice="Enter it again."
        )
    message = f"AIRisk rejected the client ID ({words})."
    return SignInRejectedError(message, status=status, advice=_CLIENT_REFUSED)


def denial(words: str, identity: Identity, *, status: int) -> SignInRejectedError:
    """Describe a refusal that arrives in the redirect."""
    advice = _USER_REFUSED if identity.is_user else _CLIENT_REFUSED
    said = quoted(words) or "no reason given"
    stop = "" if said.endswith(("…", "!", "?")) else "."
    return SignInRejectedError(f"AIRisk returned no authorization code: {said}{stop}", status=status, advice=advice)


def _neither_yes_nor_no(response: Response, step: str) -> AIRiskError:
    """Describe a response that is neither a code nor a refusal of this client or user."""
    status = response.status
    advice = {200: _NOT_AIRISK, 404: _NOT_AIRISK}.get(status, CONTACT_DEPLOYMENT)
    name = "authorization" if step == "authorize" else "token"
    message = f"The {name} request returned {status} ({kind_of(response)})."
    if status in BUSY:
        return _too_busy(message, response)
    return UnexpectedSignInResponseError(message, advice=advice)


def no_list(response: Response) -> UserListError:
    """Describe a response to the user list request that is not 200."""
    status = response.status
    advice = {
        401: "AIRisk rejected the generic token. Run `airisk-tui doctor`.",
        403: "This client may not list users. Contact the deployment's operator.",
        404: "Set AIRISK_LIST_USERS to the path of the user list.",
    }.get(status, _NOT_AIRISK if 300 <= status < 400 else _LATER)
    busy = _too_busy(f"The user list request returned {status}.", response) if status in BUSY else None
    return UserListError(f"returned {status}", advice=advice, busy=busy)


def _too_busy(message: str, response: Response) -> ServiceBusyError:
    """Describe an overloaded AIRisk, and when to try again."""
    header = response.header("retry-after")
    advice = f"AIRisk is busy. {describe_retry_after(header) or _LATER}"
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
