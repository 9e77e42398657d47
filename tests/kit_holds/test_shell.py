"""What runs a hundred times starts at once."""

import os
import sys
from multiprocessing.connection import Connection
from pathlib import Path

from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.shell import Place, another_program
from tui.cli import main


def say_what_is_imported_late(directory: Path, said: Connection, environment: dict[str, str]) -> None:
    """Say which modules a program imports that was forked just now and lists the users, and with which code it ends."""
    os.chdir(directory)
    os.environ.update(environment)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    before = set(sys.modules)
    code = main.main(["users"])
    said.send((code, sorted(sys.modules.keys() - before)))


def test_all_that_is_forked_has_imported_all_that_it_needs(place: Place, airisk: ForeignAIRisk) -> None:
    with another_program(say_what_is_imported_late, place.cwd, place.environment) as (_, heard):
        assert heard.recv() == (0, [])
    assert airisk.issued == ["(generic)"]
