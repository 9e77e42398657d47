"""Every command with every hostile text, in a terminal: it is written as text, and nothing acts.

tests/long/test_hostile_text.py has each text by itself.
"""

import pytest

from tests.commands.every_command import COMMANDS, run_each
from tests.kit.shell import Place, parsers
from tests.kit.texts import SHORT

pytestmark = pytest.mark.fault("hostile text")


def test_whatever_is_written_to_a_terminal_is_text(place: Place) -> None:
    run_each(place, SHORT)


def test_no_command_is_left_out() -> None:
    said = {" ".join(command) for command in COMMANDS}
    asks_nothing_of_airisk = {"", "demo", "setup", "audit", "matrix"}
    names = parsers().keys() - asks_nothing_of_airisk
    assert [name for name in names if not any(each.startswith(name) for each in said)] == []
