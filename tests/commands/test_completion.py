"""Tab in a real shell: what is offered fits, is what one has used, and asks nobody."""

import asyncio
import json
import shlex
from contextlib import contextmanager

import pytest

from tests.kit.deployment.dialect import Dialect
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.deployment.shapes import Person
from tests.kit.machine import needs
from tests.kit.shell import COMMAND
from tests.kit.tmux import in_tmux
from tui.config.workspace import WorkspaceStore

SHELLS = {
    "bash": ("bash --norc -i", ". <(airisk-tui completion bash)"),
    "zsh": ("zsh -f -i", "autoload -Uz compinit; compinit -u -D; . <(airisk-tui completion zsh)"),
    "fish": ("fish --no-config -i", "airisk-tui completion fish | source"),
}


@pytest.fixture
def installed(place):
    """`airisk-tui` can be called by its name."""
    script = place.root / "bin" / "airisk-tui"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\nexec {shlex.join(COMMAND)} "$@"\n')
    script.chmod(0o755)
    place.tell(PATH=f"{script.parent}:{place.environment['PATH']}")


@contextmanager
def shell(place, name):
    """A shell that has read its script."""
    command, reading = SHELLS[name]
    needs("tmux", command.split()[0])
    with in_tmux(command.split(), size=(100, 30), cwd=place.cwd, environment=place.environment) as terminal:
        terminal.type(f"{reading}; echo can''_begin\r")
        terminal.sees("can_begin")
        yield terminal


HOSTILE = Person("$(touch pwned); u's `id`", "Mallory")
GRACE = Person("u-2", "Grace", "Hopper")


@pytest.mark.parametrize("name", SHELLS)
def test_requests_are_written_with_tab_and_then_sent(place, installed, name):
    with ForeignAIRisk(Dialect(people=(GRACE, HOSTILE))) as airisk:
        place.reach(airisk)
        for person in (GRACE, HOSTILE):
            place.run("request", "GET", "/api/Chat/ListAgents", "--as", person.identity)
        with shell(place, name) as terminal:
            before = len(airisk.requests)
            for typed, completed in (
                ("airisk-tui req", "airisk-tui request"),
                ("GET /api/Chat/ListA", "/api/Chat/ListAgents"),
                ("--as u", "--as u-2"),
            ):
                terminal.type(typed)
                terminal.press("tab")
                terminal.sees(completed)
            assert len(airisk.requests) == before
            assert identity_after_enter(terminal, airisk) == "u-2"

            # An id that another person chose acts on nothing.
            terminal.press("ctrl+l")
            terminal.type("airisk-tui request GET /api/Chat/ListAgents --as '$")
            terminal.press("tab")
            terminal.sees("touch")
            assert identity_after_enter(terminal, airisk) == HOSTILE.identity
    assert list(place.cwd.iterdir()) == []


def identity_after_enter(terminal, airisk):
    before = len(airisk.requests)
    terminal.press("enter")
    terminal.until(lambda: len(airisk.requests) > before and '"id"' in terminal.screen, "the answer")
    return airisk.requests[-1].identity


OFFERED = {
    "airisk-tui audit ": {"show", "verify"},
    "airisk-tui users --format ": {"table", "json", "csv"},
    "airisk-tui users --filter ": {""},
    "airisk-tui matrix --endpoint 'GET /api/L": {"GET /api/ListUsers"},
    "airisk-tui matrix merge fir": {"first.json "},
    "airisk-tui completion f": {"fish "},
    "airisk-tui help us": {"users "},
    "airisk-tui help ex": {"exec", "exit-codes"},
}


@pytest.mark.parametrize(("line", "fitting"), OFFERED.items())
def test_what_fits_there_is_offered_without_any_setting(place, line, fitting):
    (place.cwd / "first.json").touch()
    assert offered(place, line) == fitting


def test_an_imported_description_adds_its_endpoints(place, airisk):
    described = {"openapi": "3.0.3", "info": {}, "paths": {"/api/Boats/{id}": {"get": {}}, "/api/Bo\x1bm": {"get": {}}}}
    memory = WorkspaceStore(airisk.url, place.home / ".local" / "state" / "airisk-tui" / "deployments")
    asyncio.run(memory.keep_document(json.dumps(described).encode()))
    assert offered(place, "airisk-tui request GET /api/B") == {"/api/Boats/"}


def test_what_cannot_be_read_is_left_out(place, airisk):
    state = place.home / ".local" / "state" / "airisk-tui"
    (state / "audit" / "audit.jsonl").mkdir(parents=True)
    memory = WorkspaceStore(airisk.url, state / "deployments")
    asyncio.run(memory.keep_document(b"{"))
    place.tell(AIRISK_TIMEOUT="for ever", AIRISK_READ_ONYL="true")
    assert offered(place, "airisk-tui exec --as ") == {"application", "anonymous"}
    assert airisk.requests == []


def offered(place, line):
    """What the program tells a shell of which the cursor stands at the end of this line."""
    asked = {"COMP_LINE": line, "COMP_POINT": str(len(line)), "_ARGCOMPLETE": "1", "_ARGCOMPLETE_IFS": "\n"}
    return set(place.shell("airisk-tui 8>&1 >&2", **asked).text.split("\n"))
