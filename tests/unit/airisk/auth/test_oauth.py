"""Signing in, step by step, without a network: what AIRisk may say, and what is made of it."""

import json
import re
from collections.abc import Callable
from urllib.parse import parse_qsl, quote, urlsplit

import pytest

from tests.kit.stepping import (
    ADA,
    CALLBACK,
    CODE,
    SECRET,
    after_code,
    answer,
    begun,
    ended,
    failed,
    redirect,
    state_of,
    token_answer,
)
from tui.airisk.auth.sign_in_errors import ClientCredentials
from tui.airisk.http.response import Response
from tui.airisk.identity import APPLICATION, Identity
from tui.config.keyring import Secret
from tui.errors import RequestRejectedError, SignInRejectedError, UnexpectedSignInResponseError

# What is asked


def test_both_steps_send_all_that_any_page_of_the_documentation_wants() -> None:
    steps, authorize = begun(ADA)
    asked = dict(parse_qsl(urlsplit(authorize.target).query))
    assert (authorize.method, urlsplit(authorize.target).path) == ("GET", "/api/oauth2")
    assert asked | {"state": ""} == {
        "response_type": "code",
        "client_id": "demo",
        "redirect_uri": CALLBACK,
        "state": "",
        "userid": "u-1",
    }
    token = steps.send(redirect(f"{CALLBACK}?code={quote(CODE, safe='')}"))
    assert (token.method, token.target) == ("POST", "/api/oauth2/Token")
    assert dict(parse_qsl(token.body.decode(), strict_parsing=True)) == {
        "grant_type": "authorization_code",
        "client_id": "demo",
        "client_secret": SECRET,
        "redirect_uri": CALLBACK,
        "code": CODE,
        "userid": "u-1",
    }
    assert authorize.bearer == token.bearer == Secret("generic-token")


def test_the_generic_identity_names_no_user_and_shows_no_token() -> None:
    steps, authorize = begun()
    token = steps.send(redirect(f"{CALLBACK}?code=x"))
    assert "userid" not in authorize.target + token.body.decode()
    assert authorize.bearer is token.bearer is None


def test_the_state_is_new_each_time() -> None:
    assert len({state_of(begun()[1]) for _ in range(5)}) == 5


def test_where_a_form_is_not_understood_both_steps_are_taken_again_in_json_with_a_new_code() -> None:
    steps = after_code()
    authorize = steps.send(answer(415))
    assert authorize.method == "GET"
    token = steps.send(redirect(f"{CALLBACK}?code=second&state={state_of(authorize)}"))
    assert json.loads(token.body)["code"] == "second"
    assert ("Content-Type", "application/json") in token.headers
    assert ended(steps, token_answer(access_token="t")).secret == Secret("t")


def test_neither_form_nor_json_is_tried_a_third_time() -> None:
    steps = after_code()
    authorize = steps.send(answer(415))
    steps.send(redirect(f"{CALLBACK}?code=second&state={state_of(authorize)}"))
    assert "415" in failed(steps, answer(415)).message


def test_an_id_that_cannot_be_sent_is_refused() -> None:
    with pytest.raises(RequestRejectedError, match="invalid Unicode"):
        begun(Identity("user", "u-\udc80"))


# The redirect

ACCEPTED: dict[str, Callable[[str], str]] = {
    "code then state": lambda state: f"{CALLBACK}?code={quote(CODE, safe='')}&state={state}",
    "state then code": lambda state: f"{CALLBACK}?state={state}&code={quote(CODE, safe='')}",
    "no state": lambda _: f"{CALLBACK}?code={quote(CODE, safe='')}",
    "unknown parameters": lambda state: f"{CALLBACK}?a&b=%&code={quote(CODE, safe='')}&iss=x&state={state}&&c=1",
    "a + that is a +": lambda state: f"{CALLBACK}?code={CODE}&state={state}",
    "the usual port": lambda state: f"https://localhost:443/callback?code={quote(CODE, safe='')}&state={state}",
    "capital letters": lambda state: f"HTTPS://LOCALHOST/callback?code={quote(CODE, safe='')}&state={state}",
}


@pytest.mark.parametrize("location", ACCEPTED.values(), ids=ACCEPTED)
def test_a_code_is_read_from_a_redirect_to_ourselves_however_it_is_written(location: Callable[[str], str]) -> None:
    steps, authorize = begun()
    token = steps.send(redirect(location(state_of(authorize))))
    assert dict(parse_qsl(token.body.decode()))["code"] == CODE


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_code_is_read_from_every_kind_of_redirect(status: int) -> None:
    assert b"code=x" in begun()[0].send(redirect(f"{CALLBACK}?code=x", status)).body


def test_the_usual_port_of_http_may_be_left_out_too() -> None:
    steps, _ = begun(application=ClientCredentials("demo", Secret(SECRET), "http://localhost/cb"))
    assert b"code=x" in steps.send(redirect("http://localhost:80/cb?code=x")).body


