"""On the screen nobody protected is acted as, however the settings, the list or the history spell the id."""

from tests.kit.asking import send_agents
from tests.kit.deployment.dialect import Dialect
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.deployment.shapes import GUID, GUID_PEOPLE
from tests.kit.pilot import listed

ANY_SPELLING = Dialect(people=GUID_PEOPLE, is_spelling_free=True, token_form="jwt")


async def test_the_row_says_so_enter_is_refused_and_who_protects_nobody_is_mentioned() -> None:
    with ForeignAIRisk(ANY_SPELLING) as server:
        async with listed(server, size=(160, 32), AIRISK_PROTECTED_USERS=f"{{{GUID.upper()}}}, u-99") as person:
            words = "! AIRISK_PROTECTED_USERS lists u-99, but no user has that ID."
            await person.until(lambda: words in person.notice, "who protects nobody")
            await person.sees("⊘ Grace Hopper")
            await person.until(lambda: "⏎ Act as" in person.footer, "the key on another user")
            await person.press("down")
            await person.until(lambda: "Act as" not in person.footer, "no key that is only refused")
            await person.press("enter")
            await person.until(
                lambda: "is protected: airisk-tui will not act as this user" in person.notice, "the refusal"
            )
            await person.bar_says("APPLICATION")
        assert server.issued == ["(generic)"]


async def test_user_id_is_preselected_in_any_spelling() -> None:
    with ForeignAIRisk(ANY_SPELLING) as server:
        async with listed(server, USER_ID=f"{{{GUID.upper()}}}") as person:
            await person.until(lambda: "Grace" in person.row("›"), "the cursor on Grace")
            await person.press("enter")
            await person.bar_says(f"ACTING AS Grace Hopper · {GUID} · token confirmed")
            await person.sees("● Grace Hopper")


async def test_what_was_sent_before_is_not_sent_again_in_that_name() -> None:
    with ForeignAIRisk(ANY_SPELLING) as server:
        async with listed(server) as person:
            await person.press("down", "enter")
            await person.bar_says("ACTING AS Grace Hopper")
            await send_agents(person)
            await person.sees("200 OK")
        sent = len(server.requests)
        async with listed(server, AIRISK_PROTECTED_USERS=GUID.replace("-", "")) as person:
            await person.press("h")
            await person.sees("resend as")
            await person.until(lambda: "ListAgents" in person.row("›"), "the request")
            await person.press("R")
            await person.sees(f"Grace Hopper · {GUID} is protected: airisk-tui will not act as this user.")
        assert {request.identity for request in server.requests[sent:]} <= {None, "(generic)"}
