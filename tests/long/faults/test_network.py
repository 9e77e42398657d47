"""Every fault of the network at every door."""

import re
import sys
from pathlib import Path

import pytest

from tests.faults import commands, stories
from tests.faults.common import AGENTS_PATH, LIST_PATHS, break_server
from tests.faults.doors import AtTerminal, Door, at_each_door, in_terminal
from tests.faults.network import FAULTS, SILENT, NetworkFault
from tests.faults.table import every
from tests.faults.unnoticed import TOO_MUCH, UNCERTAIN, UNNOTICED, Unnoticed
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.shell import Place

pytestmark = pytest.mark.fault("network and HTTP")


@at_each_door
@every("fault", FAULTS)
async def test_network_fault(place: Place, door: Door, fault: NetworkFault) -> None:
    await stories.network_fault(door, place, fault)


@at_each_door
@every("fault", SILENT)
async def test_deadline(place: Place, door: Door, fault: NetworkFault) -> None:
    await stories.deadline(door, place, fault)


@every("fault", [each for each in (*FAULTS, *SILENT) if not each.is_waited_for])
def test_network_fault_of_a_command(place: Place, fault: NetworkFault) -> None:
    commands.network_fault(place, fault)


@at_each_door
@every("fault", UNNOTICED)
async def test_unnoticed_fault(place: Place, door: Door, fault: Unnoticed) -> None:
    await stories.unnoticed_fault(door, place, fault)


@every("fault", UNNOTICED)
def test_unnoticed_fault_of_a_command(place: Place, fault: Unnoticed) -> None:
    commands.unnoticed_fault(place, fault)


@at_each_door
@pytest.mark.parametrize("fault", UNCERTAIN)
async def test_unsafe_request(place: Place, door: Door, fault: str) -> None:
    await stories.unsafe_request(door, place, fault)


@pytest.mark.parametrize("fault", UNCERTAIN)
def test_unsafe_request_of_a_command(place: Place, fault: str) -> None:
    commands.unsafe_request(place, fault)


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak of memory from /proc")
@every("fault", TOO_MUCH)
async def test_large_responses_take_less_than_20_mb(place: Place, fault: NetworkFault) -> None:
    with ForeignAIRisk(tls=True) as server:
        listed, answered = stories.words_of(fault, server)
        async with in_terminal(place, server) as person:
            assert isinstance(person, AtTerminal)
            await stories.act_as_ada_and_send(person)
            process = Path(f"/proc/{person.terminal.process.pid}")
            (process / "clear_refs").write_text("5")  # reset the peak
            before = peak(process)
            break_server(server, fault.how, *LIST_PATHS, AGENTS_PATH)
            await person.press("ctrl+r")
            await person.reads(notice=f"✗ {listed}")
            await person.press("f5")
            await person.reads(answer=answered)
            assert peak(process) - before < 20


def peak(process: Path) -> int:
    """Return the peak of memory in MB."""
    found = re.search(r"VmHWM:\s+(\d+) kB", (process / "status").read_text())
    assert found
    return int(found[1]) // 1000
