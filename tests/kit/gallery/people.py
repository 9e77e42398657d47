"""The users, and acting as one of them."""

from dataclasses import replace

from tests.kit.deployment.dialect import Dialect
from tests.kit.deployment.foreign import AUTHORIZE_PATH
from tests.kit.gallery.camera import Camera, foreign, has_recalled, sandbox
from tests.kit.pilot import Person, told
from tui.app.app import AIRiskApp
from tui.key_labels import format_keys
from tui.screens.main.tour import FAREWELL, STEPS


async def users(camera: Camera) -> None:
    """Listed, filtered, marked, sorted."""
    with sandbox() as server:
        async with camera.listed(server, USER_ID=server.options.user_id, AIRISK_LABEL="staging") as person:
            await camera.take(person, "users")
            await person.press("slash")
            await person.type("ha")
            await person.sees("of 200")
            await camera.take(person, "users-filtered")
            await person.type("zzz")
            await person.sees("No matching users")
            await camera.take(person, "users-nobody-matches")
            await person.press("escape", "t", "t", "g", "space", "space", "space")
            await person.sees("3 marked")
            await camera.take(person, "users-marked-and-sorted")


async def acting(camera: Camera) -> None:
    """As somebody, and no longer."""
    with sandbox() as server:
        async with camera.listed(server, USER_ID=server.options.user_id, AIRISK_LABEL="staging") as person:
            await person.press("enter")
            await person.bar_says("ACTING AS")
            await camera.take(person, "acting")
            await person.press("x")
            await person.bar_says("APPLICATION")
            await camera.take(person, "acting-stopped")


async def guard_rails(camera: Camera) -> None:
    """On production, for a short time, with a reason; a protected one; read-only."""
    with sandbox() as server:
        more = {"AIRISK_LABEL": "production", "AIRISK_ACT_MINUTES": "1", "AIRISK_PROTECTED_USERS": "u-000001"}
        async with camera.listed(server, AIRISK_REQUIRE_REASON="true", **more) as person:
            await person.press("enter")
            await person.sees("─ Reason ─")
            await camera.take(person, "reason")
            await person.type("Ticket 4711\r")
            await person.bar_says("ACTING AS")
            await camera.take(person, "acting-production")
            await person.press("j", "enter")
            await person.until(lambda: "protected" in person.notice, "the refusal")
            await camera.take(person, "acting-protected")
        async with camera.listed(server, AIRISK_READ_ONLY="true") as person:
            await person.press("enter")
            await person.bar_says("ACTING AS")
            await camera.take(person, "acting-read-only")


async def not_confirmed(camera: Camera) -> None:
    """As somebody whom the token does not name."""
    with sandbox(tokens="opaque") as server:
        async with camera.listed(server) as person:
            await person.press("enter")
            await person.bar_says("not confirmed")
            await camera.take(person, "acting-not-confirmed")


async def becoming(camera: Camera) -> None:
    """Waited for, and refused."""
    with foreign(Dialect(forbidden_users=frozenset({"u-2"}))) as server:
        async with camera.listed(server) as person:
            await person.press("j", "enter")
            await person.until(lambda: "would not sign in" in person.notice, "the refusal")
            await camera.take(person, "becoming-refused")
            server.breaks(AUTHORIZE_PATH, "never_answers")
            await person.press("escape", "k", "enter")
            await person.bar_says("SIGNING IN as")
            await camera.take(person, "becoming")


async def guided(camera: Camera) -> None:
    """The tour."""
    with sandbox() as server:
        app = AIRiskApp(replace(told(server), is_demo=True), has_keyring=False)
        async with app.run_test(size=camera.size) as pilot:
            person = Person(app, pilot)
            await person.sees("200 users", "Ctrl+T")
            await has_recalled(person)
            await camera.take(person, "tour-offered")
            await person.press("ctrl+t")
            await person.sees(format_keys(STEPS[0]))
            await camera.take(person, "tour-first-step")
            acted = (("slash", "e", "enter"), ("enter",), ("2",), ("f5",), ("c", "enter"))
            keys = (*acted, ("x",), ("1", "space", "space"), ("m", "enter"))
            for step, pressed in zip(STEPS, keys, strict=True):
                await person.sees(format_keys(step))
                await person.press(*pressed)
                if "c" in pressed:
                    await person.sees("─ Compare ─")
                    await person.press("escape")
            await person.sees("r Retry", " allowed")
            await person.press("escape")
            await person.sees(format_keys(FAREWELL))
            await camera.take(person, "tour-over")


async def helped(camera: Camera) -> None:
    """Help and the palette."""
    with sandbox() as server:
        async with camera.listed(server) as person:
            # Where a card or one pane at a time is shown, no key scrolls a response.
            await person.until(lambda: "J" not in person.app.screen.active_bindings, "the card")
            await person.press("question_mark")
            await person.sees("Help ─", "Keys of this screen")
            gathering = [each for each in person.app.workers if each.group == "gather"]
            await person.until(lambda: all(each.is_finished for each in gathering), "the keys of every place")
            await camera.take(person, "help")
            await person.type("copy")
            await camera.take(person, "help-search")
            await person.press("escape", "escape", "ctrl+p")
            await person.sees("Search")
            await camera.take(person, "palette")
            await person.type("act")
            await person.sees("Act as")
            await camera.take(person, "palette-search")
            await person.press("escape", "ctrl+p")
            await person.type("theme\r")
            await person.sees("Search for themes")
            await camera.take(person, "palette-themes")
