"""The explorer, and a request before it goes."""

from tests.kit.asking import open_endpoint
from tests.kit.gallery.camera import Camera, has_previewed, sandbox, written


async def explorer(camera: Camera) -> None:
    """What can be asked, and found."""
    with sandbox() as server:
        async with camera.listed(server) as person:
            await person.press("escape", "2", "down")
            await has_previewed(person)
            await person.press("asterisk", "g")
            await person.sees("Favorites")
            await camera.take(person, "explorer")
            await person.press("slash")
            await person.type("conv")
            await camera.take(person, "explorer-filtered")
            await person.type("zzz")
            await camera.take(person, "explorer-nothing-matches")
            await person.press("escape", "slash", "end", "ctrl+u")
            await person.type("create user")
            await person.press("enter")
            await person.sees("Complete this endpoint")
            await camera.take(person, "known-by-name")


async def imported(camera: Camera) -> None:
    """A description from a file, a request from a command."""
    written("openapi.json")
    written("reports/matrix.json")
    with sandbox() as server:
        async with camera.listed(server) as person:
            await person.press("o")
            await person.sees("from a file")
            await camera.take(person, "import")
            await person.press("down", "enter")
            await person.sees("Choose a file", "openapi.json")
            await camera.take(person, "import-file")
            await person.press("escape", "p")
            await person.sees("Paste a curl command")
            await camera.take(person, "paste")
            await person.type(f"curl {server.url}/api/x -d @openapi.json")
            await person.press("f5")
            await person.sees("Read these files?")
            await camera.take(person, "paste-files")


async def request(camera: Camera) -> None:
    """Forms, freely; what is confirmed before it goes."""
    with sandbox() as server:
        async with camera.listed(server, AIRISK_LABEL="staging") as person:
            await person.press("enter")
            await person.bar_says("ACTING AS")
            await open_endpoint(person, "list conversations")
            await person.sees("GET /api/Chat/GetConversations")
            await camera.take(person, "request-form")
            await open_endpoint(person, "create conversation")
            await person.comes_to("agentId")
            await person.type("agent-1")
            await camera.take(person, "request-body")
            await person.press("f5")
            await person.sees("Don't send")
            await camera.take(person, "confirm")
            await person.press("escape")
            await person.sees("Not sent")
            await camera.take(person, "confirm-declined")
            await person.press("f6")
            await person.until(lambda: bool(person.app.screen.query("#raw-target")), "the free form")
            await camera.take(person, "request-free")


async def uploads(camera: Camera) -> None:
    """A request with a file."""
    written("Q3 report.pdf", bytes(1_234_567))
    with sandbox() as server:
        async with camera.listed(server, AIRISK_LABEL="staging") as person:
            await person.press("enter")
            await person.bar_says("ACTING AS")
            await open_endpoint(person, "add file")
            await person.comes_to("conversationId")
            await person.type("c-1")
            await person.press("tab")
            await person.type("Q3 report.pdf")
            await person.sees("1.2 MB")
            await camera.take(person, "request-file")


async def confirmed(camera: Camera) -> None:
    """What is sent on production, and what is refused where everything is read only."""
    with sandbox() as server:
        async with camera.listed(server, AIRISK_LABEL="production") as person:
            await person.press("enter")
            await person.bar_says("ACTING AS")
            await open_endpoint(person, "create conversation")
            await person.comes_to("agentId")
            await person.type("agent-1")
            await person.press("f5")
            await person.sees("Don't send")
            await camera.take(person, "confirm-production")
        async with camera.listed(server, AIRISK_READ_ONLY="true") as person:
            await open_endpoint(person, "create conversation")
            await person.press("f5")
            await person.sees("read-only mode is on")
            await camera.take(person, "refused-read-only")
