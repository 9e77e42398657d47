"""Both authentication steps of the foreign deployment."""

import base64
import hmac
import json
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, quote, urlencode

from tests.kit.deployment.dialect import Dialect
from tests.kit.deployment.messages import Received, Reply, json_reply
from tests.kit.deployment.refusals import RefusedError
from tests.kit.deployment.shapes import Person
from tests.kit.deployment.tokens import GENERIC, Clock, TokenShelf, expiration_fields, jwt, opaque_token

CODE_SECONDS = 60
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What a code was given for."""

    redirect_uri: str
    userid: str | None
    end: datetime


class SignIn:
    """Gives codes and exchanges them; `people` is the server's own, and may shrink."""

    def __init__(
        self,
        dialect: Dialect,
        *,
        client: tuple[str, str],
        people: dict[str, Person],
        tokens: TokenShelf,
        clock: Clock,
    ) -> None:
        self._dialect = dialect
        self._client_id, self._client_secret = client
        self._people = people
        self._tokens = tokens
        self._clock = clock
        self._grants: dict[str, Grant] = {}

    def authorize(self, request: Received) -> Reply:
        """Step 1: a redirect with a code, or with the refusal."""
        fields = self._named(once_each(request.query))
        if not hmac.compare_digest(fields.get("client_id", "").encode(), self._client_id.encode()):
            raise RefusedError(401, "Unknown client_id")
        if fields.get("redirect_uri") not in self._dialect.redirect_uris:
            raise RefusedError(400, "Invalid redirect_uri")
        userid = fields.get("userid")
        self._want_generic_bearer("authorize", request, userid)
        try:
            self._check_asked(fields, userid)
        except RefusedError as refusal:
            if not self._dialect.is_refusal_redirected:
                raise
            error = [("error", "access_denied"), ("error_description", refusal.words)]
            return self._redirect(fields, [*error, *self._state(fields)])
        return self._redirect(fields, self._good_parameters(fields, userid))

    def exchange(self, request: Received) -> Reply:
        """Step 2: a token for a code."""
        fields = self._named(self._fields(request))
        for name in ("client_id", "client_secret", "redirect_uri", "code"):
            if not fields.get(name):
                raise RefusedError(400, f"Invalid {name}")
        self._check_client(fields)
        if self._dialect.is_grant_type_required and fields.get("grant_type") != "authorization_code":
            raise RefusedError(400, "Invalid grant_type")
        grant = self._grants.pop(fields["code"], None)
        if grant is None or grant.end <= self._clock.now():
            raise RefusedError(400, "Invalid Code")
        if fields["redirect_uri"] != grant.redirect_uri:
            raise RefusedError(400, "Invalid redirect_uri")
        if grant.userid is not None and grant.userid not in self._people:
            raise RefusedError(400, "Invalid userid")
        if self._dialect.is_userid_checked and fields.get("userid") != grant.userid:
            raise RefusedError(400, "Invalid userid")
        self._want_generic_bearer("token", request, grant.userid)
        return self._token_reply(grant.userid)

    def _named(self, fields: dict[str, str]) -> dict[str, str]:
        """The fields with the user's id as the server has it, where it takes any spelling."""
        if not self._dialect.is_spelling_free or "userid" not in fields:
            return fields
        known = {spelled(person): person for person in self._people}
        return fields | {"userid": known.get(spelled(fields["userid"]), fields["userid"])}

    def _check_asked(self, fields: dict[str, str], userid: str | None) -> None:
        if self._dialect.is_response_type_required and fields.get("response_type") != "code":
            raise RefusedError(400, "Invalid response_type")
        if userid is not None and userid not in self._people:
            raise RefusedError(400, "Invalid userid")
        if userid in self._dialect.forbidden_users:
            raise RefusedError(403, "This user may not be acted for")

    def _good_parameters(self, fields: dict[str, str], userid: str | None) -> list[tuple[str, str]]:
        # Base64 with all three of its awkward signs: a code must be decoded once, and encoded again.
        code = base64.b64encode(secrets.token_bytes(24)).decode() + "+/="
        end = self._clock.now() + timedelta(seconds=CODE_SECONDS)
        self._grants[code] = Grant(redirect_uri=fields["redirect_uri"], userid=userid, end=end)
        known = {"code": [("code", code)], "state": self._state(fields)}
        ordered = [pair for name in self._dialect.location_order for pair in known[name]]
        return [*self._dialect.location_extras, *ordered]

    def _state(self, fields: dict[str, str]) -> list[tuple[str, str]]:
        is_echoed = self._dialect.is_state_echoed and "state" in fields
        return [("state", fields["state"])] if is_echoed else []

    def _redirect(self, fields: dict[str, str], parameters: list[tuple[str, str]]) -> Reply:
        address = fields["redirect_uri"]
        joint = "&" if "?" in address else "?"
        location = f"{address}{joint}{urlencode(parameters, quote_via=quote)}"
        return Reply(self._dialect.redirect_status, b"", (("Location", location),))

    def _fields(self, request: Received) -> dict[str, str]:
        kind = (request.header("Content-Type") or "").partition(";")[0].strip().lower()
        is_wanted = {FORM: self._dialect.token_body != "json", JSON: self._dialect.token_body != "form"}
        if not is_wanted.get(kind):
            raise RefusedError(415, "Unsupported content type")
        try:
            text = request.body.decode()
            return once_each(parse_qsl(text, keep_blank_values=True)) if kind == FORM else text_fields(text)
        except ValueError:
            raise RefusedError(400, "Invalid request") from None

    def _check_client(self, fields: dict[str, str]) -> None:
        is_id_right = hmac.compare_digest(fields["client_id"].encode(), self._client_id.encode())
        is_secret_right = hmac.compare_digest(fields["client_secret"].encode(), self._client_secret.encode())
        if not (is_id_right and is_secret_right):
            raise RefusedError(401, "Unknown client")

    def _want_generic_bearer(self, step: str, request: Received, userid: str | None) -> None:
        if userid is None or self._dialect.generic_bearer not in {step, "both"}:
            return
        if self._tokens.spend(bearer(request) or "") != GENERIC:
            raise RefusedError(401, "The generic token is wanted")

    def _token_reply(self, userid: str | None) -> Reply:
        dialect = self._dialect
        identity = GENERIC if userid is None else userid
        uses = dialect.generic_token_uses if userid is None else dialect.user_token_uses
        token = self._tokens.issue(self._token_value(userid), identity, dialect.token_seconds, uses)
        end = expiration_fields(dialect.expiration, token.end, dialect.token_seconds)
        return json_reply({"access_token": token.value, **end})

    def _token_value(self, userid: str | None) -> str:
        if self._dialect.token_form == "opaque":
            return opaque_token()
        claims: dict[str, object] = {"iss": "airisk", "jti": secrets.token_hex(8), **self._dialect.other_claims}
        if self._dialect.subject_claim is not None:
            claims[self._dialect.subject_claim] = self._subject(userid)
        return jwt(claims)

    def _subject(self, userid: str | None) -> object:
        if userid is None:
            return self._client_id
        override = self._dialect.token_subject
        return self._people[userid].id if override is None else override


def spelled(userid: str) -> str:
    """An id as .NET reads GUIDs: without regard to case, blanks, braces and dashes."""
    return re.sub(r"^urn:uuid:|[-\s{}()]", "", userid.casefold())


def bearer(request: Received) -> str | None:
    """The token of the only Authorization header, or None."""
    values = request.values("Authorization")
    scheme, _, token = values[0].partition(" ") if len(values) == 1 else ("", "", "")
    return token if scheme.lower() == "bearer" else None


def once_each(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Parameters by name; one that is given twice is refused."""
    fields: dict[str, str] = {}
    for name, value in pairs:
        if name in fields:
            raise RefusedError(400, f"Repeated {name}")
        fields[name] = value
    return fields


def text_fields(text: str) -> dict[str, str]:
    """The members of a JSON object, all of which must be text."""
    value = json.loads(text)
    if not isinstance(value, dict) or not all(isinstance(member, str) for member in value.values()):
        raise ValueError("not an object of texts")
    return value
