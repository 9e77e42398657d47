"""What is asked before something is done in a person's name, and who is found first to be acted as."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.kit.deployment.foreign import ForeignAIRisk
from tui.airisk.models import GENERIC
from tui.airisk.settings import Told
from tui.airisk.vault import Secret
from tui.app import AIRiskApp
from tui.journal.files import default_path
from tui.panes.notice import Notice
from tui.screens.confirm import ConfirmScreen

LOOKS = 2_000  # turns of the event loop after which something that should have come is taken for missing


@pytest.fixture(autouse=True)
def _state_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


@asynccontextmanager
async def opened(server: ForeignAIRisk, **settings: str) -> AsyncIterator[tuple[AIRiskApp, Pilot[None]]]:
    """The program on that deployment, once it lists the users."""
    values = {"AIRISK_URL": server.url, "CLIENT_ID": server.client_id, **settings}
    app = AIRiskApp(Told(values, Secret(server.client_secret)), has_keyring=False)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: any("3 users" in str(pane.border_subtitle) for pane in app.screen.query("#users")))
        await until(pilot, lambda: not app.is_handling_input)
        yield app, pilot


async def until(pilot: Pilot[None], is_so: Callable[[], bool]) -> None:
    """Let the program go on until it is so."""
    for _ in range(LOOKS):
        if is_so():
            return
        await pilot.pause(0.005)
    pytest.fail("it never came")


def created(server: ForeignAIRisk) -> list[int | None]:
    """How each request to create a conversation was answered."""
    return [request.status for request in server.requests if "CreateConversation" in request.path]


def answer_words(app: AIRiskApp) -> str:
    """What stands above the answer."""
    return str(app.screen.query_one("#answer-words").render())


async def create_a_conversation(app: AIRiskApp, pilot: Pilot[None]) -> None:
    """Act as the first user and fill the form in."""
    await pilot.press("enter")
    await until(pilot, lambda: app.standing.identity.id == "u-1")
    await pilot.press("2", "slash", *"create conv", "enter", "enter")
    await until(pilot, lambda: len(app.screen.query("#fields Input")) == 3)
    title, agent, _ = app.screen.query("#fields Input").results(Input)
    title.value, agent.value = "A title", "agent-1"


@pytest.mark.parametrize("answer", ["y", "n"])
async def test_a_change_whose_token_was_refused_is_not_repeated_unasked(answer):
    with ForeignAIRisk() as server:
        async with opened(server) as (app, pilot):
            await create_a_conversation(app, pilot)
            server.revoke("u-1")
            await pilot.press("f5")
            await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
            first = app.screen
            await pilot.press("y")
            await until(pilot, lambda: isinstance(app.screen, ConfirmScreen) and app.screen is not first)
            assert created(server) == [401]
            assert "did not accept the token (401)" in str(app.screen.query_one(".dialog-note").render())

            await pilot.press(answer)
            await until(pilot, lambda: not isinstance(app.screen, ConfirmScreen))
            await until(pilot, lambda: len(created(server)) == 1 + (answer == "y"))


async def test_read_only_refuses_without_asking():
    with ForeignAIRisk() as server:
        async with opened(server, AIRISK_READ_ONLY="true") as (app, pilot):
            await create_a_conversation(app, pilot)
            await pilot.press("f5")
            await until(pilot, lambda: "POST is refused: this deployment is set read-only." in answer_words(app))
        assert created(server) == []


async def test_what_is_sent_right_after_stopping_is_sent():
    with ForeignAIRisk() as server:
        async with opened(server) as (app, pilot):
            await pilot.press("enter")
            await until(pilot, lambda: app.standing.identity.id == "u-1")
            await pilot.press("2", "enter")
            await until(pilot, lambda: "ListAgents" in str(app.screen.query_one("#request-line").render()))
            await pilot.press("x", "f5")
            await until(pilot, lambda: "401" in answer_words(app))
            assert "as generic" in answer_words(app)


async def test_the_palette_finds_people():
    with ForeignAIRisk() as server:
        async with opened(server) as (app, pilot):
            await pilot.press("ctrl+p")
            await until(pilot, lambda: len(app.screen_stack) > 1)
            await pilot.press(*"hopper")
            await until(pilot, lambda: "Grace Hopper" in str(getattr(first_hit(app), "prompt", "")))
            await pilot.press("down", "enter")
            await until(pilot, lambda: app.standing.identity.id == "u-2")


def first_hit(app: AIRiskApp) -> object:
    """The first thing the palette offers."""
    commands = app.screen.query("CommandList").first()
    return commands.get_option_at_index(0) if commands.option_count else None  # type: ignore[attr-defined]


async def test_an_act_ends_when_it_can_no_longer_be_recorded_and_has_to_be():
    with ForeignAIRisk() as server:
        async with opened(server, AIRISK_REQUIRE_AUDIT="true") as (app, pilot):
            await pilot.press("enter")
            await until(pilot, lambda: app.standing.identity.id == "u-1")
            the_trail_cannot_be_written()
            await pilot.press("2", "slash", *"list agents", "enter", "enter", "f5")
            await until(pilot, lambda: app.standing.identity == GENERIC)
            await until(pilot, lambda: "cannot be written" in notice(app))
            assert "cannot be written" in answer_words(app)
            await pilot.press("1", "enter")
            await until(pilot, lambda: app.standing.becoming is None)
            assert app.standing.identity == GENERIC


def the_trail_cannot_be_written() -> None:
    """As on a disk that has become full."""
    path = default_path()
    path.unlink()
    path.mkdir()


def notice(app: AIRiskApp) -> str:
    """The line above the footer."""
    return str(app.screen.query_one(Notice).render())
