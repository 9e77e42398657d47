"""A closed screen is gone, and whatever was on it."""

import gc
import weakref

from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import TextArea

from tests.kit.pilot import AtApp
from tui.textual_ext.app import GuardedApp


class Form(Screen[None]):
    """Has a text area, which watches the theme of the app."""

    def compose(self) -> ComposeResult:
        yield TextArea("draft")


async def test_what_watched_the_app_is_let_go_with_its_screen() -> None:
    app: GuardedApp[None] = GuardedApp()
    async with app.run_test() as pilot:
        person = AtApp(app, pilot)
        await app.push_screen(Form())
        await person.sees("draft")
        held = weakref.ref(app.screen.query_one(TextArea))
        await app.pop_screen()
        await person.until(lambda: gc.collect() >= 0 and held() is None, "the text area gone")
