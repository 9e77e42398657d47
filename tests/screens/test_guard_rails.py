"""What is asked before something is done in a person's name, and who is found first to be acted as."""

from tests.kit.asking import act_as_ada, open_endpoint, send_agents, title_of
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.pilot import Person, listed
from tests.kit.shell import another_program
from tests.kit.trails import entries_in, intend_for_ever
from tui.config.paths import audit_file

LARGE = (120, 40)


def created(server: ForeignAIRisk) -> list[int | None]:
    """How each request to create a conversation was answered."""
    return [request.status for request in server.requests if "CreateConversation" in request.path]


async def create_a_conversation(person: Person) -> None:
    """Act as the first user and fill the form in."""
    await act_as_ada(person)
    await open_endpoint(person, "create conversation")
    await person.comes_to("agentId")
    await person.type("agent-1")
    await person.press("shift+tab")
    await person.type("A title")


async def test_a_change_whose_token_was_refused_is_not_repeated_unasked() -> None:
    with ForeignAIRisk() as server:
        async with listed(server, size=LARGE) as person:
            await create_a_conversation(person)
            await refused(server, person)
            assert created(server) == [401]
            await person.press("n")
            await person.until(lambda: "Not sent." in person.notice, "the words")
            await send_agents(person)  # comes later than the request would have
            await person.sees("Agent 1 of Ada Lovelace")
            assert created(server) == [401]

            await open_endpoint(person, "create conversation")
            await refused(server, person)
            assert created(server) == [401, 401]
            await person.press("y")
            await person.until(lambda: title_of(person).startswith("200 OK · as Ada Lovelace"), "the answer")
            await person.sees_no("Agent 1 of Ada Lovelace")
            assert len(created(server)) == 3


async def refused(server: ForeignAIRisk, person: Person) -> None:
    """Send what is filled in, with a token that is no longer good."""
    server.revoke("u-1")
    await person.press("f5")
    await person.sees("Don't send")
    await person.press("y")
    await person.sees("The token was rejected (401)", "Send again?")


async def test_read_only_refuses_without_asking() -> None:
    with ForeignAIRisk() as server:
        async with listed(server, size=LARGE, AIRISK_READ_ONLY="true") as person:
            await create_a_conversation(person)
            await person.press("f5")
            await person.until(lambda: "POST blocked: read-only mode is on." in title_of(person), "the refusal")
        assert created(server) == []


async def test_acting_begins_read_only_until_a_key_allows_changes() -> None:
    with ForeignAIRisk() as server:
        async with listed(server, size=LARGE, AIRISK_ACT_READ_ONLY="true") as person:
            await create_a_conversation(person)
            await person.bar_says("READ-ONLY")
            await person.press("f5")
            await person.sees("POST blocked: acting as Ada Lovelace · u-1 is read-only.", "Press W to allow changes")
            assert created(server) == []
            await person.press("W")
            await person.bar_says("CHANGES ALLOWED")
            await person.press("f5")
            await person.sees("Don't send")
            await person.press("y")
            await person.sees("200 OK · as Ada Lovelace")
            await person.press("x", "minus")
            await person.bar_says("READ-ONLY")
    events = [(each.event, each.identity) for each in entries_in(audit_file()) if each.event in {"start", "allow"}]
    assert events == [("start", "u-1"), ("allow", "u-1"), ("start", "u-1")]


async def test_the_palette_finds_people() -> None:
    with ForeignAIRisk() as server:
        async with listed(server, size=LARGE) as person:
            await person.press("ctrl+p")
            await person.sees("Search for commands")
            await person.type("hopper")
            await person.sees("Grace Hopper · u-2", "Act as this user")
            await person.press("down", "enter")
            await person.bar_says("ACTING AS Grace Hopper · u-2")


async def test_an_act_ends_when_it_can_no_longer_be_recorded_and_has_to_be() -> None:
    with ForeignAIRisk() as server:
        async with listed(server, size=LARGE, AIRISK_REQUIRE_AUDIT="true") as person:
            await act_as_ada(person)
            the_trail_cannot_be_written()
            await send_agents(person)
            await person.until(lambda: person.who == "APPLICATION", "nobody acted as")
            await person.until(lambda: "cannot be written" in person.notice, "why, in the notice")
            assert "cannot be written" in title_of(person)
            await person.press("escape", "escape")
            await person.until(lambda: not person.notice, "nothing told any more")
            await person.press("1", "enter")
            await person.until(lambda: "cannot be written" in person.notice, "why not this time either")
            await person.until(lambda: person.who == "APPLICATION", "nobody acted as")


def the_trail_cannot_be_written() -> None:
    """As on a disk that has become full."""
    path = audit_file()
    path.unlink()
    path.mkdir()


async def test_a_change_that_a_killed_program_left_without_an_outcome_is_reported_at_the_start() -> None:
    with another_program(intend_for_ever, audit_file()) as (program, heard):
        heard.recv_bytes()
        program.kill()
        program.join()
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await person.sees(
                "1 change has an unknown outcome: POST https://demo.aicrisk.com",
                "Check whether it was done before you resend it",
            )
