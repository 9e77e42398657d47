"""What the token endpoint may say, and for how long a token is then good."""

import base64
import json
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.stepping import ADA, CREDENTIALS, PROBLEM, SECRET, after_code, answer, ended, failed, token_answer
from tui.airisk.auth.oauth import TOKEN_CAP, Token
from tui.airisk.http.response import Response
from tui.airisk.identity import APPLICATION, Identity, SubjectCheck
from tui.airisk.models import User
from tui.config.keyring import Secret
from tui.errors import (
    ClientSecretRejectedError,
    RequestRejectedError,
    SignInError,
    SignInRejectedError,
    UnexpectedSignInResponseError,
)

TOKEN = "t0ken-canary"
TEXT, PROBLEM_KIND = "text/plain; charset=utf-8", "application/problem+json"

REFUSALS: dict[str, tuple[Response, type[SignInError], str]] = {
    "code used": (answer(400, b"Invalid Code", TEXT), SignInRejectedError, "rejected its own authorization code"),
    "field missing": (
        answer(400, b"Invalid client_id", TEXT),
        SignInRejectedError,
        "says a field is missing or invalid",
    ),
    "client unknown": (
        answer(401, PROBLEM, PROBLEM_KIND),
        ClientSecretRejectedError,
        "rejected the client secret (401 Unauth",
    ),
    "no words": (answer(401), ClientSecretRejectedError, "rejected the client secret (401)"),
    "a page": (answer(403, b"<html>" * 99, "text/html"), ClientSecretRejectedError, "rejected the client secret (403)"),
    "broken problem": (
        answer(401, b'{"title": 1', PROBLEM_KIND),
        ClientSecretRejectedError,
        "rejected the client secret (401)",
    ),
    "out of order": (
        answer(500, b"<h1>x</h1>", "text/html"),
        UnexpectedSignInResponseError,
        "token request returned 500 (text/html)",
    ),
    "no such path": (answer(404), UnexpectedSignInResponseError, "token request returned 404 (no content type)"),
    "elsewhere": (
        answer(307, b"", "", ("Location", "https://evil.example")),
        UnexpectedSignInResponseError,
        "token request returned 307",
    ),
    "created": (answer(201, b"{}", "application/json"), UnexpectedSignInResponseError, "token request returned 201"),
    "an endless type": (
        answer(502, b"", "x/" + "y" * 60_000),
        UnexpectedSignInResponseError,
        "token request returned 502 (x/yyy",
    ),
}


@pytest.mark.parametrize(("reply", "kind", "words"), REFUSALS.values(), ids=REFUSALS)
def test_refusals_are_distinguished_in_words(reply: Response, kind: type[SignInError], words: str) -> None:
    failure = failed(after_code(), reply)
    assert type(failure) is kind
    assert words in failure.message
    assert len(failure.message) < 300


ADVICE = {
    "Invalid Code": (400, "Try again. If it keeps happening, check REDIRECT_URI and the deployment's clock."),
    "Invalid client_id": (400, "Check CLIENT_ID and REDIRECT_URI."),
    "": (401, "Enter it again."),
    "not here": (404, "Check that AIRISK_URL is an AIRisk deployment."),
    "too busy": (503, "AIRisk is busy. Try again later."),
    "out of order": (500, "Try again. If it keeps happening, contact the deployment's operator."),
}


@pytest.mark.parametrize(("said", "status", "advice"), [(said, *told) for said, told in ADVICE.items()], ids=ADVICE)
def test_each_refusal_says_what_to_do_about_it(said: str, status: int, advice: str) -> None:
    failure = failed(after_code(), answer(status, said.encode(), TEXT))
    assert failure.advice == advice
    assert not isinstance(failure, SignInRejectedError) or failure.status == status


def test_a_refusal_in_a_users_name_is_about_the_user_and_not_the_secret() -> None:
    failure = failed(after_code(ADA), answer(401, PROBLEM, PROBLEM_KIND))
    assert type(failure) is SignInRejectedError
    assert failure.message == "AIRisk would not sign in as Ada · u-1 (401 Unauthorized)."


