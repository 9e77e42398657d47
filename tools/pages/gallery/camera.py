"""The camera: a state of the program in both of its themes and without colours, as pictures of one size."""

import os
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from textual.filter import Monochrome
from textual.screen import Screen

from tests.kit import pilot as stage
from tests.kit.deployment.breakable import BreakableServer
from tests.kit.pilot import Deployment, Person
from tools.pages.bars import readable_anywhere
from tui.app import AIRiskApp
from tui.themes import DARK, LIGHT

LOOKS = ("dark", "light", "no-color")
SIZES = ((80, 24), (120, 40), (200, 60))


class Camera:
    """Takes pictures of one size.

    Attributes:
        taken: the names of the pictures, and which screen each shows.
    """

    def __init__(self, size: tuple[int, int], folder: Path) -> None:
        self.size = size
        self.folder = folder
        self.taken: dict[str, type[Screen[Any]]] = {}

    @asynccontextmanager
    async def opened(self, server: Deployment | BreakableServer, **settings: str) -> AsyncIterator[Person]:
        """Somebody who has just opened the program on that deployment."""
        async with stage.opened(server, size=self.size, **settings) as person:
            yield person

    @asynccontextmanager
    async def listed(self, server: Deployment | BreakableServer, **settings: str) -> AsyncIterator[Person]:
        """Somebody who sees the users."""
        async with stage.listed(server, size=self.size, **settings) as person:
            yield person

    async def take(self, person: Person, name: str) -> None:
        """Take what is on the screen, in each look."""
        self.taken[name] = type(person.app.screen)
        for look in LOOKS:
            await _dress(person.app, look)
            await person.pilot.pause(0)
            path = self.path(name, look)
            path.parent.mkdir(parents=True, exist_ok=True)
            picture = person.app.export_screenshot(title=f"{name} · {path.parent.name} · {look}")
            path.write_text(readable_anywhere(picture), encoding="utf-8")
        await _dress(person.app, LOOKS[0])

    @staticmethod
    def written(name: str, content: str | bytes) -> Path:
        """A file where the program, for the time of a walk, has its own."""
        path = Path(os.environ["XDG_CONFIG_HOME"], "airisk-tui", name)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def path(self, name: str, look: str) -> Path:
        """Where a picture lies."""
        return self.folder / "{}x{}".format(*self.size) / f"{name}.{look}.svg"


async def _dress(app: AIRiskApp, look: str) -> None:
    """As with that theme, or with NO_COLOR, which Textual reads once, when the program starts."""
    filters = [each for each in app._filters if not isinstance(each, Monochrome)]  # noqa: SLF001
    app._filters = [*filters, Monochrome()] if look == "no-color" else filters  # noqa: SLF001
    app.theme = LIGHT.name if look == "light" else DARK.name
    app.refresh_css(animate=False)
    for screen in app.screen_stack:
        app.stylesheet.update(screen)  # Textual leaves out the palette, which closes before a theme is another
        for widget in (screen, *screen.query("*")):
            widget.refresh()
            widget._styles_cache.clear()  # noqa: SLF001 - lines are kept as they were filtered


Walk = Callable[[Camera], Coroutine[Any, Any, None]]
