"""The shards of one run under real engines, a part killed in the middle: together they are the whole run.

The scripts are those of docs/examples. `ENGINES_USERS=2000` makes it a run of 20,000 cells.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.kit.machine import needs
from tests.kit.patience import until
from tests.kit.shell import Place
from tui.sandbox import Options, Sandbox

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
USERS = int(os.environ.get("ENGINES_USERS", "300"))
ENDPOINTS = [
    "GET /api/Chat/ListAgents",
    "GET /api/ListUsers?results=1",
    *(f"GET /api/Chat/GetConversations?results={number}" for number in range(1, 9)),
]
OPTIONS = [
    "--all",
    *(word for name in ENDPOINTS for word in ("--endpoint", name)),
    "--rate",
    "0",
    "--policy",
    "a policy.yaml",
]
PARTS = 4
TAKES = 1800

pytestmark = pytest.mark.xdist_group("engines")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """A deployment with many users."""
    with Sandbox(Options(users=USERS)) as served:
        yield served


@pytest.fixture
def place(place: Place, sandbox: Sandbox) -> Place:
    """A place whose PATH has the program, and whose environment names the deployment."""
    return prepared(place, sandbox)


def prepared(place: Place, sandbox: Sandbox) -> Place:
    program = place.root / "bin" / "airisk-tui"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m tui "$@"\n')
    program.chmod(0o755)
    options = sandbox.options
    place.tell(AIRISK_URL=sandbox.url, CLIENT_ID=options.client_id, CLIENT_SECRET=options.client_secret)
    place.tell(PATH=f"{program.parent}:{place.environment['PATH']}", JOBS=str(PARTS))
    (place.cwd / "a policy.yaml").write_text(
        "default: none\nrules: [{deny: GET /api/Chat/ListAgents, users: u-000001}]\n"
    )
    return place


@pytest.fixture(scope="module")
def whole(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What one machine finds out alone."""
    place = prepared(Place(tmp_path_factory.mktemp("whole")), sandbox)
    done = run(place, "airisk-tui", "matrix", *OPTIONS, "--report", "whole.json")
    assert done == 1, "the policy denies what is allowed"
    return document(place, "whole.json")


def run(place: Place, *command: str | Path, **environment: str) -> int:
    """Run a command to its end; its exit code."""
    told = place.environment | environment
    return subprocess.run(command, cwd=place.cwd, env=told, check=False, timeout=TAKES).returncode


