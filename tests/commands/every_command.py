"""Every command with a hostile text, in a terminal."""

import shlex
import sys
from collections.abc import Iterator

from tests.kit.calm import acts
from tests.kit.hostile import Hostile
from tests.kit.pty import in_terminal
from tests.kit.shell import Place

NEW_LINE = "\r\x1b[K"  # in place of what told how far a matrix is
ACTING = ("--as", "{id}", "--reason", "{text}")
COMMANDS = (
    ("users",),
    ("users", "--format", "json"),
    ("users", "--format", "csv"),
    ("request", "GET", "/api/Chat/ListAgents", "-i", *ACTING),
    ("request", "GET", "/api/refused", "-i", *ACTING),
    ("request", "GET", "/api/Chat/ListAgents", "-v", "--jsonpath", "$", *ACTING),
    ("request", "GET", "/api/Chat/ListAgents", "--jsonpath", "{text}", *ACTING),
    ("request", "POST", "/api/x", "--dry-run", "-q", "a={text}", "-d", "{text}", *ACTING),
    ("request", "GET", "/api/{text}", *ACTING),
    ("request", "{text}", "{text}", "--as", "{text}"),
    ("exec", *ACTING, "--", "{text}"),
    ("doctor",),
    ("matrix", "--all", "--reason", "{text}", "--report", "part.json", "--policy", "{policy}"),
    ("matrix", "--all", "--reason", "{text}", "--format", "csv"),
    ("matrix", "merge", "part.json", "{text}"),
    ("matrix", "why", "part.json", "{id}"),
    ("matrix", "policy", "--check", "{policy}"),
    ("matrix", "rules", "--check", "{text}"),
    ("audit", "show"),
    ("audit", "show", "--format", "csv", "--user", "{text}"),
    ("audit", "verify"),
    ("audit", "verify", "{text}"),
    ("completion", "{text}"),
    ("help", "{text}"),
    ("info",),
    ("keys",),
    ("sandbox", "--port", "{text}"),
    ("users", "--deployment", "{text}"),
    ("users", "--deployment", "other"),
    ("forget", "--yes"),
    ("{text}",),
)


def lines(hostile: Hostile, place: Place) -> Iterator[str]:
    """The commands as they are typed at a shell."""
    (policy,) = place.cwd.glob("policy*")
    told = {"{id}": f"u-1{hostile.sendable}", "{policy}": policy.name}
    for command in COMMANDS:
        words = [told.get(word, word.replace("{text}", hostile.sendable)) for word in command]
        yield shlex.join([sys.executable, "-m", "tui", *words])


def run_each(place: Place, text: str) -> None:
    """Run them one after the other: each is written as text, and nothing acts."""
    hostile = Hostile(text)
    with hostile.served() as server:
        place.reach(server)
        hostile.write_beside(place)
        script = place.cwd / "script"
        ends = [f"end of {number}" for number in range(len(COMMANDS))]
        script.write_text(
            "\n".join(f"{line}\necho {end}" for line, end in zip(lines(hostile, place), ends, strict=True))
        )
        with in_terminal(("sh", str(script)), cwd=place.cwd, environment=place.environment) as terminal:
            for end in ends:
                # Each command has all the patience there is.
                terminal.until(lambda end=end: f"{end}\r\n".encode() in terminal.output, end)  # type: ignore[misc]
            assert terminal.ended() == 0
    written = terminal.output.decode()
    assert "Traceback" not in written
    assert "airisk-tui crashed" not in written
    assert acts(written.replace(NEW_LINE, "")) == ""
