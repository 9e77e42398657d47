"""Record a walk through the demo, and draw it as an animated SVG: docs/demo.svg.

Time in it is that of a person who types and reads, not of the machine that records: what a key leads to comes at once.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pyte.screens import Char
from rich.color import Color
from textual.strip import Strip

from tests.kit.gallery.camera import has_recalled, masked, sandbox, stands_still, surroundings
from tests.kit.pilot import Person, drawn, told
from tools.pages.animation import Frame, Line, animated
from tui.app.app import AIRiskApp

DOCS = Path(__file__).parents[2] / "docs"

SIZE = (100, 30)
"""Columns and lines."""


@dataclass(frozen=True)
class Step:
    """A key, what is then on the screen, and the seconds for which a person looks at it."""

    key: str
    shown: str
    seconds: float = 0.15


FIRST = 1.5
"""Seconds for which the list of users is looked at, before a key is pressed."""

WALK = (
    Step("slash", "To the list", 0.5),
    Step("l", "of 200", 0.2),
    Step("o", "of 200", 1.2),
    Step("enter", "Act as", 0.8),
    Step("enter", "ACTING AS", 1.8),
    Step("2", "List agents", 0.8),
    Step("f5", "200 OK", 2.5),
    Step("x", "APPLICATION", 1.5),
    Step("m", "Start", 1.5),
    Step("enter", "r Retry", 4.0),
)


async def record() -> list[Frame]:
    """Walk through the demo, and return what was seen."""
    with sandbox() as server:
        settings = replace(told(server, AIRISK_LABEL="sandbox", USER_ID=server.options.user_id), is_demo=True)
        app = AIRiskApp(settings, has_keyring=False)
        async with app.run_test(size=SIZE) as pilot:
            person = Person(app, pilot)
            await person.sees("200 users", "Ctrl+T")
            await has_recalled(person)
            frames = [await _frame(person, FIRST)]
            for step in WALK:
                await person.press(step.key)
                await person.sees(step.shown)
                frames.append(await _frame(person, step.seconds))
            return frames


async def _frame(person: Person, seconds: float) -> Frame:
    await stands_still(person)
    return Frame([_line(strip) for strip in drawn(person.app)], seconds)


def _line(strip: Strip) -> Line:
    return tuple(_chars(strip))


def _chars(strip: Strip) -> Iterator[Char]:
    """Return the characters of a line as a terminal stores them."""
    text = iter(masked(strip.text))
    for segment in strip:
        style = segment.style
        assert style
        for _, character in zip(segment.text, text, strict=False):
            yield Char(
                character,
                fg=_hex(style.color),
                bg=_hex(style.bgcolor),
                bold=bool(style.bold),
                italics=bool(style.italic),
                underscore=bool(style.underline),
                reverse=bool(style.reverse),
            )


def _hex(colour: Color | None) -> str:
    return colour.name.removeprefix("#") if colour else "default"


if __name__ == "__main__":
    with surroundings(step=0.007):
        frames = asyncio.run(record())
    (DOCS / "demo.svg").write_text(animated(frames, "A walk through the demo of airisk-tui"), encoding="utf-8")
