"""`airisk-tui setup` and `forget`, with a real keyring, as its owner sees it."""

import asyncio
import os
import signal
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.pty import opened
from tui.config.keyring import service_name
from tui.config.origin import parse_origin
from tui.config.workspace import EndpointUsage, WorkspaceStore


@pytest.fixture
def desktop(place, airisk, real_keyring):
    """A desktop with a keyring, on which the secret is set nowhere."""
    place.tell(**real_keyring.environment, CLIENT_SECRET="")
    return place


@pytest.fixture
def kept(airisk, real_keyring):
    """A function: the values that secret-tool finds under this deployment's and client's own name."""
    service = service_name(airisk.url, airisk.client_id)
    return lambda: [sealed.rpartition(":")[2] for sealed in real_keyring.search(service)]


def test_kept_found_at_the_next_start_and_forgotten(desktop, airisk, kept, real_keyring):
    real_keyring.store(b"mail password", service="mail", username="me")
    done = desktop.run("setup", stdin=f"{airisk.client_secret}\n".encode())
    assert (done.code, done.out) == (0, b"")
    assert done.line == f"Saved the client secret for 127.0.0.1:{airisk.port} in the keyring."
    assert kept() == [airisk.client_secret]
    assert desktop.run("users").code == 0

    assert desktop.run("forget", "--yes").line == f"Deleted 1 item from the keyring for 127.0.0.1:{airisk.port}."
    assert kept() == []
    assert real_keyring.search("mail") == ["mail password"]
    assert desktop.run("forget", "--yes").line == f"The keyring has nothing for 127.0.0.1:{airisk.port}."
    done = desktop.run("users")
    assert done.code == 2
    assert f"No client secret found for 127.0.0.1:{airisk.port} (" in done.line
    assert done.line.endswith("Run `airisk-tui setup`.")


def test_another_address_or_client_finds_nothing(desktop, airisk):
    desktop.run("setup", stdin=airisk.client_secret.encode())
    with ForeignAIRisk(client_id=airisk.client_id, client_secret=airisk.client_secret) as other:
        assert desktop.run("users", AIRISK_URL=other.url).code == 2
        assert desktop.run("users", CLIENT_ID="another").code == 2
        assert other.requests == []
    assert desktop.run("users").code == 0


def test_typed_unseen(desktop, airisk, kept):
    with opened(desktop, "setup") as terminal:
        terminal.sees(f"Client secret for {airisk.client_id} at 127.0.0.1")
        terminal.type(airisk.client_secret + "\n")
        assert terminal.ended() == 0
        assert airisk.client_secret.encode() not in terminal.output
        assert terminal.unrestored() == []
    assert kept() == [airisk.client_secret]


@pytest.mark.parametrize(("key", "code"), [("\x03", 130), ("\x04", 2), ("\n", 2), (b"\xff\n", 2)])
def test_not_typed_after_all(desktop, kept, key, code):
    with opened(desktop, "setup") as terminal:
        terminal.sees("Client secret for")
        terminal.wait_until_asleep()
        terminal.type(key)
        assert terminal.ended() == code
        assert terminal.unrestored() == []
        assert "stopped" not in terminal.screen
        assert ("Nothing was changed." in terminal.screen) == (code == 2)
    assert kept() == []


def test_ended_while_it_asks(desktop, kept):
    with opened(desktop, "setup") as terminal:
        terminal.sees("Client secret for")
        terminal.wait_until_asleep()
        os.kill(terminal.process.pid, signal.SIGTERM)
        assert terminal.ended() == 143
        assert terminal.unrestored() == [], "what is typed next can be seen"
    assert kept() == []


@pytest.mark.parametrize("piped", [b"", b"\n", b"\xff\xfe\n", b"x" * 5_000])
def test_what_cannot_be_kept_is_reported(desktop, kept, piped):
    done = desktop.run("setup", stdin=piped)
    assert done.code == (5 if len(piped) > 10 else 2)
    assert "Nothing was changed." in done.line or "Secret not saved." in done.line
    assert kept() == []


