"""A deployment whose permissions are drawn from a seed and kept secret, with every way to deny that was ever seen.

Each endpoint denies in its own way. What is shown differs from user to user, as it does anywhere, and now and then the
server has an error, has too much to do, or is slow.
"""

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from random import Random
from typing import Any

from tests.kit.deployment.dialect import Dialect
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.deployment.messages import Received, Reply, json_reply, text_reply
from tests.kit.deployment.peer import Peer
from tests.kit.deployment.shapes import Person
from tests.kit.deployment.sign_in import bearer

AREA = "/api/area/"

ROLES = ("Admin", "Risk Manager", "Auditor", "Monitor", "Analyst", "User")
GROUPS = ("EMEA", "APAC", "Privacy", "Claims")

WAYS: Mapping[str, Reply] = {
    "401": Reply(401, b"", (("WWW-Authenticate", "Bearer"),)),
    "403": json_reply({"title": "Forbidden", "status": 403}, 403),
    "404": Reply(404),
    "sent to sign in": Reply(302, b"", (("Location", "/Account/Login?ReturnUrl=%2F"),)),
    "sent elsewhere": Reply(302, b"", (("Location", "/welcome"),)),
    "400": json_reply({"title": "Bad Request", "status": 400}, 400),
    "an error in a 200": json_reply({"error": {"code": "ACCESS", "message": "not for you"}}),
    "other words in a 200": json_reply({"meldung": "Zugriff verweigert"}),
    "an empty list": json_reply([]),
    "an empty list inside": json_reply({"success": True, "total": 0, "data": []}),
    "nothing": json_reply({}),
    "204": Reply(204),
    "a page": text_reply("<!doctype html><title>x</title><h1>Access denied</h1>", 200, "text/html"),
}
"""How an endpoint denies, by its name."""

TALKATIVE = frozenset({"sent elsewhere", "400", "other words in a 200", "an empty list", "an empty list inside"})
TALKATIVE |= {"nothing", "204", "a page"}
"""The ways that only somebody who knows the deployment takes for a denial."""


@dataclass(frozen=True, slots=True)
class Area:
    """An endpoint: how it denies, and whether it is one that nobody may enter.

    `is_often_empty`: those who may enter have nothing there, now and then.
    """

    name: str
    way: str
    is_vault: bool = False
    is_often_empty: bool = False

    @property
    def endpoint(self) -> str:
        """Its name in a matrix."""
        return f"GET {AREA}{self.name}"


def areas_of(most: int) -> list[Area]:
    """An area for each way to deny, areas that nobody may enter, and one whose lists are often empty."""
    areas = [Area(f"{number:02}", way) for number, way in enumerate(WAYS)]
    areas.append(Area("vault-empty", "an empty list", is_vault=True))
    areas.append(Area("vault-words", "other words in a 200", is_vault=True))
    areas.append(Area("own", "403", is_often_empty=True))
    ways = [*WAYS]
    return [*areas, *(Area(f"more-{number}", ways[number * 2]) for number in range(most - len(areas)))][:most]


class SeededAIRisk(ForeignAIRisk):
    """A deployment with that many users and endpoints.

    Roles open endpoints, and every 20th user is an exception somewhere. `errors` is the share of requests that get a
    500; every `busy_every`th request begins a burst of 429.
    """

    def __init__(self, users: int, endpoints: int, *, seed: int, errors: float = 0.05, busy_every: int = 0) -> None:
        drawn = Random(seed)
        people = [
            Person(f"u-{number}", f"Person {number}", role=ROLES[number % len(ROLES)], groups=(drawn.choice(GROUPS),))
            for number in range(1, users + 1)
        ]
        super().__init__(Dialect(people=tuple(people)))
        self.people = people
        self.areas = areas_of(endpoints)
        self._seed, self._errors, self._busy_every = seed, errors, busy_every
        self._sent: Counter[tuple[str, str]] = Counter()
        self._in_all = 0
        self.may_enter = frozenset(_permissions(people, self.areas, drawn))

    def answer(self, peer: Peer) -> None:
        """Answer, now and then slowly."""
        if self._chance("slow", str(self._in_all)) < 0.002:
            time.sleep(0.3)
        super().answer(peer)

    def normal_reply(self, request: Received) -> Reply:
        """What an area shows, or how it denies."""
        if not request.path.startswith(AREA):
            return super().normal_reply(request)
        identity = self._tokens.spend(bearer(request) or "") or ""
        with self._state_lock:
            self._in_all += 1
            self._sent[identity, request.path] += 1
            number = self._sent[identity, request.path]
            is_busy = self._busy_every and self._in_all % self._busy_every < 5 and self._in_all >= self._busy_every
        if is_busy:
            return Reply(429, b"", (("Retry-After", "1"),))
        if self._chance("error", identity, request.path, str(number)) < self._errors:
            return json_reply({"error": "Internal Server Error"}, 500)
        area = next((each for each in self.areas if AREA + each.name == request.path), None)
        if area is None or (identity, area.name) not in self.may_enter:
            return WAYS[area.way] if area else Reply(404)
        return self._shown(identity, area)

    def _shown(self, identity: str, area: Area) -> Reply:
        """What a user is shown: as many entries as chance has it, and a member more or less."""
        chance = Random(f"{self._seed} {identity} {area.name}")
        if area.is_often_empty and chance.random() < 0.3:
            return json_reply([])
        entries: list[dict[str, Any]] = [
            {"id": f"{identity}-{each}", "trace": each} for each in range(chance.randint(1, 5))
        ]
        if area.way == "an empty list inside":
            return json_reply({"success": True, "total": len(entries), "data": entries})
        if area.way == "other words in a 200":
            more = {"note": "mine"} if chance.random() < 0.5 else {}
            return json_reply({"id": identity, "title": "Access denied", "entries": entries, **more})
        return json_reply(entries)

    def _chance(self, *of: str) -> float:
        """A number from 0 to 1 that is the same for the same words."""
        return int.from_bytes(blake2b(" ".join([str(self._seed), *of]).encode(), digest_size=6).digest(), "big") / 2**48


def _permissions(people: list[Person], areas: list[Area], drawn: Random) -> Iterator[tuple[str, str]]:
    """Who may enter what: at least one role and not all, with exceptions either way."""
    for area in areas:
        roles = set(drawn.sample(ROLES, drawn.randint(1, len(ROLES) - 1)))
        for person in people:
            is_exception = drawn.random() < 0.05
            if not area.is_vault and ((person.role in roles) is not is_exception):
                yield person.identity, area.name
