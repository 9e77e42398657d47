"""How a person plans a matrix, runs it, and reads what came of it."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from tests.kit.pilot import Person, listed
from tui.access.matrix_document import Matrix, read_matrix
from tui.sandbox import Options, Sandbox
from tui.widgets.inputs import Cycler

MOST_TURNS = 12
_BEGINNING = 40
"""Characters of a choice that there is always room for."""
"""More than a line of the plan has choices, some of which come a moment later than the line."""

CREATE = "POST /api/Chat/CreateConversation"


@contextmanager
def sandbox(users: int = 40, **options: Any) -> Iterator[Sandbox]:
    """A deployment whose roles are known."""
    with Sandbox(Options(users=users, **options)) as served:
        yield served


@asynccontextmanager
async def explored(served: Sandbox, *, size: tuple[int, int] = (120, 40), **settings: str) -> AsyncIterator[Person]:
    """The program, once the users are listed and the endpoints are known."""
    async with listed(served, size=size, **settings) as person:
        await person.until(lambda: "endpoints imported" in person.notice, "the description")
        yield person


async def mark_endpoint(person: Person, title: str) -> None:
    """Find an endpoint by its title, and mark it."""
    await person.press("2", "slash", "end", "ctrl+u")
    await person.type(title)
    await person.press("down", "space")
    await person.press("slash", "escape")


async def plan(person: Person, **lines: str) -> None:
    """Open the plan, and type into its lines: concurrency, rate, sample, reason."""
    await person.press("m")
    await person.sees("Access matrix", " at ")
    for name, text in ({"rate": "0"} | lines).items():
        await person.tab_to(name)
        await person.press("end", "ctrl+u")
        await person.type(text)


async def turn(person: Person, line: str, words: str) -> None:
    """Turn a line of the plan until it says this."""
    await person.tab_to(line)
    choice = person.app.screen.query_one(f"#{line}", Cycler)
    for _ in range(MOST_TURNS):
        # A choice that adds a field to its line is drawn in several frames.
        await person.until(lambda: choice.render().plain[:_BEGINNING] in person.text_in(line), "what is chosen")
        if words in person.text_in(line):
            return
        await person.press("space")
    raise AssertionError(f"{line} never says {words}")


async def run(person: Person, **lines: str) -> None:
    """Plan, start, and wait for the end."""
    await plan(person, **lines)
    await start(person)


async def start(person: Person) -> None:
    """Start what is planned, and wait for the end."""
    await person.press("enter")
    await ended(person)


async def ended(person: Person) -> None:
    """Wait until nothing is asked any more."""
    await person.until(lambda: "r Retry" in person.screen and " allowed" in person.screen, "the end of the run")


async def saved(person: Person, path: Path) -> Matrix:
    """What is saved as a report."""
    await person.press("s")
    await person.sees("in this file:")
    await person.press("end", "ctrl+u")
    await person.type(str(path))
    await person.press("enter")
    await person.sees("Saved to")
    return read_matrix(path)


def policy_file(path: Path, *rules: dict[str, Any], default: str = "allow") -> Path:
    """A policy, written where the person finds it."""
    path.write_text(json.dumps({"version": 1, "default": default, "rules": list(rules)}))
    return path


async def go_to_policy(person: Person, name: str) -> None:
    """Go to a policy in the plan's file chooser: Enter takes it."""
    await person.tab_to("file-policy")
    await person.press("space")
    await go_to_file(person, name)


async def go_to_file(person: Person, name: str) -> None:
    """Go to a file in the file chooser."""
    await person.sees("Choose a file")
    await person.type(name)
    await person.sees(f"{name}  ")


async def hold_against(person: Person, kind: str, name: str) -> None:
    """Choose a policy, or an earlier run."""
    await person.press("P")
    await person.sees("Check against")
    await person.press(*(["down"] if kind == "baseline" else []), "enter")
    await go_to_file(person, name)
    await person.press("enter")
    await person.sees(f"{kind} {name}")
