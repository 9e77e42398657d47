"""Every way in which signing in can go wrong, without a screen; `tests/stories` has the same in a terminal."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from tests.faults.sign_in import CANARIES, FAULTS, ODDITIES, OF_SOMEBODY_ELSE, Oddity, SignInFault, saying
from tests.faults.sign_in_stage import no_code_is_tried_twice
from tests.kit.deployment.faults import Fault, for_users
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.deployment.peer import Peer
from tests.kit.forked import Run, run_all
from tests.kit.shell import Outcome, Place

pytestmark = pytest.mark.fault("signing in")

AGENTS_PATH = "/api/Chat/ListAgents"
AS_ADA = ("request", "GET", AGENTS_PATH, "--as", "u-1")
OF_THE_APPLICATION = {fault.name: fault for fault in FAULTS}
OF_A_USER = {fault.name: fault for fault in (*FAULTS, OF_SOMEBODY_ELSE)}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Outcome]:
    """By the command and the fault: how it ended; nothing was followed, sent or tried that should not be."""
    place = Place(tmp_path_factory.mktemp("headless"))
    wanted = [("users", fault, fault.how) for fault in FAULTS]
    wanted += [("request", fault, for_users(fault.how)) for fault in OF_A_USER.values()]
    with ExitStack() as stack:
        servers = [stack.enter_context(ForeignAIRisk()) for _ in (*wanted, *ODDITIES)]
        for server, (_, fault, how) in zip(servers, wanted, strict=False):
            server.breaks(fault.path, how)
        for server, oddity in zip(servers[len(wanted) :], ODDITIES, strict=True):
            server.breaks(oddity.path, oddity.how)
        names = [(command, fault.name) for command, fault, _ in wanted] + [("odd", each.name) for each in ODDITIES]
        commands = [("users",) if command == "users" else AS_ADA for command, _ in names]
        ended = run_all([Run(place, each, reaching(server)) for each, server in zip(commands, servers, strict=True)])
        for server in servers:
            assert server.thief.requests == []
            no_code_is_tried_twice(server)
            assert [each for each in server.requests if each.header("Authorization") and each.identity is None] == []
    return dict(zip(names, ended, strict=True))


def reaching(server: ForeignAIRisk) -> dict[str, str]:
    return {"AIRISK_URL": server.url, "CLIENT_ID": server.client_id, "CLIENT_SECRET": server.client_secret}


def is_told(outcome: Outcome, words: str) -> None:
    assert outcome.line == words
    assert (outcome.code, outcome.out) == (3, b"")
    assert not [canary for canary in CANARIES if canary in outcome.err]


@pytest.mark.parametrize("fault", OF_THE_APPLICATION.values(), ids=OF_THE_APPLICATION)
def test_the_application_is_not_signed_in(outcomes: dict[tuple[str, str], Outcome], fault: SignInFault) -> None:
    is_told(outcomes["users", fault.name], fault.at_start or fault.words)


@pytest.mark.parametrize("fault", OF_A_USER.values(), ids=OF_A_USER)
def test_nobody_is_acted_as(outcomes: dict[tuple[str, str], Outcome], fault: SignInFault) -> None:
    is_told(outcomes["request", fault.name], fault.words.replace("{who}", "u-1"))


@pytest.mark.parametrize("oddity", ODDITIES, ids=lambda oddity: oddity.name)
def test_what_is_only_odd_is_understood(outcomes: dict[tuple[str, str], Outcome], oddity: Oddity) -> None:
    outcome = outcomes["odd", oddity.name]
    assert (outcome.code, outcome.err) == (0, "")
    assert b"Agent 1 of Ada Lovelace" in outcome.out


# What becomes of a token


@dataclass(frozen=True)
class Renewal:
    """How often a request in her name is asked, and a token given for her, until it is told with this exit code."""

    name: str
    spoil: Callable[[ForeignAIRisk], object]
    words: str
    code: int
    asked: int
    given: int


def refusing(status: int) -> Callable[[ForeignAIRisk], object]:
    return lambda server: server.breaks(AGENTS_PATH, saying(status))


RENEWALS = (
    Renewal("a clock an hour ahead", lambda server: server.advance(3600), "", 0, asked=1, given=1),
    Renewal("a clock an hour behind", lambda server: server.advance(-3600), "", 0, asked=1, given=1),
    Renewal("revoked on the way", lambda server: server.breaks(AGENTS_PATH, forgetting(server), times=1), "", 0, 2, 2),
    Renewal("401 again", refusing(401), "It did not accept the token of u-1, not even a new one.", 1, asked=2, given=2),
    Renewal("403", refusing(403), "These are the permissions of u-1, not yours.", 1, asked=1, given=1),
)


def forgetting(server: ForeignAIRisk) -> Fault:
    """The first token for her is revoked before it is used."""

    def act(peer: Peer) -> None:
        server.revoke("u-1")
        peer.answer_normally()

    return Fault(act)


@pytest.fixture(scope="module")
def renewed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Outcome, int, int]]:
    """By the renewal's name: how it ended, how often it was asked, and how many tokens were given."""
    place = Place(tmp_path_factory.mktemp("renewed"))
    with ExitStack() as stack:
        servers = [stack.enter_context(ForeignAIRisk()) for _ in RENEWALS]
        for server, renewal in zip(servers, RENEWALS, strict=True):
            renewal.spoil(server)
        ended = run_all([Run(place, AS_ADA, reaching(server)) for server in servers])
        asked = [sum(request.path == AGENTS_PATH for request in server.requests) for server in servers]
        given = [server.issued.count("u-1") for server in servers]
    return {each.name: told for each, told in zip(RENEWALS, zip(ended, asked, given, strict=True), strict=True)}


@pytest.mark.parametrize("renewal", RENEWALS, ids=lambda renewal: renewal.name)
def test_a_token_is_renewed_once_and_never_in_circles(
    renewed: dict[str, tuple[Outcome, int, int]], renewal: Renewal
) -> None:
    outcome, asked, given = renewed[renewal.name]
    assert (outcome.code, asked, given) == (renewal.code, renewal.asked, renewal.given)
    assert outcome.err.count("\n") == bool(renewal.words)
    assert renewal.words in outcome.err
    assert (b"Agent 1 of Ada Lovelace" in outcome.out) == (renewal.code == 0)
