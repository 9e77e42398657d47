"""A matrix that was killed, and one that several machines share: every cell once, and the same as in one go."""

from __future__ import annotations

import json
import signal
import stat
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.kit.deployment.dialect import Dialect
from tests.kit.deployment.faults import answers
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.deployment.gated import AREA, DENIALS, GatedAIRisk
from tests.kit.deployment.shapes import Person
from tests.kit.patience import PATIENCE, until
from tests.kit.shell import Place
from tui.audit.verify import verify
from tui.sandbox import Options, Sandbox

AT_ONCE = 8
ALL = ("matrix", "--all", "--also-as", "application,anonymous", "--rate", "0", "--concurrency", str(AT_ONCE))
CELLS = 42 * 3
PEOPLE = tuple(Person(f"u-{number}", f"Person {number}") for number in range(1, 21))
HANGS = "/api/Chat/GetConversations"
"""What is never answered while a run is held in the middle."""


@pytest.fixture
def sandbox(place: Place) -> Iterator[Sandbox]:
    """A sandbox, which the environment of `place` names."""
    with Sandbox(Options(users=40)) as served:
        options = served.options
        place.tell(AIRISK_URL=served.url, CLIENT_ID=options.client_id, CLIENT_SECRET=options.client_secret)
        yield served


def document(path: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(path.read_text())
    return read


def told(read: dict[str, Any]) -> dict[tuple[str, str], tuple[Any, ...]]:
    """What each cell says, apart from when and how fast; a cell that is there twice fails."""
    found = {
        (cell["identity"], cell["endpoint"]): (cell["status"], cell["verdict"], cell["reason"], cell.get("digest"))
        for cell in read["cells"]
    }
    assert len(found) == len(read["cells"])
    return found


def run_file(place: Place) -> Path:
    found = list((place.home / ".local/state/airisk-tui/matrix").rglob("*.jsonl"))
    assert len(found) == 1
    return found[0]


def lines(place: Place) -> int:
    """How many cells were kept by now."""
    found = list((place.home / ".local/state/airisk-tui/matrix").rglob("*.jsonl"))
    return found[0].read_bytes().count(b'{"cell":') if found else 0


def asked(sandbox: Sandbox) -> Counter[tuple[str | None, str]]:
    return Counter((each.identity, each.path) for each in sandbox.log if "oauth2" not in each.path)


@pytest.fixture
def crowded(place: Place) -> Iterator[ForeignAIRisk]:
    """A deployment with 20 users, which the environment of `place` names; a request to it may take a minute."""
    with ForeignAIRisk(Dialect(people=PEOPLE)) as server:
        place.reach(server)
        place.tell(AIRISK_TIMEOUT="60")
        yield server


@contextmanager
def held_in_the_middle(place: Place, server: ForeignAIRisk, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a matrix until each of its requests under way waits for an answer that does not come."""
    before = times(server, HANGS)
    server.breaks(HANGS, "never_answers")
    with place.running(*ALL, *arguments) as process:
        until(lambda: times(server, HANGS) == before + AT_ONCE, "as many requests as are sent at once")
        until(lambda: lines(place) > 0, "a cell that is kept")
        yield process
    server.mends(HANGS)


def times(server: ForeignAIRisk, path: str) -> int:
    """Count the requests for a path."""
    return sum(request.path == path for request in server.requests)


def test_killed_in_the_middle_it_goes_on_where_it_was(place, crowded):
    whole = place.run(*ALL, "--report", "whole.json")
    assert whole.code == 0, whole.err
    cells = told(document(place.cwd / "whole.json"))
    run_file(place).unlink()
    crowded.requests.clear()

    with held_in_the_middle(place, crowded, "--report", "resumed.json") as process:
        process.kill()
        process.wait(PATIENCE)
        held = {(each.identity, each.path) for each in crowded.requests if each.path == HANGS}
    assert 0 < lines(place) < len(cells)
    assert not (place.cwd / "resumed.json").exists()
    with run_file(place).open("ab") as file:
        file.write(b'{"cell":{"identity":"u-0000')  # what a killed program may leave

    done = place.run(*ALL, "--resume", "--report", "resumed.json")
    assert done.code == 0
    assert "cells have results" in done.err
    assert told(document(place.cwd / "resumed.json")) == cells
    # What was under way when it was killed is all that was asked twice, beside the 401 that no new token cures.
    asked_of = Counter((each.identity, each.path) for each in crowded.requests if each.path.startswith("/api/Chat"))
    twice = {each for each, number in asked_of.items() if number > 1}
    assert twice == held | {("(generic)", "/api/Chat/ListAgents")}
    assert verify(place.home / ".local/state/airisk-tui/audit/audit.jsonl").error is None


def test_a_kept_run_that_was_edited_changes_nothing_unasked(place, airisk):
    airisk.breaks("/api/done", answers(200, b"{}"))
    assert place.run("matrix", "--as", "u-1", "--as", "u-2", "--endpoint", "GET /api/done").code == 0
    head, *rest = run_file(place).read_text().replace("GET /api/done", "DELETE /api/done").splitlines()
    known = [line for line in rest if '"cell"' not in line or '"u-1"' in line]
    run_file(place).write_text("\n".join([head, *known]) + "\n")
    resumed = ("matrix", "--resume")
    done = place.run(*resumed)
    assert "DELETE /api/done: may change data (allow with --allow-unsafe 'DELETE /api/done')" in done.err
    assert {request.method for request in airisk.requests if request.path == "/api/done"} == {"GET"}
    stray = place.run(*resumed, "--allow-unsafe", "DELETE /api/other")
    assert (stray.code, "which is not in the matrix" in stray.err) == (2, True)
    assert place.run(*resumed, "--allow-unsafe", "DELETE /api/done").code == 0
    assert [request.method for request in airisk.requests if request.path == "/api/done"][-1] == "DELETE"


def test_interrupted_it_says_how_to_go_on(place, crowded):
    with held_in_the_middle(place, crowded) as process:
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out) == (130, b"")
    assert b"continue it with --resume" in err


def test_a_finished_run_is_not_run_again_but_a_new_one_is(place, sandbox):
    place.run(*ALL)
    before = asked(sandbox)
    place.run(*ALL, "--resume")
    # Whom nobody can be signed in as is tried again; nothing else is.
    assert asked(sandbox) == before
    place.run(*ALL)
    assert asked(sandbox) == before + before


def test_nobody_else_may_read_what_is_kept_and_forget_removes_it(place, sandbox):
    place.run(*ALL)
    path = run_file(place)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert sandbox.options.client_secret not in path.read_text()
    assert "Deleted 1 saved matrix run for " in place.run("forget", "--yes").err
    assert not path.exists()


def test_two_at_the_same_run_are_distinguished(place, crowded):
    with held_in_the_middle(place, crowded):
        done = place.run(*ALL)
    assert done.code == 2
    assert "This run is in use by another airisk-tui process" in done.err


def test_merged_shards_are_the_whole_run(place, sandbox):
    (place.cwd / "policy.yaml").write_text("rules: [{allow: GET /api/ListUsers}]\n")
    policy = ("--policy", "policy.yaml")
    assert place.run(*ALL, *policy, "--report", "whole.json").code == 1
    for part in (1, 2, 3):
        name = f"part-{part}.json"
        assert place.run(*ALL, *policy, "--shard", f"{part}/3", "--report", name).code == 1
    parts = [f"part-{part}.json" for part in (1, 2, 3)]
    sizes = [len(document(place.cwd / part)["cells"]) for part in parts]
    assert sum(sizes) == CELLS
    assert all(sizes)
    done = place.run("matrix", "merge", *parts, "--report", "merged.json", AIRISK_URL="", CLIENT_ID="")
    assert (done.code, done.err) == (1, "")
    whole, merged = (document(place.cwd / name) for name in ("whole.json", "merged.json"))
    assert told(merged) == told(whole)
    assert merged["summary"] == whole["summary"]
    assert [row["id"] for row in merged["identities"]] == [row["id"] for row in whole["identities"]]
    assert not any("place" in row for row in merged["identities"])
    assert "shard" not in merged["parameters"]


def test_a_missing_part_is_reported_and_others_parts_are_refused(place, sandbox):
    for part in (1, 3):
        place.run(*ALL, "--shard", f"{part}/3", "--report", f"part-{part}.json")
    done = place.run("matrix", "merge", "part-1.json", "part-3.json", "--format", "json")
    assert "Shard 2 of 3 is missing." in done.err
    other = document(place.cwd / "part-3.json") | {"deployment": "https://another.example"}
    (place.cwd / "other.json").write_text(json.dumps(other))
    done = place.run("matrix", "merge", "part-1.json", "other.json")
    assert (done.code, done.out) == (2, b"")
    assert "Merge the shards of one run" in done.err


def test_shards_that_draw_a_sample_draw_the_same(place, sandbox):
    drawn = []
    for part in (1, 2):
        name = f"part-{part}.json"
        given = ("--sample", "9", "--also-as", "anonymous", "--shard", f"{part}/2", "--rate", "0", "--report", name)
        place.run("matrix", *given)
        drawn += [row["id"] for row in document(place.cwd / name)["identities"]]
    assert len(drawn) == len(set(drawn)) == 10


def test_what_is_not_shown_is_weighed_again_when_parts_are_merged(place):
    """One machine sees only 404s: whether that is a denial can be told beside the others alone."""
    with GatedAIRisk(DENIALS["404"], {("u-1", "vault")}) as server:
        place.reach(server)
        for user in ("u-1", "u-2"):
            given = ("--as", user, "--endpoint", f"GET {AREA}vault", "--report", f"{user}.json")
            place.run("matrix", *given)
    alone = document(place.cwd / "u-2.json")
    assert [cell["verdict"] for cell in alone["cells"]] == ["inconclusive"]
    place.run("matrix", "merge", "u-2.json", "u-1.json", "--report", "both.json")
    both = {cell["identity"]: cell["verdict"] for cell in document(place.cwd / "both.json")["cells"]}
    assert both == {"u-1": "allowed", "u-2": "denied"}
