"""Whatever AIRisk answers while signing in: there is a code or a token, or it is said in words that there is none."""

import json
from urllib.parse import parse_qs, quote, urlsplit

from hypothesis import example, given
from hypothesis import strategies as st

from tests.kit.leaks import told_by
from tests.kit.shaking import VALUES
from tests.kit.stepping import ADA, CALLBACK, CREDENTIALS, SECRET, after_code, answer, begun, redirect, state_of
from tui.airisk.auth.oauth import TOKEN, TOKEN_CAP, SignInFlow, Token
from tui.airisk.http.request import Request, validate_request
from tui.airisk.http.response import Response
from tui.airisk.identity import Identity
from tui.errors import ServiceBusyError, SignInError

LATIN_1 = st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF), max_size=12)
"""What a header can hold."""

PLACES = st.lists(
    st.sampled_from(
        [CALLBACK, "https:", "//", "localhost", ":443", ":99999", "@", "/callback", "#x", "\\", "[::1", "..", ";"]
    )
    | LATIN_1,
    max_size=4,
).map("".join)
PARAMETERS = st.lists(
    st.tuples(st.sampled_from(["code", "state", "error", "error_description", "cod%65", "x"]) | LATIN_1, LATIN_1),
    max_size=4,
).map(lambda pairs: "&".join(map("=".join, pairs)))


@given(st.just(CALLBACK) | PLACES, PARAMETERS, st.booleans(), st.sampled_from([301, 302, 303, 307, 308]))
@example(CALLBACK + "?", "code=a%20b&code=", False, 302)
def test_a_redirect_brings_a_code_to_this_deployments_token_endpoint_or_words(
    place: str, parameters: str, echoes_state: bool, status: int
) -> None:
    steps, authorize = begun(ADA)
    state = f"&state={state_of(authorize)}" if echoes_state else ""
    request = next_of(steps, redirect(f"{place}?{parameters}{state}", status))
    if isinstance(request, Request):
        validate_request(request)
        assert (request.method, request.target) == ("POST", TOKEN)
        assert urlsplit(place)[:3] == urlsplit(CALLBACK)[:3] or place == f"{CALLBACK}?"
        sent = parse_qs(request.body.decode("ascii"), strict_parsing=True)
        assert {*map(len, sent.values())} == {1}
        assert (sent["userid"], sent["client_id"], sent["client_secret"]) == (["u-1"], ["demo"], [SECRET])
        assert sent["code"] != [""]


@given(st.text(st.characters(blacklist_categories=["Cs"]), min_size=1, max_size=40))
@example("a+b c%2B&code=d")
def test_any_code_comes_to_the_token_endpoint_as_it_was_given(code: str) -> None:
    steps, authorize = begun()
    request = steps.send(redirect(f"{CALLBACK}?state={state_of(authorize)}&code={quote(code, safe='')}"))
    assert parse_qs(request.body.decode())["code"] == [code]


HEADERS = st.lists(st.tuples(st.sampled_from(["Location", "location", "Content-Type", "Retry-After"]), LATIN_1))
BODIES = (
    st.binary(max_size=60)
    | st.dictionaries(st.sampled_from(["access_token", "expiration", "title", "detail"]), VALUES)
    .map(json.dumps)
    .map(str.encode)
    | st.sampled_from([b"Invalid Code", b"Invalid client_id", f"Unknown: {SECRET}".encode()])
)


@given(st.integers(100, 999), HEADERS, BODIES, st.sampled_from(["", "text/plain", "application/problem+json"]))
def test_any_response_at_the_token_endpoint_is_a_usable_token_or_words(
    status: int, headers: list[tuple[str, str]], body: bytes, kind: str
) -> None:
    told = next_of(after_code(ADA), answer(status, body, kind, *headers))
    if isinstance(told, Token):
        assert status == 200
        value = told.secret.reveal()
        assert value.isascii()
        assert value.isprintable()
        assert " " not in value
        assert 0 < len(value) <= TOKEN_CAP
        assert told.is_live()


@given(st.integers(100, 999), HEADERS, BODIES, st.sampled_from(["", "text/html", "application/problem+json"]))
@example(429, [], b"", "")
def test_any_response_at_the_authorize_endpoint_is_a_code_or_words(
    status: int, headers: list[tuple[str, str]], body: bytes, kind: str
) -> None:
    request = next_of(begun(Identity("application"))[0], answer(status, body, kind, *headers))
    assert request is None or (isinstance(request, Request) and request.target == TOKEN)


def next_of(steps: SignInFlow, told: Response) -> Request | Token | None:
    """What the steps go on with: the next request, or the token; None after an error in words, without the secret."""
    try:
        return steps.send(told)
    except StopIteration as done:
        token: Token = done.value
        return token
    except (SignInError, ServiceBusyError) as error:
        refusal = error
    assert len(refusal.message) < 500
    assert refusal.advice
    assert CREDENTIALS.secret.reveal() not in told_by(refusal)
    return None
