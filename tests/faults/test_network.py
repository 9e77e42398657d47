"""Everything that the network can do instead of answering: in a real terminal, and without a screen."""

import json
import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.faults.network import FAULTS, SILENT, NetworkFault
from tests.faults.stage import ADA, Acting, acting, meddling, meddling_was_in_vain
from tests.faults.unnoticed import NOBODY_THERE, TOO_MUCH, UNNOTICED
from tests.kit.deployment.dialect import SHORT_LIST_PATH
from tests.kit.deployment.faults import CATALOG
from tests.kit.deployment.faulty_line import FaultyLine, LineFault
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.forked import Run, run_all
from tests.kit.shell import Outcome, Place

pytestmark = pytest.mark.fault("network and HTTP")

BRIEF = "1"  # seconds; where nothing but the deadline ends it
USUAL = "20"


def words_of(fault: NetworkFault, host: str) -> tuple[str, str]:
    """What is read of the users, and of an answer."""
    listed = fault.listed.replace("{host}", host).replace("{seconds}", BRIEF)
    return listed, fault.answered or f"✗ {listed} GET /api/Chat/ListAgents as {ADA}"


@pytest.fixture(scope="module")
def at_work(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Acting]:
    """Somebody who has time."""
    with acting(tmp_path_factory.mktemp("work"), AIRISK_TIMEOUT=USUAL) as person:
        yield person


@pytest.fixture(scope="module")
def in_haste(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Acting]:
    """Somebody who does not wait for long."""
    with acting(tmp_path_factory.mktemp("haste"), AIRISK_TIMEOUT=BRIEF) as person:
        yield person


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_it_is_told_on_the_screen_and_the_list_and_whoever_is_acted_as_stay(
    at_work: Acting, fault: NetworkFault
) -> None:
    listed, answered = words_of(fault, at_work.host)
    at_work.breaks(fault.how)
    at_work.reads(notice=f"✗ {listed}", answer=answered)
    at_work.has_lost_nothing()
    at_work.tries_again()


@pytest.mark.parametrize("fault", SILENT, ids=lambda fault: fault.name)
def test_the_deadline_ends_it_on_the_screen(in_haste: Acting, fault: NetworkFault) -> None:
    listed, answered = words_of(fault, in_haste.host)
    in_haste.breaks(fault.how)
    in_haste.reads_late(notice=f"✗ {listed}", answer=answered)
    in_haste.has_lost_nothing()
    in_haste.tries_again()


@pytest.mark.parametrize("name", UNNOTICED)
def test_it_is_not_even_noticed_on_the_screen(at_work: Acting, name: str) -> None:
    at_work.breaks(CATALOG[name])
    at_work.reads(notice="", answer="200 OK {facts}")
    at_work.terminal.wait_for("─ 3 users ─" if name.startswith("drops") else "─ 1 user ─")
    at_work.tries_again()


@pytest.mark.parametrize("name", NOBODY_THERE)
def test_nobody_there_is_no_fault_on_the_screen(at_work: Acting, name: str) -> None:
    at_work.breaks(CATALOG[name])
    at_work.reads(notice="", answer=NOBODY_THERE[name])
    at_work.terminal.wait_for("AIRisk lists no users.", "─ 0 users ─")
    at_work.tries_again()


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak from /proc")
@pytest.mark.parametrize("fault", TOO_MUCH, ids=lambda fault: fault.name)
def test_what_is_too_much_takes_less_than_20_mb(at_work: Acting, fault: NetworkFault) -> None:
    listed, answered = words_of(fault, at_work.host)
    process = Path(f"/proc/{at_work.terminal.process.pid}")
    (process / "clear_refs").write_text("5")  # the peak begins anew
    before = peak(process)
    at_work.breaks(fault.how)
    at_work.reads(notice=f"✗ {listed}", answer=answered)
    assert peak(process) - before < 20
    at_work.tries_again()


def peak(process: Path) -> int:
    """The most memory it had, in MB."""
    found = re.search(r"VmHWM:\s+(\d+) kB", (process / "status").read_text())
    assert found
    return int(found[1]) // 1000


# Without a screen


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, Outcome]]:
    """By the fault's name: the host, and how `airisk-tui users` ended."""
    place = Place(tmp_path_factory.mktemp("headless"))
    runs, hosts = [], []
    with ExitStack() as servers:
        for fault in (*FAULTS, *SILENT):
            server = servers.enter_context(ForeignAIRisk())
            line = servers.enter_context(FaultyLine(server))
            if isinstance(fault.how, LineFault):
                line.breaks(fault.how)
            else:
                server.breaks(SHORT_LIST_PATH, fault.how)
            hosts.append(f"127.0.0.1:{line.port}")
            runs.append(Run(place, ("users",), environment(server, line, BRIEF if fault in SILENT else USUAL)))
        ended = run_all(runs)
    names = [fault.name for fault in (*FAULTS, *SILENT)]
    return dict(zip(names, zip(hosts, ended, strict=True), strict=True))


def reaching(server: ForeignAIRisk) -> dict[str, str]:
    return {"AIRISK_URL": server.url, "CLIENT_ID": server.client_id, "CLIENT_SECRET": server.client_secret}


def environment(server: ForeignAIRisk, line: FaultyLine, seconds: str) -> dict[str, str]:
    over = {"AIRISK_URL": line.url, "AIRISK_CA_FILE": str(line.ca_file), "AIRISK_TIMEOUT": seconds}
    return reaching(server) | over


@pytest.mark.parametrize("fault", [*FAULTS, *SILENT], ids=lambda fault: fault.name)
def test_it_is_one_line_without_a_screen(outcomes: dict[str, tuple[str, Outcome]], fault: NetworkFault) -> None:
    host, outcome = outcomes[fault.name]
    assert outcome.line.startswith(words_of(fault, host)[0])
    assert (outcome.code, outcome.out) == (fault.code, b"")


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    """By the fault's name: how `airisk-tui users` ended, which sent no cookie."""
    place = Place(tmp_path_factory.mktemp("quiet"))
    names = (*UNNOTICED, *NOBODY_THERE)
    with ExitStack() as stack:
        servers = [stack.enter_context(ForeignAIRisk(faults={SHORT_LIST_PATH: CATALOG[name]})) for name in names]
        told = [reaching(server) | meddling(place, server) for server in servers]
        ended = run_all([Run(place, ("users", "--format", "json"), each) for each in told])
        for server in servers:
            meddling_was_in_vain(place, server)
    return dict(zip(names, ended, strict=True))


@pytest.mark.parametrize("name", [*UNNOTICED, *NOBODY_THERE])
def test_it_is_not_even_noticed_without_a_screen(quiet: dict[str, Outcome], name: str) -> None:
    outcome = quiet[name]
    assert outcome.code == 0
    assert len(json.loads(outcome.text)) == (0 if name in NOBODY_THERE else 3 if name.startswith("drops") else 1)
