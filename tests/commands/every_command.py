"""Every command with a hostile text, in a terminal."""

from collections.abc import Iterator

from tests.kit.calm import acts
from tests.kit.hostile import Hostile
from tests.kit.pty import opened
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


def typed(hostile: Hostile, place: Place) -> Iterator[list[str]]:
    """The words of each command."""
    (policy,) = place.cwd.glob("policy*")
    told = {"{id}": f"u-1{hostile.sendable}", "{policy}": policy.name}
    for command in COMMANDS:
        yield [told.get(word, word.replace("{text}", hostile.sendable)) for word in command]


def run_each(place: Place, text: str) -> None:
    """Run them one after the other: each is written as text, and nothing acts."""
    hostile = Hostile(text)
    with hostile.served() as server:
        place.reach(server)
        hostile.write_beside(place)
        for words in typed(hostile, place):
            with opened(place, *words) as terminal:
                terminal.ended()
            written = terminal.output.decode()
            assert "Traceback" not in written, words
            assert "airisk-tui crashed" not in written, words
            assert acts(written.replace(NEW_LINE, "")) == "", words
