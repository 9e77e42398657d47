"""What is copied on the screen, pasted into a shell, asks the deployment exactly what the program asks."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kit.asking import open_endpoint, send_agents
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.deployment.messages import Received
from tests.kit.machine import needs
from tests.kit.pilot import Person, listed
from tui.background import run_in_thread

TEXT = 'It\'s $HOME, `id` and "é" \\ !! {"a": 1}'
PATH = "/api/Chat/CreateConversation"
COPIES = {"curl": 0, "Python": 1, "airisk-tui request": 2}


@pytest.fixture
def program(tmp_path: Path) -> str:
    """A directory in which this program is a command."""
    command = tmp_path / "bin" / "airisk-tui"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nPYTHONPATH={Path(__file__).parents[2]} exec {sys.executable} -m tui "$@"\n')
    command.chmod(0o755)
    return str(command.parent)


async def test_what_is_copied_asks_the_same(program: str, tmp_path: Path) -> None:
    needs("curl")
    with ForeignAIRisk() as server:
        async with listed(server, size=(140, 48)) as person:
            await person.press("enter")
            await person.bar_says("ACTING AS Ada Lovelace")
            await open_endpoint(person, "create conversation")
            await fill(person)
            await person.press("f5")
            await person.sees("Don't send")
            await person.press("y")
            await person.sees("200 OK")
            copies = [await copy(person, kind) for kind in COPIES]
        sent = last(server)
        token = str(sent.header("authorization")).removeprefix("Bearer ")
        assert json.loads(sent.body)["title"] == TEXT
        environment = {
            "PATH": f"{program}:{os.environ['PATH']}",
            "HOME": str(tmp_path),
            "LANG": "C.UTF-8",
            "AIRISK_TOKEN": token,
            "AIRISK_URL": server.url,
            "CLIENT_ID": server.client_id,
            "CLIENT_SECRET": server.client_secret,
        }
        for kind, copied in zip(COPIES, copies, strict=True):
            assert token not in copied
            assert server.client_secret not in copied
            script = tmp_path / "pasted"
            script.write_text(copied)
            before = len(server.requests)
            run([sys.executable if kind == "Python" else "sh", str(script)], tmp_path, environment)
            again = last(server)
            assert len(server.requests) > before
            told = (again.method, again.target, sorted(headers(again)), again.body)
            assert told == (sent.method, sent.target, sorted(headers(sent)), sent.body), kind


async def test_a_request_of_the_history_is_copied_with_the_headers_of_the_gateway() -> None:
    with ForeignAIRisk() as server:
        async with listed(server, AIRISK_HEADER_X_API_KEY="not to be copied") as person:
            await send_agents(person)
            await person.sees("401 Unauthorized")
            await person.press("h")
            await person.sees("Request and response", "ListAgents")
            await person.press("Y")
            await person.sees("Copy as", "curl")
            await person.press("down", "enter")
            await person.until(lambda: "X-Api-Key: $AIRISK_HEADER_X_API_KEY" in person.app.clipboard, "its name")
            assert "not to be copied" not in person.app.clipboard


async def test_what_a_program_of_the_system_took_is_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "xclip"
    program.write_text('#!/bin/sh\ncat >"$0.text"\n')
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv("DISPLAY", ":0")
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await send_agents(person)
            await person.press("Y", "enter")
            await person.until(lambda: person.notice.startswith("✓ Copied: "), "that it was copied")
            assert await run_in_thread(Path(f"{program}.text").read_text) == person.app.clipboard


async def fill(person: Person) -> None:
    """Type into the fields of the form."""
    for field, text in (("title", TEXT), ("agentId", "agent-1-of-u-1")):
        await person.tab_to(field)
        await person.press("end", "ctrl+u")
        await person.type(text)


async def copy(person: Person, kind: str) -> str:
    """Copy the request as that."""
    before = person.app.clipboard
    await person.press("escape", "escape", "escape", "Y")
    await person.sees("Copy as")
    await person.press(*["down"] * COPIES[kind], "enter")
    await person.until(lambda: person.app.clipboard != before, f"the request copied as {kind}")
    await person.sees("Sent to the terminal’s clipboard: ")
    return person.app.clipboard


def last(server: ForeignAIRisk) -> Received:
    """The last request to create a conversation."""
    return [request for request in server.requests if request.path == PATH][-1]


def headers(request: Received) -> list[tuple[str, str]]:
    """Its headers; a token of its own is a token."""
    return [(name.lower(), "a token" if name.lower() == "authorization" else value) for name, value in request.headers]


def run(command: list[str], place: Path, environment: dict[str, str]) -> None:
    """Run it to its end, without blocking what it asks: the deployment answers on threads of its own."""
    done = subprocess.run(
        command, cwd=place, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
