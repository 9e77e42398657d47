"""A keyring that is locked, silent or gone: what a person reads at the start, and that they go on all the same."""

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.faults.stage import Watched
from tests.kit.canaries import files_with
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.pty import in_terminal
from tests.kit.shell import COMMAND, Place, Run, run_all
from tui.airisk.vault import CLIENT_SECRET, service_name

if TYPE_CHECKING:
    from tests.kit.keyring import RealKeyring

pytestmark = pytest.mark.fault("keyring")

NOT_ASKED = "the keyring did not answer within 5 s"
CANARY = "canary-value"
ESC = "\x1b[27u"
NOT_OURS = {
    "typed with another program": CANARY.encode(),
    "a later version's": f"airisk-tui:2:0:{CANARY}".encode(),
    "cut off": f"airisk-tui:1:00000000:{CANARY}".encode(),
    "not text": b"\xff\xfe\x00",
}


def ask_for_ever(keyring: "RealKeyring") -> None:
    """Lock it, and let its prompt stand open."""
    keyring.hold_prompts_open()
    keyring.lock()


@dataclass(frozen=True)
class KeyringFault:
    """What befalls the keyring, and what is then read on the screen and, with exit code 5 or 2, without one."""

    name: str
    befall: Callable[["RealKeyring"], object]
    words: str
    code: int = 5


FAULTS = (
    KeyringFault("locked", lambda keyring: keyring.lock(), "the keyring is locked"),
    KeyringFault("a prompt open for ever", ask_for_ever, "the keyring is locked, and was not unlocked within 5 s"),
    KeyringFault("stopped", lambda keyring: keyring.stop(), NOT_ASKED),
    KeyringFault("its bus stopped", lambda keyring: keyring.stop_bus(), "the session bus does not answer"),
    KeyringFault("killed", lambda keyring: keyring.kill(), "no secure keyring: this desktop runs no Secret Service", 2),
    KeyringFault("its bus gone", lambda keyring: keyring.kill_bus(), "no secure keyring: no session bus", 2),
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_it_is_told_and_the_secret_is_asked_for(
    place: Place, airisk: ForeignAIRisk, real_keyring: "RealKeyring", fault: KeyringFault
) -> None:
    place.tell(**real_keyring.environment | {"HOME": str(place.home), "CLIENT_SECRET": ""})
    fault.befall(real_keyring)
    with place.running("users") as command:
        with in_terminal(COMMAND, cwd=place.cwd, environment=place.environment) as terminal:
            terminal.wait_for("Connect to AIRisk", "Client secret")
            if fault.code == 5:  # where there is none, nothing is to be told: the form says so itself
                Watched(terminal).waits_for(notice=f"✗ {fault.words}")
            terminal.type(airisk.client_secret + "\r")
            terminal.wait_for("3 users")
            terminal.type("\r")
            terminal.wait_for("ACTING AS Ada")
            terminal.type("\x11")
            assert terminal.ended() == 0
        out, err = command.communicate(timeout=30)
    assert (command.returncode, out) == (fault.code, b"")
    assert fault.words in err.decode() or fault.code == 2
    assert files_with([airisk.client_secret], place.root) == []


def test_quitting_does_not_wait_for_a_keyring_that_is_silent(
    place: Place, airisk: ForeignAIRisk, real_keyring: "RealKeyring"
) -> None:
    place.tell(**real_keyring.environment, CLIENT_SECRET="")
    real_keyring.stop()
    with in_terminal(COMMAND, cwd=place.cwd, environment=place.environment) as terminal:
        terminal.wait_for("NOT SIGNED IN")
        os.kill(terminal.process.pid, signal.SIGTERM)
        assert terminal.ended(within=10) == 143
        assert terminal.unrestored() == []


BACKENDS = (
    "keyrings.alt.file.PlaintextKeyring",
    "keyring.backends.null.Keyring",
    "keyring.backends.fail.Keyring",
    "marking.Keyring",
    "nothing.there.Keyring",
)
MARKING = "import pathlib\npathlib.Path('imported').touch()\nclass Keyring: pass\n"


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_backend_named_in_the_environment_is_not_taken_and_the_secret_kept_for_this_run_only(
    place: Place, airisk: ForeignAIRisk, backend: str
) -> None:
    (place.cwd / "marking.py").write_text(MARKING)
    place.tell(PYTHON_KEYRING_BACKEND=backend, PYTHONPATH=str(place.cwd), CLIENT_SECRET="")
    done = place.run("users")
    assert (done.code, done.out) == (2, b"")
    assert "Set it in the environment or in .env" in done.line
    with in_terminal(COMMAND, cwd=place.cwd, environment=place.environment) as terminal:
        terminal.wait_for("Connect to AIRisk", "Client secret", "[ ] Write the rest")
        terminal.type(airisk.client_secret + "\r")
        terminal.wait_for("3 users", "kept for this run only")
        terminal.type("\x11")
        assert terminal.ended() == 0
    assert files_with([airisk.client_secret], place.root) == []
    assert not (place.cwd / "imported").exists()


@pytest.mark.parametrize("value", NOT_OURS.values(), ids=NOT_OURS)
def test_what_is_not_ours_is_asked_for_anew_and_forgotten(
    place: Place, airisk: ForeignAIRisk, real_keyring: "RealKeyring", value: bytes
) -> None:
    service = service_name(airisk.url, airisk.client_id)
    place.tell(**real_keyring.environment | {"HOME": str(place.home), "CLIENT_SECRET": ""})
    real_keyring.store(value, service=service, username=CLIENT_SECRET)
    done = place.run("users")
    assert (done.code, done.out) == (2, b"")
    assert "the keyring holds none" in done.line
    with in_terminal(COMMAND, cwd=place.cwd, environment=place.environment) as terminal:
        terminal.wait_for("Connect to AIRisk", "Client secret")
        assert CANARY not in terminal.shown
        terminal.type(ESC)
        assert terminal.ended() == 0
    assert place.run("forget").line.startswith("Removed 1 item")
    assert real_keyring.search(service) == []


def test_of_programs_that_keep_at_once_one_whole_secret_is_left(
    place: Place, airisk: ForeignAIRisk, real_keyring: "RealKeyring"
) -> None:
    place.tell(**real_keyring.environment | {"HOME": str(place.home)})
    secrets = [f"of program {number}" for number in range(4)]
    ended = run_all([Run(place, ("setup", "--from-env"), {"CLIENT_SECRET": each}) for each in secrets])
    assert 0 in {each.code for each in ended} <= {0, 5}
    (kept,) = real_keyring.search(service_name(airisk.url, airisk.client_id))
    assert kept.rpartition(":")[2] in secrets
