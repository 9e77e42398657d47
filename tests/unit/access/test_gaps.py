"""Green means tested: what a run did not test, and what its policy or baseline names in vain, is named."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
import pytest

from tests.kit.matrices import matrix_of
from tui.access.evaluation import Expectations
from tui.access.live_matrix import LiveMatrix
from tui.access.matrix_document import Matrix, RunParameters
from tui.access.merge import baseline_gaps, merge
from tui.access.model import Cell, Column, Gap, Row, Verdict
from tui.access.policy import Policy
from tui.access.reports.wording import gap_sentence, headline, warnings

ADA, BOB, EVE = (Row(f"u-{number}", name=name) for number, name in ((1, "Ada"), (2, "Bob"), (3, "Eve")))
A, B, C = (Column(f"GET /{name}") for name in "abc")
ALLOW_ALL = Policy(default="allow")


def cell(row: Row, column: Column, verdict: str = "allowed", reason: str = "200 OK: success") -> Cell:
    return Cell(
        identity=row.id,
        endpoint=column.name,
        status=200,
        verdict=Verdict(verdict),
        expected=None,
        reason=reason,
    )


def down(row: Row, column: Column) -> Cell:
    return cell(row, column, "inconclusive", "503: server error")


def board(cells: Iterable[Cell], policy: Policy | None = ALLOW_ALL) -> LiveMatrix:
    return LiveMatrix.evaluated([ADA, BOB, EVE], [A, B, C], Expectations(policy), cells)


def everything(*others: Cell) -> list[Cell]:
    """A cell for each identity and endpoint: the others, and allowed ones."""
    known = {each.key: each for each in others}
    whole = [cell(row, column) for row in (ADA, BOB, EVE) for column in (A, B, C)]
    return [known.get(each.key, each) for each in whole]


def test_as_expected_is_said_of_what_was_tested_only():
    assert headline(board(everything())) == "9 cells tested, all as expected."
    assert headline(board(everything(down(ADA, A)))) == "8 of 9 cells tested, all as expected; 1 untested."
    assert "1 of 9 cells (11.1 %) is inconclusive." in warnings(board(everything(down(ADA, A))))


def test_an_endpoint_that_was_inconclusive_for_every_identity_is_named():
    seen = board(everything(*(down(row, B) for row in (ADA, BOB, EVE))))
    assert headline(seen) == "6 of 9 cells tested, all as expected; 3 untested: all of GET /b."
    assert seen.gaps == [Gap("endpoint", "GET /b", "503: server error")]
    assert "GET /b was not tested: inconclusive for every identity (503: server error)." in warnings(seen)


def test_an_identity_that_was_inconclusive_everywhere_is_named():
    seen = board(everything(*(down(EVE, column) for column in (A, B, C))))
    assert headline(seen) == "6 of 9 cells tested, all as expected; 3 untested: all of Eve · u-3."
    assert [gap.kind for gap in seen.gaps] == ["identity"]
    assert gap_sentence(Gap("identity", "Eve", "No token.")).endswith("at every endpoint (No token).")


def test_what_a_canceled_run_left_is_not_counted_to_the_identity_that_is_named():
    seen = board(everything(*(down(EVE, column) for column in (A, B, C)), down(ADA, A)))
    assert headline(seen) == "5 of 9 cells tested, all as expected; 4 untested, among them all of Eve · u-3."


def test_nothing_tested_is_not_as_expected():
    seen = board(everything(*(down(row, column) for row in (ADA, BOB, EVE) for column in (A, B, C))))
    assert headline(seen).startswith("Nothing could be tested; 9 untested: all of GET /a, GET /b, GET /c")


def test_an_endpoint_whose_cells_are_still_to_come_is_no_gap():
    assert board([down(ADA, B)]).gaps == []


def test_cells_without_an_expectation_are_not_as_expected():
    policy = msgspec.convert({"default": "none", "rules": [{"allow": "GET /a"}]}, Policy)
    assert headline(board(everything(), policy)) == "9 cells tested, 3 of them with an expectation, all as expected."
    assert "No policy or baseline applies" in headline(board(everything(), None))


PEOPLE = [
    Row("u-1", name="Ada", role="Admin", groups=("Staff",)),
    Row("u-2", name="Bob", role="User, Auditor"),
]
KNOWN = ("GET /api/Chat/ListAgents", "DELETE /api/Users/{id}")
MISTAKES = {
    "an endpoint": ({"deny": "DELETE /api/Usres/*"}, "“DELETE /api/Usres/*” matches no known endpoint"),
    "one endpoint of two": ({"allow": ["GET *", "GET /api/Chta/*"]}, "“GET /api/Chta/*” matches no known endpoint"),
    "a role": ({"allow": "GET *", "roles": ["Admin", "Adminn"]}, "role “Adminn” matches no user"),
    "a group": ({"allow": "GET *", "groups": "staf"}, "group “staf” matches no user"),
    "a user": ({"allow": "GET *", "users": "u-9"}, "user “u-9” matches no user"),
    "an except": (
        {"allow": "GET *", "roles": "Admin", "except": {"users": "u-2"}},
        "“except” user “u-2” matches no user of the rule",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES)
def test_a_part_of_a_policy_that_matches_nothing_is_named(mistake):
    rule, reason = mistake
    policy = msgspec.convert({"rules": [rule | {"name": "x"}]}, Policy)
    assert list(policy.unmatched(PEOPLE, KNOWN)) == [Gap("policy", "Policy rule 1 (“x”):", reason)]


def test_a_policy_in_which_all_parts_match_has_no_gap():
    rules = [
        {"allow": "get /API/chat/*", "roles": "audit*"},
        {"deny": "DELETE /api/Users/{id}", "except": {"groups": "Staff"}},
        {"allow": "GET *", "identities": ["application", "anonymous"]},
    ]
    policy = msgspec.convert({"rules": rules}, Policy)
    assert list(policy.unmatched(PEOPLE, KNOWN)) == []
    assert list(policy.unmatched(None, KNOWN)) == []


def test_cells_that_only_the_baseline_has_are_named():
    baseline = matrix_of([ADA, BOB], [A, B], [cell(ADA, A), cell(BOB, A), cell(ADA, B), down(BOB, B)])
    (gap,) = baseline_gaps(baseline, {cell(ADA, B).key, cell(ADA, A).key})
    assert gap_sentence(gap) == "GET /a has 1 cell in the baseline that this run did not test."


def shard(which: int, of: int, row: Row, *others: Column, **parameters: Any) -> Matrix:
    shown = RunParameters(**{"shard": (which, of), "rules_digest": "r"} | parameters)
    return matrix_of([row], [A, *others], [cell(row, A)], parameters=shown)


PARTS = {
    "whole": ([shard(1, 2, ADA), shard(2, 2, BOB)], []),
    "missing": ([shard(1, 3, ADA), shard(3, 3, BOB)], ["Shard 2 of 3 is missing."]),
    "doubled": ([shard(1, 2, ADA), shard(1, 2, ADA), shard(2, 2, BOB)], ["Shard 1 of 2 is there 2 times."]),
    "other rules": (
        [shard(1, 2, ADA), shard(2, 2, BOB, rules_digest="s")],
        ["Shard 2 was judged by other rules than the first report."],
    ),
    "other totals": (
        [shard(1, 1, ADA), shard(2, 2, BOB)],
        ["The reports are of runs with 1 and 2 shards."],
    ),
    "another sample": (
        [shard(1, 2, ADA, sample=5, seed=1), shard(2, 2, BOB, sample=5, seed=2)],
        ["Shard 2 is of other users than the first report: another sample, filter or role."],
    ),
    "another role": (
        [shard(1, 2, ADA, roles=("User",)), shard(2, 2, BOB, roles=("Admin",))],
        ["Shard 2 is of other users than the first report: another sample, filter or role."],
    ),
    "whose lists have other objects": (
        [
            shard(1, 2, ADA, objects=("agent",)),
            shard(2, 2, BOB, Column("agent:1", "Claims", kind="agent"), objects=("agent",)),
        ],
        [],
    ),
    "other kinds of objects": (
        [shard(1, 2, ADA), shard(2, 2, BOB, objects=("agent",))],
        ["Shard 2 has columns for other objects than the first report."],
    ),
    "unfinished, with other endpoints": (
        [shard(1, 2, ADA), shard(2, 2, BOB, B)],
        ["Shard 2 has other endpoints than the first report.", "Shard 2 is unfinished: 1 cell without a result."],
    ),
}


@pytest.mark.parametrize("case", PARTS.values(), ids=PARTS)
def test_a_merge_names_what_is_missing_doubled_or_judged_differently(case):
    parts, sentences = case
    merged = merge(parts, Expectations(ALLOW_ALL))
    assert list(map(gap_sentence, merged.gaps)) == sentences
    said = headline(LiveMatrix.of(merged))
    more = " (1 more)." if len(sentences) > 1 else "."
    assert said.endswith("".join(f" {sentence.removesuffix('.')}{more}" for sentence in sentences[:1]))


def test_a_merge_names_a_part_that_was_checked_against_another_policy_unless_it_has_one_itself():
    parts = [shard(1, 2, ADA, policy_digest="p"), shard(2, 2, BOB, policy_digest="q")]
    sentence = "Shard 2 was checked against another policy than the first report."
    assert list(map(gap_sentence, merge(parts, Expectations(keeps=True)).gaps)) == [sentence]
    merged = merge(parts, Expectations(ALLOW_ALL))
    assert (merged.gaps, merged.parameters.policy_digest) == ([], ALLOW_ALL.digest)


def test_what_parts_say_of_their_policy_outlives_a_merge():
    gap = Gap("policy", "Policy rule 1:", "role “x” matches no user")
    parts = [msgspec.structs.replace(shard(which, 2, row), gaps=[gap]) for which, row in ((1, ADA), (2, BOB))]
    assert merge(parts, Expectations(keeps=True)).gaps == [gap]
    assert merge(parts, Expectations(ALLOW_ALL)).gaps == []
