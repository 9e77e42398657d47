"""Random real keys in a real terminal, while AIRisk is slow, hangs up and forgets tokens: whose name was it?

Each request has to be in the name that the bar showed at its key, each change has to have been agreed to, and the
server's log, the audit trail and the screen have to tell the same.
"""

import logging
import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random

import pytest

from tests.faults.common import check_secrets, settings_for
from tests.kit.deployment.breakable import EVERY_PATH
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.pty import in_terminal
from tests.kit.shell import Place
from tests.long.random_keys.accounts import Accounts, Weather
from tests.long.random_keys.traced import BUSY_FILE
from tests.long.random_keys.typist import LABEL, Typist
from tests.terminal.switching import DIALECT

pytestmark = pytest.mark.fault("random keys")

ROOT = Path(__file__).parents[3]
TRACED = (sys.executable, "-m", "tests.long.random_keys.traced")

SECONDS = float(os.environ.get("RANDOM_KEYS_SECONDS", "120"))
"""How long keys are typed for each seed."""

SEEDS = {"heron": "", "otter": "", "lynx": LABEL, "wren": "test", "toad": LABEL}
"""Each seed, and what the deployment is called."""

READ_ONLY = {"otter"}
"""Those whose user starts without changes."""

RESTS, COMPARED = 0.15, 0.1  # after what share of the deeds

_LOG = logging.getLogger(__name__)


@pytest.mark.parametrize("seed", SEEDS)
def test_whose_name_it_was_and_who_agreed(place: Place, seed: str) -> None:
    with ForeignAIRisk(DIALECT) as server:
        place.tell(**settings_for(server, AIRISK_KEEP_BODIES="true"))
        place.tell(PAGER="true", EDITOR="true", VISUAL="true", AIRISK_LABEL=SEEDS[seed])
        place.tell(AIRISK_ACT_READ_ONLY=str(seed in READ_ONLY).lower())
        weather = Weather(server, seed)
        server.breaks(EVERY_PATH, weather.fault)
        busy_file = place.root / "busy"
        place.tell(PYTHONPATH=str(ROOT), **{BUSY_FILE: str(busy_file)})
        with in_terminal(TRACED, cwd=place.cwd, environment=place.environment) as terminal:
            terminal.sees(" 10 users ─")
            typist = Typist(terminal, Random(seed), busy_file, is_production=SEEDS[seed] == LABEL)
            weather.begin(typist)
            accounts = Accounts(weather, typist, place.home / ".local" / "state" / "airisk-tui")
            with last_keys_told(typist, seed):
                type_at_random(typist, accounts, Random(f"{seed} and when to look"))
                weather.is_bad = False
                assert_it_answers(typist)
                assert_none(faults_at_rest(typist, accounts))
                terminal.quits()
                assert_none(accounts.differences())
        assert place.run("audit", "verify").code == 0
        check_secrets(place, server, long_words(bytes(terminal.output), *typist.screens))
        _LOG.info("%s: %d keys, %s", seed, len(typist.presses), accounts.summary())


def type_at_random(typist: Typist, accounts: Accounts, chance: Random) -> None:
    """Type for so long; now and then rest, and lay side by side what came of it."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        typist.work()
        if chance.random() < RESTS:
            assert_none(faults_at_rest(typist, accounts))
            if chance.random() < COMPARED:
                with suppress(AssertionError):
                    typist.terminal.until(lambda: not accounts.differences(), "the trail to tell what the log tells")
                assert_none(accounts.differences())


def assert_none(found: list[str]) -> None:
    """Fail with all that was found, each whole."""
    assert not found, "\n".join(found)


def faults_at_rest(typist: Typist, accounts: Accounts) -> list[str]:
    """Rest; what is wrong with the requests since the last time."""
    typist.rest()
    return list(accounts.faults())


def assert_it_answers(typist: Typist) -> None:
    """The program can still be used."""
    typist.leave_everything()
    typist.rest()
    typist.terminal.press("ctrl+r")
    typist.terminal.sees(" 10 users ─")
    typist.terminal.press("f1")
    typist.terminal.sees("Esc closes")
    typist.terminal.press("escape")
    typist.terminal.sees_no("Esc closes")


@contextmanager
def last_keys_told(typist: Typist, seed: str) -> Iterator[None]:
    """Let a failure name the seed, the last keys, and the screen."""
    try:
        yield
    except (AssertionError, OSError) as fault:
        raise AssertionError(
            f"seed {seed!r}, {len(typist.presses)} keys: {fault}\nlast keys: {typist.last_keys()}\n"
            f"{typist.terminal.screen}"
        ) from fault


def long_words(output: bytes, *screens: str) -> bytes:
    """Return all in which a secret could be, each word once: what was drawn is long, and mostly the same."""
    texts = [output, re.sub(rb"\x1b\[[\d;?<>=]*[A-Za-z]", b"", output), *map(str.encode, screens)]
    return b"\n".join({word for text in texts for word in re.findall(rb"[\w%+/=.~-]{12,}", text)})
