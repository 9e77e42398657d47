"""Every character that a keyboard has can be typed into every field, and none of them acts."""

import string
from pathlib import Path

import pytest
from textual import events
from textual.keys import _character_to_key
from textual.widgets import Input, TextArea

from tests.kit.asking import open_endpoint
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.pilot import Person, listed, opened
from tests.screens.ways import WAYS, Way, answered, at_a_described_deployment, at_odd_operation, nothing

EVERY = string.ascii_letters + string.digits + string.punctuation + " éßЖ漢🦉"


async def type_keys(person: Person, text: str) -> None:
    """Type as a terminal tells it: the name of each key, and its character."""
    for character in text:
        person.app.post_message(events.Key(_character_to_key(character), character))
    await person.type("")


async def takes_everything(person: Person, selector: str) -> None:
    """Whatever is typed into the field in focus stands in it, and nothing else happens."""
    screen, field = person.app.screen, person.app.screen.query_one(selector)
    assert person.app.focused is field, f"{person.app.focused} has the focus, not {selector}"
    asked = person.bar
    await person.press("end")
    before = text_of(field)
    await type_keys(person, EVERY)
    assert text_of(field) == before + EVERY
    assert person.app.focused is field
    assert person.app.screen is screen
    assert person.bar.split("  ")[0] == asked.split("  ")[0]


def text_of(field: object) -> str:
    """What stands in it."""
    assert isinstance(field, Input | TextArea)
    return field.value if isinstance(field, Input) else field.text


@pytest.mark.parametrize(("way", "field"), WAYS.values(), ids=WAYS)
async def test_every_character_can_be_typed(way: Way, field: str, tmp_path: Path) -> None:
    async with at_a_described_deployment(tmp_path) as person:
        await way(person)
        await person.until(lambda: person.app.focused is person.app.screen.query(field).first(), field)
        await takes_everything(person, field)


async def test_the_label_of_production_is_typed(tmp_path: Path) -> None:
    with ForeignAIRisk() as server:
        async with listed(server, AIRISK_LABEL="production") as person:
            await person.press("enter")
            await person.bar_says("ACTING AS Ada")
            await open_endpoint(person, "submit feedback")
            await person.press("f5")
            for field in person.app.screen.query("#fields Input").results(Input):
                field.focus()
                await person.type("x")
            await person.press("f5")
            await person.sees("Send this?")
            await takes_everything(person, "#typed-label")


async def test_the_reason_is_typed() -> None:
    with ForeignAIRisk() as server:
        async with listed(server, AIRISK_REQUIRE_REASON="true") as person:
            await person.press("enter")
            await person.sees("needs a reason")
            await takes_everything(person, "#asked-for")


async def test_what_is_needed_to_sign_in_is_typed() -> None:
    with ForeignAIRisk() as server:
        async with opened(server, secret="", AIRISK_URL="", CLIENT_ID="") as person:
            await person.sees("Client secret")
            for name in ("AIRISK_URL", "CLIENT_ID", "REDIRECT_URI", "USER_ID", "CLIENT_SECRET"):
                person.app.screen.query_one(f"#{name}").focus()
                await person.press("end")
                await takes_everything(person, f"#{name}")


WORDS = "xyz hop-"


async def _burst(person: Person, *keys: str) -> None:
    """Keys and words in one go, as a quick typist or a script types them."""
    for key in keys:
        person.app.post_message(events.Key(key, None))
    await type_keys(person, WORDS)


BURSTS: dict[str, tuple[Way, tuple[str, ...], str]] = {
    "users": (nothing, ("slash",), "#users-filter"),
    "explorer": (nothing, ("2", "slash"), "#explorer-filter"),
    "form": (at_odd_operation, ("enter",), "#fields Input"),
    "form that cannot be sent yet": (at_odd_operation, ("f5",), "#fields Input"),
    "search": (answered, ("slash",), "#document-field"),
    "JSONPath": (answered, ("f",), "#document-field"),
    "save": (answered, ("s",), "#asked-for"),
    "compare": (answered, ("c",), "#choice-line"),
    "paste": (nothing, ("p",), "#pasted"),
    "file": (nothing, ("o", "down", "enter"), "#file-line"),
    "history": (nothing, ("h", "slash"), "#history-filter"),
}


@pytest.mark.parametrize(("way", "keys", "field"), BURSTS.values(), ids=BURSTS)
async def test_what_is_typed_right_after_a_key_that_asks_for_it_is_not_lost(
    way: Way, keys: tuple[str, ...], field: str, tmp_path: Path
) -> None:
    async with at_a_described_deployment(tmp_path) as person:
        await way(person)
        await _burst(person, *keys)
        await person.until(lambda: bool(person.app.screen.query(field)), field)
        await person.until(lambda: text_of(person.app.screen.query(field).first()).endswith(WORDS), WORDS)


@pytest.mark.parametrize(("way", "field"), [WAYS["filter of users"], WAYS["body"]], ids=["line", "text"])
async def test_a_line_is_edited_as_in_a_shell(way: Way, field: str, tmp_path: Path) -> None:
    async with at_a_described_deployment(tmp_path) as person:
        await way(person)
        typed = person.app.screen.query_one(field)
        await person.press("ctrl+u")
        await person.type("one two three")
        await person.press("ctrl+a")
        await person.type("zero ")
        await person.press("ctrl+e")
        await person.type(" four")
        assert text_of(typed) == "zero one two three four"
        await person.press("alt+b", "alt+b", "ctrl+k")
        assert text_of(typed) == "zero one two "
        await person.press("ctrl+w", "alt+b")
        await person.type("and ")
        assert text_of(typed) == "zero and one "
        await person.press("ctrl+a", "alt+f", "alt+f", "ctrl+u")
        assert text_of(typed).strip() == "one"
        await person.press("ctrl+a")
        person.app.post_message(events.Key("alt+d", "d"))  # as a terminal tells it
        await person.type("")
        assert text_of(typed).strip() == ""
        await person.type("end")
        await person.press("ctrl+a")
        await person.press("ctrl+e")
        assert "Deployments" not in person.screen
        await person.press("ctrl+e")
        await person.sees("This one is open.")
