"""Somebody cannot sign in, and is led through what that depends on."""

from tests.kit.deployment.foreign import TOKEN_PATH, ForeignAIRisk
from tests.kit.pilot import opened


async def test_a_failed_sign_in_leads_to_the_step_that_fails_and_to_what_to_do() -> None:
    with ForeignAIRisk(faults={TOKEN_PATH: "captive_portal"}) as server:
        async with opened(server, size=(80, 24)) as person:
            await person.sees("F2 to check the connection.")
            await person.press("f2")
            await person.sees("✓ connection", "✓ authorize", "✗ token", "no usable token", "· users       skipped")
            assert server.client_secret not in person.screen
            server.mends(TOKEN_PATH)
            await person.press("r")
            await person.sees("✓ users", "3 users", "All checks passed.")
            await person.sees("client secret from the environment")
            await person.press("escape", "ctrl+r")
            await person.sees("Grace Hopper")
            await person.press("ctrl+p")
            await person.type("check the connection\r")
            await person.sees("All checks passed.")


async def test_what_is_entered_is_checked_before_it_is_used() -> None:
    with ForeignAIRisk() as server:
        async with opened(server, secret="", AIRISK_URL="http://elsewhere.example") as person:
            await person.sees("Connect to AIRisk")
            await person.press("f2")
            await person.sees("✗ settings", "AIRISK_URL must use https:// for any host but this machine")
            await person.press("escape")
            await person.sees_no("✗ settings")
