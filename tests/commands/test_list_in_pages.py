"""A list of users in pages, for scripts: all of it, or a word that it is a part, and no success for what needs all."""

import json

import pytest

from tests.commands.matrix_stage import FAST
from tests.kit.deployment.dialect import Dialect
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.deployment.list_paging import CONVENTIONS, Paging
from tests.kit.deployment.shapes import Person
from tests.kit.permissions import AGENTS

CROWD = tuple(Person(f"u-{number:02}", "Person", str(number)) for number in range(60))

WHY = "AIRisk lists them in pages, and it does not say how to request the next page."
ELSEWHERE = "AIRisk lists them in pages, and the next page is at another address."


@pytest.fixture
def cut_off(place):
    """A deployment of which only the first page can be had."""
    paging = Paging(convention="total_count", parameter="")
    with ForeignAIRisk(Dialect(people=CROWD, list_paging=paging)) as server:
        place.reach(server)
        yield server


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_every_page_is_listed(place, convention):
    with ForeignAIRisk(Dialect(people=CROWD, list_paging=Paging(convention=convention))) as server:
        place.reach(server)
        done = place.run("users", "--format", "json")
    assert (done.code, done.err) == (0, "")
    assert [user["id"] for user in json.loads(done.out)] == [person.id for person in CROWD]


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_a_part_is_said_to_be_one(place, convention):
    paging = Paging(convention=convention, parameter="", links_to="https://elsewhere.example")
    with ForeignAIRisk(Dialect(people=CROWD, list_paging=paging)) as server:
        place.reach(server)
        done = place.run("users", "--format", "json")
    assert len(json.loads(done.out)) == 20
    part = "the first 20 users" if convention == "link" else "20 of 60 users"
    why = ELSEWHERE if convention in {"odata", "link"} else WHY
    assert (done.code, done.line) == (0, f"Only {part} are listed: {why}")


def test_a_matrix_of_all_has_all(place):
    with ForeignAIRisk(Dialect(people=CROWD, list_paging=Paging(convention="odata"))) as server:
        place.reach(server)
        done = place.run("matrix", "--all", "--endpoint", AGENTS, *FAST, "--format", "json")
    assert done.code == 0, done.err
    document = json.loads(done.out)
    assert (len(document["identities"]), "listed" in document["parameters"]) == (60, False)


@pytest.mark.parametrize("whom", [("--all",), ("--filter", "person"), ("--sample", "5")], ids=" ".join)
def test_a_matrix_of_a_part_is_no_success(place, cut_off, whom):
    report = place.cwd / "run.json"
    done = place.run("matrix", *whom, "--endpoint", AGENTS, *FAST, "--report", str(report))
    assert done.code == 6
    assert "airisk-tui: Only 20 of 60 users are listed. Run `airisk-tui users` to see why.\n" in done.err
    assert done.err.endswith("airisk-tui: Only 20 of 60 users were listed. The others were not tested.\n")
    assert "Only 20 of 60 users were listed. The others were not tested." in done.text
    assert json.loads(report.read_bytes())["parameters"]["listed"] == [20, 60]
    merged = place.run("matrix", "merge", str(report))
    assert (merged.code, merged.line) == (6, "Only 20 of 60 users were listed. The others were not tested.")


def test_what_was_not_expected_is_graver(place, cut_off):
    (place.cwd / "policy.yaml").write_text(f"rules: [{{deny: {AGENTS}}}]\n")
    done = place.run("matrix", "--all", "--endpoint", AGENTS, *FAST, "--policy", "policy.yaml")
    assert done.code == 1


def test_whoever_is_named_needs_no_list(place, cut_off):
    done = place.run("matrix", "--as", "u-59", "--endpoint", AGENTS, *FAST)
    assert done.code == 0
    assert "20 of 60" not in done.text + done.err


def test_doctor_says_so_too(place, cut_off):
    assert f"60 users are listed: {WHY}" in place.run("doctor").text