@pytest.mark.parametrize("echo", [SECRET, quote(SECRET, safe=""), quote_plus(SECRET)])
def test_a_secret_that_is_echoed_is_not_shown(echo: str) -> None:
    failure = failed(after_code(), answer(401, f"Unknown: {echo}!".encode(), TEXT))
    assert "Unknown: [masked]!" in failure.message


USELESS = {
    "missing": b"{}",
    "null": b'{"access_token": null}',
    "empty": b'{"access_token": ""}',
    "a number": b'{"access_token": 7}',
    "a list": b'{"access_token": ["t"]}',
    "a line break": b'{"access_token": "t0ken-canary\\nHost: evil"}',
    "one at the end": b'{"access_token": "t0ken-canary\\n"}',
    "NUL": b'{"access_token": "t0ken-canary\\u0000"}',
    "a space": b'{"access_token": "t0ken canary"}',
    "not ASCII": '{"access_token": "t0ken-canary-é"}'.encode(),
    "half a character": b'{"access_token": "t0ken-canary\\ud800"}',
    "1 MB": b'{"access_token": "' + b"t" * (1 << 20) + b'"}',
    "a list of all": b'[{"access_token": "t0ken-canary"}]',
    "a page": b"<html>t0ken-canary</html>",
    "nothing": b"",
    "a deep nest": b"[" * 100_000,
}


@pytest.mark.parametrize("body", USELESS.values(), ids=USELESS)
def test_what_is_no_usable_token_is_said_to_be_none_and_not_shown(body: bytes) -> None:
    failure = failed(after_code(), answer(200, body, "application/json"))
    assert type(failure) is UnexpectedSignInResponseError
    assert failure.message == "AIRisk's response (application/json) contains no usable token."


def test_the_longest_token_is_usable_and_a_byte_order_mark_no_hindrance() -> None:
    body = b"\xef\xbb\xbf" + json.dumps({"access_token": "t" * TOKEN_CAP}).encode()
    assert ended(after_code(), answer(200, body)).secret == Secret("t" * TOKEN_CAP)


def test_a_token_does_not_show_itself() -> None:
    assert TOKEN not in repr(ended(after_code(), token_answer(access_token=TOKEN)))


# Whose it is


def jwt(claims: object) -> str:
    parts = (json.dumps(each, ensure_ascii=False).encode() for each in ({}, claims, 0))
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


GUID = "0F8FAD5B-D9CB-469F-A165-70867728950E"
PROOFS = {
    "subject": ({"sub": "u-1"}, "u-1", SubjectCheck.CONFIRMED),
    "the client beside the user": ({"sub": "demo", "UserId": "u-1"}, "u-1", SubjectCheck.CONFIRMED),
    "two claims that agree": ({"sub": "u-1", "uid": "U-1 "}, "u-1", SubjectCheck.CONFIRMED),
    "Microsoft's long claim": (
        {"http://schemas.microsoft.com/identity/claims/objectidentifier": "u-1"},
        "u-1",
        SubjectCheck.CONFIRMED,
    ),
    "a list of one": ({"sub": ["u-1"]}, "u-1", SubjectCheck.CONFIRMED),
    "a claim that others define": ({"https://example.com/claims/userid": "u-1"}, "u-1", SubjectCheck.NOT_CONFIRMED),
    "another user of another directory": (
        {"https://example.com/userid": "u-2", "sub": "u-1"},
        "u-1",
        SubjectCheck.CONFIRMED,
    ),
    "a mail address": ({"sub": "ada@example.com"}, "u-1", SubjectCheck.NOT_CONFIRMED),
    "a mail address beside the id": ({"sub": "ada@example.com", "userid": "u-1"}, "u-1", SubjectCheck.NOT_CONFIRMED),
    "a mail address that is the id": ({"sub": "ADA@example.com"}, "ada@example.com", SubjectCheck.CONFIRMED),
    "a long claim": (
        {"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier": "7"},
        "7",
        SubjectCheck.CONFIRMED,
    ),
    "a number": ({"sub": 7}, "7", SubjectCheck.CONFIRMED),
    "a GUID in the other case": ({"sub": GUID.lower()}, GUID, SubjectCheck.CONFIRMED),
    "a GUID without dashes": ({"sub": GUID.replace("-", "")}, f"{{{GUID}}}", SubjectCheck.CONFIRMED),
    "the same in another case": ({"sub": "U-1"}, "u-1", SubjectCheck.CONFIRMED),
    "a claim in words": ({"Name_Id": "u-1"}, "u-1", SubjectCheck.CONFIRMED),
    "a name that is + and / in the usual alphabet": ({"n": "ÿþ?>~~ÿ", "sub": "u-1"}, "u-1", SubjectCheck.CONFIRMED),
    "nobody": ({"iss": "airisk"}, "u-1", SubjectCheck.NOT_CONFIRMED),
    "nothing to compare": ({"sub": None, "userid": True, "uid": 1.5}, "u-1", SubjectCheck.NOT_CONFIRMED),
    "not an object": (["sub", "u-1"], "u-1", SubjectCheck.NOT_CONFIRMED),
    "another": ({"sub": "u-2"}, "u-1", None),
    "almost the same number": ({"sub": "007"}, "7", None),
    "another mail address": ({"sub": "grace@example.com"}, "ada@example.com", None),
    "another client beside the user": ({"sub": "the-client", "UserId": "u-1"}, "u-1", None),
    "two claims that disagree": ({"sub": "u-1", "uid": "u-2"}, "u-1", None),
    "the other way round": ({"uid": "u-2", "sub": "u-1"}, "u-1", None),
    "two spellings of one claim": ({"user_id": "u-1", "userid": "u-2"}, "u-1", None),
    "a list of two": ({"sub": ["u-1", "u-2"]}, "u-1", None),
    "a name without end": ({"sub": "x" * 9999}, "u-1", None),
}


