"""A deployment in bad weather, and whether its log, the audit trail and the screen tell the same."""

import json
import re
from ast import literal_eval
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from random import Random
from threading import Lock

from tests.kit.deployment.faults import Fault
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.deployment.messages import Received
from tests.kit.deployment.moods import SIGN_IN_PATHS
from tests.kit.deployment.peer import Peer
from tests.kit.deployment.refusals import RefusedError
from tests.kit.deployment.tokens import GENERIC
from tests.kit.trails import entries_in
from tests.long.random_keys.traced import HEADER
from tests.long.random_keys.typist import ANONYMOUS, Frame, Press, Typist
from tui.audit.entry import AuditEntry

SAFE = {"GET", "HEAD", "OPTIONS"}
DESCRIPTIONS = {"/swagger/v1/swagger.json", "/openapi/v1.json"}
LONGEST_DELAY = 0.3
STALL = 3.0
DROPPED, FORGOTTEN, STALLED = 0.08, 0.08, 0.02  # shares of the requests


class Weather:
    """Delays, drops and forgets, by the seed and by how many requests of that kind there were before.

    Attributes:
        arrived: each request that is no part of signing in, after how many keys.
        fault: what the server is broken with.
        is_bad: whether it delays, drops and forgets just now.
    """

    def __init__(self, server: ForeignAIRisk, seed: str) -> None:
        self.arrived = list[tuple[int, Received]]()
        self.fault = Fault(self._answer)
        self.is_bad = False
        self._server, self._seed = server, seed
        self._typed: list[Press] = []
        self._under_way = 0
        self._times = Counter[str]()
        self._lock = Lock()

    def begin(self, typist: Typist) -> None:
        """Be bad from now on, and note which key each request comes after."""
        typist.is_awaited = lambda: self._under_way > 0
        self._typed, self.is_bad = typist.presses, True

    def _answer(self, peer: Peer) -> None:
        request = peer.request
        with self._lock:
            self._under_way += 1
            if request.path not in SIGN_IN_PATHS:
                self.arrived.append((len(self._typed), request))
            kind = f"{request.identity} {request.method} {request.path}"
            self._times[kind] += 1
            chance = Random(f"{self._seed} {kind} {self._times[kind]}")
        try:
            if self.is_bad:
                self._treat(peer, chance)
            else:
                peer.answer_normally()
        finally:
            with self._lock:
                self._under_way -= 1

    def _treat(self, peer: Peer, chance: Random) -> None:
        peer.pause(chance.uniform(0, LONGEST_DELAY) + STALL * (chance.random() < STALLED))
        fate = chance.random()
        request = peer.request
        if fate < DROPPED:
            peer.hang_up()
        elif fate < DROPPED + FORGOTTEN and request.identity and request.path not in SIGN_IN_PATHS:
            self._server.revoke(request.identity)
            peer.reply(RefusedError(401, "The token is not valid").reply("documented"))
        else:
            peer.answer_normally()


