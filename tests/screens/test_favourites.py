"""What a person likes comes first, and is in sight when the program is opened again."""

from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.pilot import listed


async def test_favourites_are_in_sight_at_the_next_start() -> None:
    with ForeignAIRisk() as server:
        async with listed(server, size=(100, 30)) as person:
            await person.press("2", "G", "k", "asterisk", "g")
            await person.sees("★ Favorites")
        async with listed(server, size=(100, 30)) as person:
            await person.sees("★ Favorites")
            await person.press("2")
            await person.sees("★ Favorites")
            await person.until(
                lambda: "›" in person.lines[person.lines.index(person.row("★ Favorites")) + 1],
                "the cursor on the first",
            )
