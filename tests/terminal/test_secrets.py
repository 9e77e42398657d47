"""The client secret and the tokens: in no output, no file, no list of processes and no clipboard."""

import re
import secrets
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.kit.canaries import environments_showing, files_with, is_in, processes_showing
from tests.kit.deployment.faults import Fault, answers
from tests.kit.deployment.foreign import TOKEN_PATH, ForeignAIRisk
from tests.kit.deployment.peer import Peer
from tests.kit.patience import PATIENCE
from tests.kit.pty import Terminal, opened
from tests.kit.shell import Place

if TYPE_CHECKING:
    from tests.kit.keyring import RealKeyring

pytestmark = pytest.mark.fault("secrets")


PROGRAM = Path(__file__).parents[2] / "tui"


@pytest.fixture
def secret() -> str:
    return f"canary+/%$#ü {secrets.token_hex(8)}"


@pytest.fixture
def noisy(place: Place) -> Place:
    """Everything is switched on that makes a program of this kind talk about itself."""
    place.tell(
        TEXTUAL="debug,devtools",
        TEXTUAL_LOG=str(place.cwd / "textual.log"),
        TEXTUAL_DEBUG="1",
        HTTPX_LOG_LEVEL="trace",
        SSLKEYLOGFILE=str(place.cwd / "keys.log"),
        PYTHONDEVMODE="1",
        PYTHONASYNCIODEBUG="1",
    )
    return place


COMMANDS = (
    ("users", "--format", "json"),
    ("request", "GET", "/api/Chat/ListAgents", "--as", "u-1", "-i"),
    ("request", "GET", "/api/none", "--as", "u-1", "-i"),
    ("request", "GET", "/api/none", "--as", "u-99"),
    ("request", "GET", "/api/ListUsers", "-H", "X: ü\x7f"),
    ("doctor", "--json"),
    ("setup", "--from-env"),
    ("forget", "--yes"),
)


def test_no_command_shows_or_stores_them(noisy: Place, secret: str) -> None:
    """A secret in .env is in tests/long."""
    shows_or_stores_none(noisy, secret, "environment")


def test_no_command_shows_or_stores_a_secret_in_the_keyring(
    place: Place, secret: str, real_keyring: "RealKeyring"
) -> None:
    place.tell(**real_keyring.environment | {"HOME": str(place.home)})
    shows_or_stores_none(place, secret, "keyring")


def shows_or_stores_none(place: Place, secret: str, given: str) -> None:
    """Run each command with a secret that is given in this way."""
    with ForeignAIRisk(client_secret=secret, tls=True) as server:
        place.reach(server)
        place.tell(AIRISK_CA_FILE=str(server.ca_file), CLIENT_SECRET=secret if given == "environment" else "")
        if given == ".env":
            place.write_env({"CLIENT_SECRET": secret})
        if given == "keyring":
            assert place.run("setup", stdin=secret.encode()).code == 0
        outcomes = [place.run(*command) for command in COMMANDS]
        canaries = [secret, *server.tokens]
    assert {0, 1, 2, 3} <= {outcome.code for outcome in outcomes}
    assert len(canaries) > 5
    for canary in canaries:
        assert not any(is_in(canary, outcome.out + outcome.err.encode()) for outcome in outcomes)
    (place.cwd / ".env").unlink(missing_ok=True)
    assert files_with(canaries, place.root, PROGRAM) == []
    assert not {"textual.log", "keys.log"} & {path.name for path in place.cwd.iterdir()}


def test_a_deployment_that_quotes_the_secret_is_not_quoted(noisy: Place, secret: str) -> None:
    words = f"no: client_secret={secret} is wrong".encode()
    with ForeignAIRisk(
        client_secret=secret, faults={TOKEN_PATH: answers(401, words, ("Content-Type", "text/plain"))}
    ) as server:
        noisy.reach(server)
        outcomes = [noisy.run("users"), noisy.run("doctor", "--json")]
    assert [outcome.code for outcome in outcomes] == [3, 3]
    assert not any(is_in(secret, outcome.out + outcome.err.encode()) for outcome in outcomes)


