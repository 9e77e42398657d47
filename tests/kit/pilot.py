"""Someone in front of the program, which runs in this process against a server on loopback."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from itertools import count
from typing import Any, Generic, Protocol, TypeVar

from textual import events
from textual._context import visible_screen_stack
from textual.app import App
from textual.geometry import Offset
from textual.message_pump import MessagePump
from textual.pilot import Pilot
from textual.strip import Strip

from tests.kit import person
from tests.kit.deployment.breakable import BreakableServer
from tests.kit.memory import collect_and_freeze
from tests.kit.patience import comes_true
from tui.app.app import AIRiskApp
from tui.config.keyring import Secret
from tui.config.settings import HEADER, RawSettings
from tui.sandbox import Sandbox

SIZE = (120, 32)
BURST = 25
"""Keys."""

MOST_TABS = 30
APPS_UNTIL_COLLECTED = 20
"""The program keeps from garbage collection what lives as long as it; a process of tests outlives many of them."""

ROUNDS = 2
"""Of messages from the focus up to the app: those of the key, and those that these caused."""

TURNS = 10
"""Of the event loop: more than any key of the program needs to come to its end."""

_APPS = count(1)
_KEYS = {"/": "slash", "-": "minus", "?": "question_mark", ":": "colon", " ": "space", ".": "full_stop", "\r": "enter"}
_CHARACTERS = {name: character for character, name in _KEYS.items()}


class Deployment(Protocol):
    """Something that answers at an address."""

    @property
    def url(self) -> str: ...


Shown = TypeVar("Shown", bound=App[Any])


def drawn(app: App[Any]) -> list[Strip]:
    """The lines of the screen on top, and of those below as far as they are seen through it."""
    visible_screen_stack.set(app._background_screens)
    return app.screen._compositor.render_strips()


class AtApp(person.Person[Coroutine[Any, Any, None]], Generic[Shown]):
    """Someone in front of an app that runs in this process: all that they do is awaited."""

    def __init__(self, app: Shown, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def lines(self) -> list[str]:
        """The screen on top, as text."""
        return [strip.text for strip in drawn(self.app)]

    async def press(self, *keys: str) -> None:
        """Press keys, each once the one before is handled, and what it caused has reached the app."""
        for key in keys:
            name = _KEYS.get(key, key)
            self.app.post_message(events.Key(name, _CHARACTERS.get(name, name if len(name) == 1 else None)))
            for _ in range(ROUNDS):
                await self.until_taken(self.app)
                for node in (self.app.focused or self.app.screen).ancestors_with_self:
                    await self.until_taken(node)

    async def until_taken(self, node: MessagePump) -> None:
        """Wait until it took all that was posted to it so far, or is gone."""
        taken = asyncio.Event()
        if node.call_later(taken.set):
            is_so = lambda: taken.is_set() or not node.is_running  # noqa: E731
            await comes_true(is_so, f"what {node} does", meanwhile=lambda _: asyncio.sleep(0))

    async def type(self, text: str) -> None:
        """Type it key by key."""
        await self.press(*(_KEYS.get(character, character) for character in text))

    async def click(self, words: str, times: int = 1) -> None:
        """Click on the first place where these words stand, so many times as one does at once."""
        row, line = next((row, line) for row, line in enumerate(self.lines) if words in line)
        await self.pilot.click(offset=Offset(line.index(words) + len(words) // 2, row), times=times)

    async def until(self, is_so: Callable[[], bool], wanted: str = "what the test asks for") -> None:
        """Wait until it is so."""
        await comes_true(is_so, wanted, seen=lambda: self.screen)

    async def becomes(self, of: Callable[[], object], wanted: object) -> None:
        """Wait until it is that."""
        seen = lambda: f"instead of {of()!r}\n{self.screen}"  # noqa: E731
        await comes_true(lambda: of() == wanted, f"{wanted!r}", seen=seen)


class Person(AtApp[AIRiskApp]):
    """Someone in front of the program."""

    @property
    def notice(self) -> str:
        """The line above the footer, where there is something to tell."""
        return self.text_of("Notice", joint=" ") if self.app.screen.query("Notice") else ""

    @property
    def focus(self) -> str:
        """The id of what has the focus; of a field that a form was made with, its name."""
        focused = self.app.focused
        return (focused and (focused.id or focused.name)) or ""

    def text_of(self, selector: str, *, joint: str = "") -> str:
        """What stands in a widget's place on the screen, in one line."""
        place = self.app.screen.query_one(selector).region
        return joint.join(line[place.x : place.right].strip() for line in self.lines[place.y : place.bottom])

    def text_in(self, where: str, *, joint: str = "") -> str:
        """What stands in the place of one of `kit.ids`, in one line."""
        return self.text_of(f"#{where}", joint=joint)

    # What is done

    async def press(self, *keys: str) -> None:
        """Press keys, and wait until the last one is handled."""
        for key in keys:
            self.app.simulate_key(key)
        await self._until_handled()

    async def type(self, text: str) -> None:
        """Type it at once, as a paste or a slow line does: so much of it as is handled within the tests' patience."""
        for start in range(0, len(text), BURST):
            for character in text[start : start + BURST]:
                self.app.post_message(events.Key(_KEYS.get(character, character), character))
            await self._until_handled()

    async def _until_handled(self) -> None:
        await self.until_taken(self.app)
        await comes_true(
            lambda: not (self.app.is_running and self.app.input_queue.is_busy),
            "all that was typed handled",
            seen=lambda: self.screen,
            meanwhile=lambda _: asyncio.sleep(0.002),  # shorter than between two looks: this one draws nothing
        )
        await self.until_taken(self.app)

    # What is waited for

    async def comes_to(self, where: str) -> None:
        """Wait until the focus is there."""
        await self.until(lambda: self.focus == where, f"the focus at {where}, which now is at {self.focus!r}")

    async def reads_in(self, where: str, words: str) -> None:
        """Wait until this stands in the place of one of `kit.ids`, wherever its lines break."""

        def is_so() -> bool:
            is_there = self.app.screen.query(f"#{where}")
            return bool(is_there) and words in " ".join(self.text_in(where, joint=" ").split())

        await self.until(is_so, f"{words!r} in {where}")

    async def tab_to(self, where: str) -> None:
        """Go there with Tab."""
        for _ in range(MOST_TABS):
            if self.focus == where:
                return
            await self.press("tab")
        raise AssertionError(f"{where} is not reached by Tab\n{self.screen}")

    async def stays(self, is_so: Callable[[], bool], wanted: str) -> None:
        """Look at each of many turns of the event loop, once all that was typed is handled, whether it is still so."""
        await self._until_handled()
        for turn in range(TURNS):
            assert is_so(), f"{wanted} no longer held in turn {turn}\n{self.screen}"
            await self.pilot.pause(0)


