"""Signing in, as the documentation tells it."""

import base64
import json
import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest

from tests.service.sandbox.visitor import Visitor, redirected
from tui.sandbox import Options, Sandbox


def _claims(token: str) -> dict[str, object]:
    middle = token.split(".")[1]
    claims: dict[str, object] = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
    return claims


def _is_documented_401(answer) -> bool:
    body = answer.json()
    return (
        answer.status_code == 401
        and answer.headers["content-type"] == "application/problem+json"
        and list(body) == ["type", "title", "status", "traceId"]
        and body["type"] == "https://tools.ietf.org/html/rfc9110#section-15.5.2"
        and (body["title"], body["status"]) == ("Unauthorized", 401)
        and bool(re.fullmatch("00-[0-9a-f]{32}-[0-9a-f]{16}-00", body["traceId"]))
    )


def _is_text(answer, text: str) -> bool:
    kind = answer.headers["content-type"].partition(";")[0]
    return (answer.status_code, kind, answer.content) == (400, "text/plain", text.encode())


def test_naming_a_user_is_enough_for_a_code_and_the_state_comes_back(visitor):
    answer = visitor.authorize("u-000000", state="st/ate &1", response_type="code")
    assert answer.content == b""
    assert answer.headers["location"].startswith("https://localhost/callback?code=")
    assert list(redirected(answer)) == ["code", "state"]
    assert redirected(answer)["state"] == "st/ate &1"


def test_without_a_state_none_is_made_up(visitor):
    assert list(redirected(visitor.authorize())) == ["code"]