class Accounts:
    """Lays what arrived beside what was typed, drawn and recorded.

    Attributes:
        traced: how many requests came from which kind of key: one typed at the frame that it acted on, …
    """

    def __init__(self, weather: Weather, typist: Typist, state: Path) -> None:
        self.traced = Counter[str]()
        self._weather, self._typist, self._state = weather, typist, state
        self._looked_at = 0
        self._given: list[tuple[int, str, str, str | None]] = []

    @property
    def trail(self) -> Path:
        """The audit trail of the program."""
        return self._state / "audit" / "audit.jsonl"

    def faults(self) -> Iterator[str]:
        """What is wrong with what arrived since the last look; only at rest."""
        news = self._weather.arrived[self._looked_at :]
        self._looked_at += len(news)
        for typed, request in news:
            yield from self._not_as_drawn(request)
            if request.method not in SAFE:
                yield from self._not_agreed_to(typed, request)

    def summary(self) -> str:
        """Say how much there was to look at."""
        names = Counter(name_of(request) for _, request in self._weather.arrived)
        statuses = Counter(request.status for _, request in self._weather.arrived)
        changes = sum(request.method not in SAFE for _, request in self._weather.arrived)
        unsent = sum(entry.event == "request" and not entry.sent for entry in entries_in(self.trail))
        return (
            f"{names.total()} requests, {changes} of them changes, {unsent} never sent; traced: {dict(self.traced)}; "
            f"by status {dict(statuses)}, by name {dict(names)}"
        )

    def _not_as_drawn(self, request: Received) -> Iterator[str]:
        """What is wrong with the name of a request: it has to be drawn when its key is handled, and when it leaves."""
        who = name_of(request)
        if (who == GENERIC and request.path.endswith("/ListUsers")) or request.path in DESCRIPTIONS:
            self.traced["in nobody's name"] += 1
            return  # It is asked for as the program starts, or with Ctrl+R.
        trace = request.header(HEADER)
        if not trace:
            yield f"{request} came from no key"
            return
        read, handled, left, key = _parts_of(trace)
        frame, last = self._typist.frames[handled], self._typist.frames[left]
        names = self._named(frame, key, last)
        if who not in {frame.bar, *names}:
            yield f"{request} though {key} was handled at {frame} and it left at {last}"
        elif who not in {last.bar, *names}:
            yield f"{request} left at {last}, after {key} at {frame}"
        press = self._press_of(key, read)
        if who in names:
            self.traced["in a matrix" if frame.is_in_matrix else "as another that the frame named"] += 1
        elif press.shown in {"", who}:
            self.traced["as the bar showed when it was typed"] += 1
        else:
            self.traced["typed ahead of a switch, and handled after it"] += 1

    def _named(self, frame: Frame, key: str, last: Frame) -> set[str]:
        """As whom else a key asks that is handled at this frame: as those that it names."""
        names = set(frame.chosen) if key in {"enter", "y"} else set[str]()
        if frame.is_in_matrix:
            names |= self._planned()
        if frame.has_anonymous:
            names.add(ANONYMOUS)
        # An entry of the history is asked for again once the bar has turned to its name.
        return names | ({last.bar} if key == "R" else set())

    def _press_of(self, key: str, read: float) -> Press:
        """What was typed that the program read as this key at that time."""
        return next(each for each in reversed(self._typist.presses) if each.at <= read and key in each.names)

    def _planned(self) -> set[str]:
        """Whose names stand in the plans of the matrices so far."""
        heads = [json.loads(path.read_text().partition("\n")[0]) for path in (self._state / "matrix").rglob("*.jsonl")]
        rows = [row for head in heads for row in head["rows"]]
        special = {"application": GENERIC, "anonymous": ANONYMOUS}
        return {special.get(row.get("kind", "user"), row["id"]) for row in rows}

    def _not_agreed_to(self, typed: int, request: Received) -> Iterator[str]:
        who = name_of(request)
        trace = request.header(HEADER)
        frame = self._typist.frames[_parts_of(trace)[1]] if trace else Frame()
        if frame.is_read_only and who not in {GENERIC, ANONYMOUS}:
            yield f"{request} though the bar said READ-ONLY"
        if who in {GENERIC, ANONYMOUS} and not self._typist.is_production:
            return
        for place, (keys, permission) in enumerate(self._typist.agreed):
            names = {permission.who} if permission.who else self._planned()
            is_it = request.method == permission.method and request.path.startswith(permission.path)
            if is_it and who in names and keys <= typed:
                if permission.is_lasting:
                    if not frame.is_in_conversation:
                        continue
                    self.traced["said in a conversation"] += 1
                    return
                if permission.who:
                    del self._typist.agreed[place]
                    return
                taken = (keys, request.method, request.path, who)
                if taken not in self._given:
                    self._given.append(taken)
                    return
        yield f"{request} was not agreed to"

    def differences(self) -> list[str]:
        """What the server's log and the audit trail tell differently, in each name and of each path, line by line."""
        entries = entries_in(self.trail)
        told, heard = defaultdict(list), defaultdict(list)
        for entry in entries:
            if entry.event == "request":
                told[name_in(entry), entry.method, entry.path].append(entry)
        for _, request in self._weather.arrived:
            heard[name_of(request), request.method, request.path].append(request)
        found = []
        for asked in told.keys() | heard.keys():
            expected = "".join(map(_expected, told[asked]))
            actual = "".join(f"{request.status}\n" for request in heard[asked])
            if not re.fullmatch(expected, actual):
                keys = ", ".join(request.header(HEADER) or "no key" for request in heard[asked])
                found.append(f"{asked}: trail {expected!r}, log {actual!r}, from {keys}")
        return found + _unannounced(entries)


def _expected(entry: AuditEntry) -> str:
    """What the server did, as a pattern: what left may have arrived, what was answered did, nothing else."""
    if entry.status is not None:
        return rf"{entry.status}\n"
    if not entry.sent:
        return ""
    # What was canceled may not have been read, and may have been answered to nobody.
    return r"(?:\w+\n)?" if entry.why == "canceled" else r"\w+\n"


def _unannounced(entries: list[AuditEntry]) -> list[str]:
    """Changes that were sent without an intent before, or whose intent came to nothing."""
    intents = {each.sequence: each for each in entries if each.event == "intent"}
    found = []
    for each in entries:
        if each.event == "request" and each.method not in SAFE:
            intent = intents.pop(each.intent or 0, None)
            if intent is None or (intent.identity, intent.path) != (each.identity, each.path):
                found.append(f"no intent of {each.method} {each.path} as {each.identity}")
    return found + [f"no outcome of {each.method} {each.path} as {each.identity}" for each in intents.values()]


def _parts_of(trace: str) -> tuple[float, int, int, str]:
    """When the key was read, how many frames were written as it was handled and as the request left, and the key."""
    read, handled, left, key = trace.split(" ", 3)
    return float(read), int(handled), int(left), literal_eval(key)


def name_of(request: Received) -> str:
    """In whose name it came."""
    return request.identity or ANONYMOUS


def name_in(entry: AuditEntry) -> str:
    """The same, as the trail tells it."""
    return {"application": GENERIC, "anonymous": ANONYMOUS}.get(entry.kind, entry.identity)
