"""The matrix: planned, running, read."""

from tests.kit.matrix import ended, explored, plan
from tests.kit.pilot import Person
from tools.pages.gallery.camera import Camera
from tools.pages.pictures import POLICY
from tui.sandbox import Options, Sandbox


async def matrix(camera: Camera) -> None:
    """From the plan to a cell."""
    with Sandbox(Options(users=60)) as server:
        async with explored(server, size=camera.size, AIRISK_LABEL="staging") as person:
            await person.press("m")
            await person.sees("Matrix: who can reach what", " at ")
            await camera.take(person, "plan")
            await plan_slowly(camera, person)
            await person.press("escape")
            await person.sees("r Again")
            await camera.take(person, "matrix-stopped")
            await person.press("escape", "escape")
            await plan(person)
            await person.press("enter")
            await ended(person)
            await camera.take(person, "matrix-done")
            await read(camera, person)


async def plan_slowly(camera: Camera, person: Person) -> None:
    """So slowly that it is seen running."""
    await plan(person, rate="3", concurrency="1")
    await person.press("enter")
    await person.sees("p pauses")
    await camera.take(person, "matrix-running")


async def read(camera: Camera, person: Person) -> None:
    """Cells, groups, filters, a policy, a report."""
    await person.press("down", "down", "enter")
    await camera.take(person, "matrix-unfolded")
    await person.press("down", "enter")
    await person.sees("because")
    await camera.take(person, "cell")
    await person.press("escape", "slash")
    await person.type("zzz")
    await camera.take(person, "matrix-nothing-matches")
    await person.press("escape", "escape", "f")
    await person.sees("Only rows in which")
    await camera.take(person, "matrix-only")
    await person.press("escape", "e")
    await person.sees("Hold it against")
    await camera.take(person, "matrix-against")
    policy = camera.written("policy.yaml", POLICY)
    await person.press("enter")
    await person.sees("Which file?")
    await person.press("end", "ctrl+u")
    await person.type(f"{policy}\r")
    await person.sees("not as expected")
    await camera.take(person, "matrix-policy")