@pytest.mark.parametrize(("claims", "user", "subject_check"), PROOFS.values(), ids=PROOFS)
def test_the_token_is_compared_with_who_was_asked_for(
    claims: object, user: str, subject_check: SubjectCheck | None
) -> None:
    steps = after_code(Identity.of(User(user)))
    reply = token_answer(access_token=jwt(claims))
    if subject_check:
        assert ended(steps, reply).subject_check is subject_check
        return
    failure = failed(steps, reply)
    assert failure.message.startswith("AIRisk issued a token for ")
    assert failure.message.endswith((f", not for {user}.", f", not for {user} alone."))
    assert type(failure) is UnexpectedSignInResponseError
    assert len(failure.message) < 200


def test_a_token_that_also_names_somebody_else_is_reported_with_both() -> None:
    failure = failed(after_code(ADA), token_answer(access_token=jwt({"sub": "u-1", "uid": "u-2"})))
    assert failure.message == "AIRisk issued a token for u-1 and for u-2, not for Ada · u-1 alone."
    assert failure.advice == "The token was discarded. Report this to the deployment's operator."


PROTECTED = {
    "the one who was asked for": {"sub": "u-9"},
    "somebody else": {"sub": "u-1", "uid": "U-9"},
    "a GUID in another spelling": {"nameid": f"urn:uuid:{GUID.lower()}"},
    "in a claim that others define": {"sub": "u-1", "https://example.com/claims/userid": "u-9"},
    "by a mail address": {"sub": "boss@example.com", "userid": "u-1"},
    "among several": {"sub": ["u-1", "u-9"]},
}


@pytest.mark.parametrize("claims", PROTECTED.values(), ids=PROTECTED)
def test_a_token_that_names_a_protected_user_is_thrown_away(claims: object) -> None:
    guarded = replace(CREDENTIALS, protected_users=frozenset({"u-9", GUID, "Boss@example.com"}))
    steps = after_code(ADA, guarded)
    with pytest.raises(RequestRejectedError, match=r", who is protected\. The token was discarded\.$") as refused:
        steps.send(token_answer(access_token=jwt(claims)))
    assert refused.value.advice == "AIRISK_PROTECTED_USERS lists this user."


@pytest.mark.parametrize("token", ["a.b.c", "..", "a.!.c", "a.e30.c", "a.W10.c", "a." + "A" * 5000 + ".c", "a.b"])
def test_what_only_looks_like_a_jwt_says_nothing(token: str) -> None:
    assert ended(after_code(ADA), token_answer(access_token=token)).subject_check is SubjectCheck.NOT_CONFIRMED


