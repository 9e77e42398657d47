"""One fault of each kind, as a command reports it."""

import json

from tests.faults import commands, lists, network, sign_in
from tests.faults.common import AGENTS_PATH, settings_for
from tests.faults.table import one_of_each
from tests.faults.unnoticed import UNCERTAIN, UNNOTICED, Unnoticed
from tests.kit.deployment.dialect import Dialect
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.deployment.shapes import AWKWARD_PEOPLE
from tests.kit.shell import Place, Run, run_all


@one_of_each("fault", (*network.FAULTS, *network.SILENT))
def test_network_fault(place: Place, fault: network.NetworkFault) -> None:
    commands.network_fault(place, fault)


@one_of_each("fault", UNNOTICED)
def test_unnoticed_fault(place: Place, fault: Unnoticed) -> None:
    commands.unnoticed_fault(place, fault)


def test_unsafe_request(place: Place) -> None:
    commands.unsafe_request(place, UNCERTAIN[0])


@one_of_each("fault", sign_in.FAULTS)
def test_sign_in_fault(place: Place, fault: sign_in.SignInFault) -> None:
    commands.sign_in_fault(place, fault)


@one_of_each("oddity", sign_in.ODDITIES)
def test_odd_sign_in(place: Place, oddity: sign_in.Oddity) -> None:
    commands.odd_sign_in(place, oddity)


@one_of_each("fault", lists.NO_LISTS)
def test_no_list(place: Place, fault: lists.NoList) -> None:
    commands.no_list(place, fault)


@one_of_each("odd", lists.ODD_LISTS)
def test_odd_list(place: Place, odd: lists.OddList) -> None:
    commands.odd_list(place, odd)


def test_awkward_ids(place: Place) -> None:
    people = AWKWARD_PEOPLE
    with ForeignAIRisk(Dialect(people=people)) as server:
        ids = [person.identity for person in people]
        runs = [Run(place, ("request", "GET", AGENTS_PATH, "--as", each), settings_for(server)) for each in ids]
        outcomes = run_all(runs)
        assert [(outcome.code, outcome.err) for outcome in outcomes] == [(0, "")] * len(people)
        names = [json.loads(outcome.text)[0]["name"] for outcome in outcomes]
        assert names == [f"Agent 1 of {person.name}" for person in people]
        assert set(ids) <= set(server.issued)