def document(place: Place, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((place.cwd / name).read_text())
    return found


def results(found: dict[str, Any]) -> dict[tuple[str, str], tuple[object, ...]]:
    """What each cell says, apart from when and how fast."""
    members = ("status", "verdict", "reason", "digest", "expected", "finding")
    return {(cell["identity"], cell["endpoint"]): tuple(cell.get(name) for name in members) for cell in found["cells"]}


def process_of(part: int) -> int | None:
    """The process that runs a part as the program."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().split(b"\0")
            environment = (path.parent / "environ").read_bytes().split(b"\0")
        except OSError:  # it ended, or is not ours
            continue
        is_part = f"{part}/{PARTS}".encode() in words or f"SLURM_ARRAY_TASK_ID={part}".encode() in environment
        if is_part and b"tui" in words and b"matrix" in words:
            return int(path.parent.name)
    return None


def cells_known(place: Place, part: int) -> int:
    """How many cells of a part are in the file of its run."""
    for path in (place.home / ".local/state/airisk-tui/matrix").rglob("*.jsonl"):
        lines = path.read_bytes().splitlines()
        if lines and json.loads(lines[0])["parameters"].get("shard") == [part, PARTS]:
            return sum(line.startswith(b'{"cell"') for line in lines)
    return 0


def kill_in_the_middle(place: Place, part: int) -> None:
    """Kill a part that has some of its cells, and not all."""
    until(lambda: cells_known(place, part) > 20, "some cells of the part")
    process = process_of(part)
    assert process, "the part has ended already"
    os.kill(process, signal.SIGKILL)


def test_gnu_parallel(place: Place, whole: dict[str, Any]) -> None:
    needs("parallel")
    command = [str(EXAMPLES / "gnu-parallel.sh"), str(PARTS), "reports of today", *OPTIONS]
    with subprocess.Popen(command, cwd=place.cwd, env=place.environment) as engine:
        kill_in_the_middle(place, 3)
        assert engine.wait(TAKES) == 1
    merged = document(place, "reports of today/run.json")
    assert merged["gaps"] == whole["gaps"]
    assert results(merged) == results(whole)
    assert merged["summary"] == whole["summary"]
    assert (place.cwd / "reports of today" / "run.html").exists()


def test_slurm(place: Place, whole: dict[str, Any]) -> None:
    needs("slurmctld", "slurmd", "sbatch")
    with slurm(place) as settings:
        place.tell(**settings)
        array = ["sbatch", "--parsable", f"--array=1-{PARTS}", "--output=slurm-%a.log"]
        submitted = subprocess.run(
            [*array, str(EXAMPLES / "slurm-array.sh"), "reports", *OPTIONS],
            cwd=place.cwd,
            env=place.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        job = submitted.stdout.strip()
        kill_in_the_middle(place, 3)
        until(lambda: run(place, "scontrol", "requeue", f"{job}_3") == 0, "Slurm sees that the part failed")
        # Slurm would wait for two minutes.
        assert run(place, "scontrol", "update", f"JobId={job}_3", "StartTime=now") == 0
        merge = "airisk-tui matrix merge reports/part-*.json --report reports/run.json"
        after = ["sbatch", "--wait", f"--dependency=afterany:{job}", "--output=merge.log", "--wrap", merge]
        assert run(place, *after) == 1
    merged = document(place, "reports/run.json")
    assert merged["gaps"] == whole["gaps"]
    assert results(merged) == results(whole)
    assert merged["summary"] == whole["summary"]


@contextmanager
def slurm(place: Place) -> Iterator[dict[str, str]]:
    """Run a Slurm of one node on loopback; yield what names it in the environment."""
    home = place.root / "slurm"
    for name in ("state", "spool"):
        (home / name).mkdir(parents=True)
    host, user = socket.gethostname().partition(".")[0], "root"
    (home / "cgroup.conf").write_text("CgroupPlugin=disabled\n")
    (home / "slurm.conf").write_text(f"""\
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={free_port()}
SlurmdPort={free_port()}
AuthType=auth/none
CredType=cred/none
SlurmUser={user}
SlurmdUser={user}
StateSaveLocation={home}/state
SlurmdSpoolDir={home}/spool
SlurmctldPidFile={home}/slurmctld.pid
SlurmdPidFile={home}/slurmd.pid
SlurmctldLogFile={home}/slurmctld.log
SlurmdLogFile={home}/slurmd.log
ProctrackType=proctrack/pgid
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
ReturnToService=2
MinJobAge=600
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
NodeName={host} NodeAddr=127.0.0.1 CPUs={PARTS} CoresPerSocket={PARTS} RealMemory=500 State=UNKNOWN
PartitionName=all Nodes={host} Default=YES State=UP
""")
    settings = {"SLURM_CONF": str(home / "slurm.conf")}
    environment = os.environ | settings
    with ExitStack() as stack:
        for command in (["slurmctld", "-D"], ["slurmd", "-D", "-N", host]):
            log = stack.enter_context((home / f"{command[0]}.out").open("wb"))
            process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
            stack.callback(process.wait, 60)
            stack.callback(process.terminate)

        def is_idle() -> bool:
            told = subprocess.run(
                ["sinfo", "-h", "-o", "%T"], env=environment, capture_output=True, text=True, check=False
            )
            return told.stdout.strip() == "idle"

        until(is_idle, "an idle node")
        yield settings


def free_port() -> int:
    """A port on loopback that is free now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
