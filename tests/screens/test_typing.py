"""Every character that a keyboard has can be typed into every field, and none of them acts.

The fields that keys lead to are those of `test_ways_in`.
"""

from textual import events

from tests.kit import ids
from tests.kit.asking import open_endpoint, send_agents
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.pilot import Person, listed, opened
from tests.screens.typing_stage import takes_everything, typed_text


async def test_the_label_of_production_is_typed() -> None:
    with ForeignAIRisk() as server:
        async with listed(server, AIRISK_LABEL="production") as person:
            await person.press("enter")
            await person.bar_says("ACTING AS Ada")
            await open_endpoint(person, "submit feedback")
            for name in ("conversationId", "messageId"):
                await person.tab_to(name)
                await person.type("x")
            await person.press("tab", "enter", "down", "enter")
            await person.sees("feedback*         Like")
            await person.press("f5")
            await person.sees("Don't send")
            await person.comes_to(ids.LABEL)
            await takes_everything(person)


async def test_the_reason_is_typed() -> None:
    with ForeignAIRisk() as server:
        async with listed(server, AIRISK_REQUIRE_REASON="true") as person:
            await person.press("enter")
            await person.sees("requires a reason")
            await person.comes_to(ids.QUESTION)
            await takes_everything(person)


async def test_what_is_needed_to_sign_in_is_typed() -> None:
    with ForeignAIRisk() as server:
        async with opened(server, secret="", AIRISK_URL="", CLIENT_ID="") as person:
            await person.sees("Client secret")
            for name in (ids.URL, ids.CLIENT_SECRET):  # one of each kind
                await person.tab_to(name)
                await takes_everything(person)


async def test_a_line_is_edited_as_in_a_shell() -> None:
    with ForeignAIRisk() as server:
        async with listed(server, size=(140, 48)) as person:
            await person.press("slash")
            await edits(person)
            await open_endpoint(person, "list agents")
            await person.press("f6")
            await person.sees("headers, one per line")
            await person.tab_to(ids.RAW_HEADERS)
            await edits(person)


async def test_a_dialog_loses_what_was_typed_into_it_with_a_second_esc_only() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await person.press("p")
            await person.sees("Paste a curl command for")
            await person.type("curl /api")
            await person.press("escape")
            await person.sees("curl /api", "Press Esc again to discard what you pasted.")
            await person.type("/Users")
            await person.sees_no("Press Esc again")
            await person.press("escape")
            await person.sees("curl /api/Users", "Press Esc again to discard what you pasted.")
            await person.press("escape")
            await person.sees_no("Paste a curl command for")
            await send_agents(person)
            await person.sees("401 Unauthorized")
            await person.press("4", "s")
            await person.sees("Save response")
            await person.press("end", *"x")
            await person.press("escape")
            await person.sees("Press Esc again to discard what you typed.")
            await person.press("backspace", "escape")
            await person.sees_no("Save response")


async def test_alt_with_a_digit_goes_from_a_field_to_a_pane() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await open_endpoint(person, "submit feedback")
            await person.tab_to("conversationId")
            person.app.post_message(events.Key("alt+1", "1"))  # as a terminal tells it
            await person.comes_to(ids.USERS_TABLE)
            await person.press("3")
            await person.comes_to("conversationId")
            assert typed_text(person) == ""


async def test_a_key_that_comes_as_the_held_ones_are_released_stays_behind_them() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            with person.app.input_queue.hold():
                person.app.post_message(events.Key("slash", "/"))
                await person.pilot.pause()
                person.app.post_message(events.Key("a", "a"))
            await person.press("d")
            await person.comes_to(ids.USERS_FILTER)
            await person.until(lambda: typed_text(person) == "ad", "what was typed, in its order")


async def edits(person: Person) -> None:
    """Edit the line or the text in focus by keys of a shell."""

    async def reads(text: str) -> None:
        await person.until(lambda: typed_text(person) == text, f"{text!r} in the field")

    await person.press("ctrl+u")
    await person.type("one two three")
    await person.press("ctrl+a")
    await person.type("zero ")
    await person.press("ctrl+e")
    await person.type(" four")
    await reads("zero one two three four")
    await person.press("alt+b", "alt+b", "ctrl+k")
    await reads("zero one two ")
    await person.press("ctrl+w", "alt+b")
    await person.type("and ")
    await reads("zero and one ")
    await person.press("ctrl+a", "alt+f", "alt+f", "ctrl+u")
    await person.until(lambda: typed_text(person).strip() == "one", "the last word")
    await person.press("ctrl+a")
    person.app.post_message(events.Key("alt+d", "d"))  # as a terminal tells it
    await person.until(lambda: not typed_text(person).strip(), "nothing")
    await person.type("end")
    await person.press("ctrl+a")
    await person.press("ctrl+e")
    await person.press("ctrl+e")
    await person.stays(lambda: "Deployments" not in person.screen, "no other deployment offered")
    await person.press("ctrl+o")
    await person.sees("This deployment is open.")
    await person.press("escape")
    await person.sees_no("This deployment is open.")
