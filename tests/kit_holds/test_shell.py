"""What runs a hundred times starts at once."""

import sys
from multiprocessing.connection import Connection
from pathlib import Path

from tests.kit.shell import another_program


def say_what_is_imported(_: Path, said: Connection) -> None:
    """Say which modules a program has that was forked just now."""
    said.send([*sys.modules])


def test_all_that_is_forked_has_imported_all_that_it_needs(tmp_path: Path) -> None:
    with another_program(say_what_is_imported, tmp_path) as (_, heard):
        assert "tests.kit.preloaded" in heard.recv()
