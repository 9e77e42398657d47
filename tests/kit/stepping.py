"""Signing in without a network: a test takes the steps, and gives the answers."""

import json
from urllib.parse import parse_qsl, quote, urlsplit

import pytest

from tests.kit.leaks import told_by
from tui.airisk.auth.oauth import SignInFlow, Token, sign_in
from tui.airisk.auth.sign_in_errors import ClientCredentials
from tui.airisk.http.request import Request
from tui.airisk.http.response import Response
from tui.airisk.identity import APPLICATION, Identity
from tui.airisk.models import Timing, User
from tui.config.keyring import Secret
from tui.errors import AIRiskError

SECRET = "s3cret+/=& %"
CODE = "c0de+/="
CALLBACK = "https://localhost/callback"
CREDENTIALS = ClientCredentials("demo", Secret(SECRET), CALLBACK)
ADA = Identity.of(User("u-1", "Ada"))
PROBLEM = json.dumps(
    {"type": "https://tools.ietf.org/html/rfc9110#section-15.5.2", "title": "Unauthorized", "status": 401}
).encode()


def answer(
    status: int, body: bytes = b"", kind: str = "", *headers: tuple[str, str], clock_skew: float | None = 0
) -> Response:
    told = ((("Content-Type", kind),) if kind else ()) + headers
    return Response(
        status=status, reason="", headers=told, body=body, clock_skew=clock_skew, timing=Timing(0, 0.1, 0.1)
    )


def redirect(location: str, status: int = 302) -> Response:
    return answer(status, b"", "", ("Location", location))


def state_of(request: Request) -> str:
    return dict(parse_qsl(urlsplit(request.target).query))["state"]


def begun(identity: Identity = APPLICATION, application: ClientCredentials = CREDENTIALS) -> tuple[SignInFlow, Request]:
    steps = sign_in(application, identity, Token(Secret("generic-token")) if identity.is_user else None)
    return steps, next(steps)


def after_code(identity: Identity = APPLICATION, application: ClientCredentials = CREDENTIALS) -> SignInFlow:
    steps, authorize = begun(identity, application)
    steps.send(redirect(f"{CALLBACK}?code={quote(CODE, safe='')}&state={state_of(authorize)}"))
    return steps


def ended(steps: SignInFlow, last: Response) -> Token:
    """The token that the last answer brings."""
    with pytest.raises(StopIteration) as done:
        steps.send(last)
    token = done.value.value
    assert isinstance(token, Token)
    return token


def failed(steps: SignInFlow, last: Response) -> AIRiskError:
    """The error that the last answer ends in; it gives neither the secret nor the code away."""
    with pytest.raises(AIRiskError) as refused:
        steps.send(last)
    told = told_by(refused.value)
    assert all(each not in told for each in (SECRET, quote(SECRET, safe=""), CODE, quote(CODE, safe="")))
    assert refused.value.advice
    return refused.value


def token_answer(**members: object) -> Response:
    return answer(200, json.dumps(members).encode(), "application/json")