def test_moved_out_of_the_env_file(desktop, airisk, kept):
    path = desktop.write_env({"CLIENT_SECRET": airisk.client_secret}, mode=0o644)
    path.write_text(f"# mine\nUSER_ID=u-2 # Grace\n{path.read_text()}AIRISK_LABEL=test\n")
    done = desktop.run("setup", "--from-env")
    assert done.code == 0
    assert "airisk-tui: .env contains the client secret and is readable by other users" in done.err
    assert done.err.endswith("Moved the client secret from .env to the keyring.\n")
    assert path.read_text() == "# mine\nUSER_ID=u-2 # Grace\nAIRISK_LABEL=test\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert kept() == [airisk.client_secret]
    assert desktop.run("users").code == 0


def test_the_secret_of_the_env_file_is_not_lost_for_another_in_the_environment(desktop, kept):
    desktop.write_env({"CLIENT_SECRET": "of the file"})
    done = desktop.run("setup", "--from-env", CLIENT_SECRET="of the environment")
    assert done.code == 0
    assert "Warning: CLIENT_SECRET in the environment differs and takes precedence over the keyring." in done.err
    assert kept() == ["of the file"]


def test_out_of_the_environment(desktop, airisk, kept):
    done = desktop.run("setup", "--from-env", CLIENT_SECRET=airisk.client_secret)
    assert done.line == f"Saved the client secret for 127.0.0.1:{airisk.port} in the keyring."
    assert kept() == [airisk.client_secret]
    done = desktop.run("setup", "--from-env")
    assert done.code == 2
    assert "nothing to move" in done.line


def test_where_it_cannot_be_kept_the_env_file_keeps_it(place, airisk):
    path = place.write_env({"CLIENT_SECRET": airisk.client_secret})
    before = path.read_bytes()
    place.tell(CLIENT_SECRET="")
    done = place.run("setup", "--from-env")
    assert done.code == 5
    assert done.line.startswith("No secure keyring")
    assert "Secret not saved." in done.line
    assert path.read_bytes() == before


NO_KEYRING = {("setup",): "Secret not saved.", ("forget", "--yes"): "No secret was deleted."}


@pytest.mark.parametrize(("command", "words"), NO_KEYRING.items())
def test_without_a_keyring(place, airisk, command, words):
    done = place.run(*command, stdin=b"a secret that goes nowhere\n")
    assert done.code == 5
    assert words in done.line
    assert [path for path in place.root.rglob("*") if path.is_file()] == []


def test_without_a_keyring_forget_deletes_the_rest_and_reports_both(place, airisk):
    memory = WorkspaceStore(str(parse_origin(airisk.url)), _deployments(place))
    asyncio.run(memory.keep_habits(EndpointUsage(has_looked=True)))
    done = place.run("forget", "--yes")
    assert done.code == 5
    deleted, failed = done.err.splitlines()
    assert deleted.startswith("Deleted form values, favorites and the imported API description for ")
    assert failed.startswith("airisk-tui: No secure keyring: ")
    assert failed.endswith(" No secret was deleted.")
    assert not memory.exists


def test_without_a_keyring_or_a_secret_each_command_says_the_same_to_do(place, airisk):
    assert place.run("users", CLIENT_SECRET="").line.endswith(" Set CLIENT_SECRET in the environment or in .env.")
    doctor = place.run("doctor", CLIENT_SECRET="")
    assert "Set CLIENT_SECRET in the environment or in .env." in doctor.text + doctor.err
    assert "setup" not in doctor.text + doctor.err
    setup = place.run("setup", stdin=b"a secret that goes nowhere\n")
    assert setup.line.endswith(" Set CLIENT_SECRET in the environment or in .env instead.")


LOCKED = {("setup",): "Secret not saved. ", ("forget", "--yes"): "No secret was deleted. ", ("users",): ""}


@pytest.mark.parametrize(("command", "result"), LOCKED.items(), ids=map(" ".join, LOCKED))
def test_a_locked_keyring_is_not_an_empty_one(desktop, real_keyring, command, result):
    real_keyring.lock()
    done = desktop.run(*command, stdin=b"a secret\n")
    assert done.code == 5
    assert done.line == f"The keyring is locked. {result}Unlock the keyring, then try again."


