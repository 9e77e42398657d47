"""Every list of users that is none, or an odd one: in a real terminal, and without a screen."""

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.faults.lists import CHANGED, NO_LISTS, ODD_LISTS, NoList, OddList
from tests.faults.stage import Acting, Watched, acting
from tests.kit.deployment.dialect import SHORT_LIST_PATH, Dialect
from tests.kit.deployment.faults import answers_json
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.deployment.shapes import AWKWARD_PEOPLE, Person
from tests.kit.forked import Run, run_all
from tests.kit.pty import in_terminal
from tests.kit.shell import COMMAND, Outcome, Place

pytestmark = pytest.mark.fault("the list of users")


@pytest.fixture(scope="module")
def at_work(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Acting]:
    """Somebody before a list that is whole."""
    with acting(tmp_path_factory.mktemp("lists")) as person:
        yield person


@pytest.mark.parametrize("fault", NO_LISTS, ids=lambda fault: fault.name)
def test_the_old_list_stays_where_none_came(at_work: Acting, fault: NoList) -> None:
    at_work.breaks(answers_json(fault.body))
    at_work.asks_for_users(f"✗ {fault.words()}")
    at_work.has_lost_nothing()
    at_work.mends()


@pytest.mark.parametrize("odd", ODD_LISTS, ids=lambda odd: odd.name)
def test_an_odd_list_is_shown(at_work: Acting, odd: OddList) -> None:
    at_work.breaks(answers_json(odd.body))
    at_work.asks_for_users("")
    at_work.terminal.wait_for(*odd.shown)
    at_work.mends()


def test_the_cursor_stays_on_its_user_when_the_list_changes(at_work: Acting) -> None:
    at_work.tries_again()
    at_work.type("1\x1b[Hj")
    at_work.terminal.wait_until(lambda: "▸ u-2 " in at_work.terminal.shown)
    at_work.breaks(answers_json(CHANGED))
    at_work.asks_for_users("")
    at_work.terminal.wait_for("─ 4 users ─")
    assert re.search(r"▸ u-2 +Grace", at_work.terminal.shown)
    at_work.mends()


@pytest.mark.parametrize("person", AWKWARD_PEOPLE, ids=lambda person: person.identity)
def test_an_id_is_sent_as_it_came(awkward: tuple[Watched, ForeignAIRisk], person: Person) -> None:
    watched, server = awkward
    watched.type(f"1\x1b[H{'j' * AWKWARD_PEOPLE.index(person)}\r")
    who = f"{person.name} · {person.identity}"
    watched.terminal.wait_until(lambda: watched.bar == f"ACTING AS {who} · asserted")
    assert server.issued[-1] == person.identity


@pytest.fixture(scope="module")
def awkward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Watched, ForeignAIRisk]]:
    """A person before a list of ids that mean something in an address."""
    place = Place(tmp_path_factory.mktemp("awkward"))
    with ForeignAIRisk(Dialect(people=AWKWARD_PEOPLE)) as server:
        place.reach(server)
        with in_terminal(COMMAND, cwd=place.cwd, environment=place.environment) as terminal:
            terminal.wait_for(f"─ {len(AWKWARD_PEOPLE)} users ─")
            yield Watched(terminal), server


# Without a screen


@pytest.fixture(scope="module")
def in_their_names(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Outcome, list[str]]]:
    """By such an id: how a request in that name ended, and for whom tokens were given."""
    place = Place(tmp_path_factory.mktemp("names"))
    with ExitStack() as stack:
        dialect = Dialect(people=AWKWARD_PEOPLE)
        servers = [stack.enter_context(ForeignAIRisk(dialect)) for _ in AWKWARD_PEOPLE]
        runs = [
            Run(place, ("request", "GET", "/api/Chat/ListAgents", "--as", person.identity), reaching(server))
            for person, server in zip(AWKWARD_PEOPLE, servers, strict=True)
        ]
        ended = zip(run_all(runs), [server.issued for server in servers], strict=True)
    return {person.identity: each for person, each in zip(AWKWARD_PEOPLE, ended, strict=True)}


@pytest.mark.parametrize("person", AWKWARD_PEOPLE, ids=lambda person: person.identity)
def test_an_id_is_sent_as_it_was_given(in_their_names: dict[str, tuple[Outcome, list[str]]], person: Person) -> None:
    outcome, issued = in_their_names[person.identity]
    assert (outcome.code, outcome.err) == (0, "")
    assert issued[-1] == person.identity
    assert json.loads(outcome.text)[0]["name"] == f"Agent 1 of {person.name}"


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    """By its name, what `airisk-tui users` makes of a list."""
    place = Place(tmp_path_factory.mktemp("headless"))
    lists = {each.name: each.body for each in (*NO_LISTS, *ODD_LISTS)}
    with ExitStack() as servers:
        runs = []
        for body in lists.values():
            server = servers.enter_context(ForeignAIRisk(faults={SHORT_LIST_PATH: answers_json(body)}))
            runs.append(Run(place, ("users", "--format", "json"), reaching(server)))
        return dict(zip(lists, run_all(runs), strict=True))


def reaching(server: ForeignAIRisk) -> dict[str, str]:
    return {"AIRISK_URL": server.url, "CLIENT_ID": server.client_id, "CLIENT_SECRET": server.client_secret}


@pytest.mark.parametrize("fault", NO_LISTS, ids=lambda fault: fault.name)
def test_no_list_is_one_line_without_a_screen(outcomes: dict[str, Outcome], fault: NoList) -> None:
    outcome = outcomes[fault.name]
    assert (outcome.line, outcome.code, outcome.out) == (fault.words("returned 404"), 1, b"")


@pytest.mark.parametrize("odd", ODD_LISTS, ids=lambda odd: odd.name)
def test_an_odd_list_is_told_without_a_screen(outcomes: dict[str, Outcome], odd: OddList) -> None:
    outcome = outcomes[odd.name]
    assert outcome.code == 0
    assert tuple(user["id"] for user in json.loads(outcome.text)) == odd.ids
