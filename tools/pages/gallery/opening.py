"""The first run, waiting, and what cannot be opened."""

from tests.kit.deployment.faults import answers
from tests.kit.deployment.foreign import TOKEN_PATH, ForeignAIRisk
from tests.kit.pilot import Person, told
from tools.pages.gallery.camera import Camera
from tui.airisk.settings import Told
from tui.airisk.vault import Secret
from tui.app import AIRiskApp
from tui.sandbox import Options, Sandbox
from tui.screens.opening import OpeningScreen

LISTS = ("list-empty", "list-html", "list-broken", "list-500")
SIGN_INS = ("authorize-500", "authorize-no-code", "state-wrong", "token-500", "token-empty", "token-past")


async def first_run(camera: Camera) -> None:
    """Nothing is known; something is lacking; what was entered is refused."""
    app = AIRiskApp(Told({}, Secret("")), has_keyring=False)
    async with app.run_test(size=camera.size) as pilot:
        person = Person(app, pilot)
        await person.sees("Connect to AIRisk")
        await camera.take(person, "first-run")
        await person.press("f5")
        await person.sees("Still needed")
        await camera.take(person, "first-run-lacking")
    with ForeignAIRisk(faults={TOKEN_PATH: answers(401)}) as server:
        async with camera.opened(server) as person:
            await person.sees("refused the client secret")
            await camera.take(person, "sign-in-refused")


async def waiting(camera: Camera) -> None:
    """Before and while AIRisk is waited for, and once it was given up."""
    with Sandbox(Options(faults=("hang",))) as server:
        async with camera.opened(server) as person:
            assert isinstance(person.app.screen, OpeningScreen)
            await camera.take(person, "opening")
            await person.sees("SIGNING IN", "? Help")
            await camera.take(person, "signing-in")
            await person.press("escape")
            await person.sees("NOT SIGNED IN")
            await camera.take(person, "signing-in-given-up")
    with Sandbox(Options(users=5000, faults=("slow-list=700",))) as server:
        async with camera.opened(server) as person:
            await person.sees("so far", "? Help")
            await camera.take(person, "users-coming")


async def not_listed(camera: Camera) -> None:
    """A list that is empty, or none; a sign-in that fails; nobody there."""
    for fault in (*LISTS, *SIGN_INS):
        with Sandbox(Options(faults=(fault,))) as server:
            async with camera.opened(server) as person:
                await person.until(lambda: bool(person.notice) or "0 users" in person.screen, fault)
                await camera.take(person, f"failed-{fault}" if fault != "list-empty" else "users-none")
    with ForeignAIRisk() as gone:
        settings = told(gone)
    app = AIRiskApp(settings, has_keyring=False)
    async with app.run_test(size=camera.size) as pilot:
        person = Person(app, pilot)
        await person.until(lambda: bool(person.notice), "the failure")
        await camera.take(person, "failed-nobody-there")


async def checked(camera: Camera) -> None:
    """The connection, step by step: all well, one that fails, one that is waited for."""
    with ForeignAIRisk() as server:
        async with camera.listed(server) as person:
            await person.press("f2")
            await person.sees("All is well.")
            await camera.take(person, "check-well")
            server.breaks(TOKEN_PATH, "captive_portal")
            await person.press("r")
            await person.sees("✗ token")
            await camera.take(person, "check-failed")
            server.breaks(TOKEN_PATH, "never_answers")
            await person.press("r")
            await person.sees("✓ authorize")
            await camera.take(person, "check-waiting")


async def deployments(camera: Camera) -> None:
    """Several, none, a new one; and keys of one's own that clash."""
    with ForeignAIRisk() as server:
        async with camera.listed(server) as person:
            await person.press("ctrl+e")
            await person.sees("as started")
            await camera.take(person, "deployments-none")
        for name, label in (("eu", "production"), ("staging", "staging")):
            settings = f"AIRISK_URL=https://{name}.example\nCLIENT_ID=console\nAIRISK_LABEL={label}\n"
            camera.written(f"{name}.env", settings)
        camera.written("old.env", "<<<<<<< ours\n")
        async with camera.listed(server) as person:
            await person.press("ctrl+e")
            await person.sees("as started", "staging")
            await camera.take(person, "deployments")
            await person.press("n")
            await person.sees("What shall it be called")
            await camera.take(person, "deployment-new")
        camera.written("keys.toml", 'matirx = "M"\nmatrix = "x"\nhelp = "wheel"\n')
        async with camera.opened(server) as person:
            await person.sees("Did you mean matrix")
            await camera.take(person, "keys-clash")
