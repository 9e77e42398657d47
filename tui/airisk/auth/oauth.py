"""Sign-in as steps without network access: each yields a Request and is sent its Response.

An authorization code without a browser: AIRisk responds to the authorize step with a redirect that is read, never
followed. Parameters that only some pages of its documentation require are always sent: `response_type`, `state`,
`userid` in both steps, `grant_type`, and the generic token as Bearer while a user's is requested.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Awaitable, Callable, Generator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import SplitResult, quote, unquote, unquote_plus, urlencode, urlsplit

import msgspec

from tui import clocks
from tui.airisk.auth.sign_in_errors import CONTACT_DEPLOYMENT, ClientCredentials, denial, kind_of, no_code, refusal
from tui.airisk.auth.token_subject import check_subject, json_object
from tui.airisk.http.masking import SentSecrets
from tui.airisk.http.request import Request
from tui.airisk.http.response import Response
from tui.airisk.identity import Identity, SubjectCheck
from tui.config.keyring import Secret
from tui.errors import RequestRejectedError, UnexpectedSignInResponseError
from tui.plain_names import is_text

AUTHORIZE = "/api/oauth2"
TOKEN = "/api/oauth2/Token"
TOKEN_CAP = 16 * 1024
"""Characters of an access token; anything longer would not fit into a header."""

SignInFlow = Generator[Request, Response, "Token"]
_Encoding = Callable[[Mapping[str, str]], tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Token:
    """An access token.

    `expires_at` is in seconds of the local wall clock, None if unknown: then it is valid until a 401.
    """

    secret: Secret
    subject_check: SubjectCheck = SubjectCheck.NONE
    expires_at: float | None = None
    obtained_at: float = field(default_factory=clocks.wall)
    obtained_steadily: float = field(default_factory=clocks.steady)

    @property
    def seconds_left(self) -> float | None:
        """Seconds until it expires, None if unknown: by the wall clock, unless that was put back since."""
        if self.expires_at is None:
            return None
        now = clocks.wall()
        put_back = clocks.steady() - self.obtained_steadily - (now - self.obtained_at)
        return self.expires_at - now - max(put_back, 0.0)

    def is_live(self, *, margin: float = 0.0) -> bool:
        """Return whether it will still be valid in `margin` seconds, as far as is known."""
        left = self.seconds_left
        return left is None or left > margin


def sign_in(
    application: ClientCredentials,
    identity: Identity,
    generic_token: Token | None = None,
    sent: SentSecrets | None = None,
) -> SignInFlow:
    """Request a code and exchange it for a token, as an identity.

    Args:
        application: the client, with its secret.
        identity: the application, or the user to act as.
        generic_token: sent as the bearer while a user's token is requested.
        sent: secrets to mask in quoted text.

    Raises:
        SignInRejectedError: AIRisk rejected the sign-in.
        UnexpectedSignInResponseError: it neither accepted nor rejected it.
        RequestRejectedError: the user's id cannot be sent unchanged, or the token names a protected user.
    """
    if not is_text(identity.id):
        raise RequestRejectedError(f"The ID of {identity} contains invalid Unicode (an unpaired surrogate).")
    bearer = generic_token.secret if generic_token else None
    sent = sent or SentSecrets()
    sent.add(application.secret, bearer)
    response = yield from _both_steps(application, identity, bearer, sent, _as_form)
    if response.status == 415:
        response = yield from _both_steps(application, identity, bearer, sent, _as_json)
    return _token(response, application, identity, sent)


async def run_flow(
    steps: SignInFlow, send: Callable[[Request], Awaitable[Response]], request: Request | None = None
) -> Token:
    """Run the steps over a network.

    Args:
        steps: as `sign_in` gives them.
        send: sends a request and returns its response.
        request: the last request of the steps, if they were started.
    """
    request = request or next(steps)
    while True:
        response = await send(request)
        try:
            request = steps.send(response)
        except StopIteration as done:
            token: Token = done.value
            return token


def _both_steps(
    application: ClientCredentials, identity: Identity, bearer: Secret | None, sent: SentSecrets, encode: _Encoding
) -> Generator[Request, Response, Response]:
    state = secrets.token_urlsafe(16)
    response = yield _authorize(application, identity, state, bearer)
    code = Secret(_code(response, application, identity, state, sent))
    sent.add(code)
    content_type, body = encode(_grant(application, identity, code))
    headers, secrets_in_it = (("Content-Type", content_type),), (application.secret, code)
    return (yield Request("POST", TOKEN, headers, body, bearer=bearer, secrets=secrets_in_it, fetches_secret=True))


def _authorize(application: ClientCredentials, identity: Identity, state: str, bearer: Secret | None) -> Request:
    query = {
        "response_type": "code",
        "client_id": application.client_id,
        "redirect_uri": application.redirect_uri,
        "state": state,
    }
    if identity.is_user:
        query["userid"] = identity.id
    target = f"{AUTHORIZE}?{urlencode(query, quote_via=quote, safe='')}"
    return Request("GET", target, bearer=bearer, fetches_secret=True)


def _grant(application: ClientCredentials, identity: Identity, code: Secret) -> dict[str, str]:
    grant = {
        "grant_type": "authorization_code",
        "client_id": application.client_id,
        "client_secret": application.secret.reveal(),
        "redirect_uri": application.redirect_uri,
        "code": code.reveal(),
    }
    return grant | ({"userid": identity.id} if identity.is_user else {})


def _as_form(grant: Mapping[str, str]) -> tuple[str, bytes]:
    return "application/x-www-form-urlencoded", urlencode(grant).encode("ascii")


def _as_json(grant: Mapping[str, str]) -> tuple[str, bytes]:
    return "application/json", msgspec.json.encode(grant)


def _code(response: Response, application: ClientCredentials, identity: Identity, state: str, sent: SentSecrets) -> str:
    """Read the code from the redirect; nothing is followed."""
    if response.status not in {301, 302, 303, 307, 308}:
        raise refusal(sent.quotable(response), identity, step="authorize")
    locations = [value for name, value in response.headers if name.lower() == "location"]
    if len(locations) != 1:
        raise no_code("it redirects to " + ("more than one address" if locations else "no address"))
    location = _split(locations[0])
    if not _same_address(location, _split(application.redirect_uri)):
        raise no_code(
            "it redirects to another address than REDIRECT_URI",
            advice="Check that REDIRECT_URI is registered for this client.",
        )
    parameters = _parameters(location.query)
    if "error" in parameters:
        words = " ".join(unquote_plus(each) for each in parameters["error"] + parameters.get("error_description", []))
        raise denial(sent.quoted(words), identity, status=response.status)
    states, codes = parameters.get("state", []), parameters.get("code", [])
    if states and [unquote(each) for each in states] != [state]:
        raise no_code("the state it returned does not match")
    if len(codes) != 1 or not codes[0]:
        raise no_code("the redirect contains " + ("more than one" if len(codes) > 1 else "none"))
    # A raw + can only be an unencoded +, because no code contains a space.
    return unquote(codes[0])


def _split(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        raise no_code("it redirects to an invalid address") from None
    return parts


def _same_address(one: SplitResult, other: SplitResult) -> bool:
    usual = {"https": 443, "http": 80}

    def essence(parts: SplitResult) -> tuple[object, ...]:
        host = (parts.hostname or "", parts.port or usual.get(parts.scheme), parts.username, parts.password)
        return parts.scheme, *host, parts.path or ("/" if parts.netloc else ""), parts.fragment

    return essence(one) == essence(other)


def _parameters(query: str) -> dict[str, list[str]]:
    """Parse a query into its parameters, still encoded, each with all its values."""
    found: dict[str, list[str]] = {}
    for pair in filter(None, query.split("&")):
        name, _, value = pair.partition("=")
        found.setdefault(unquote_plus(name), []).append(value)
    return found


def _token(response: Response, application: ClientCredentials, identity: Identity, sent: SentSecrets) -> Token:
    if response.status != 200:
        raise refusal(sent.quotable(response), identity, step="token")
    document = json_object(response.body)
    value = document.get("access_token")
    if not isinstance(value, str) or not re.fullmatch(r"[\x21-\x7e]+", value) or len(value) > TOKEN_CAP:
        kind = kind_of(sent.quotable(response))
        raise UnexpectedSignInResponseError(
            f"AIRisk's response ({kind}) contains no usable token.", advice=CONTACT_DEPLOYMENT
        )
    subject_check = SubjectCheck.NONE
    if identity.is_user:
        protected, client_id = application.protected_users, application.client_id
        subject_check = check_subject(value, identity, protected=protected, client_id=client_id)
    return Token(Secret(value), subject_check, _expiry(document.get("expiration"), response.clock_skew or 0.0))


def _expiry(expiration: Any, clock_skew: float) -> float | None:
    """Return when the token expires by the local clock; `clock_skew` is the server's clock minus ours.

    ISO 8601 with Z, an offset or no zone (then UTC), and up to 7 digits of a second (.NET's). Anything else, a
    time in the past and the years that .NET uses for "none" count as unknown.
    """
    if not isinstance(expiration, str):
        return None
    try:
        moment = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", expiration.strip()))
        at = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - clock_skew
    except (ValueError, OverflowError):
        return None
    return at if at > clocks.wall() and moment.year < 9999 else None
