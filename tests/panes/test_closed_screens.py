"""A closed screen is gone, and whatever was on it."""

import asyncio
import gc
import weakref
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Input, TextArea

from tests.kit.pilot import AtApp
from tui.textual_ext.app import GuardedApp
from tui.widgets.key_bar import KeyBar


class Form(Screen[None]):
    """Has a text area, which watches the theme of the app."""

    def compose(self) -> ComposeResult:
        yield TextArea("draft")


class Labeled(Screen[None]):
    """Has a label that depends on a field, as screens with a filter do."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", "Back", id="back")]

    @property
    def footer_labels(self) -> dict[str, str]:
        return {"back": self.query_one(Input).value}

    def compose(self) -> ComposeResult:
        yield Input("Clear")
        yield KeyBar()


async def test_the_key_bar_asks_for_no_labels_while_its_screen_is_removed() -> None:
    app: GuardedApp[None] = GuardedApp()
    async with app.run_test() as pilot:
        person = AtApp(app, pilot)
        await app.push_screen(Labeled())
        await person.sees("esc Clear")
        field, bar, busy = app.screen.query_one(Input), app.screen.query_one(KeyBar), asyncio.Event()
        bar.call_later(busy.wait)
        told = asyncio.Event()
        app.screen.bindings_updated_signal.subscribe(field, lambda _: told.set())
        app.screen.refresh_bindings()
        await told.wait()
        app.pop_screen()
        await person.until(lambda: not field.is_running, "the field gone")
        busy.set()
        await person.until(lambda: not bar.is_running, "the bar gone")


async def test_what_watched_the_app_is_let_go_with_its_screen() -> None:
    app: GuardedApp[None] = GuardedApp()
    async with app.run_test() as pilot:
        person = AtApp(app, pilot)
        await app.push_screen(Form())
        await person.sees("draft")
        held = weakref.ref(app.screen.query_one(TextArea))
        await app.pop_screen()

        def is_gone() -> bool:
            app.call_later(gc.collect)  # The app keeps its last message until the next one, and so what that names.
            return held() is None

        await person.until(is_gone, "the text area gone")
