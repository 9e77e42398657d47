"""The matrix: planned, running, read."""

from itertools import count

from tests.kit.asking import AGENTS_PATH
from tests.kit.deployment.dialect import Dialect
from tests.kit.deployment.faults import Fault
from tests.kit.deployment.peer import Peer
from tests.kit.deployment.shapes import Person as User
from tests.kit.gallery.camera import Camera, foreign, sandbox, written
from tests.kit.matrix import ended, hold_against, plan, turn

POLICY = """\
version: 1
default: allow
rules:
  - deny: "*"
    identities: [anonymous]
  - deny: GET /api/Chat/*
    identities: [application]
  - deny: GET /api/Users/ListUsers
    roles: [Auditor]
"""


async def running(camera: Camera) -> None:
    """A plan, a run that is seen running, and stopped."""
    people = tuple(User(f"u-{number}", f"Person {number}", role="User") for number in range(1, 13))
    with foreign(Dialect(people=people), {AGENTS_PATH: _stands_still_after(4)}) as server:
        async with camera.listed(server, AIRISK_LABEL="staging") as person:
            await person.press("m")
            await person.sees("Access matrix", " at ", "about")
            await camera.take(person, "plan")
            await person.press("escape")
            await plan(person, concurrency="1")
            await person.press("enter")
            await person.sees("Space pauses", "12 of 42 cells")
            await camera.take(person, "matrix-running")
            await person.press("escape")
            await person.sees("r Retry")
            await camera.take(person, "matrix-stopped")


def _stands_still_after(answers: int) -> Fault:
    """Answers well so many times, then no more."""
    numbers = count()

    def act(peer: Peer) -> None:
        if next(numbers) < answers:
            peer.answer_normally()
        else:
            peer.wait_until_gone()

    return Fault(act)


async def matrix(camera: Camera) -> None:
    """Cells, groups, filters, a policy."""
    written("policy.yaml", POLICY)
    with sandbox(users=30) as server:
        async with camera.listed(server, AIRISK_LABEL="staging") as person:
            await plan(person)
            await turn(person, "plan-users", "all")
            await person.press("enter")
            await ended(person)
            await camera.take(person, "matrix-done")
            await person.press("down", "down", "enter")
            await camera.take(person, "matrix-unfolded")
            await person.press("down", "enter")
            await person.sees("because")
            await camera.take(person, "cell")
            await person.press("escape", "slash")
            await person.type("zzz")
            await camera.take(person, "matrix-nothing-matches")
            await person.press("escape", "f")
            await person.sees("Show only rows with")
            await camera.take(person, "matrix-only")
            await person.press("escape", "P")
            await person.sees("Check against")
            await camera.take(person, "matrix-against")
            await person.press("escape")
            await hold_against(person, "policy", "policy.yaml")
            await person.sees("unexpected result")
            await camera.take(person, "matrix-policy")