def test_no_list_of_processes_shows_them(place: Place, secret: str) -> None:
    is_seen = threading.Event()

    def wait_while_looked_at(peer: Peer) -> None:
        peer.send(b"HTTP/1.1 200 OK\r\n\r\nlook now\n")
        is_seen.wait(PATIENCE)

    with ForeignAIRisk(client_secret=secret, faults={"/api/x": Fault(wait_while_looked_at)}) as server:
        place.reach(server)
        place.tell(CLIENT_SECRET="")
        place.write_env({"CLIENT_SECRET": secret})
        with place.running("request", "POST", "/api/x", "--as", "u-1") as process:
            assert process.stdout
            assert process.stdout.readline() == b"look now\n"
            for canary in (secret, *server.tokens):
                assert processes_showing(canary) == []
                assert environments_showing(canary, but=[]) == []
            limits = Path(f"/proc/{process.pid}/limits").read_text()
            assert re.search(r"Max core file size +0 +0 ", limits)
            is_seen.set()
            process.communicate(timeout=PATIENCE)


def test_the_demo_shows_them_nowhere(noisy: Place, secret: str) -> None:
    noisy.tell(CLIENT_SECRET=secret)
    with opened(noisy, "demo") as terminal:
        terminal.sees("200 users")
        assert processes_showing(secret) == []
        assert environments_showing(secret, but=[terminal.process.pid]) == [], "not handed on to the sandbox"
        terminal.press("enter")
        terminal.sees("ACTING AS")
        terminal.quits()
    assert not is_in(secret, terminal.output)
    assert b"eyJ" not in terminal.output, "the beginning of every JWT"
    assert files_with([secret, "eyJhbGciOi"], noisy.root) == []


COPYING = ("\x01\x03", "\x1b[97;6u\x03", "\x18", "\x1b[1;2H\x03", "\x1b[1;2H\x18")


def test_typed_into_the_first_screen_they_stay_there(noisy: Place, secret: str) -> None:
    with ForeignAIRisk(client_secret=secret) as server:
        with opened(noisy) as terminal:
            terminal.sees("Client secret")
            for field, text in (("Deployment", server.url), ("Client ID", server.client_id), ("Client secret", secret)):
                click_behind(terminal, field)
                terminal.type(text)
            terminal.sees("•" * len(secret))
            for keys in COPYING:
                terminal.type(keys)
            drag_over_the_secret(terminal)
            terminal.type("\x03\r")
            terminal.sees("Grace Hopper")
            terminal.press("enter")
            terminal.sees("ACTING AS")
            terminal.quits()
        canaries = [secret, *server.tokens]
    assert len(canaries) >= 3
    assert b"]52;" not in terminal.output, "nothing went to the clipboard"
    assert not any(is_in(canary, terminal.output) for canary in canaries)
    assert f"AIRISK_URL={server.url}" in (noisy.cwd / ".env").read_text()
    assert files_with(canaries, noisy.root, PROGRAM) == []
    assert not (noisy.cwd / "textual.log").exists()


def click_behind(terminal: Terminal, label: str) -> None:
    """Click into the field of that label."""
    row, line = next((row, line) for row, line in enumerate(terminal.lines, 1) if label in line)
    column = line.index(label) + 25
    terminal.type(f"\x1b[<0;{column};{row}M\x1b[<0;{column};{row}m")


def drag_over_the_secret(terminal: Terminal) -> None:
    """Press the mouse at one end of the dots, and let go at the other."""
    row, line = next((row, line) for row, line in enumerate(terminal.lines, 1) if "••" in line)
    first, last = line.index("•") + 1, line.rindex("•") + 1
    terminal.type(f"\x1b[<0;{first};{row}M\x1b[<32;{last - 3};{row}M\x1b[<32;{last};{row}M\x1b[<0;{last};{row}m")
