"""Nothing is sent by accident: what changes things is asked for first, by every way that leads to it."""

from tests.kit.asking import open_endpoint, title_of
from tests.kit.deployment.faults import answers
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.pilot import Person, listed

LARGE = (120, 44)
MADE = answers(200, b"{}", ("Content-Type", "application/json"))
FEEDBACK = "/api/Feedback"


def sent(server: ForeignAIRisk) -> int:
    """How many requests that change things came, the sign-in's apart."""
    return sum(request.method != "GET" and "oauth2" not in request.path for request in server.requests)


async def the_form(person: Person) -> None:
    await open_endpoint(person, "create conversation")
    await person.type("agent-1")
    await person.press("f5")


async def again_from_history(person: Person, _: str) -> None:
    await person.press("h")
    await person.sees("POST", "1 exchange")
    await person.press("enter")


async def compare(person: Person, _: str) -> None:
    await person.press("4", "c")
    await person.sees("Compare with")
    await person.type("anonymous")
    await person.press("enter")


async def a_pasted_command(person: Person, address: str) -> None:
    await person.press("escape", "escape", "p")
    await person.sees("Paste a curl command")
    await person.type(f"curl -X DELETE {address}{FEEDBACK}")
    await person.press("f5")
    await person.sees("Made ready.")
    await person.press("f5")


async def test_on_production_each_way_asks_in_the_applications_name_too() -> None:
    with ForeignAIRisk(faults={"/api/Chat/CreateConversation": MADE, FEEDBACK: MADE}) as server:
        async with listed(server, size=LARGE, AIRISK_LABEL="production", AIRISK_KEEP_BODIES="true") as person:
            await the_form(person)
            await person.sees(
                "Send this?", "POST /api/Chat/CreateConversation", "as       generic", '"agentId":"agent-1"'
            )
            await person.sees(
                '"agentId":"agent-1"',
                "127.0.0.1",
                "PRODUCTION",
                "as the application itself",
                "Type production to allow it",
            )
            assert sent(server) == 0
            await person.type("production")
            await person.press("enter")
            await person.until(lambda: title_of(person).startswith("200 OK"), "the answer")
            assert sent(server) == 1
            for way, whose in ((again_from_history, "generic"), (compare, "anonymous"), (a_pasted_command, "generic")):
                await way(person, server.url)
                await person.sees("Send this?", f"as       {whose}", "Type production to allow it")
                await person.press("escape")
                await person.until(lambda: "Not sent." in person.notice, "the words")
                assert sent(server) == 1
