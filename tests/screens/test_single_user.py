"""Single-user mode is for oneself: nothing ends by itself, and nobody is spoken of as somebody else."""

from contextlib import AbstractAsyncContextManager

from tests.kit import ids
from tests.kit.asking import open_endpoint, send_agents, title_of
from tests.kit.deployment.faults import answers
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.pilot import Person, opened


def alone(server: ForeignAIRisk) -> AbstractAsyncContextManager[Person]:
    """The program, opened by a user for themself on a screen with room for the whole bar."""
    return opened(server, size=(150, 32), SINGLE_USER="true", USER_ID="u-2", AIRISK_ACT_MINUTES="5")


async def create_a_conversation(person: Person) -> None:
    """Fill the form in, and send it."""
    await open_endpoint(person, "create conv")
    await person.press("3")
    await person.type("A title\tagent-1")
    await person.press("f5")


async def test_the_bar_counts_down_to_no_end_and_what_one_does_is_ones_own() -> None:
    with ForeignAIRisk(faults={"/api/Chat/ListAgents": answers(403)}) as server:
        async with alone(server) as person:
            await person.bar_says("u-2 · token not confirmed")
            await person.until(lambda: "✓ Signed in as u-2." in person.notice, "who one is")
            await person.bar_says("token")
            assert "ends in" not in person.bar
            await person.press("x")
            await person.bar_says("APPLICATION")
            await person.press("minus")
            await person.bar_says("u-2 · token not confirmed")
            assert "ends in" not in person.bar

            await create_a_conversation(person)
            await person.reads_in(ids.SUMMARY, "This changes data in AIRisk. AIRisk will record it as your own action.")
            assert "the user's" not in person.screen
            await person.press("y")
            await person.sees("200 OK")
            await send_agents(person)
            await person.until(lambda: "You are not allowed to do this." in title_of(person), "whose permissions")


async def test_the_form_asks_for_the_user_it_cannot_do_without() -> None:
    with ForeignAIRisk() as server:
        async with opened(server, secret="", SINGLE_USER="true") as person:
            words = "Single-user mode: airisk-tui signs in as you and does not load the user list."
            await person.reads_in(ids.WELCOME, words)
            await person.comes_to("USER_ID")
            await person.sees("required: your own user ID in AIRisk")
            assert "optional: user to preselect" not in person.screen
            await person.press("enter")
            await person.until(lambda: "Missing: user ID, client secret." in person.notice, "what is needed")
            await person.type("u-2\r")
            await person.type(f"{server.client_secret}\r")
            await person.bar_says("u-2 · token not confirmed")