def test_the_generic_token_is_nobodys() -> None:
    assert (
        ended(after_code(APPLICATION), token_answer(access_token=jwt({"sub": "client"}))).subject_check
        is SubjectCheck.NONE
    )


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=60))
def test_any_printable_token_is_taken_as_it_is(token: str) -> None:
    assert ended(after_code(ADA), token_answer(access_token=token)).secret == Secret(token)


# Until when

IN_AN_HOUR = datetime.now(UTC) + timedelta(hours=1)
FORMS = {
    "Z": f"{IN_AN_HOUR:%Y-%m-%dT%H:%M:%SZ}",
    "seven digits": f"{IN_AN_HOUR:%Y-%m-%dT%H:%M:%S.%f}7Z",
    "three digits": f"{IN_AN_HOUR:%Y-%m-%dT%H:%M:%S}.123Z",
    "an offset": IN_AN_HOUR.astimezone(timezone(timedelta(hours=5, minutes=30))).isoformat(timespec="seconds"),
    "seven digits and an offset": f"{IN_AN_HOUR:%Y-%m-%dT%H:%M:%S.%f}7+00:00",
    "no zone": f"{IN_AN_HOUR:%Y-%m-%dT%H:%M:%S}",
    "spaces around": f" {IN_AN_HOUR:%Y-%m-%dT%H:%M:%SZ} ",
}


@pytest.mark.parametrize("expiration", FORMS.values(), ids=FORMS)
def test_every_documented_form_of_an_end_is_understood(expiration: str) -> None:
    token = ended(after_code(), token_answer(access_token=TOKEN, expiration=expiration))
    assert token.expires_at == pytest.approx(IN_AN_HOUR.timestamp(), abs=1.1)
    assert token.is_live()
    assert not token.is_live(margin=3700)


UNKNOWN: list[object] = [None, "", "the day after tomorrow", "2001-01-01T00:00:00Z", "0001-01-01T00:00:00"]
UNKNOWN += ["9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00", 3600, 1e99, [1]]
UNKNOWN += ["2099-13-45T99:99:99Z", "9" * 5000, "2099-01-01T00:00:00Z" * 99, True, {"in": 5}]


@pytest.mark.parametrize("expiration", UNKNOWN, ids=lambda value: repr(value)[:30])
def test_any_other_end_is_unknown_and_the_token_good_until_it_is_refused(expiration: object) -> None:
    token = ended(after_code(), token_answer(access_token=TOKEN, expiration=expiration, expires_in=5))
    assert token.expires_at is None
    assert token.is_live(margin=1e9)


@pytest.mark.parametrize("clock_skew", [3600.0, -3600.0, None])
def test_the_servers_own_clock_says_how_long_its_token_lasts(clock_skew: float | None) -> None:
    end = datetime.now(UTC) + timedelta(seconds=(clock_skew or 0) + 600)
    body = json.dumps({"access_token": TOKEN, "expiration": end.isoformat()}).encode()
    token = ended(after_code(), answer(200, body, "application/json", clock_skew=clock_skew))
    assert token.expires_at == pytest.approx(time.time() + 600, abs=30)


@given(st.text(max_size=40) | st.datetimes().map(datetime.isoformat), st.none() | st.floats(-1e12, 1e12))
def test_no_end_whatsoever_keeps_a_token_from_being_used(expiration: str, clock_skew: float | None) -> None:
    body = json.dumps({"access_token": TOKEN, "expiration": expiration}).encode()
    assert ended(after_code(), answer(200, body, "application/json", clock_skew=clock_skew)).is_live()


def test_a_clock_that_is_put_back_gives_a_token_no_longer_life():
    now = time.time()
    a_day_back = Token(Secret("t"), expires_at=now + 86_400 + 3600, obtained_at=now + 86_400)
    assert a_day_back.seconds_left == pytest.approx(3600, abs=30)
    assert not a_day_back.is_live(margin=3700)
    slept_half_an_hour = Token(Secret("t"), expires_at=now + 1800, obtained_at=now - 1800)
    assert slept_half_an_hour.seconds_left == pytest.approx(1800, abs=30)
