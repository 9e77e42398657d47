"""Take the pictures of the pages from the program, the same each time: `make pictures`."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.kit.gallery.camera import has_recalled, sandbox, stands_still, surroundings, written
from tests.kit.gallery.matrices import POLICY
from tests.kit.matrix import ended, hold_against, plan, turn
from tests.kit.pilot import Person, listed
from tools.pages.bars import as_page_shows, take_bars

DOCS = Path(__file__).parents[2] / "docs"
SIZE = (120, 36)


@asynccontextmanager
async def demo() -> AsyncIterator[Person]:
    """Somebody who has opened the program on its sandbox."""
    with sandbox() as server:
        async with listed(server, size=SIZE, AIRISK_LABEL="sandbox", USER_ID=server.options.user_id) as person:
            await has_recalled(person)
            yield person


async def take_main() -> None:
    """Become a user, and ask for the agents."""
    async with demo() as person:
        await person.press("slash")
        await person.type("ha")
        await person.press("enter", "enter")
        await person.bar_says("ACTING AS")
        await person.press("2", "enter", "f5")
        await person.sees("200 OK")
        await save(person, "main")


async def take_matrix() -> None:
    """Ask everybody for all that is safe, and hold it against a policy."""
    written("policy.yaml", POLICY)
    async with demo() as person:
        await plan(person)
        await turn(person, "plan-users", "all")
        await person.press("enter")
        await ended(person)
        await hold_against(person, "policy", "policy.yaml")
        await person.sees("unexpected result")
        await person.press("down", "down", "down")
        await save(person, "matrix")


async def save(person: Person, name: str) -> None:
    """Write what is on the screen as docs/NAME.svg."""
    await stands_still(person)
    svg = as_page_shows(person.app.export_screenshot(title="airisk-tui demo"))
    (DOCS / f"{name}.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    for take in (take_main, take_matrix, take_bars):
        with surroundings(step=0.007):
            asyncio.run(take())
