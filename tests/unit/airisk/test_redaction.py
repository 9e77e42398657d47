"""Names tell what is a secret; it is shown as dots, and noticed in bodies of every kind."""

import json
from dataclasses import replace

import pytest

from tui.airisk.endpoints.forms import RawForm
from tui.airisk.endpoints.model import Endpoint, Field
from tui.airisk.models import Draft, Upload
from tui.airisk.redaction import DOTS, holds_a_secret, names_a_secret, secrets_of, shown_body
from tui.config.origin import parse_origin

SECRET = """
Ocp-Apim-Subscription-Key X-Functions-Key X-Signature X-Session X-CSRF Private-Key X-Pin Assertion X-Api-Key apikey
X-Auth Authorization Proxy-Authorization Cookie Set-Cookie access_token refreshToken ID_TOKEN client_secret
clientSecret password new-password userPassword passwd pwd passphrase passcode credential session_id sessionId
SESSIONID code authCode verification_code sig sas_token jwt id_token_hint SAMLResponse otp TOTP mfa key x-key
AccountKey X-Xsrf-Token bearer client_assertion X-Amz-Signature private_key secretKey pin
"""
USUAL = """
author authors maxTokens tokens postcode errorCode countryCode keyword keyboard monkey hotkey Idempotency-Key sortKey
primaryKey id name spinning opinion passenger passive compass bypass authored design assign signal results skip
conversation X-Trace Accept Content-Type sessions question title agentId
"""


@pytest.mark.parametrize("name", SECRET.split())
def test_a_name_tells_of_a_secret(name: str) -> None:
    assert names_a_secret(name)


@pytest.mark.parametrize("name", USUAL.split())
def test_another_name_does_not(name: str) -> None:
    assert not names_a_secret(name)


BODIES = {
    "JSON": b'{"id": 1, "login": [{"userPassword": "hunter-22"}]}',
    "JSON whose name is escaped": b'{"p\\u0061ssword": "hunter-22"}',
    "JSON that is not finished": b'{"password": "hunter-22", ',
    "a form": b"id=1&api%5Fkey=hunter-22",
    "XML": b"<login><password>hunter-22</password></login>",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_body_with_a_secret_is_noticed_whatever_its_kind(body: bytes) -> None:
    assert holds_a_secret(body)
    assert [each.reveal() for each in secrets_of(Draft("POST", "/api/x", body=body))] == ["hunter-22"]


FREE = (
    b"",
    b'{"password": "", "maxTokens": 5, "token": null}',
    b"a token is a secret: or not",
    b"token=&id=1",
    b"\xff\xfe",
)


@pytest.mark.parametrize("body", FREE)
def test_one_without_a_secret_is_free(body: bytes) -> None:
    assert not holds_a_secret(body)


def test_a_member_may_be_a_secret_by_its_schema() -> None:
    assert holds_a_secret(b'{"word": "hunter-22"}', {"word"})
    assert shown_body('{"word": "hunter-22", "id": 1}', {"word"}) == '{"word": "••••", "id": 1}'


def test_dots_stand_for_what_is_secret() -> None:
    draft = Draft("GET", "/api/x?skip=2&api_key=abc&code=", (("word", "abc"),), secrets=frozenset({"word"}))
    assert draft.shown_target == "/api/x?skip=2&api_key=••••&code=&word=••••"
    shown = shown_body(json.dumps({"id": 7, "password": 'a "quoted\\ one', "then": ["x"]}))
    assert shown == '{"id": 7, "password": "••••", "then": ["x"]}'
    assert shown_body("id=1&token=abc&x=2") == "id=1&token=••••&x=2"
    assert shown_body('{"password": "", "pin": null}') == '{"password": "", "pin": null}'


def test_every_place_of_a_request_is_looked_at() -> None:
    draft = Draft(
        "POST",
        "/api/x?sig=in%20path",
        (("api_key", "in query"), ("skip", "2")),
        (("X-Pin", "in header"),),
        files=(Upload("password", "", b"in form"), Upload("token", "token.pdf", b"a file")),
    )
    assert sorted(each.reveal() for each in secrets_of(draft)) == ["in form", "in header", "in path", "in query"]


def test_a_request_that_is_written_on_freely_still_knows_what_a_description_calls_secret() -> None:
    endpoint = Endpoint("T", "G", "GET", "/api/x", fields=(Field("word", is_password=True),))
    draft = endpoint.draft({"word": "hunter-22"})

    freely = RawForm.of(draft, parse_origin("https://demo.example"))
    again = replace(freely, target=freely.target + "&a=1").draft(lambda text, _: text, {})

    assert again.shown_target == f"/api/x?word={DOTS}&a=1"
    assert [each.reveal() for each in secrets_of(again)] == ["hunter-22"]
