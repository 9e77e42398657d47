"""The program is left while more and more is under way, and a screen that is left is let go."""

import asyncio
import weakref

from textual._styles_cache import StylesCache

from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.memory import collect_and_freeze
from tests.kit.pilot import listed


async def test_one_may_leave_at_any_moment() -> None:
    with ForeignAIRisk() as server:
        for turns in range(0, 160, 20):
            async with listed(server) as person:
                for key in ("ctrl+r", "j", "enter"):
                    person.app.simulate_key(key)
                for _ in range(turns):  # of the event loop: each time a little more is under way
                    await asyncio.sleep(0)
                person.app.exit(return_code=143)
            assert person.app.return_code == 143, turns


async def test_a_screen_that_was_left_keeps_nothing_of_what_it_drew() -> None:
    """On a busy machine one in ten is kept: a widget's loop holds its last message, and that its sender."""
    with ForeignAIRisk() as airisk:
        async with listed(airisk) as person:
            await person.press("question_mark")
            await person.sees("Esc closes")
            drawn = [weakref.ref(widget._styles_cache) for widget in person.app.screen.query("*")]
            await person.press("escape")
            await person.sees_no("Esc closes")
            await person.press("enter")
            await person.bar_says("ACTING AS")  # Textual forgets a bar that is gone when the others are told something.
            await person.until(lambda: not any(_kept(drawn)), "nothing kept")


def _kept(drawn: list[weakref.ref[StylesCache]]) -> list[StylesCache | None]:
    """What is left once all garbage is collected, frozen garbage too: what reads a description freezes what exists."""
    collect_and_freeze()
    return [each() for each in drawn]
