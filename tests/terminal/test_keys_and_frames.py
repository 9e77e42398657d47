"""Keys that come faster than frames: nothing is sent in a name that was never drawn, and no key is lost."""

import re
from collections.abc import Iterator
from itertools import islice

import pytest

from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.pty import END_OF_FRAME, KEYS, Terminal, frames, opened
from tests.kit.shell import Place
from tests.terminal.acting import ADA, AGENTS_PATH, GRACE, act_as, open_agents

pytestmark = pytest.mark.fault("many things at once")


def test_what_is_sent_waits_until_the_bar_has_shown_the_name_it_is_sent_in(place: Place, airisk: ForeignAIRisk) -> None:
    with opened(place) as terminal:
        act_as(terminal, ADA)
        act_as(terminal, GRACE, keys="1j")
        open_agents(terminal)
        terminal.sees("F5 Send", "- Previous")
        before = len(terminal.output)
        terminal.type(f"-{KEYS['f5']}")
        terminal.until(lambda: bool(asked(airisk)), "the request")
        assert asked(airisk) == ["u-1"]
        terminal.type(f"-{KEYS['f5']}x-{KEYS['f5']}")
        terminal.sees(f"200 OK · as {GRACE}")
        assert {"u-1", "u-2"} <= set(asked(airisk)) <= set(names_drawn(terminal, before))
        terminal.quits()


def asked(airisk: ForeignAIRisk) -> list[str]:
    """In whose name each request for the agents came."""
    return [each.identity or "" for each in airisk.requests if each.path == AGENTS_PATH]


def names_drawn(terminal: Terminal, since: int) -> Iterator[str]:
    """Who acts in each frame since that byte."""
    earlier = bytes(terminal.output[:since]).count(END_OF_FRAME)
    for lines in islice(frames(terminal.output), earlier, None):
        if found := re.match(r" ACTING AS .* · (u-\d+) ·", lines[0]):
            yield found[1]