def test_a_users_token_names_the_user_and_ends_in_an_hour(sandbox, visitor):
    answer = visitor.exchange(visitor.code("u-000003"), "u-000003")
    assert list(answer.json()) == ["access_token", "expiration"]
    expires = datetime.strptime(answer.json()["expiration"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    claims = _claims(answer.json()["access_token"])
    assert claims["sub"] == claims["userid"] == "u-000003"
    assert claims["client_id"] == sandbox.options.client_id
    assert claims["exp"] == expires.timestamp() == int(str(claims["iat"])) + 3600


def test_the_generic_token_names_nobody(visitor):
    claims = _claims(visitor.token())
    assert "sub" not in claims
    assert "userid" not in claims


def test_the_token_request_may_be_json(visitor):
    fields = visitor.fields(visitor.code("u-000000"), "u-000000", grant_type="authorization_code")
    assert visitor.http.post("/api/oauth2/Token", json=fields).status_code == 200


def test_an_unknown_client_gets_the_documented_problem(visitor):
    assert _is_documented_401(visitor.authorize(client_id="somebody"))
    assert _is_documented_401(visitor.exchange(visitor.code(), client_id="somebody"))
    assert _is_documented_401(visitor.exchange(visitor.code(), client_secret="wrong-é"))


@pytest.mark.parametrize("address", ["https://evil.example/", "https://localhost/callback/", ""])
def test_an_address_that_is_not_registered_is_never_redirected_to(visitor, address):
    answer = visitor.authorize(redirect_uri=address)
    assert answer.status_code == 400
    assert "location" not in answer.headers


@pytest.mark.parametrize("stranger", ["u-999999", "", "grace"])
def test_a_user_nobody_knows_is_refused_and_never_taken_for_no_user(visitor, stranger):
    answer = visitor.authorize(stranger)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")


def test_a_suspended_user_cannot_be_signed_in_as(visitor):
    suspended = next(user["id"] for user in visitor.users() if user["status"] == "suspended")
    answer = visitor.authorize(suspended)
    assert (answer.status_code, answer.headers["content-type"]) == (403, "application/problem+json")


@pytest.mark.parametrize("missing", ["client_id", "client_secret", "redirect_uri", "code"])
def test_a_missing_field_is_reported_in_the_documented_words(visitor, missing):
    fields = visitor.fields(visitor.code())
    del fields[missing]
    assert _is_text(visitor.http.post("/api/oauth2/Token", data=fields), "Invalid client_id")
    assert _is_text(visitor.http.post("/api/oauth2/Token", json=fields), "Invalid client_id")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"code": 1}', b"[" * 100_000, b"\xff"])
def test_json_that_is_none_is_a_missing_field(visitor, body):
    answer = visitor.http.post("/api/oauth2/Token", content=body, headers={"Content-Type": "application/json"})
    assert _is_text(answer, "Invalid client_id")


def test_a_code_is_good_once(visitor):
    code = visitor.code("u-000000")
    assert visitor.exchange(code, "u-000000").status_code == 200
    assert _is_text(visitor.exchange(code, "u-000000"), "Invalid Code")


@pytest.mark.parametrize(("asked_for", "used_for"), [("u-000000", "u-000001"), ("u-000000", None), (None, "u-000000")])
def test_a_code_is_good_for_the_one_it_was_asked_for(visitor, asked_for, used_for):
    code = visitor.code(asked_for)
    assert _is_text(visitor.exchange(code, used_for), "Invalid Code")
    assert _is_text(visitor.exchange(code, asked_for), "Invalid Code"), "a misused code is spent"


def test_a_code_is_good_for_the_address_it_went_to():
    first, second = "https://localhost/callback", "https://localhost/other?from=airisk"
    options = Options(redirect_uris=f"{first}, {second}")
    with Sandbox(options) as sandbox, Visitor(sandbox.url, options) as visitor:
        location = visitor.authorize(redirect_uri=second).headers["location"]
        assert urlsplit(location).query.startswith("from=airisk&code=")
        code = visitor.code(redirect_uri=second)
        assert _is_text(visitor.exchange(code, redirect_uri=first), "Invalid Code")


def test_a_code_does_not_live_long(clock):
    with Sandbox(Options(code_seconds=60), clock=clock) as sandbox, Visitor(sandbox.url, sandbox.options) as visitor:
        young, old = visitor.code(), visitor.code()
        clock.now += 59
        assert visitor.exchange(young).status_code == 200
        clock.now += 1
        assert _is_text(visitor.exchange(old), "Invalid Code")


def test_a_token_ends_when_it_says(clock):
    with Sandbox(Options(token_seconds=10), clock=clock) as sandbox, Visitor(sandbox.url, sandbox.options) as visitor:
        bearer = visitor.bearer("u-000000")
        clock.now += 9
        assert visitor.get("/api/Chat/ListAgents", bearer).status_code == 200
        clock.now += 1
        assert _is_documented_401(visitor.get("/api/Chat/ListAgents", bearer))


def test_opaque_tokens_say_nothing_and_open_the_same():
    with Sandbox(Options(tokens="opaque")) as sandbox, Visitor(sandbox.url, sandbox.options) as visitor:
        bearer = visitor.bearer("u-000000")
        assert "." not in bearer["Authorization"]
        assert visitor.get("/api/Chat/ListAgents", bearer).status_code == 200


def test_the_stricter_deployment_wants_the_generic_token_in_both_steps():
    with Sandbox(Options(require_generic_bearer=True)) as sandbox, Visitor(sandbox.url, sandbox.options) as visitor:
        assert _is_documented_401(visitor.authorize("u-000000"))
        generic = visitor.token()
        assert _is_documented_401(visitor.exchange(visitor.code("u-000000", bearer=generic), "u-000000"))
        visitor.http.headers["Authorization"] = f"Bearer {generic}"
        user = visitor.token("u-000000")
        assert _is_documented_401(visitor.authorize("u-000001", bearer=user)), (
            "a user's token is not the application one"
        )


def test_the_secret_shows_nowhere():
    options = Options(client_secret="s3cret-of-mine")
    assert "s3cret" not in repr(options)


def test_the_secret_is_the_environments_or_a_new_one(monkeypatch):
    monkeypatch.delenv("CLIENT_SECRET", raising=False)
    assert Options().client_secret != Options().client_secret
    monkeypatch.setenv("CLIENT_SECRET", "from-outside")
    assert Options().client_secret == "from-outside"


def test_options_that_cannot_be_served_are_refused():
    for wrong in ({"users": 0}, {"users": 1_000_001}, {"faults": ("flu",)}):
        with pytest.raises(ValueError, match=r"users must|unknown fault"):
            Options(**wrong)
