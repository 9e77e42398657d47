"""Somebody's matrix is broken off, by a kill or by leaving, and gone on with: on the screen, or from a script."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.kit.pty import Terminal, opened
from tests.kit.shell import Place
from tui.sandbox import Options, Sandbox


@pytest.fixture(scope="module")
def served():
    with Sandbox(Options(users=20)) as deployment:
        yield deployment


@pytest.fixture
def desk(place: Place, served: Sandbox) -> Place:
    """A place that reaches the deployment."""
    place.tell(AIRISK_URL=served.url, CLIENT_ID=served.options.client_id, CLIENT_SECRET=served.options.client_secret)
    return place


def begin(terminal: Terminal) -> None:
    """Plan a matrix of everybody, of which five cells are asked a second: twenty seconds to be broken off in."""
    terminal.sees("20 users", "endpoints imported")
    terminal.press("m")
    terminal.sees("Access matrix", "22 identities × 5 endpoints")
    terminal.press("tab", "tab", "tab", "tab", "tab", "end", "ctrl+u")
    terminal.type("5\r")
    terminal.until(lambda: known(terminal) >= 5, "some cells that are known")


def known(terminal: Terminal) -> int:
    """How many cells are, of the matrix on the screen."""
    found = re.search(r" (\d+) of 110 cells", terminal.screen)
    return int(found[1]) if found else 0


def lines_of(place: Place) -> list[dict[str, Any]]:
    """What the file of the run holds, the head first."""
    (path,) = Path(place.home).glob(".local/state/airisk-tui/matrix/*/*.jsonl")
    return [json.loads(line) for line in path.read_bytes().splitlines(keepends=True) if line.endswith(b"\n")]


def verdicts(path: Path) -> dict[tuple[str, str, str], str]:
    cells = json.loads(path.read_text())["cells"]
    found = {(cell.get("kind", "user"), cell["identity"], cell["endpoint"]): cell["verdict"] for cell in cells}
    assert len(found) == len(cells)
    return found


def settled(place: Place) -> set[tuple[str, str]]:
    """What is known by now, and need not be asked again."""
    cells = [line["cell"] for line in lines_of(place)[1:] if line.get("cell")]
    return {(cell["identity"], cell["endpoint"]) for cell in cells if cell["verdict"] != "inconclusive"}


def go_on_for_a_while(desk: Place, known: set[tuple[str, str]]) -> None:
    """Open the program, plan something else, choose what was left instead, and leave with Ctrl+Q."""
    with opened(desk) as terminal:
        terminal.sees("20 users", "List agents")
        terminal.press("space", "m")  # another plan by now: the one who is marked
        terminal.sees("1 marked", "resume an unfinished run")
        terminal.press("shift+tab", "space")
        terminal.sees("resume the unfinished run", "22 identities × 5 endpoints")
        terminal.press("enter")
        terminal.sees("Space pauses, Esc cancels", "of 110 cells")
        terminal.until(lambda: len(settled(desk)) > len(known), "more cells that are known")
        terminal.quits()


def test_killed_gone_on_with_left_and_finished_by_the_command(desk, served):
    with opened(desk) as terminal:
        begin(terminal)
        terminal.kill()
    first = settled(desk)
    assert 0 < len(first) < 110

    go_on_for_a_while(desk, first)
    known = settled(desk)
    assert first < known

    asked_before = len(served.log)
    done = desk.run("matrix", "--resume", "--rate", "0", "--report", "whole.json")
    assert "Resuming the run of" in done.err
    assert f"{len(known)} of 110 cells have results" in done.err
    asked = {(record.identity, f"{record.method} {record.path}") for record in served.log[asked_before:]}
    assert not {key for key in known if key[0].startswith("u-")} & asked

    asked_for = [word for column in lines_of(desk)[0]["columns"] for word in ("--endpoint", column["name"])]
    anew = (
        "matrix",
        "--all",
        "--also-as",
        "application,anonymous",
        *asked_for,
        "--rate",
        "0",
        "--report",
        "unbroken.json",
    )
    assert desk.run(*anew).code in {0, 6}
    assert verdicts(desk.cwd / "whole.json") == verdicts(desk.cwd / "unbroken.json")
