"""A token that is no longer good while somebody is acted as, in a real terminal: renewed once, and never in circles."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from tests.faults.sign_in import saying
from tests.faults.sign_in_stage import HALF_AN_HOUR, Story, story
from tests.kit.deployment.dialect import Dialect
from tests.kit.deployment.faults import Fault, answers, expires_within, for_users, processes_then
from tests.kit.deployment.foreign import AUTHORIZE_PATH, TOKEN_PATH, ForeignAIRisk
from tests.kit.deployment.shapes import Person
from tests.kit.deployment.tokens import GENERIC

pytestmark = pytest.mark.fault("signing in")

AGENTS_PATH = "/api/Chat/ListAgents"
CREATE_PATH = "/api/Chat/CreateConversation"
LITTLE = 4.0  # seconds that a token lasts


@dataclass(frozen=True)
class Renewal:
    """What becomes of the token of Ada while she is acted as, and of the request that she makes next.

    `words` are read in the answer; the request is `asked` and the token `renewed` as often as this.
    """

    name: str
    spoil: Callable[[ForeignAIRisk], object]
    words: tuple[str, ...]
    asked: int
    renewed: int


def revoking(path: str = "", how: Fault | None = None) -> Callable[[ForeignAIRisk], None]:
    """Her token is no longer good, nor what is answered at that path."""

    def spoil(server: ForeignAIRisk) -> None:
        server.revoke("u-1")
        if how:
            server.breaks(path, how)

    return spoil


ADA = "Ada Lovelace · u-1"
RENEWALS = (
    Renewal("401", revoking(), (f"200 OK · as {ADA}", "token renewed, sent again"), asked=2, renewed=1),
    Renewal(
        "401 again",
        lambda server: server.breaks(AGENTS_PATH, saying(401)),
        (f"401 Unauthorized · as {ADA}", f"AIRisk did not accept the token of {ADA}, not even a new one."),
        asked=2,
        renewed=1,
    ),
    Renewal(
        "403",
        lambda server: server.breaks(AGENTS_PATH, saying(403)),
        (f"403 Forbidden · as {ADA}", f"These are the permissions of {ADA}, not yours."),
        asked=1,
        renewed=0,
    ),
    Renewal(
        "no code",
        revoking(AUTHORIZE_PATH, answers(500)),
        ("✗ AIRisk did not give a code: it answered with 500", f"GET {AGENTS_PATH} as {ADA}", "The answer before: "),
        asked=1,
        renewed=0,
    ),
    Renewal(
        "no token",
        revoking(TOKEN_PATH, processes_then(answers(200, b"[]"))),
        ("holds no usable token.", f"GET {AGENTS_PATH} as {ADA}", "The answer before: "),
        asked=1,
        renewed=1,
    ),
    Renewal(
        "no longer allowed",
        revoking(AUTHORIZE_PATH, for_users(saying(403))),
        (f"✗ AIRisk refused to let you act as {ADA} (403 Forbidden).", "The answer before: "),
        asked=1,
        renewed=0,
    ),
)


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """The program with a request made ready that is sent as Ada."""
    server = ForeignAIRisk(Dialect(token_seconds=HALF_AN_HOUR))
    with story(tmp_path_factory.mktemp("asking"), server, "3 users") as person:
        person.press("Enter")
        person.acts_as(ADA)
        open_endpoint(person, "list agents", AGENTS_PATH)
        gets_an_answer(person, instead_of="Nothing was sent yet.")
        yield person


def open_endpoint(person: Story, words: str, path: str) -> None:
    """Find an endpoint, and make a request of it."""
    person.terminal.type(f"2/\x1b[F\x15{words}\r\r")
    person.terminal.wait_for(path, "F5 Send")


def asked(server: ForeignAIRisk, path: str = AGENTS_PATH) -> int:
    """How often, in her name."""
    return sum(request.path == path and request.identity == "u-1" for request in server.requests)


def gets_an_answer(person: Story, instead_of: str) -> None:
    """To the same request, once all is well."""
    person.server.mends()
    person.press("F5")
    person.terminal.wait_for(f"200 OK · as {ADA}", '"name"')
    person.terminal.wait_until_gone(instead_of)
    assert person.who == f"ACTING AS {ADA} · asserted"


@pytest.mark.parametrize("renewal", RENEWALS, ids=lambda renewal: renewal.name)
def test_a_refused_token_is_renewed_once_and_whoever_is_acted_as_stays(asking: Story, renewal: Renewal) -> None:
    server = asking.server
    before = asked(server), server.issued.count("u-1")
    renewal.spoil(server)
    asking.press("F5")
    asking.terminal.wait_for(*renewal.words)
    asking.reads("", f"ACTING AS {ADA} · asserted")
    assert (asked(server) - before[0], server.issued.count("u-1") - before[1]) == (renewal.asked, renewal.renewed)
    gets_an_answer(asking, instead_of=renewal.words[-1])


def test_a_token_that_runs_out_is_renewed_before_it_is_sent(asking: Story) -> None:
    server = asking.server
    server.revoke("u-1")
    server.breaks(TOKEN_PATH, expires_within(LITTLE))
    asking.press("F5")
    asking.terminal.wait_for("token renewed, sent again", " token 0:0")
    end = time.time() + LITTLE  # at the latest
    asking.terminal.wait_until(lambda: time.time() > end and " token 0:00 " in asking.terminal.bar, "its end")
    before = asked(server), server.issued.count("u-1")
    gets_an_answer(asking, instead_of="sent again")
    assert (asked(server) - before[0], server.issued.count("u-1") - before[1]) == (1, 1)
    asking.terminal.wait_until(lambda: "token 30 min" in asking.terminal.bar, "the new token's end")


def test_the_list_is_asked_for_with_a_new_token_or_stays_as_it_was(asking: Story) -> None:
    server = asking.server
    server.revoke(GENERIC)
    server.breaks(TOKEN_PATH, processes_then(answers(500)))
    asking.press("1", "C-r")
    asking.reads(
        "✗ AIRisk answered the request for a token with 500 (no content type). "
        "Try again; if it goes on, tell who runs the deployment.",
        f"ACTING AS {ADA} · asserted",
    )
    asking.terminal.wait_for("3 users", f"● {ADA.partition(' ·')[0]}")
    server.mends()
    asking.press("C-r")
    asking.reads("", f"ACTING AS {ADA} · asserted")
    asking.terminal.wait_for("3 users")
    assert server.issued.count(GENERIC) == 3


def test_a_user_who_is_deleted_while_acted_as_stays_in_the_bar_until_x(asking: Story) -> None:
    asking.server.remove_user("u-1")
    asking.press("F5")
    asking.terminal.wait_for(f"✗ AIRisk refused to let you act as {ADA} (400 Invalid userid).", "The answer before: ")
    asking.reads("", f"ACTING AS {ADA} · asserted")
    assert " token 0:00 " in asking.terminal.bar
    asking.press("x")
    asking.reads("", "GENERIC")
    asking.press("-")
    asking.reads(
        f"✗ AIRisk refused to let you act as {ADA} (400 Invalid userid). "
        "The user may be gone, suspended, or not open to this client: refresh the list.",
        "GENERIC",
    )
    asking.server.add_user(Person("u-1", "Ada", "Lovelace"))
    asking.press("-")
    asking.acts_as(ADA)


def test_what_changes_something_is_sent_again_only_by_hand(asking: Story) -> None:
    server, terminal = asking.server, asking.terminal
    open_endpoint(asking, "create conv", CREATE_PATH)
    terminal.wait_for("title*")
    terminal.type("A title\tagent-0")
    server.breaks(CREATE_PATH, saying(401))
    asking.press("F5")
    terminal.wait_for("Send this?", f"POST {CREATE_PATH}", ADA)
    asking.press("y")
    terminal.wait_for("AIRisk did not accept the token (401), so it was not done.", "send it again?", ADA)
    assert asked(server, CREATE_PATH) == 1
    server.mends()
    asking.press("y")
    terminal.wait_for(f"200 OK · as {ADA}")
    assert asked(server, CREATE_PATH) == 2


def test_a_secret_that_is_refused_by_now_is_asked_for_again_but_not_at_the_cost_of_an_act(asking: Story) -> None:
    server, terminal = asking.server, asking.terminal
    server.revoke(GENERIC)
    server.breaks(TOKEN_PATH, saying(401))
    asking.press("1", "C-r")
    asking.reads(
        "✗ AIRisk refused the client secret (401 Unauthorized). x stops acting; Ctrl+R then asks for the secret.",
        f"ACTING AS {ADA} · asserted",
    )
    asking.press("x", "C-r")
    asking.reads("✗ AIRisk refused the client secret (401 Unauthorized). Enter it again.", "NOT SIGNED IN")
    terminal.wait_for("Connect to AIRisk", "Client secret")
    server.mends()
    terminal.type(server.client_secret)
    asking.press("Enter")
    asking.reads("✓ The client secret is kept for this run only.", "GENERIC")
    terminal.wait_for("3 users")