def told(server: Deployment | BreakableServer, *, secret: str | None = None, **values: str) -> RawSettings:
    """What an admin of that deployment would set."""
    of = server.options if isinstance(server, Sandbox) else server
    known = {"AIRISK_URL": server.url, "CLIENT_ID": getattr(of, "client_id", "client"), "AIRISK_TIMEOUT": "20"}
    known |= values
    headers = {name: Secret(known.pop(name)) for name in values if name.startswith(HEADER)}
    return RawSettings(
        known, Secret(getattr(of, "client_secret", "a secret") if secret is None else secret), headers=headers
    )


@asynccontextmanager
async def opened(
    server: Deployment | BreakableServer, *, size: tuple[int, int] = SIZE, secret: str | None = None, **values: str
) -> AsyncIterator[Person]:
    """The program, opened on that deployment."""
    app = AIRiskApp(told(server, secret=secret, **values), has_keyring=False)
    async with app.run_test(size=size) as pilot:
        yield Person(app, pilot)
        if app.return_code is None:
            app.exit()  # As a person does: the pilot removes the screens below work that still goes on.
    if next(_APPS) % APPS_UNTIL_COLLECTED == 0:
        collect_and_freeze()


@asynccontextmanager
async def listed(
    server: Deployment | BreakableServer, *, size: tuple[int, int] = SIZE, secret: str | None = None, **values: str
) -> AsyncIterator[Person]:
    """The same, once the users are listed."""
    async with opened(server, size=size, secret=secret, **values) as person:
        await person.sees(" users ─")
        await person.until(lambda: not person.app.input_queue.is_busy, "keys that are taken")
        yield person