def test_a_keyring_that_does_not_answer_is_waited_for_in_vain(desktop, real_keyring):
    real_keyring.stop()
    done = desktop.run("users")
    assert done.code == 5
    assert "did not respond within 5 s" in done.line


def test_forget_lists_what_goes_and_asks(desktop, airisk, kept):
    desktop.run("setup", stdin=airisk.client_secret.encode())
    memory = WorkspaceStore(str(parse_origin(airisk.url)), _deployments(desktop))
    asyncio.run(memory.keep_habits(EndpointUsage(has_looked=True)))
    refused = desktop.run("forget")
    assert (refused.code, refused.out) == (2, b"")
    assert refused.line == f"This deletes all saved data for 127.0.0.1:{airisk.port}. Pass --yes to confirm."
    for answer in ("n\n", "\n", "\x04"):
        with opened(desktop, "forget") as terminal:
            terminal.sees(f"This deletes for 127.0.0.1:{airisk.port}, client {airisk.client_id}:")
            terminal.sees("the client secret in the OS keyring", "form values, favorites", "Delete? [y/N]")
            terminal.type(answer)
            terminal.sees("Nothing was deleted.")
            assert terminal.ended() == 2
        assert kept() == [airisk.client_secret]
        assert memory.exists
    with opened(desktop, "forget") as terminal:
        terminal.sees("Delete? [y/N]")
        terminal.type("y\n")
        terminal.sees("Deleted 1 item from the keyring", "Deleted form values, favorites")
        assert terminal.ended() == 0
    assert kept() == []
    assert not memory.exists


def test_forget_removes_how_the_endpoints_were_used(desktop, airisk):
    memory = WorkspaceStore(str(parse_origin(airisk.url)), _deployments(desktop))
    asyncio.run(memory.keep_habits(EndpointUsage(favourites=("GET /api/ListUsers",))))
    other = WorkspaceStore("https://demo.aicrisk.com", _deployments(desktop))
    asyncio.run(other.keep_habits(EndpointUsage(favourites=("GET /api/ListUsers",))))
    assert desktop.run("forget", "--yes").code == 0
    assert asyncio.run(memory.habits()) == EndpointUsage()
    assert asyncio.run(other.habits()) != EndpointUsage()


def _deployments(desktop):
    return Path(desktop.environment["HOME"]) / ".local" / "state" / "airisk-tui" / "deployments"


ODD_HISTORIES = {
    "of a newer version": lambda path: _of_version(path, 99),
    "not a history": lambda path: path.mkdir(),
    "a link to nowhere": lambda path: path.symlink_to("/nowhere/history"),
}


def _of_version(path, number):
    with closing(sqlite3.connect(path)) as file:
        file.execute(f"PRAGMA user_version = {number}")
        file.execute("CREATE TABLE exchanges (x)")


@pytest.mark.parametrize("make", ODD_HISTORIES.values(), ids=ODD_HISTORIES)
def test_forget_removes_the_secret_whatever_else_is_in_the_way(desktop, airisk, kept, make):
    desktop.run("setup", stdin=airisk.client_secret.encode())
    state = Path(desktop.environment["HOME"]) / ".local/state/airisk-tui"
    state.mkdir(parents=True)
    make(state / "history.sqlite3")
    asyncio.run(
        WorkspaceStore(str(parse_origin(airisk.url)), _deployments(desktop)).keep_habits(EndpointUsage(has_looked=True))
    )
    done = desktop.run("forget", "--yes")
    assert kept() == []
    assert list(_deployments(desktop).iterdir()) == []
    first, second, *told = done.err.splitlines()
    assert first.startswith("Deleted 1 item from the keyring")
    assert second.startswith("Deleted form values, favorites and the imported API description for ")
    assert (done.code, len(told)) in {(2, 1), (0, 0)}


def test_blanks_around_a_secret_are_left_out_and_reported(desktop, airisk, kept):
    done = desktop.run("setup", stdin=f" \t{airisk.client_secret} \r\n".encode())
    assert done.err.startswith("Removed blanks before and after the secret.\nSaved the client secret for ")
    assert kept() == [airisk.client_secret]
