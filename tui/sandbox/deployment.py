"""State of one sandbox deployment, shared by its endpoints."""

import time
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from starlette.requests import Request

from tui.sandbox.api import Endpoint, is_allowed
from tui.sandbox.errors import RefusedError
from tui.sandbox.faults import Faults
from tui.sandbox.options import Options
from tui.sandbox.people import People, Person
from tui.sandbox.tokens import Grant, TokenIssuer

_MOST_RECORDS = 10_000


class Record(NamedTuple):
    """A logged request, without its query, headers and body.

    Attributes:
        time: time of the response, in seconds since 1970.
        identity: the id of the token's user, "application", or None without a valid token.
        status: status of the response; None if there was none.
    """

    time: float
    method: str
    path: str
    identity: str | None
    status: int | None


class Deployment:
    """The users, tokens, faults and log of one sandbox."""

    def __init__(self, options: Options, clock: Callable[[], float] = time.time) -> None:
        self.options = options
        self.clock = clock
        self.people = People(options.users, options.seed)
        self.faults = Faults(options.faults)
        self.mint = TokenIssuer(options, clock)
        self.log: deque[Record] = deque(maxlen=_MOST_RECORDS)

    def admit(self, request: Request, endpoint: Endpoint) -> Person | None:
        """Return the user of a request, None for the application; raise RefusedError 401 or 403."""
        token, grant = self._presented(request)
        if grant is None:
            raise RefusedError(401, headers={"WWW-Authenticate": "Bearer"})
        if "revoke" in self.faults:
            self.mint.revoke(token)
        if grant.person and not is_allowed(grant.person.role, endpoint.name):
            raise RefusedError(403, f"{endpoint.name} is not open to the role {grant.person.role}.")
        return grant.person

    def admit_person(self, request: Request, endpoint: Endpoint) -> Person:
        """Return the user of a request; raise RefusedError, also for the application."""
        person = self.admit(request, endpoint)
        if person is None:
            raise RefusedError(403, "The generic token opens the user list only.")
        return person

    def has_generic_bearer(self, request: Request) -> bool:
        """Return whether a request carries a generic token."""
        _, grant = self._presented(request)
        return grant is not None and grant.person is None

    def _presented(self, request: Request) -> tuple[str, Grant | None]:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        grant = self.mint.grant(token) if scheme.lower() == "bearer" else None
        if grant:
            request.state.identity = grant.person.id if grant.person else "application"
        return token, grant