@pytest.mark.parametrize(
    "address", ["urn:ietf:wg:oauth:2.0:oob", "myapp:/cb", "http://127.0.0.1:8400", CALLBACK + "?t=1"]
)
def test_every_address_that_can_be_registered_is_recognised(address: str) -> None:
    steps, _ = begun(application=ClientCredentials("demo", Secret(SECRET), address))
    token = steps.send(redirect(f"{address}{'&' if '?' in address else '?'}code=x"))
    assert dict(parse_qsl(token.body.decode()))["redirect_uri"] == address


NO_CODE: dict[str, tuple[Callable[[str], Response], str]] = {
    "200": (lambda _: answer(200, b"<html>", "text/html; charset=utf-8"), r"returned 200 \(text/html\)"),
    "no Location": (lambda _: answer(302), "redirects to no address"),
    "two Locations": (
        lambda _: answer(302, b"", "", ("Location", f"{CALLBACK}?code=a"), ("location", f"{CALLBACK}?code=a")),
        "redirects to more than one address",
    ),
    "a relative one": (lambda _: redirect("/callback?code=x"), "redirects to another address"),
    "another host": (lambda _: redirect("https://evil.example/callback?code=x"), "redirects to another address"),
    "a host that begins alike": (
        lambda _: redirect("https://localhost.evil/callback?code=x"),
        "redirects to another address",
    ),
    "a user before the host": (
        lambda _: redirect("https://a@localhost/callback?code=x"),
        "redirects to another address",
    ),
    "another port": (lambda _: redirect("https://localhost:444/callback?code=x"), "redirects to another address"),
    "another scheme": (lambda _: redirect("http://localhost/callback?code=x"), "redirects to another address"),
    "another path": (lambda _: redirect("https://localhost/callback/x?code=x"), "redirects to another address"),
    "a fragment": (lambda _: redirect(f"{CALLBACK}?code=x#y"), "redirects to another address"),
    "the code in the fragment": (lambda _: redirect(f"{CALLBACK}#code=x"), "redirects to another address"),
    "no address": (lambda _: redirect("https://["), "an invalid address"),
    "a port that is none": (lambda _: redirect("https://localhost:x/callback?code=x"), "an invalid address"),
    "no code": (lambda state: redirect(f"{CALLBACK}?state={state}"), "the redirect contains none"),
    "an empty code": (lambda _: redirect(f"{CALLBACK}?code="), "the redirect contains none"),
    "two codes": (lambda _: redirect(f"{CALLBACK}?code={CODE}&code={CODE}"), "contains more than one"),
    "a wrong state": (
        lambda _: redirect(f"{CALLBACK}?code={CODE}&state=wrong"),
        "the state it returned does not match",
    ),
    "an empty state": (lambda _: redirect(f"{CALLBACK}?code={CODE}&state="), "the state it returned does not match"),
    "two states": (
        lambda s: redirect(f"{CALLBACK}?code={CODE}&state={s}&state=x"),
        "the state it returned does not match",
    ),
    "not there": (lambda _: answer(404, b"", "text/html"), "authorization request returned 404"),
    "out of order": (
        lambda _: answer(500, b"<h1>", "text/html"),
        r"The authorization request returned 500 \(text/html\)",
    ),
}


def test_where_there_is_no_airisk_it_is_the_address_that_is_to_be_checked() -> None:
    assert failed(begun()[0], answer(404)).advice == "Check that AIRISK_URL is an AIRisk deployment."


@pytest.mark.parametrize(("reply", "words"), NO_CODE.values(), ids=NO_CODE)
def test_whatever_holds_no_code_is_reported_and_not_followed(reply: Callable[[str], Response], words: str) -> None:
    steps, authorize = begun()
    failure = failed(steps, reply(state_of(authorize)))
    assert isinstance(failure, UnexpectedSignInResponseError)
    assert re.search(words, failure.message)


def test_an_error_in_the_redirect_is_shown_cut_and_without_the_secret() -> None:
    steps, _ = begun(ADA)
    words = quote(f"no {SECRET} " + "x" * 500)
    failure = failed(steps, redirect(f"{CALLBACK}?error=access_denied&error_description={words}&code={CODE}"))
    assert failure.message.startswith("AIRisk returned no authorization code: access_denied no [masked] xxx")
    assert isinstance(failure, SignInRejectedError)
    assert len(failure.message) < 250


def test_an_error_in_the_redirect_needs_no_description() -> None:
    failure = failed(begun(ADA)[0], redirect(f"{CALLBACK}?error=access_denied"))
    assert failure.message == "AIRisk returned no authorization code: access_denied."
    assert failure.advice.startswith("The user may be deleted")


@pytest.mark.parametrize("status", [400, 401, 403])
@pytest.mark.parametrize("identity", [APPLICATION, ADA], ids=str)
def test_a_refusal_names_who_was_refused(identity: Identity, status: int) -> None:
    steps, _ = begun(identity)
    failure = failed(steps, answer(status, b"", "text/html"))
    assert isinstance(failure, SignInRejectedError)
    assert failure.status == status
    whom = "would not sign in as Ada · u-1" if identity.is_user else "rejected the client ID"
    assert whom in failure.message
