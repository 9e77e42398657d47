"""The ways to meet a fault: the screen in this process, a terminal, and a command."""

from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Protocol

import pytest

from tests.faults.common import (
    ca_file_of,
    check_requests,
    check_secrets,
    hostile_environment,
    in_environment,
    settings_for,
)
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.person import Person
from tests.kit.pilot import opened
from tests.kit.pty import SIZE, Terminal, program
from tests.kit.shell import Outcome, Place, Run, run_all

Someone = Person[Coroutine[Any, Any, None]]
"""A person whose actions are awaited, at the screen or at a terminal."""


class Door(Protocol):
    """Opens the program; when it is closed, checks that nothing leaked."""

    def __call__(
        self, place: Place, server: ForeignAIRisk, **settings: str
    ) -> AbstractAsyncContextManager[Someone]: ...


@asynccontextmanager
async def on_screen(place: Place, server: ForeignAIRisk, **settings: str) -> AsyncIterator[Someone]:
    """Open the program in this process."""
    with in_environment(place, hostile_environment(place, server)):
        async with opened(server, size=SIZE, **ca_file_of(server), **settings) as person:
            yield person
            screen = person.screen
    check_requests(place, server)
    check_secrets(place, server, screen)


@asynccontextmanager
async def in_terminal(place: Place, server: ForeignAIRisk, **settings: str) -> AsyncIterator[Someone]:
    """Open the program in a real terminal, and quit it."""
    environment = {**place.environment, **hostile_environment(place, server), **settings_for(server, **settings)}
    with program(cwd=place.cwd, environment=environment) as terminal:
        yield AtTerminal(terminal)
        terminal.press("ctrl+q")
        assert terminal.ended() == 0
        assert terminal.unrestored() == []
    check_requests(place, server)
    check_secrets(place, server, terminal.output)


at_each_door = pytest.mark.parametrize("door", [on_screen, in_terminal], ids=["screen", "terminal"])


def run_command(place: Place, server: ForeignAIRisk, *arguments: str, **settings: str) -> Outcome:
    """Run a command."""
    environment = {**hostile_environment(place, server), **settings_for(server, **settings)}
    (outcome,) = run_all([Run(place, arguments, environment)])
    check_requests(place, server)
    check_secrets(place, server, outcome.out, outcome.err)
    return outcome


class AtTerminal(Someone):
    """A person at a terminal, whose actions are awaited as those of a person at the screen."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal

    @property
    def lines(self) -> list[str]:
        return self.terminal.lines

    async def press(self, *keys: str) -> None:
        self.terminal.press(*keys)

    async def type(self, text: str) -> None:
        self.terminal.type(text)

    async def click(self, words: str) -> None:
        self.terminal.click(words)

    async def until(self, is_so: Callable[[], bool], wanted: str) -> None:
        self.terminal.until(is_so, wanted)
