"""Faults of signing in, and the words that report each."""

from dataclasses import dataclass
from urllib.parse import parse_qs, quote

from tests.kit.deployment.faults import (
    Fault,
    answers,
    answers_json,
    asks_to_wait,
    expires_as,
    grants,
    redirects,
    rewrites,
)
from tests.kit.deployment.foreign import AUTHORIZE_PATH, TOKEN_PATH
from tests.kit.deployment.messages import text_reply
from tests.kit.deployment.peer import Peer
from tests.kit.deployment.refusals import RefusedError
from tests.kit.deployment.tokens import jwt

CALLBACK = "https://localhost/callback"
CODE, TOKEN, BODY = CANARIES = ("c0de-canary", "t0ken-canary", "b0dy-canary")
GOOD = f"{CALLBACK}?code={CODE}&state={{state}}"
PAGE = f"<!DOCTYPE html><html><h1>{BODY}</h1></html>".encode()

HALF_AN_HOUR = 1770.0
"""Life of a token in seconds, less half a minute: the bar rounds minutes up."""

AGAIN = "Try again. If it keeps happening, contact the deployment's operator."
BUSY = "AIRisk is busy. AIRisk asks to wait 24 h 00 min."
CHECK_URL = "Check that AIRISK_URL is an AIRisk deployment."
CHECK_FIELDS = "Check CLIENT_ID and REDIRECT_URI."
CHECK_ADDRESS = "Check that REDIRECT_URI is registered for this client."
CHECK_CLIENT = "Check CLIENT_ID and that REDIRECT_URI is registered for it."
CHECK_USER = "The user may be deleted, suspended, or not available to this client. Reload the list."
CHECK_CODE = "Try again. If it keeps happening, check REDIRECT_URI and the deployment's clock."


@dataclass(frozen=True)
class SignInFault:
    """A fault at a path of the sign-in.

    `words` report it when a user is chosen, with name and id for `{who}`; `at_start` when the application signs in, if
    the words are others. A fault that `is_of_users` happens only to users. `kind` is what the code tells apart.
    """

    name: str
    kind: str
    path: str
    how: Fault
    words: str
    at_start: str = ""
    is_of_users: bool = False

    @property
    def code(self) -> int:
        """How a command exits."""
        return 4 if self.kind == "busy" else 3

    @property
    def refuses_the_secret(self) -> bool:
        """Whether the program asks for the client secret again."""
        return "Enter it again." in self.at_start


@dataclass(frozen=True)
class Oddity:
    """An unusual response that is valid: the program acts as the user, and the bar shows `token`."""

    name: str
    path: str
    how: Fault
    token: str = "token 30 min"

    @property
    def kind(self) -> str:
        """Whether the end of the token is known."""
        return "end" if self.token else "no end"


def no_redirect(name: str, kind: str, how: Fault, facts: str, advice: str = AGAIN) -> SignInFault:
    """An authorization request whose response is not a redirect."""
    return SignInFault(name, kind, AUTHORIZE_PATH, how, f"The authorization request returned {facts}. {advice}")


def no_code(name: str, kind: str, how: Fault, why: str, advice: str = AGAIN) -> SignInFault:
    return SignInFault(name, kind, AUTHORIZE_PATH, how, f"AIRisk returned no authorization code: {why}. {advice}")


def elsewhere(name: str, location: str) -> SignInFault:
    why = "it redirects to another address than REDIRECT_URI"
    return no_code(name, "redirect", redirects(location), why, CHECK_ADDRESS)


def no_token(name: str, kind: str, how: Fault, facts: str, advice: str = AGAIN) -> SignInFault:
    return SignInFault(name, kind, TOKEN_PATH, how, f"The token request returned {facts}. {advice}")


def unusable(name: str, how: Fault, kind: str = "application/json") -> SignInFault:
    return SignInFault(name, "token", TOKEN_PATH, how, f"AIRisk's response ({kind}) contains no usable token. {AGAIN}")


def refused(name: str, path: str, how: Fault, said: str) -> SignInFault:
    words = f"AIRisk would not sign in as {{who}} ({said}). {CHECK_USER}"
    client = f"AIRisk rejected the client ID ({said}). {CHECK_CLIENT}"
    secret = f"AIRisk rejected the client secret ({said}). Enter it again."
    if path == AUTHORIZE_PATH:
        return SignInFault(name, "refused", path, how, words, client)
    return SignInFault(name, "secret", path, how, words, secret)


