"""Somebody new is taken round the demo by doing; nobody else ever sees the tour."""

from dataclasses import replace

from tests.kit.pilot import Person, listed, told
from tui.app.app import AIRiskApp
from tui.key_labels import format_keys
from tui.sandbox import Options, Sandbox
from tui.screens.main.tour import FAREWELL, OFFER, STEPS


async def test_each_step_is_over_when_it_was_done() -> None:
    with Sandbox(Options(users=20)) as server:
        app = AIRiskApp(replace(told(server), is_demo=True), has_keyring=False)
        async with app.run_test(size=(80, 24)) as pilot:
            person = Person(app, pilot)
            await person.sees("20 users", format_keys(OFFER))
            await person.press("ctrl+t")
            for number, (step, keys) in enumerate(zip(STEPS, _KEYS, strict=True), start=1):
                await person.sees(f"{number}/8 {format_keys(step)}")
                await person.press(*keys)
                if "c" in keys:
                    await person.sees("─ Compare ─")
                    await person.press("escape")
            await person.until(lambda: "allowed" in person.screen and "not tested" not in person.screen, "all cells")
            await person.press("escape")
            await person.sees(format_keys(FAREWELL))
            await person.press("escape")
            await person.sees_no(format_keys(FAREWELL))


_KEYS = (
    ("slash", "e", "enter"),
    ("enter",),
    ("2", "slash", *"list agents", "enter"),
    ("f5",),
    ("c", "enter"),
    ("x",),
    ("1", "space", "space"),
    ("m", "enter"),
)


async def test_the_offer_is_declined_with_one_key_and_made_in_the_demo_only() -> None:
    with Sandbox(Options(users=5)) as server:
        app = AIRiskApp(replace(told(server), is_demo=True), has_keyring=False)
        async with app.run_test(size=(80, 24)) as pilot:
            person = Person(app, pilot)
            await person.sees("5 users", format_keys(OFFER))
            await person.press("slash", "u", "enter")
            await person.sees("5 of 5")
            await person.press("escape")
            await person.sees_no(format_keys(OFFER))
            await person.sees("5 users")
            await person.press("ctrl+t")
            await person.sees(f"1/8 {format_keys(STEPS[0])}")
        async with listed(server) as person:
            await person.press("ctrl+t")
            await person.stays(lambda: format_keys(OFFER) not in person.screen, "no tour offered")
            await person.stays(lambda: format_keys(STEPS[0]) not in person.screen, "no step of it")
