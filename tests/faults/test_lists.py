"""Every list of users that is none, or an odd one: in a real terminal, and without a screen."""

import json
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.commands import Outcome, Place
from tests.faults.lists import NO_LISTS, ODD_LISTS, NoList, OddList
from tests.faults.stage import Acting, acting
from tests.forked import Run, run_all
from tests.servers.behaviours import answers_json
from tests.servers.dialect import SHORT_LIST_PATH
from tests.servers.foreign import ForeignAIRisk

pytestmark = pytest.mark.fault("the list of users")


@pytest.fixture(scope="module")
def at_work(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Acting]:
    """Somebody before a list that is whole."""
    with acting(tmp_path_factory.mktemp("lists")) as person:
        yield person


@pytest.mark.parametrize("fault", NO_LISTS, ids=lambda fault: fault.name)
def test_the_old_list_stays_where_none_came(at_work: Acting, fault: NoList) -> None:
    at_work.breaks(answers_json(fault.body))
    at_work.asks_for_users(f"✗ {fault.words}")
    at_work.has_lost_nothing()
    at_work.mends()


@pytest.mark.parametrize("odd", ODD_LISTS, ids=lambda odd: odd.name)
def test_an_odd_list_is_shown(at_work: Acting, odd: OddList) -> None:
    at_work.breaks(answers_json(odd.body))
    at_work.asks_for_users("")
    at_work.terminal.wait_for(*odd.shown)
    at_work.mends()


# Without a screen


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    """By its name, what `airisk-tui users` makes of a list."""
    place = Place(tmp_path_factory.mktemp("headless"))
    lists = {each.name: each.body for each in (*NO_LISTS, *ODD_LISTS)}
    with ExitStack() as servers:
        runs = []
        for body in lists.values():
            server = servers.enter_context(ForeignAIRisk(overrides={SHORT_LIST_PATH: answers_json(body)}))
            reached = {"AIRISK_URL": server.url, "CLIENT_ID": server.client_id, "CLIENT_SECRET": server.client_secret}
            runs.append(Run(place, ("users", "--format", "json"), reached))
        return dict(zip(lists, run_all(runs), strict=True))


@pytest.mark.parametrize("fault", NO_LISTS, ids=lambda fault: fault.name)
def test_no_list_is_one_line_without_a_screen(outcomes: dict[str, Outcome], fault: NoList) -> None:
    outcome = outcomes[fault.name]
    assert (outcome.line, outcome.code, outcome.out) == (fault.words, 1, b"")


@pytest.mark.parametrize("odd", ODD_LISTS, ids=lambda odd: odd.name)
def test_an_odd_list_is_told_without_a_screen(outcomes: dict[str, Outcome], odd: OddList) -> None:
    outcome = outcomes[odd.name]
    assert outcome.code == 0
    assert tuple(user["id"] for user in json.loads(outcome.text)) == odd.ids
