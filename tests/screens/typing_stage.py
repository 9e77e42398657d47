"""Typing as a terminal tells it, and what then stands in a field."""

import string

from textual import events
from textual.keys import _character_to_key
from textual.widgets import Input, TextArea

from tests.kit.pilot import Person

PARTS = (string.ascii_letters, string.digits + string.punctuation, " éßЖ漢🦉")
EVERY = "".join(PARTS)


async def type_keys(person: Person, text: str) -> None:
    """Type as a terminal tells it: the name of each key, and its character."""
    for character in text:
        person.app.post_message(events.Key(_character_to_key(character), character))
    await person.press()


def typed_text(person: Person) -> str:
    """What stands in the field in focus."""
    field = person.app.focused
    assert isinstance(field, Input | TextArea)
    return field.value if isinstance(field, Input) else field.text


async def takes_everything(person: Person) -> None:
    """Whatever is typed into the field in focus stands in it, and nothing else happens."""
    screen, field, identity = person.app.screen, person.app.focused, _identity(person)
    await person.press("end")
    before = typed_text(person)
    for part in PARTS:
        await type_keys(person, part)
    await person.until(lambda: typed_text(person) == before + EVERY, f"every character behind {before!r}")
    await person.stays(
        lambda: (person.app.screen, person.app.focused, _identity(person)) == (screen, field, identity),
        "field, screen and identity",
    )


def _identity(person: Person) -> str:
    return person.bar.split("  ")[0]
