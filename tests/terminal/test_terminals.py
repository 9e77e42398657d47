"""Terminals that can do little, and homes in which nothing can be kept: the whole job is done all the same."""

import subprocess
from pathlib import Path

import pytest

from tests.kit.colors import XTERM, contrast_of, palette
from tests.kit.contrast import READABLE
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.machine import APART, needs
from tests.kit.pty import Terminal, in_terminal, opened
from tests.kit.shell import COMMAND, Place
from tests.terminal.acting import ADA, act_as, open_agents

pytestmark = pytest.mark.fault("terminal and process")

TERMINALS = {
    "no colours": {"NO_COLOR": "1"},
    "unheard of": {"TERM": "klingon"},
    "LC_ALL=C": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "not UTF-8": {"LANG": "de_DE.ISO-8859-1", "PYTHONUTF8": "0"},
    "Latin-1": {"LC_ALL": "C", "PYTHONIOENCODING": "latin-1"},
    "odd variables": {"COLORTERM": "\x1b]0;x\x07", "COLUMNS": "-3", "LINES": "many", "TERM_PROGRAM": "[/]"},
}
HERE = ("LC_ALL=C", "odd variables")
"""The others are in tests/long."""


def does_the_job(terminal: Terminal) -> None:
    """Act as Ada, ask as her, and stop."""
    act_as(terminal, ADA)
    open_agents(terminal)
    terminal.press("f5")
    terminal.sees(f"200 OK · as {ADA}", "agent-1-of-u-1")
    terminal.press("1", "x")
    terminal.bar_says("APPLICATION")
    terminal.quits()


@pytest.mark.usefixtures("airisk")
@pytest.mark.parametrize("name", HERE)
def test_the_job_is_done_in_any_terminal(place: Place, name: str) -> None:
    does_all_of_it(place, name)


def does_all_of_it(place: Place, name: str) -> None:
    """Do the job in that terminal, and list users by the command."""
    place.tell(**TERMINALS[name])
    with opened(place) as terminal:
        does_the_job(terminal)
    done = place.run("users")
    assert (done.code, done.err, done.text.count("u-")) == (0, "", 3)


def test_a_terminal_that_cannot_move_its_cursor_is_reported(place: Place) -> None:
    place.tell(TERM="dumb")
    with opened(place) as terminal:
        assert terminal.ended() == 2
        assert "".join(terminal.lines).rstrip() == (
            "airisk-tui: The app needs a terminal that can move its cursor, but TERM is dumb. "
            "Set TERM, for example to xterm-256color. "
            "In scripts, use the users, request, matrix, exec or audit commands."
        )
        assert b"\x1b" not in terminal.output


FEW_COLORS = {
    "xterm's own": {"TERM": "xterm"},
    "no colours": {"TERM": "xterm", "NO_COLOR": "1"},
    "GNU screen in a terminal with every color": {"TERM": "screen", "STY": "1.pts-1", "COLORTERM": "truecolor"},
}


@pytest.mark.parametrize("told", FEW_COLORS.values(), ids=FEW_COLORS)
def test_whoever_is_acted_as_can_be_read_where_there_are_few_colors(
    place: Place, airisk: ForeignAIRisk, told: dict[str, str]
) -> None:
    place.tell(AIRISK_LABEL="production", **told)
    with opened(place) as terminal:
        act_as(terminal, ADA)
        bar = [cell for cell in terminal.coloured[0] if cell.data.isalnum()]
        assert "".join(cell.data for cell in bar).startswith("ACTINGASAdaLovelace")
        assert min(contrast_of(cell, palette(XTERM), brightens=True) for cell in bar) >= READABLE
        assert b"38;2;" not in terminal.output, "true color"
        terminal.quits()


# A home that can only be read

READ_ONLY = """mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" || exit
shift
exec "$@"
"""
NOT_KEPT = "The audit trail cannot be written: Read-only file system."


def read_only(home: Path, *command: str) -> tuple[str, ...]:
    """That command, which can only read in `home`; without mounts, the test is skipped."""
    needs("namespaces")
    return (*APART, "sh", "-c", READ_ONLY, "sh", str(home), *command)


def test_a_read_only_home_is_reported_once_and_the_job_done(place: Place, airisk: ForeignAIRisk) -> None:
    command = read_only(place.home, *COMMAND)
    with in_terminal(command, cwd=place.cwd, environment=place.environment) as terminal:
        terminal.sees("3 users")
        terminal.press("enter")
        terminal.until(lambda: "The audit trail cannot be" in terminal.notice, "what is wrong")
        does_the_job(terminal)
    assert list(place.home.rglob("*")) == []


def test_where_the_trail_is_required_nobody_is_acted_as_in_a_read_only_home(
    place: Place, airisk: ForeignAIRisk
) -> None:
    place.tell(AIRISK_REQUIRE_AUDIT="true")
    command = read_only(place.home, *COMMAND)
    with in_terminal(command, cwd=place.cwd, environment=place.environment) as terminal:
        terminal.sees("The audit trail cannot be")
        terminal.quits()
    assert b"ACTING AS" not in terminal.output
    done = asked_in_a_read_only_home(place)
    assert (done.returncode, done.stdout) == (2, "")
    assert "The audit trail cannot be" in done.stderr
    assert airisk.issued.count("u-1") == 0


def asked_in_a_read_only_home(place: Place) -> "subprocess.CompletedProcess[str]":
    """One request in the name of a user, by the command."""
    request = ("request", "GET", "/api/Chat/ListAgents", "--as", "u-1")
    return subprocess.run(
        [*read_only(place.home, *COMMAND), *request],
        cwd=place.cwd,
        env=place.environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_command_in_a_read_only_home_is_done_and_says_what_was_not_kept(place: Place, airisk: ForeignAIRisk) -> None:
    done = asked_in_a_read_only_home(place)
    assert (done.returncode, "agent-1-of-u-1" in done.stdout) == (0, True)
    assert done.stderr.count("The audit trail cannot be") == 1
