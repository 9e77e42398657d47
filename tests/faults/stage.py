"""A person at the program in a terminal whose every byte is seen, before a deployment that is broken and mended."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.kit.canaries import files_with, is_in
from tests.kit.deployment.breakable import EVERY_PATH
from tests.kit.deployment.faults import Fault
from tests.kit.deployment.faulty_line import FaultyLine, LineFault
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.pty import Terminal, in_terminal
from tests.kit.shell import COMMAND, Place

ADA = "Ada Lovelace · u-1"
CTRL_Q, CTRL_R, F5 = "\x11", "\x12", "\x1b[15~"
_FACTS = re.compile(rf"· as {ADA}(?: · [^·]+?(?:ms|s) · [\d.]+ k?B)?(?: · [a-z]+/[a-z]+)?(?: GET \S+)?")


class Watched:
    """What is read in which place of the screen, without its frames and line breaks."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self.type = terminal.type

    @property
    def bar(self) -> str:
        """Who is acted as."""
        return self.terminal.shown.partition("\n")[0].strip().partition("  ")[0]

    @property
    def notice(self) -> str:
        """All words between the panes and the footer."""
        lines = self.terminal.shown.splitlines()
        first = next((row for row, line in enumerate(lines) if re.match(" [✗!✓] ", line)), len(lines))
        return " ".join(" ".join(lines[first:-1]).split())

    @property
    def answer(self) -> str:
        """All words in the pane of answers; how long it took, and for whom, is `{facts}`."""
        lines = self.terminal.shown.splitlines()
        top = next((row for row, line in enumerate(lines) if "─ 4 Answer ─" in line), len(lines))
        column = lines[top].index("╭─ 4 Answer") if top < len(lines) else 0
        words = " ".join(line[column:].strip("│╭╮╰╯─ ") for line in lines[top + 1 : -1])
        return _FACTS.sub("{facts}", " ".join(words.split()))

    def waits_for(self, *, notice: str = "", answer: str = "") -> None:
        """Return when the notice begins with this, if there is to be one, and the answer with that."""

        def is_so() -> bool:
            has_notice = self.notice.startswith(notice) if notice else not self.notice
            return has_notice and self.answer.startswith(answer)

        try:
            self.terminal.wait_until(is_so)
        except AssertionError as fault:
            raise AssertionError(f"read {self.notice!r} and {self.answer!r}\n{fault}") from None


class Acting(Watched):
    """Somebody who acts as Ada, with a request made ready and answered, and the users listed."""

    def __init__(self, terminal: Terminal, server: ForeignAIRisk, line: FaultyLine) -> None:
        super().__init__(terminal)
        self._server = server
        self._line = line
        self.host = f"127.0.0.1:{line.port}"

    def breaks(self, fault: Fault | LineFault) -> None:
        """Have something wrong with the line or the server."""
        if isinstance(fault, LineFault):
            self._line.breaks(fault)
        else:
            self._server.breaks(EVERY_PATH, fault)

    def reads(self, *, notice: str, answer: str) -> None:
        """Wait until the users were asked for, with just this notice, and then for an answer that begins with that."""
        self.asks_for_users(notice)
        self.type(F5)
        self.waits_for(answer=answer)

    def asks_for_users(self, notice: str) -> None:
        """Ask for them again, and wait until it was done, with just this notice."""
        self.type(CTRL_R)
        self.waits_for(notice=notice)
        self.terminal.wait_until(lambda: "Asking for the users" not in self.terminal.shown)

    def reads_late(self, *, notice: str, answer: str) -> None:
        """The same, asked for at once, because it takes its time."""
        self.type(CTRL_R)
        self.type(F5)
        self.waits_for(notice=notice, answer=answer)

    def sent(self, path: str) -> int:
        """How often this was asked in her name."""
        return sum(request.path == path and request.identity == "u-1" for request in self._server.requests)

    def mends(self) -> None:
        """Have all well again."""
        self._server.mends(EVERY_PATH)
        self._line.mends()

    def has_lost_nothing(self) -> None:
        """Whoever was listed is, and so is whoever was acted as."""
        assert "─ 3 users ─" in self.terminal.shown
        assert self.bar == f"ACTING AS {ADA} · asserted"

    def tries_again(self) -> None:
        """Now that all is well: nobody has another identity, and whoever was listed is."""
        self.mends()
        self.reads(notice="", answer="200 OK {facts} ▾›[ ▾ {")
        self.terminal.wait_for("─ 3 users ─")


def meddling(place: Place, server: ForeignAIRisk) -> dict[str, str]:
    """Everything in the environment by which libraries send elsewhere, or write down what nobody may read."""
    netrc = place.home / ".netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    netrc.chmod(0o600)
    proxies = [name for each in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY") for name in (each, each.lower())]
    files = {"NETRC": str(netrc), "SSLKEYLOGFILE": str(place.cwd / "keys.log")}
    return {**dict.fromkeys(proxies, server.thief.url), "NO_PROXY": "", **files}


def meddling_was_in_vain(place: Place, server: ForeignAIRisk) -> None:
    """Nobody else was asked, nothing else was sent, and nothing was written down."""
    assert server.thief.requests == [], "nothing is followed"
    assert server.cookies_received == [], "nothing is kept"
    credentials = [request.header("Authorization") or "Bearer" for request in server.requests]
    assert [each for each in credentials if not each.startswith("Bearer")] == []
    assert not (place.cwd / "keys.log").exists()


@contextmanager
def acting(root: Path, **settings: str) -> Iterator[Acting]:
    """The program from its first frame to a good end; nothing secret was to be seen, or went anywhere else."""
    place = Place(root)
    with ForeignAIRisk() as server, FaultyLine(server) as line:
        place.reach(server)
        place.tell(AIRISK_URL=line.url, AIRISK_CA_FILE=str(line.ca_file), **meddling(place, server), **settings)
        with in_terminal(COMMAND, cwd=place.cwd, environment=place.environment) as terminal:
            person = Acting(terminal, server, line)
            terminal.wait_for("─ 3 users ─")
            terminal.type("\r")
            terminal.wait_for(f"ACTING AS {ADA}")
            terminal.type("2/list agents\r\r")
            terminal.wait_for("GET /api/Chat/ListAgents HTTP/1.1")
            person.tries_again()
            yield person
            terminal.type(CTRL_Q)
            assert terminal.ended() == 0
            assert terminal.unrestored() == []
        meddling_was_in_vain(place, server)
        canaries = [server.client_secret, *server.tokens]
        assert not any(is_in(canary, terminal.output) for canary in canaries)
        assert files_with(canaries, place.root) == []
