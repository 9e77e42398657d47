"""Everything on which the sources about AIRisk disagree, as one object."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from tests.kit.deployment.list_paging import Paging
from tests.kit.deployment.refusals import ErrorBody
from tests.kit.deployment.shapes import PLAIN_PEOPLE, ListStyle, Person
from tests.kit.deployment.tokens import ExpirationForm

SHORT_LIST_PATH = "/api/ListUsers"
LONG_LIST_PATH = "/api/Users/ListUsers"
CUSTOM_LIST_PATH = "/api/v9/people"


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """One way to be an AIRisk; the defaults are the plainest reading of the documentation.

    The list of users:
        list_path: the only path that answers; the others are 404.
        list_style: how it is written.
        list_paging: how it is cut into pages (None: it is whole).
        forbidden_users: ids nobody may act as (403 at authorize).

    Authorize:
        redirect_uris: the registered addresses.
        redirect_status, location_order, location_extras, is_state_echoed: how the redirect is written.
        is_response_type_required: refuse without `response_type=code`.
        is_refusal_redirected: refusals travel as `error=…` in the Location, where the address is known.

    Token endpoint:
        token_body: the content type understood; the other is 415.
        is_grant_type_required: refuse without `grant_type=authorization_code`.
        is_userid_checked: `userid` must be repeated, and equal.
        is_spelling_free: a user is found by any spelling of the id, in both steps.
        generic_bearer: the step(s) at which asking for a user's token wants the generic one as Bearer.

    Tokens:
        expiration, token_seconds: how the end is stated, and when it really comes.
        token_form, subject_claim: opaque, or a JWT whose claim of that name (None: none) is the user's id.
        token_subject: what the claim says instead, of whatever type.
        other_claims: what the JWT says besides.
        user_token_uses, generic_token_uses: how many requests a token opens (None: any number).

    Elsewhere:
        error_body: "documented", or one form for every error.
        generic_elsewhere: what the generic token gets at endpoints for users.
        clock_skew_seconds: how far the server's clock is ahead.
    """

    people: tuple[Person, ...] = PLAIN_PEOPLE
    list_path: str = SHORT_LIST_PATH
    list_style: ListStyle = field(default_factory=ListStyle)
    list_paging: Paging | None = None
    forbidden_users: frozenset[str] = frozenset()
    redirect_uris: tuple[str, ...] = ("https://localhost/callback",)
    redirect_status: Literal[302, 303, 307] = 302
    location_order: tuple[Literal["code", "state"], ...] = ("code", "state")
    location_extras: tuple[tuple[str, str], ...] = ()
    is_state_echoed: bool = True
    is_response_type_required: bool = False
    is_refusal_redirected: bool = False
    token_body: Literal["both", "form", "json"] = "both"
    is_grant_type_required: bool = False
    is_userid_checked: bool = True
    is_spelling_free: bool = False
    generic_bearer: Literal["ignored", "authorize", "token", "both"] = "ignored"
    expiration: ExpirationForm = "z"
    token_seconds: float = 3600.0
    token_form: Literal["opaque", "jwt"] = "opaque"
    subject_claim: str | None = "sub"
    token_subject: object = None
    other_claims: Mapping[str, object] = field(default_factory=dict)
    user_token_uses: int | None = None
    generic_token_uses: int | None = None
    error_body: ErrorBody = "documented"
    generic_elsewhere: Literal[401, 403] = 401
    clock_skew_seconds: float = 0.0
