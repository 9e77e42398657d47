"""Quick switches between ten users, while AIRisk is slow, forgets tokens and hangs up: whose name was it?

Afterwards the server's own log and the audit trail are laid side by side.
"""

import json
import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from random import Random

import msgspec
import pytest

from tests.kit.conversing import settings_for
from tests.kit.deployment.breakable import EVERY_PATH
from tests.kit.deployment.dialect import Dialect
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.deployment.messages import Received
from tests.kit.deployment.moods import SIGN_IN_PATHS, Moods
from tests.kit.deployment.shapes import Person
from tests.kit.deployment.tokens import GENERIC
from tests.kit.patience import PATIENCE
from tests.kit.shell import Place
from tests.terminal.hasty import HastyAdmin
from tui.airisk.session import Session
from tui.audit.entry import AuditEntry
from tui.audit.recorder import open_audit_sink
from tui.config.keyring import Secret
from tui.errors import AuditError

NAMES = (
    "Ada Lovelace",
    "Barbara Liskov",
    "Claude Shannon",
    "Donald Knuth",
    "Edsger Dijkstra",
    "Frances Allen",
    "Grace Hopper",
    "Hedy Lamarr",
    "Ivan Sutherland",
    "John McCarthy",
)
DIALECT = Dialect(
    people=tuple(Person(f"u-{number}", first, last) for number, (first, last) in enumerate(map(str.split, NAMES))),
    generic_bearer="both",
)


async def switch(
    place: Place, monkeypatch: pytest.MonkeyPatch, *, seed: int, switches: int
) -> tuple[set[str], set[int | None]]:
    """Switch as often; whose name was on each request is then the same by all accounts.

    Returns:
        What came of the switches, and how requests were answered.
    """
    monkeypatch.setenv("HOME", place.environment["HOME"])
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    warned: list[AuditError] = []
    with ForeignAIRisk(DIALECT) as server:
        settings = settings_for(server, timeout=PATIENCE)
        async with (
            open_audit_sink(settings, warned.append) as record,
            Session(settings, Secret(server.client_secret), record) as session,
        ):
            users = (await session.users()).users
            moods = Moods(server, seed=seed, most_seconds=0.05, dropped=0.15, forgotten=0.08)
            server.breaks(EVERY_PATH, moods.fault)
            admin = HastyAdmin(session, Random(seed))
            for turn in range(switches):
                await admin.switch(admin.chance.choice(users))
                await admin.ask(turn)
            await admin.finish()
    assert warned == []
    entries = audit_trail(place)
    assert_same_requests(server, entries, lambda path: admin.turns.get(path, -1))
    assert_signed_in_before(moods, entries)
    assert re.fullmatch(acts_expected(admin.done), acts_in(entries)), (admin.done, acts_in(entries))
    for answer in admin.answers:
        assert answer.status != 200 or json.loads(answer.body)["userID"] == answer.identity.id
    return {what for what, _ in admin.done}, {entry.status for entry in entries if entry.event == "request"}


def audit_trail(place: Place) -> list[AuditEntry]:
    """The trail as anybody may read it, and whole."""
    assert place.run("audit", "verify").code == 0
    return msgspec.json.decode(place.run("audit", "show", "--format", "json").out, type=list[AuditEntry])


def assert_same_requests(
    server: ForeignAIRisk, entries: Sequence[AuditEntry], turn_of: Callable[[str], int] = lambda _: 0
) -> None:
    """In each name the server got what the trail tells, answered so, in that order."""
    heard = [request for request in server.requests if request.path not in SIGN_IN_PATHS]
    told = [entry for entry in entries if entry.event == "request"]
    assert {request.identity for request in heard} <= {name_in(entry) for entry in told}
    for name in {name_in(entry) for entry in told}:
        theirs = [entry for entry in told if name_in(entry) == name]
        received = [request for request in heard if request.identity == name]
        cut_short = {entry.path for entry in theirs if is_canceled(entry)}
        for paths in ([entry.path for entry in theirs], [each.path for each in received if each.path not in cut_short]):
            assert paths == sorted(paths, key=turn_of)
        paths_asked = [*(entry.path for entry in theirs), *(each.path for each in received)]
        in_turn = {path: (turn_of(path), path) for path in paths_asked}
        expected = "".join(map(line_expected, sorted(theirs, key=lambda entry: in_turn[entry.path])))
        actual = "".join(map(line_of, sorted(received, key=lambda request: in_turn[request.path])))
        assert re.fullmatch(expected, actual), f"{name}\n{expected}\n{actual}"


def name_in(entry: AuditEntry) -> str:
    """As the server calls it."""
    return GENERIC if entry.kind == "application" else entry.identity


def is_canceled(entry: AuditEntry) -> bool:
    """Then nobody here knows whether it left, or how it was answered."""
    return entry.why == "canceled" and entry.status is None


def line_of(request: Received) -> str:
    """What the server did."""
    return f"{request.method} {request.path} {request.status}\n"


def line_expected(entry: AuditEntry) -> str:
    """What the server must have done, as a pattern: of all that is told only what was canceled may never have left."""
    asked = re.escape(f"{entry.method} {entry.path} ")
    return rf"(?:{asked}\w+\n)?" if is_canceled(entry) else rf"{asked}{entry.status}\n"


def acts_in(entries: Sequence[AuditEntry]) -> str:
    """What the trail tells of acts, in short; a refusal with a path is that of a request after the next switch."""
    acts = (entry for entry in entries if entry.event not in {"intent", "request"} and not entry.path)
    return "".join(f"{entry.event} {entry.identity}\n" for entry in acts)


def acts_expected(done: Sequence[tuple[str, str]]) -> str:
    """What it has to tell, as a pattern: an act that was given up did not begin, or began and was taken back."""
    pattern = acting = ""
    steps = list(done)
    while steps:
        what, who = steps.pop(0)
        stop, start = (f"stop {acting}\n", f"start {acting}\n") if acting else ("", "")
        begun = f"{stop}start {who}\nstop {who}\n"
        given_up = f"(?:{begun}{start}|refusal {who}\n)?"
        if what == "became":
            pattern, acting = f"{pattern}{stop}start {who}\n", who
        elif what == "failed":
            pattern += f"refusal {who}\n"
        elif what == "stopped":
            pattern, acting = f"{pattern}{stop}", ""
        elif steps and steps[0][0] == "stopped":  # by x: then there is nobody to act as again
            pattern, acting = f"{pattern}(?:{given_up}{stop}|{begun})", ""
            steps.pop(0)
        else:
            pattern += given_up
    return pattern + (f"stop {acting}\n" if acting else "")


def assert_signed_in_before(moods: Moods, entries: Sequence[AuditEntry]) -> None:
    """Nobody is acted as before AIRisk issued a token for them."""
    for entry in entries:
        if entry.event == "start":
            began = datetime.fromisoformat(entry.time) + timedelta(milliseconds=1)
            assert any(who == entry.identity and at < began for who, at in moods.signed_in), entry.identity
