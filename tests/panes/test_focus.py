"""The focus comes back to a field that was hidden for a moment, and goes to no other meanwhile."""

from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.widgets import Input

from tests.kit.pilot import AtApp
from tui.textual_ext.screens import FocusKeepingScreen


class FormScreen(FocusKeepingScreen[None]):
    """Two panes with a field each."""

    def compose(self) -> ComposeResult:
        for name in ("one", "other"):
            with Vertical(id=f"pane-{name}"):
                yield Input(id=name)


class FormApp(App[None]):
    """Opens them."""

    def on_mount(self) -> None:
        self.push_screen(FormScreen())


async def test_a_field_that_was_hidden_for_a_moment_has_the_focus_again() -> None:
    app = FormApp()
    async with app.run_test() as pilot:
        person = AtApp(app, pilot)
        await person.until(lambda: _focus(app) == "one", "the first field")
        pane = app.screen.query_one("#pane-one")
        pane.display = False
        await person.until(lambda: app.focused is None, "no focus")
        pane.display = True
        await person.until(lambda: _focus(app) == "one", "the focus where it was")


async def test_a_field_that_was_hidden_leaves_the_focus_where_it_has_gone_since() -> None:
    app = FormApp()
    async with app.run_test() as pilot:
        person = AtApp(app, pilot)
        await person.until(lambda: _focus(app) == "one", "the first field")
        pane = app.screen.query_one("#pane-one")
        pane.display = False
        await person.until(lambda: app.focused is None, "no focus")
        app.screen.query_one("#other").focus()
        await person.until(lambda: _focus(app) == "other", "the other field")
        pane.display = True
        await person.until(lambda: bool(pane.region), "both panes")
        await pilot.pause()
        assert _focus(app) == "other"


def _focus(app: App[None]) -> str:
    return (app.focused and app.focused.id) or ""
