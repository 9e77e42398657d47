"""A person leaves a screen on which something is still under way: nothing is heard of it any more."""

import asyncio

from textual import work
from textual.app import ComposeResult
from textual.screen import ModalScreen
from textual.widgets import Static

from tests.screens.stage import listed
from tests.servers.foreign import ForeignAIRisk


class Pane(Static):
    """Says when it goes."""

    def __init__(self, gone: asyncio.Event) -> None:
        super().__init__(id="pane")
        self._gone = gone

    def on_unmount(self) -> None:
        self._gone.set()


class WorkingScreen(ModalScreen[None]):
    """Has work under way that ends, and looks for the pane to show it in, just when that has gone."""

    def compose(self) -> ComposeResult:
        self._done = asyncio.Event()
        yield Pane(self._done)

    def on_mount(self) -> None:
        self.show_what_came()

    @work
    async def show_what_came(self) -> None:
        await self._done.wait()
        self.query_one(Pane).update("here it is")


async def test_what_ends_while_its_screen_goes_is_no_fault_of_the_program() -> None:
    with ForeignAIRisk() as airisk:
        async with listed(airisk) as person:
            screen = WorkingScreen()
            await person.app.push_screen(screen)
            await screen.dismiss()
            await person.press("question_mark")
            await person.sees("Esc closes")
