"""Nobody protected is acted as from a script, however the id is spelled there, in the settings, or in the token."""

import json
import sys

import pytest

from tests.kit.deployment.dialect import Dialect
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.deployment.shapes import GUID, GUID_PEOPLE, GUID_SPELLINGS, Person
from tests.kit.shell import Place
from tui.plain_names import as_an_id

ADA, GRACE = (person.identity for person in GUID_PEOPLE)
AGENTS = "GET /api/Chat/ListAgents"

every_spelling = pytest.mark.parametrize("spelling", GUID_SPELLINGS.values(), ids=GUID_SPELLINGS)


@pytest.fixture
def airisk(place: Place):
    """A deployment that takes any spelling of an id, whose tokens say nothing."""
    with ForeignAIRisk(Dialect(people=GUID_PEOPLE, is_spelling_free=True)) as server:
        place.reach(server)
        place.tell(AIRISK_PROTECTED_USERS=f"u-1, {GUID.upper()}")
        yield server


@every_spelling
def test_request_and_exec_refuse_before_anything_is_sent(place, airisk, spelling):
    for command in (("request", *AGENTS.split(), "--as", spelling), ("exec", "--as", spelling, "--", sys.executable)):
        done = place.run(*command)
        assert (done.code, done.out) == (7, b"")
        assert done.line.startswith(f"{as_an_id(spelling)} is protected: airisk-tui will not act as this user.")
    assert airisk.requests == []


@every_spelling
def test_in_a_matrix_that_row_cannot_be_decided_and_nothing_is_sent_for_it(place, airisk, spelling):
    done = place.run("matrix", "--as", spelling, "--as", ADA, "--endpoint", AGENTS, "--format", "json")
    cells = {cell["identity"]: cell for cell in json.loads(done.out)["cells"]}
    assert cells[GRACE]["reason"] == f"Grace Hopper · {GUID} is protected: airisk-tui will not act as this user."
    assert (cells[GRACE]["verdict"], cells[ADA]["verdict"]) == ("inconclusive", "allowed")
    assert GRACE not in airisk.issued


@every_spelling
def test_a_matrix_of_protected_users_only_is_refused_before_anything_is_sent(place, airisk, spelling):
    done = place.run("matrix", "--as", spelling, "--endpoint", AGENTS)
    assert (done.code, done.out) == (7, b"")
    assert done.line.endswith(
        "is protected: airisk-tui will not act as this user. AIRISK_PROTECTED_USERS lists this user."
    )
    assert AGENTS.split()[1] not in [request.path for request in airisk.requests]


def test_a_user_is_named_in_any_spelling_and_sent_as_the_list_has_it(place, airisk):
    given = ("matrix", "--as", f"{{{ADA.upper()}}}", "--compare-with", ADA.upper(), "--endpoint", AGENTS)
    done = place.run(*given, "--format", "json")
    document = json.loads(done.out)
    assert [row["id"] for row in document["identities"]] == [ADA]
    assert document["parameters"]["compared_with"] == ADA
    named = [dict(request.query)["userid"] for request in airisk.requests if "userid" in dict(request.query)]
    assert named == [ADA]


def test_responses_are_compared_with_whom_another_spelling_names(place, airisk):
    airisk.add_user(Person("c-3", "Cleo"))
    given = ("matrix", "--as", "c-3", "--compare-with", ADA.upper(), "--endpoint", AGENTS, "--format", "json")
    cells = {cell["identity"]: cell["verdict"] for cell in json.loads(place.run(*given).out)["cells"]}
    assert cells == {ADA: "allowed", "c-3": "differs"}


def test_a_single_user_who_is_protected_is_refused_by_doctor_too(place, airisk):
    done = place.run("doctor", SINGLE_USER="true", USER_ID=GUID.replace("-", ""))
    assert done.code == 7
    assert "✗ authorize" in done.text
    assert "is protected: airisk-tui will not act as this user" in done.err
    assert not [request for request in airisk.requests if "userid" in dict(request.query)]


def test_a_token_that_names_a_protected_user_is_never_sent(place):
    with ForeignAIRisk(Dialect(people=GUID_PEOPLE, token_form="jwt", token_subject=GUID)) as server:
        place.reach(server)
        done = place.run("request", *AGENTS.split(), "--as", ADA, AIRISK_PROTECTED_USERS=GUID.upper())
        assert (done.code, done.out) == (7, b"")
        words = f"AIRisk issued a token for {GUID}, who is protected. The token was discarded."
        assert done.line == f"{words} AIRISK_PROTECTED_USERS lists this user."
        assert "/api/Chat/ListAgents" not in [request.path for request in server.requests]
