"""Sign-in: the authorize step and the token endpoint."""

import hmac
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from tui.sandbox.deployment import Deployment
from tui.sandbox.errors import RefusedError
from tui.sandbox.people import Person
from tui.sandbox.tokens import Bound

_REQUIRED = ("client_id", "client_secret", "redirect_uri", "code")
_HOUR = 3600


class SigningIn:
    """The two steps that exchange a client and, if named, a user for a token."""

    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment
        self._options = deployment.options
        self._faults = deployment.faults

    async def authorize(self, request: Request) -> Response:
        """Answer `GET /api/oauth2` with a redirect that carries a code."""
        if "authorize-500" in self._faults:
            raise RefusedError(500)
        asked = request.query_params
        if asked.get("client_id") != self._options.client_id:
            raise RefusedError(401)
        if asked.get("redirect_uri") not in self._options.registered:
            raise RefusedError(400, "redirect_uri is not registered.")
        if asked.get("response_type", "code") != "code":
            raise RefusedError(400, "response_type must be code.")
        user_id = asked.get("userid")
        try:
            self._check_user(request, user_id)
        except RefusedError as refused:
            if "refused-by-redirect" not in self._faults:
                raise
            told = [("error", "access_denied"), ("error_description", refused.detail)]
            return _redirect(asked["redirect_uri"], told + self._state(asked.get("state")))
        code = self._deployment.mint.new_code(Bound(asked["redirect_uri"], user_id))
        return _redirect(asked["redirect_uri"], self._answered(code, asked.get("state")))

    async def token(self, request: Request) -> Response:
        """Answer `POST /api/oauth2/Token` with a token for a valid code."""
        if "token-500" in self._faults:
            raise RefusedError(500)
        sent = await _fields(request)
        if not all(sent.get(name) for name in _REQUIRED):
            return PlainTextResponse("Invalid client_id", 400)
        if sent.get("grant_type", "authorization_code") != "authorization_code":
            raise RefusedError(400, "grant_type must be authorization_code.")
        if not self._is_our_client(sent):
            raise RefusedError(401)
        user_id = sent.get("userid")
        if not self._deployment.mint.is_spent_well(sent["code"], Bound(sent["redirect_uri"], user_id)):
            return PlainTextResponse("Invalid Code", 400)
        return self._token_for(self._check_user(request, user_id))

    def _check_user(self, request: Request, user_id: str | None) -> Person | None:
        if user_id is None:
            return None
        if self._options.require_generic_bearer and not self._deployment.has_generic_bearer(request):
            raise RefusedError(401, headers={"WWW-Authenticate": "Bearer"})
        people = self._deployment.people
        index = people.index(user_id)
        if index is None:
            raise RefusedError(400, "userid is not known.")
        person = people[index]
        if person.is_suspended:
            raise RefusedError(403, "The user is suspended.")
        return person

    def _is_our_client(self, sent: dict[str, str]) -> bool:
        is_known = sent["client_id"] == self._options.client_id
        # compare_digest accepts only ASCII text.
        given, ours = sent["client_secret"].encode(), self._options.client_secret.encode()
        return hmac.compare_digest(given, ours) and is_known

    def _answered(self, code: str, state: str | None) -> list[tuple[str, str]]:
        codes = [] if "authorize-no-code" in self._faults else [("code", code)]
        states = self._state(state)
        return states + codes if "state-first" in self._faults else codes + states

    def _state(self, state: str | None) -> list[tuple[str, str]]:
        if state is None or "state-missing" in self._faults:
            return []
        return [("state", "another-" + state if "state-wrong" in self._faults else state)]

    def _token_for(self, person: Person | None) -> Response:
        named = person
        if person and "token-other-user" in self._faults:
            people = self._deployment.people
            named = next((other for other in people if other.id != person.id), person)
        token, grant = self._deployment.mint.new_token(person, named)
        expires = grant.expires
        if "token-past" in self._faults:
            expires = int(self._deployment.clock()) - _HOUR
        return JSONResponse(
            {
                "access_token": "" if "token-empty" in self._faults else token,
                "expiration": datetime.fromtimestamp(expires, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            },
            headers={"Cache-Control": "no-store"},
        )


async def _fields(request: Request) -> dict[str, str]:
    """Return the text fields of a form or a JSON object; none for anything else."""
    sent: Any
    if request.headers.get("content-type", "").startswith("application/json"):
        try:
            sent = msgspec.json.decode(await request.body())
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return {}
    else:
        async with request.form() as form:
            sent = dict(form)
    if not isinstance(sent, dict):
        return {}
    return {name: value for name, value in sent.items() if isinstance(value, str)}


def _redirect(address: str, parameters: list[tuple[str, str]]) -> Response:
    joint = "&" if "?" in address else "?"
    location = f"{address}{joint}{urlencode(parameters)}" if parameters else address
    return Response(status_code=302, headers={"Location": location})
