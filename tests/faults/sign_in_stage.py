"""A person at the program, in front of a deployment that is broken between two acts."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs

from tests.faults.sign_in import CANARIES, CODE
from tests.kit.canaries import files_with
from tests.kit.deployment.foreign import TOKEN_PATH, ForeignAIRisk
from tests.kit.shell import Place
from tests.kit.tmux import Terminal, program

SIZE = (99, 24)  # one pane at a time, which is the quickest
HALF_AN_HOUR = 1770.0  # seconds, and half a minute less: the bar counts minutes begun


class Story:
    """A person at the program, and the deployment that is broken between two acts."""

    def __init__(self, terminal: Terminal, server: ForeignAIRisk) -> None:
        self.terminal = terminal
        self.server = server
        self.press = terminal.press
        self._names = [person.name for person in server.dialect.people]
        self._row = 0

    @property
    def who(self) -> str:
        """What stands on the left of the bar."""
        return _left(self.terminal.bar)

    def choose(self, name: str) -> str:
        """Go to the row of that user, and press Enter; returns name and id."""
        row = self._names.index(name)
        self.press(*("j" if row > self._row else "k" for _ in range(abs(row - self._row))), "Enter")
        self._row = row
        return f"{name} · u-{row:02}"

    def acts_as(self, who: str) -> None:
        """Wait until that user, by name and id, is acted as: by notice and bar."""
        self.reads(f"✓ Acting as {who}. 2 opens the explorer, x stops.", f"ACTING AS {who}")

    def reads(self, notice: str, who: str) -> None:
        """Wait until the notice is this, and the bar begins with that."""

        def is_so() -> bool:
            lines = self.terminal.lines
            return _notice(lines) == notice and _left(lines[0]).startswith(who)

        self.terminal.wait_until(is_so, f"{who!r} and {notice!r}")


@contextmanager
def story(root: Path, server: ForeignAIRisk, *words: str) -> Iterator[Story]:
    """The program from its first frame to its end, which is a good one, and nothing secret was to be seen."""
    place = Place(root)
    with server:
        place.reach(server)
        place.tell(AIRISK_TIMEOUT="60")
        with program(cwd=place.cwd, environment=place.environment, size=SIZE) as terminal:
            terminal._tmux("pipe-pane", f"cat > {root}/shown")
            terminal.wait_for(*words)
            yield Story(terminal, server)
            terminal.press("C-q")
            assert terminal.exit_code() == 0
        assert server.thief.requests == [], "nothing is followed"
        no_code_is_tried_twice(server)
        only_tokens_are_sent(server)
        nothing_secret_is_left(place, server)


def no_code_is_tried_twice(server: ForeignAIRisk) -> None:
    """Nor one that was not for us."""
    asked = [request.body.decode() for request in server.requests if request.path == TOKEN_PATH]
    codes = [parse_qs(body)["code"][0] for body in asked]
    assert (len(codes), CODE in codes) == (len(set(codes)), False)


def only_tokens_are_sent(server: ForeignAIRisk) -> None:
    """What is no usable token, or not the user's, is never in a header."""
    sent = [request for request in server.requests if request.header("Authorization")]
    assert sent
    assert [request for request in sent if request.identity is None] == []


def nothing_secret_is_left(place: Place, server: ForeignAIRisk) -> None:
    """On the terminal at any moment, not even its beginning, or in a file."""
    canaries = {*server.given_away, *CANARIES}
    shown = re.sub(rb"\x1b\[[\d;?]*[A-Za-z]", b"", (place.root / "shown").read_bytes())
    assert b"AIRisk" in shown
    assert not [True for canary in canaries if canary[:12].encode() in shown]
    assert not re.search(rb"client_secret|access_token|grant_type|redirect_uri=|code=|state=", shown)
    assert files_with(canaries, place.home, place.cwd, place.tmp, place.run_dir) == []


def _left(bar: str) -> str:
    return bar.split("  ", maxsplit=1)[0].strip()


def _notice(lines: list[str]) -> str:
    """All words between the panes and the footer, as one line."""
    lines = "\n".join(lines).rstrip().splitlines()
    first = next((row for row, line in enumerate(lines) if re.match(" [✗!✓] ", line)), len(lines))
    return " ".join(" ".join(lines[first:-1]).split())
