"""A token that is no longer valid: at the screen in this process, and for a command."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.faults import renewal
from tests.faults.commands import REQUEST_AS_ADA
from tests.faults.common import AGENTS_PATH, requests_for
from tests.faults.doors import on_screen, run_command
from tests.faults.renewal import RENEWALS, acting_as_ada, still_ada
from tests.faults.sign_in import HALF_AN_HOUR, saying
from tests.faults.stories import GOOD_RESPONSE
from tests.faults.table import every
from tests.kit.clock import clock_of_the_story
from tests.kit.deployment.faults import Fault
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.deployment.peer import Peer
from tests.kit.shell import Place


async def test_refused_tokens(place: Place) -> None:
    await renewal.refused_token(on_screen, place, *RENEWALS)


async def test_expired_token(place: Place) -> None:
    with clock_of_the_story() as clock:
        async with acting_as_ada(on_screen, place) as (person, server):
            await person.until(lambda: "token 0:00" not in person.bar, "a token")
            clock.ahead += HALF_AN_HOUR
            server.advance(HALF_AN_HOUR)
            await person.bar_says(" token 0:00 ")
            await person.press("f5")
            await person.reads(answer=GOOD_RESPONSE)
            await person.until(lambda: "token 0:00" not in person.bar, "a new token")
            assert requests_for(server, AGENTS_PATH, "u-1") == 2
            assert server.issued.count("u-1") == 2
            await still_ada(person)


async def test_refused_generic_token(place: Place) -> None:
    await renewal.refused_generic_token(on_screen, place)


async def test_deleted_user(place: Place) -> None:
    await renewal.deleted_user(on_screen, place)


async def test_unsafe_request(place: Place) -> None:
    await renewal.unsafe_request(on_screen, place)


async def test_refused_secret(place: Place) -> None:
    await renewal.refused_secret(on_screen, place)


# A command


@dataclass(frozen=True)
class Request:
    """A request as Ada: all of stderr, the exit code, and the number of requests and of tokens for her."""

    name: str
    break_it: Callable[[ForeignAIRisk], object]
    stderr: str
    code: int
    requests: int
    tokens: int


def refuse(status: int) -> Callable[[ForeignAIRisk], object]:
    """Return a function that makes AIRisk refuse the request."""
    return lambda server: server.breaks(AGENTS_PATH, saying(status))


def revoke_before_use(server: ForeignAIRisk) -> None:
    """Revoke her first token before it is used."""

    def act(peer: Peer) -> None:
        server.revoke("u-1")
        peer.answer_normally()

    server.breaks(AGENTS_PATH, Fault(act), times=1)


REQUESTS = (
    Request("clock an hour ahead", lambda server: server.advance(3600), "", 0, requests=1, tokens=1),
    Request("clock an hour behind", lambda server: server.advance(-3600), "", 0, requests=1, tokens=1),
    Request("revoked before use", revoke_before_use, "", 0, requests=2, tokens=2),
    Request(
        "401 again",
        refuse(401),
        "airisk-tui: AIRisk responded with 401 Unauthorized. AIRisk rejected the token of u-1, even a new one.\n",
        1,
        requests=2,
        tokens=2,
    ),
    Request(
        "403",
        refuse(403),
        "airisk-tui: AIRisk responded with 403 Forbidden. u-1 is not allowed to do this.\n",
        1,
        requests=1,
        tokens=1,
    ),
)


@every("case", REQUESTS)
def test_command_renews_a_token_once(place: Place, case: Request) -> None:
    with ForeignAIRisk() as server:
        case.break_it(server)
        outcome = run_command(place, server, *REQUEST_AS_ADA)
        assert (outcome.code, outcome.err) == (case.code, case.stderr)
        assert requests_for(server, AGENTS_PATH, "u-1") == case.requests
        assert server.issued.count("u-1") == case.tokens
        assert (b"Agent 1 of Ada Lovelace" in outcome.out) == (case.code == 0)
