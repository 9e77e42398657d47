"""A second AIRisk, written from the documentation alone, in any dialect of it."""

import json
import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from email.utils import format_datetime
from threading import RLock
from urllib.parse import parse_qs, urlsplit

from tests.kit.deployment.breakable import BreakableServer
from tests.kit.deployment.chat import endpoint
from tests.kit.deployment.dialect import Dialect
from tests.kit.deployment.faults import Fault
from tests.kit.deployment.list_paging import page_reply
from tests.kit.deployment.messages import Received, Reply, json_reply
from tests.kit.deployment.peer import Peer
from tests.kit.deployment.refusals import RefusedError
from tests.kit.deployment.shapes import Person, entry, listing
from tests.kit.deployment.sign_in import SignIn, bearer
from tests.kit.deployment.tokens import GENERIC, Clock, TokenShelf

AUTHORIZE_PATH = "/api/oauth2"
TOKEN_PATH = "/api/oauth2/Token"


class ForeignAIRisk(BreakableServer):
    """A deployment that speaks `dialect`; `faults` break single paths of it.

    `client_id` and `client_secret` are random unless given, and `clock` tells the time. `requests` and `thief.requests`
    hold what came, and `given_away` the client secret and every state, code and token that was on the wire.
    """

    def __init__(
        self,
        dialect: Dialect | None = None,
        *,
        faults: Mapping[str, Fault | str] | None = None,
        tls: bool = False,
        client_id: str | None = None,
        client_secret: str | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(faults=faults, tls=tls)
        self.dialect = dialect or Dialect()
        self.client_id = client_id or f"client-{secrets.token_hex(6)}"
        self.client_secret = client_secret or secrets.token_urlsafe(24)
        self.given_away = {self.client_secret}
        self._people: dict[str, Person] = {}
        for person in self.dialect.people:
            self._people.setdefault(person.identity, person)
        self._listed = list(self.dialect.people)
        self._clock = Clock(self.dialect.clock_skew_seconds, clock)
        self._tokens = TokenShelf(self._clock)
        self._sign_in = SignIn(
            self.dialect,
            client=(self.client_id, self.client_secret),
            people=self._people,
            tokens=self._tokens,
            clock=self._clock,
        )
        self._affinity = secrets.token_hex(32)
        self._state_lock = RLock()

    @property
    def issued(self) -> list[str]:
        """The identities tokens were issued for, oldest first."""
        return list(self._tokens.identities)

    @property
    def tokens(self) -> list[str]:
        """The tokens themselves, to look for where none may be."""
        return self._tokens.values

    @property
    def cookies_received(self) -> list[str]:
        """Every Cookie header that came; there should never be one."""
        return [value for request in self.requests for value in request.values("Cookie")]

    def revoke(self, identity: str = GENERIC) -> int:
        """Revoke all tokens of an identity; how many there were."""
        with self._state_lock:
            return self._tokens.revoke(identity)

    def remove_user(self, identity: str) -> None:
        """Delete a user: gone from the list, refused at authorize, tokens dead."""
        with self._state_lock:
            del self._people[identity]
            self._listed = [person for person in self._listed if person.identity != identity]
            self._tokens.revoke(identity)

    def add_user(self, person: Person) -> None:
        """Put a new user at the head of the list."""
        with self._state_lock:
            self._people[person.identity] = person
            self._listed.insert(0, person)

    def advance(self, seconds: float) -> None:
        """Let the server's time pass at once: codes and tokens expire, `Date` moves."""
        with self._state_lock:
            self._clock.advance(seconds)

    def answer(self, peer: Peer) -> None:
        """Note in whose name the request came, then answer it."""
        with self._state_lock:
            token = self._tokens.find(bearer(peer.request) or "")
        peer.request.identity = token.identity if token else None
        peer.replied = lambda reply: self.given_away.update(secrets_of(peer.request, reply))
        super().answer(peer)

    def normal_reply(self, request: Received) -> Reply:
        """The answer of a deployment in good health."""
        with self._state_lock:
            try:
                reply = self._routed(request)
            except RefusedError as refusal:
                reply = refusal.reply(self.dialect.error_body)
            return reply.with_headers(self._usual_headers())

    def _routed(self, request: Received) -> Reply:
        if request.path == AUTHORIZE_PATH:
            want_method(request, "GET")
            return self._sign_in.authorize(request)
        if request.path == TOKEN_PATH:
            want_method(request, "POST")
            return self._sign_in.exchange(request)
        if request.path == self.dialect.list_path:
            want_method(request, "GET")
            self._opened_for(request)
            return self._list_reply(request)
        answer = endpoint(request)
        identity = self._opened_for(request)
        if identity == GENERIC:
            raise RefusedError(self.dialect.generic_elsewhere, "This needs a user's token")
        return answer(request, self._people[identity])

    def _opened_for(self, request: Received) -> str:
        identity = self._tokens.spend(bearer(request) or "")
        if identity is None:
            raise RefusedError(401, "The token is not valid")
        return identity

    def _list_reply(self, request: Received) -> Reply:
        style = self.dialect.list_style
        if self.dialect.list_paging:
            return page_reply([entry(person, style) for person in self._listed], self.dialect.list_paging, request)
        return Reply(204) if style.is_no_content else json_reply(listing(self._listed, style))

    def _usual_headers(self) -> list[tuple[str, str]]:
        secure = ";Secure" if self._has_tls else ""
        return [
            ("Date", format_datetime(self._clock.now(), usegmt=True)),
            ("Server", "Kestrel"),
            ("Set-Cookie", f"ARRAffinity={self._affinity};Path=/;HttpOnly{secure}"),
            ("Set-Cookie", f"ARRAffinitySameSite={self._affinity};Path=/;HttpOnly;SameSite=None{secure}"),
        ]


def want_method(request: Received, method: str) -> None:
    """Refuse any other method."""
    if request.method != method:
        raise RefusedError(405, f"Only {method}")


def secrets_of(request: Received, reply: Reply) -> set[str]:
    """What nobody may read on a screen or find in a file."""
    if request.path == AUTHORIZE_PATH:
        queries = [urlsplit(value).query for name, value in reply.headers if name == "Location"]
        codes = [code for query in queries for code in parse_qs(query).get("code", [])]
        return {state for name, state in request.query if name == "state"} | set(codes)
    if request.path == TOKEN_PATH and reply.body.startswith(b"{"):
        with suppress(ValueError):
            token = json.loads(reply.body).get("access_token")
            return {token[:64]} if isinstance(token, str) and token else set()
    return set()
