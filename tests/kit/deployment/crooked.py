"""The old names of what `faults.py` and `foreign.py` have: temporary, for branches that still use them."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from tests.kit.deployment.dialect import Dialect
from tests.kit.deployment.foreign import AUTHORIZE_PATH, TOKEN_PATH, ForeignAIRisk
from tests.kit.deployment.messages import Received, Reply, json_reply
from tests.kit.deployment.tokens import ExpirationForm, expiration_fields

Bending = Callable[[Received, Reply], Reply]
"""Makes of a request, and of the good answer to it, the answer that is sent."""


class CrookedAIRisk(ForeignAIRisk):
    """Does all that a deployment does (codes are spent, tokens issued), and then answers something else.

    `given_away` holds the client secret, and every state, code and token that was on the wire.
    """

    def __init__(self, dialect: Dialect | None = None) -> None:
        super().__init__(dialect)
        self.given_away = {self.client_secret}
        self._bent: dict[str, Bending] = {}

    def bend(self, path: str, bending: Bending) -> None:
        """Bend the answers at this path, from the next on; all others are straight."""
        self._bent = {path: bending}

    def straighten(self) -> None:
        """Answer everything as it should be."""
        self._bent = {}

    def normal_reply(self, request: Received) -> Reply:
        """The good answer, bent."""
        good = super().normal_reply(request)
        bent = self._pointed(request, self._bent.get(request.path, straight)(request, good))
        self.given_away |= _secrets_of(request, good) | _secrets_of(request, bent)
        return bent

    def _pointed(self, request: Received, reply: Reply) -> Reply:
        """In a Location `{state}` stands for the state that was asked with, and `{thief}` for another host."""
        state = dict(request.query).get("state", "")
        headers = (
            (name, value.replace("{state}", state).replace("{thief}", self.thief.url) if name == "Location" else value)
            for name, value in reply.headers
        )
        return replace(reply, headers=tuple(headers))


def straight(_: Received, good: Reply) -> Reply:
    """The good answer."""
    return good


def for_users(bending: Bending) -> Bending:
    """Bent only where somebody signs in as a user; the application itself is well served."""

    def bend(request: Received, good: Reply) -> Reply:
        is_for_user = "userid=" in request.target or b"userid=" in request.body
        return bending(request, good) if is_for_user else good

    return bend


def answering(status: int, body: bytes = b"", kind: str = "") -> Bending:
    """This instead, whatever was asked."""
    return lambda _, __: Reply(status, body, (("Content-Type", kind),) if kind else ())


def redirecting(*locations: str, status: int = 302) -> Bending:
    """To these places instead; what stands for what in them, `CrookedAIRisk` knows."""
    return lambda _, __: Reply(status, b"", tuple(("Location", each) for each in locations))


def rewriting(change: Callable[[str], str] = str, status: int = 302) -> Bending:
    """The good redirect with its query changed, or with another status."""

    def bend(_: Received, good: Reply) -> Reply:
        address, __, query = dict(good.headers)["Location"].partition("?")
        others = (header for header in good.headers if header[0] != "Location")
        return replace(good, status=status, headers=(*others, ("Location", f"{address}?{change(query)}")))

    return bend


def granting(**members: object) -> Bending:
    """The good token's answer with other members; one that is None is left out."""

    def bend(_: Received, good: Reply) -> Reply:
        document = {**json.loads(good.body), **members}
        bent = json_reply({name: value for name, value in document.items() if value is not None})
        return replace(bent, headers=good.headers)

    return bend


def ending(form: ExpirationForm) -> Bending:
    """The good token's answer with its end in another form."""

    def bend(request: Received, good: Reply) -> Reply:
        end = datetime.fromisoformat(json.loads(good.body)["expiration"])
        seconds = (end - datetime.now(UTC)).total_seconds()
        return granting(**{"expiration": None, **expiration_fields(form, end, seconds)})(request, good)

    return bend


def ending_within(seconds: float) -> Bending:
    """The good token's answer with an early end."""

    def bend(request: Received, good: Reply) -> Reply:
        end = datetime.now(UTC) + timedelta(seconds=seconds)
        return granting(expiration=end.isoformat())(request, good)

    return bend


def _secrets_of(request: Received, reply: Reply) -> set[str]:
    """What nobody may read on a screen or find in a file."""
    if request.path == AUTHORIZE_PATH:
        queries = [urlsplit(value).query for name, value in reply.headers if name == "Location"]
        codes = [code for query in queries for code in parse_qs(query).get("code", [])]
        return {state for name, state in request.query if name == "state"} | set(codes)
    if request.path == TOKEN_PATH and reply.body.startswith(b"{"):
        token = json.loads(reply.body).get("access_token")
        return {token[:64]} if isinstance(token, str) and token else set()
    return set()
