"""Every way in which signing in can go wrong, without a screen; `tests/stories` has the same in a terminal."""

from contextlib import ExitStack

import pytest

from tests.commands import Outcome, Place
from tests.forked import Run, run_all
from tests.servers.crooked import CrookedAIRisk, for_users
from tests.stories.signing_in_faults import CANARIES, FAULTS, ODDITIES, OF_SOMEBODY_ELSE, Fault, Oddity
from tests.stories.signing_in_stage import no_code_is_tried_twice

pytestmark = pytest.mark.fault("signing in")

AS_ADA = ("request", "GET", "/api/Chat/ListAgents", "--as", "u-1")
OF_THE_APPLICATION = {fault.name: fault for fault in FAULTS}
OF_A_USER = {fault.name: fault for fault in (*FAULTS, OF_SOMEBODY_ELSE)}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Outcome]:
    """By the command and the fault: how it ended; nothing was followed, sent or tried that should not be."""
    place = Place(tmp_path_factory.mktemp("headless"))
    wanted = [("users", fault, fault.bending) for fault in FAULTS]
    wanted += [("request", fault, for_users(fault.bending)) for fault in OF_A_USER.values()]
    with ExitStack() as stack:
        servers = [stack.enter_context(CrookedAIRisk()) for _ in (*wanted, *ODDITIES)]
        for server, (_, fault, bending) in zip(servers, wanted, strict=False):
            server.bend(fault.path, bending)
        for server, oddity in zip(servers[len(wanted) :], ODDITIES, strict=True):
            server.bend(oddity.path, oddity.bending)
        names = [(command, fault.name) for command, fault, _ in wanted] + [("odd", each.name) for each in ODDITIES]
        commands = [("users",) if command == "users" else AS_ADA for command, _ in names]
        ended = run_all([Run(place, each, reaching(server)) for each, server in zip(commands, servers, strict=True)])
        for server in servers:
            assert server.thief.requests == []
            no_code_is_tried_twice(server)
            assert [each for each in server.requests if each.header("Authorization") and each.identity is None] == []
    return dict(zip(names, ended, strict=True))


def reaching(server: CrookedAIRisk) -> dict[str, str]:
    return {"AIRISK_URL": server.url, "CLIENT_ID": server.client_id, "CLIENT_SECRET": server.client_secret}


def is_told(outcome: Outcome, words: str) -> None:
    assert outcome.line == words
    assert (outcome.code, outcome.out) == (3, b"")
    assert not [canary for canary in CANARIES if canary in outcome.err]


@pytest.mark.parametrize("fault", OF_THE_APPLICATION.values(), ids=OF_THE_APPLICATION)
def test_the_application_is_not_signed_in(outcomes: dict[tuple[str, str], Outcome], fault: Fault) -> None:
    is_told(outcomes["users", fault.name], fault.at_start or fault.words)


@pytest.mark.parametrize("fault", OF_A_USER.values(), ids=OF_A_USER)
def test_nobody_is_acted_as(outcomes: dict[tuple[str, str], Outcome], fault: Fault) -> None:
    is_told(outcomes["request", fault.name], fault.words.replace("{who}", "u-1"))


@pytest.mark.parametrize("oddity", ODDITIES, ids=lambda oddity: oddity.name)
def test_what_is_only_odd_is_understood(outcomes: dict[tuple[str, str], Outcome], oddity: Oddity) -> None:
    outcome = outcomes["odd", oddity.name]
    assert (outcome.code, outcome.err) == (0, "")
    assert b"Agent 1 of Ada Lovelace" in outcome.out
