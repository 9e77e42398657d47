"""A keyring that is locked, silent or gone: what a person reads at the start, and that they go on all the same."""

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.kit.canaries import files_with
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.pty import opened
from tests.kit.shell import Place, Run, run_all
from tests.terminal.acting import ADA, act_as
from tui.config.keyring import CLIENT_SECRET, service_name

if TYPE_CHECKING:
    from tests.kit.keyring import RealKeyring

pytestmark = pytest.mark.fault("keyring")

NOT_ASKED = "The keyring did not respond within 5 s"
KEEP = "Save the secret in the OS keyring"
CANARY = "canary-value"


@dataclass(frozen=True)
class KeyringFault:
    """What befalls the keyring; what is then read above the form, and by which code and words a command ends."""

    name: str
    befall: Callable[["RealKeyring"], object]
    notice: str
    code: int
    words: str


FAULTS = (
    KeyringFault("locked", lambda keyring: keyring.lock(), "✗ The keyring is locked", 5, "The keyring is locked"),
    KeyringFault("silent", lambda keyring: keyring.stop(), f"✗ {NOT_ASKED}", 5, NOT_ASKED),
    KeyringFault("none", lambda keyring: keyring.kill_bus(), "", 2, "No client secret found. No secure keyring"),
)
"""One of each kind; all there are, and their words, are in service/airisk/test_vault_faults.py."""


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_it_is_reported_and_the_secret_is_requested(
    place: Place, airisk: ForeignAIRisk, real_keyring: "RealKeyring", fault: KeyringFault
) -> None:
    place.tell(**real_keyring.environment | {"HOME": str(place.home), "CLIENT_SECRET": ""})
    fault.befall(real_keyring)
    with opened(place) as terminal:
        terminal.sees("Connect to AIRisk", "Client secret", "Save other settings")
        terminal.reads(notice=fault.notice)
        terminal.type(airisk.client_secret + "\r")
        act_as(terminal, ADA)
        terminal.quits()
    if fault.code == 2:
        assert KEEP.encode() not in terminal.output
    done = place.run("users")
    assert (done.code, done.out) == (fault.code, b"")
    assert fault.words in done.line
    assert files_with([airisk.client_secret], place.root) == []


def test_quitting_does_not_wait_for_a_keyring_that_is_silent(
    place: Place, airisk: ForeignAIRisk, real_keyring: "RealKeyring"
) -> None:
    place.tell(**real_keyring.environment, CLIENT_SECRET="")
    real_keyring.stop()
    with opened(place) as terminal:
        terminal.sees("NOT SIGNED IN")
        os.kill(terminal.process.pid, signal.SIGTERM)
        assert terminal.ended() == 143
        assert terminal.unrestored() == []


MARKING = "import pathlib\npathlib.Path('imported').touch()\nclass Keyring: pass\n"


def test_a_backend_named_in_the_environment_is_not_taken_and_the_secret_kept_for_this_run_only(
    place: Place, airisk: ForeignAIRisk
) -> None:
    """Each kind of backend is in service/config/test_keyring.py."""
    (place.cwd / "marking.py").write_text(MARKING)
    place.tell(PYTHON_KEYRING_BACKEND="marking.Keyring", PYTHONPATH=str(place.cwd), CLIENT_SECRET="")
    done = place.run("users")
    assert (done.code, done.out) == (2, b"")
    assert "Set CLIENT_SECRET in the environment or in .env" in done.line
    with opened(place) as terminal:
        terminal.sees("Connect to AIRisk", "Client secret", "[ ] Save other settings")
        terminal.type(airisk.client_secret + "\r")
        terminal.sees("3 users", "held in memory until you quit")
        terminal.quits()
    assert files_with([airisk.client_secret], place.root) == []
    assert not (place.cwd / "imported").exists()


def test_what_is_not_ours_is_asked_about_again_and_forgotten(
    place: Place, airisk: ForeignAIRisk, real_keyring: "RealKeyring"
) -> None:
    """Each kind of such a value is in service/config/test_keyring.py."""
    service = service_name(airisk.url, airisk.client_id)
    place.tell(**real_keyring.environment | {"HOME": str(place.home), "CLIENT_SECRET": ""})
    real_keyring.store(f"airisk-tui:1:00000000:{CANARY}".encode(), service=service, username=CLIENT_SECRET)
    done = place.run("users")
    assert (done.code, done.out) == (2, b"")
    assert "No client secret found for" in done.line
    with opened(place) as terminal:
        terminal.sees("Connect to AIRisk", "Client secret")
        terminal.quits()
    assert CANARY.encode() not in terminal.output
    assert place.run("forget", "--yes").line.startswith("Deleted 1 item")
    assert real_keyring.search(service) == []


def test_of_programs_that_keep_at_once_one_whole_secret_is_left(
    place: Place, airisk: ForeignAIRisk, real_keyring: "RealKeyring"
) -> None:
    place.tell(**real_keyring.environment | {"HOME": str(place.home)})
    secrets = [f"of program {number}" for number in range(4)]
    ended = run_all([Run(place, ("setup", "--from-env"), {"CLIENT_SECRET": each}) for each in secrets])
    (kept,) = real_keyring.search(service_name(airisk.url, airisk.client_id))
    codes = dict(zip(secrets, (each.code for each in ended), strict=True))
    assert codes[kept.rpartition(":")[2]] == 0, "the last to write reads its own"
    assert {*codes.values()} <= {0, 5}, "whoever reads another's says that its own is not kept"
