"""Whatever a person does often is told without anything on the screen moving, or being laid out anew."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.kit import ids
from tests.kit.pilot import Person, listed
from tui.sandbox import Options, Sandbox


@asynccontextmanager
async def _laid_out(person: Person, times: int = 0) -> AsyncIterator[None]:
    """What is done within is seen without more layouts than that."""
    await person.pilot.pause()
    layouts: list[object] = []
    signal = person.app.screen.screen_layout_refresh_signal
    signal.subscribe(person.app.screen, layouts.append, immediate=True)
    yield
    await person.pilot.pause()
    signal.unsubscribe(person.app.screen)
    assert len(layouts) <= times


async def test_acting_stopping_and_sending_move_nothing() -> None:
    with Sandbox(Options(users=20)) as sandbox:
        async with listed(sandbox, size=(120, 40)) as person:
            await person.until(lambda: "endpoints imported" in person.notice, "what is told of the start")
            await person.press("down", "enter")
            await person.bar_says("ACTING AS")
            name = person.bar.partition(" · ")[0]
            async with _laid_out(person):
                await person.press("x")
                await person.bar_says("APPLICATION")
                await person.until(lambda: not person.notice and "x Stop" not in person.footer, "nothing told any more")
            async with _laid_out(person):
                await person.press("minus")
                await person.bar_says(name)
                await person.until(
                    lambda: "acting as" in person.notice and "x Stop" in person.footer, "who, and the way back"
                )
            await person.press("2", "enter")
            await person.sees("GET /api/Chat/ListAgents HTTP/1.1")
            await person.press("f5")
            await person.sees("200 OK")
            async with _laid_out(person):
                await person.press("f5")
                await person.until(lambda: "Esc cancels" not in person.screen, "the answer")


async def test_words_that_take_more_lines_get_them_and_give_them_back() -> None:
    with Sandbox(Options(users=20)) as sandbox:
        async with listed(sandbox, size=(80, 24), AIRISK_PROTECTED_USERS="u-000000") as person:
            await person.until(lambda: "endpoints imported" in person.notice, "what is told of the start")
            panes = person.app.screen.query_one(f"#{ids.PANES}")
            rows = panes.size.height
            await person.press("enter")
            await person.until(lambda: "protected" in person.notice and panes.size.height < rows, "why not, in full")
            await person.press("escape")
            await person.until(lambda: "protected" not in person.notice, "nothing told any more")
            await person.becomes(lambda: panes.size.height, rows)
