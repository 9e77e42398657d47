"""The first run, waiting, and what cannot be opened."""

import json

from textual.screen import Screen

from tests.kit.deployment.broken import BrokenServer
from tests.kit.deployment.dialect import Dialect
from tests.kit.deployment.faults import answers, stalls
from tests.kit.deployment.foreign import TOKEN_PATH
from tests.kit.gallery.camera import (
    PATIENT,
    Camera,
    foreign,
    has_previewed,
    has_recalled,
    of_five_digits,
    sandbox,
    written,
)
from tests.kit.pilot import Person, told
from tui.app.app import AIRiskApp
from tui.config.keyring import Secret
from tui.config.settings import RawSettings
from tui.screens.splash import EarlyStart, SplashScreen

SIGN_INS = {
    "authorize-500": "500 (application/problem+json)",
    "authorize-no-code": "the redirect contains none",
    "state-wrong": "the state it returned does not",
    "token-500": "500 (application/problem+json)",
    "token-empty": "no usable token",
}
LISTS = {
    "list-html": "Not a user list",
    "list-broken": "not JSON",
    "list-500": "returned 500",
}
"""What is seen of each fault."""


async def first_run(camera: Camera) -> None:
    """Nothing is known; something is lacking."""
    app = AIRiskApp(RawSettings({}, Secret("")), has_keyring=False)
    async with app.run_test(size=camera.size) as pilot:
        person = Person(app, pilot)
        await person.sees("Connect to AIRisk")
        await camera.take(person, "first-run")
        await person.press("f5")
        await person.sees("Missing:")
        await camera.take(person, "first-run-lacking")


async def refused(camera: Camera) -> None:
    """What was entered is refused."""
    with foreign(faults={TOKEN_PATH: answers(401)}) as server:
        async with camera.opened(server) as person:
            await person.sees("rejected the client secret")
            await camera.take(person, "sign-in-refused")


class _Opening(AIRiskApp):
    """Stays at its first screen, which otherwise makes room for the main screen in less than a second."""

    def get_default_screen(self) -> Screen[None]:
        return SplashScreen(self.deployments.raw_settings, self._stay)

    def _stay(self, begun: EarlyStart | None) -> None:
        self.deployments.begun = begun


async def waiting(camera: Camera) -> None:
    """While AIRisk is waited for, and once it was given up."""
    with sandbox(faults=("hang",)) as server:
        app = _Opening(told(server, **PATIENT), has_keyring=False)
        async with app.run_test(size=camera.size) as pilot:
            person = Person(app, pilot)
            await person.sees("SIGNING IN", "Signing in…")
            await camera.take(person, "opening")
        async with camera.opened(server) as person:
            await person.sees("SIGNING IN", "? Help")
            await camera.take(person, "signing-in")
            await person.press("escape")
            await person.sees("NOT SIGNED IN", "Canceled")
            await camera.take(person, "signing-in-given-up")


async def users_coming(camera: Camera) -> None:
    """A list of which a part is there."""
    about = "x" * 150  # The first of a list are shown when 256 kB are there.
    people = [{"id": f"u-{each:04}", "name": f"Person {each}", "role": "User", "about": about} for each in range(1_500)]
    begun = json.dumps(people).removesuffix("]")
    dialect = Dialect()
    with foreign(dialect, {dialect.list_path: stalls(begun.encode())}) as server:
        async with camera.opened(server) as person:
            await person.sees("users so far", "? Help")
            await has_recalled(person)
            await camera.take(person, "users-coming")


async def not_signed_in(camera: Camera) -> None:
    """A sign-in that fails in one way after the other."""
    faults = iter(SIGN_INS.items())
    fault, words = next(faults)
    with sandbox(faults=(fault,)) as server:
        async with camera.opened(server) as person:
            await _take_failure(camera, person, fault, words)
            for fault, words in faults:
                server.faults.clear()
                server.faults.switch_on(fault)
                await person.press("ctrl+r")
                await _take_failure(camera, person, fault, words)


async def not_listed(camera: Camera) -> None:
    """A list that is empty, or none."""
    with sandbox(faults=("list-html",)) as server:
        async with camera.opened(server) as person:
            # What is told of the endpoints comes before the failure or behind it, and would stand in its place.
            await person.sees("Not a user list")
            await person.press("2")
            await person.sees("14 endpoints ·")
            await has_previewed(person)
            await person.press("1")
            for fault, words in LISTS.items():
                server.faults.clear()
                server.faults.switch_on(fault)
                await person.press("ctrl+r")
                await _take_failure(camera, person, fault, words)
    with sandbox(faults=("list-empty",)) as server:
        async with camera.listed(server) as person:
            await camera.take(person, "users-none")


async def _take_failure(camera: Camera, person: Person, fault: str, words: str) -> None:
    await person.until(lambda: words in person.notice, words)
    await camera.take(person, f"failed-{fault}")


async def tokens_past(camera: Camera) -> None:
    """A token of which nobody knows how long it is good."""
    with sandbox(faults=("token-past",)) as server:
        async with camera.listed(server) as person:
            await camera.take(person, "token-past")


async def nobody_there(camera: Camera) -> None:
    """A port at which nobody listens."""
    with of_five_digits(lambda: BrokenServer("refuses")) as server:
        async with camera.opened(server) as person:
            await person.until(lambda: "Cannot reach" in person.notice, "the failure")
            await camera.take(person, "failed-nobody-there")


async def checked(camera: Camera) -> None:
    """The connection, step by step: all well, one that fails, one that is waited for."""
    with foreign() as server:
        async with camera.listed(server) as person:
            await person.press("f2")
            await person.sees("All checks passed.")
            await camera.take(person, "check-well")
            server.breaks(TOKEN_PATH, "captive_portal")
            await person.press("r")
            await person.sees("✗ token")
            await camera.take(person, "check-failed")
            server.breaks(TOKEN_PATH, "never_answers")
            await person.press("r")
            await person.sees_no("✗ token")
            await person.sees("✓ authorize")
            await camera.take(person, "check-waiting")


async def deployments(camera: Camera) -> None:
    """Several, none, a new one."""
    with foreign() as server:
        async with camera.listed(server) as person:
            await person.press("ctrl+o")
            await person.sees("as started")
            await camera.take(person, "deployments-none")
            await person.press("escape")
            await person.sees_no("as started")
            for name, label in (("eu", "production"), ("staging", "staging")):
                settings = f"AIRISK_URL=https://{name}.example\nCLIENT_ID=console\nAIRISK_LABEL={label}\n"
                written(f"airisk-tui/{name}.env", settings)
            written("airisk-tui/old.env", "<<<<<<< ours\n")
            await person.press("ctrl+o")
            await person.sees("as started", "staging")
            await camera.take(person, "deployments")
            await person.press("n")
            await person.sees("Name this deployment")
            await camera.take(person, "deployment-new")


async def keys_that_clash(camera: Camera) -> None:
    """Keys of one's own that cannot be followed."""
    written("airisk-tui/keys.toml", 'matirx = "M"\nmatrix = "x"\nhelp = "wheel"\n')
    with foreign() as server:
        async with camera.opened(server) as person:
            await person.sees("Did you mean matrix", "Ada Lovelace")
            await has_recalled(person)
            await camera.take(person, "keys-clash")