def denied(name: str, description: str, said: str) -> SignInFault:
    how = redirects(f"{GOOD}&error={description}")
    words = f"AIRisk returned no authorization code: {said}"
    return SignInFault(name, "denied", AUTHORIZE_PATH, how, f"{words} {CHECK_USER}", f"{words} {CHECK_CLIENT}")


def saying(status: int, words: str = "") -> Fault:
    """A documented refusal: text with 400, else a problem document."""
    return Fault(lambda peer: peer.reply(RefusedError(status, words).reply("documented")))


def echo(peer: Peer) -> None:
    """Refuse the client secret, and quote it."""
    secret = parse_qs(peer.request.body.decode())["client_secret"][0]
    peer.reply(text_reply(f"{secret} is wrong", 401))


HOSTILE = quote("\x1b]52;c;aGk=\x07[/][@click=app.quit]\u202e\n" + "no " * 500)

FAULTS = (
    # Something else than the redirect.
    no_redirect("200, no redirect", "status", answers(200, PAGE, kind="text/html"), "200 (text/html)", CHECK_URL),
    no_redirect("500, no redirect", "status", answers(500, PAGE, kind="text/html"), "500 (text/html)"),
    no_redirect("304, no redirect", "status", answers(304), "304 (no content type)"),
    no_redirect("429, no redirect", "busy", asks_to_wait(429, "86400"), "429 (no content type)", BUSY),
    refused("401, no redirect", AUTHORIZE_PATH, saying(401), "401 Unauthorized"),
    refused("not allowed", AUTHORIZE_PATH, saying(403), "403 Forbidden"),
    refused("deleted meanwhile", AUTHORIZE_PATH, saying(400, "Invalid userid"), "400 Invalid userid"),
    # A redirect, but not with one code for us.
    no_code("no Location", "redirect", redirects(), "it redirects to no address"),
    no_code("two Locations", "redirect", redirects(GOOD, GOOD), "it redirects to more than one address"),
    no_code(
        "not an address",
        "redirect",
        redirects(f"https://localhost:x/?code={CODE}"),
        "it redirects to an invalid address",
    ),
    elsewhere("relative", f"/callback?code={CODE}&state={{state}}"),
    elsewhere("another host", f"{{thief}}/callback?code={CODE}&state={{state}}"),
    elsewhere("another port", f"https://localhost:444/callback?code={CODE}&state={{state}}"),
    elsewhere("a fragment", f"{GOOD}#there"),
    elsewhere("all in the fragment", f"{CALLBACK}#code={CODE}&state={{state}}"),
    elsewhere("another scheme", f"http://localhost/callback?code={CODE}&state={{state}}"),
    elsewhere("a user before another host", f"https://localhost@thief.example/callback?code={CODE}&state={{state}}"),
    elsewhere("a step more", f"{CALLBACK}/?code={CODE}&state={{state}}"),
    elsewhere("a script", f"javascript:alert(1)?code={CODE}&state={{state}}"),
    elsewhere("a page to log in at", f"https://login.example/?return={CODE}"),
    no_code("code twice", "redirect", redirects(f"{GOOD}&code={CODE}"), "the redirect contains more than one"),
    no_code("code empty", "redirect", redirects(f"{CALLBACK}?code=&state={{state}}"), "the redirect contains none"),
    no_code("code missing", "redirect", redirects(f"{CALLBACK}?state={{state}}"), "the redirect contains none"),
    no_code(
        "state wrong",
        "redirect",
        redirects(f"{CALLBACK}?code={CODE}&state=x"),
        "the state it returned does not match",
    ),
    denied("denied", "access_denied&error_description=Not+today%21", "access_denied Not today!"),
    denied("denied in silence", "", "no reason given."),
    denied(
        "denied with malice",
        f"access_denied&error_description={HOSTILE}",
        "access_denied ␛]52;c;aGk=␇[/][@click=app.quit]<U+202E>⏎" + " ".join(["no"] * 37) + " n…",
    ),
    # Refusals of the second step.
    SignInFault(
        "Invalid Code",
        "field",
        TOKEN_PATH,
        saying(400, "Invalid Code"),
        f"AIRisk rejected its own authorization code (400 Invalid Code). {CHECK_CODE}",
    ),
    SignInFault(
        "Invalid client_id",
        "field",
        TOKEN_PATH,
        saying(400, "Invalid client_id"),
        f"AIRisk says a field is missing or invalid (400 Invalid client_id). {CHECK_FIELDS}",
    ),
    SignInFault(
        "Invalid redirect_uri",
        "field",
        TOKEN_PATH,
        saying(400, "Invalid redirect_uri"),
        f"AIRisk says a field is missing or invalid (400 Invalid redirect_uri). {CHECK_FIELDS}",
    ),
    refused("401 as a problem", TOKEN_PATH, saying(401), "401 Unauthorized"),
    refused("401 with the secret", TOKEN_PATH, Fault(echo), "401 [masked] is wrong"),
    no_token("500 as a page", "status", answers(500, PAGE, kind="text/html"), "500 (text/html)"),
    no_token("429 for a token", "busy", asks_to_wait(429, "86400"), "429 (no content type)", BUSY),
    no_token(
        "201 for a token",
        "status",
        answers(201, f'{{"access_token": "{TOKEN}"}}'.encode(), kind="application/json"),
        "201 (application/json)",
    ),
    no_token("204 for a token", "status", answers(204), "204 (no content type)"),
    no_token(
        "307 to another host", "status", redirects("{thief}/api/oauth2/Token", status=307), "307 (no content type)"
    ),
    # No usable token.
    unusable("token missing", grants(access_token=None)),
    unusable("token empty", grants(access_token="")),
    unusable("token a number", grants(access_token=7)),
    unusable("token a list", grants(access_token=[TOKEN])),
    unusable("token with newline", grants(access_token=f"{TOKEN}\nHost: thief.example")),
    unusable("token with NUL", grants(access_token=f"{TOKEN}\0")),
    unusable("token of 1 MB", grants(access_token=TOKEN * (1 << 17))),
    unusable("token with a blank", grants(access_token=f"{TOKEN} {TOKEN}")),
    unusable("token beyond ASCII", grants(access_token=f"{TOKEN}é")),
    unusable("an error with 200", answers_json(b'{"error": "invalid_grant"}')),
    unusable("nothing with 200", answers_json(b"")),
    unusable("a text with 200", answers_json(f'"{TOKEN}"'.encode())),
    unusable("token a page", answers(200, PAGE, kind="text/html"), "text/html"),
    SignInFault(
        "of somebody else",
        "somebody else",
        TOKEN_PATH,
        grants(access_token=jwt({"sub": "u-666"})),
        "AIRisk issued a token for u-666, not for {who}. "
        "The token was discarded. Report this to the deployment's operator.",
        is_of_users=True,
    ),
)

