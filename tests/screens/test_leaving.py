"""A person leaves a screen on which something is still under way: nothing is heard of it any more."""

import asyncio
from collections.abc import Callable

from textual import work
from textual.app import ComposeResult
from textual.screen import ModalScreen
from textual.widgets import Static

from tests.kit.asking import act_as_ada, send_agents
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.memory import collect_and_freeze
from tests.kit.patience import comes_true
from tests.kit.pilot import SIZE, Person, listed, opened, told
from tui.app.app import AIRiskApp


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


async def turns_until(is_so: Callable[[], bool], wanted: str) -> None:
    """Let the event loop turn until it is so, and not once more."""
    await comes_true(is_so, wanted, meanwhile=lambda _: asyncio.sleep(0))


async def left(person: Person) -> None:
    """Leave the program, which ends with the code that it was left with."""
    person.app.exit(return_code=143)
    await turns_until(lambda: not person.app.is_running, "the end")
    assert person.app.return_code == 143


async def test_leaving_while_the_main_screen_is_being_made_is_no_fault_of_the_program() -> None:
    with ForeignAIRisk() as airisk:
        for moment in (0, 2, 5):
            async with opened(airisk) as person:
                await turns_until(lambda: person.app.current_mode == "main", "the main screen begun")
                for _ in range(moment):
                    await asyncio.sleep(0)
                await left(person)
    collect_and_freeze()  # tells of connections that were left open


async def test_leaving_in_any_of_the_first_turns_begins_no_work() -> None:
    with ForeignAIRisk() as airisk:
        for moment in range(12):
            app = AIRiskApp(told(airisk), has_keyring=False)
            async with app.run_test(size=SIZE) as pilot:
                for _ in range(moment):
                    await asyncio.sleep(0)
                await left(Person(app, pilot))
            assert [each.group for each in app.workers if not each.is_finished] == []
    collect_and_freeze()  # tells of connections that were left open


async def test_leaving_as_the_main_screen_is_about_to_be_made_leaves_no_connection_open() -> None:
    with ForeignAIRisk() as airisk:
        async with opened(airisk) as person:
            is_about = lambda: any(work.group == "open_main" for work in person.app.workers)  # noqa: E731
            await turns_until(is_about, "work that has not begun")
            await left(person)
    collect_and_freeze()  # tells of connections that were left open


class BareScreen(ModalScreen[None]):
    """Has work that looks for a pane which is not there."""

    def __init__(self) -> None:
        super().__init__()
        self.came = asyncio.Event()

    @work
    async def on_mount(self) -> None:
        await self.came.wait()
        self.query_one(Pane)


async def test_work_that_finds_its_pane_gone_as_the_program_is_left_is_no_fault_of_it() -> None:
    with ForeignAIRisk() as airisk:
        async with listed(airisk) as person:
            screen = BareScreen()
            await person.app.push_screen(screen)
            await person.pilot.pause()
            screen.came.set()
            await left(person)


async def test_the_program_is_quit_while_it_stops_acting_to_send_as_the_application() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await send_agents(person)
            await person.sees("401 Unauthorized")
            await person.press("escape", "1")
            await act_as_ada(person)
            await person.press("h")
            await person.sees("R Resend as before")
            person.app.simulate_key("R")
            await person.until(lambda: not person.app.identity_status.identity.is_user, "no user")
            person.app.exit()