ODDITIES = (
    Oddity("302", AUTHORIZE_PATH, rewrites(status=302)),
    Oddity("303", AUTHORIZE_PATH, rewrites(status=303)),
    Oddity("307", AUTHORIZE_PATH, rewrites(status=307)),
    Oddity("unknown parameters", AUTHORIZE_PATH, rewrites(lambda query: f"iss=a%3Db&{query}&session_state=x&&y")),
    Oddity("state before code", AUTHORIZE_PATH, rewrites(lambda query: "&".join(reversed(query.split("&"))))),
    Oddity("state missing", AUTHORIZE_PATH, rewrites(lambda query: query.partition("&")[0])),
    Oddity("7 digits", TOKEN_PATH, expires_as("seven_digits")),
    Oddity("an offset", TOKEN_PATH, expires_as("offset")),
    Oddity("no zone", TOKEN_PATH, expires_as("no_zone")),
    Oddity("no end", TOKEN_PATH, expires_as("missing"), ""),
    Oddity("garbage", TOKEN_PATH, expires_as("garbage"), ""),
    Oddity("the past", TOKEN_PATH, expires_as("past"), ""),
    Oddity("year 1", TOKEN_PATH, expires_as("year_1"), ""),
    Oddity("year 9999", TOKEN_PATH, expires_as("year_9999"), ""),
    Oddity("an end that is negative", TOKEN_PATH, grants(expiration=-5), ""),
    Oddity("an end that is endless", TOKEN_PATH, grants(expiration=10**30), ""),
    Oddity("an end that is a list", TOKEN_PATH, grants(expiration=[1]), ""),
    Oddity("an end that is true", TOKEN_PATH, grants(expiration=True), ""),
    Oddity("expires_in", TOKEN_PATH, expires_as("expires_in"), ""),
)
