"""Coverage: which known endpoints a plan requests, and for each other one why not."""

from __future__ import annotations

from tui.access.coverage import coverage_of, merge_coverage
from tui.access.field_values import Values
from tui.access.model import Coverage, SkippedEndpoint
from tui.access.plan import filter_confirmed
from tui.access.reports.wording import coverage_sentence, skipped_by_reason
from tui.access.requests import default_requests, parse_requests
from tui.airisk.endpoints.model import Endpoint, Field

LIST = Endpoint("List", "", "GET", "/chats")
CHAT = Endpoint("Chat", "", "GET", "/chats/{id}", fields=(Field("id", "path", required=True),))
DELETE = Endpoint("Delete", "", "DELETE", "/chats/{id}", fields=(Field("id", "path", required=True),))
UNKNOWN = Endpoint("Create user", "")
KNOWN = (LIST, CHAT, DELETE, UNKNOWN)


def reasons(coverage: Coverage) -> dict[str, str]:
    return {each.name: each.reason for each in coverage.skipped}


def test_all_that_a_default_plan_skips_has_its_reason():
    coverage = coverage_of(KNOWN, *filter_confirmed(default_requests(KNOWN, Values()), ()), source="a/api.json")
    assert reasons(coverage) == {
        "GET /chats/{id}": "missing value: --value id=…",
        "DELETE /chats/{id}": "may change data, and was not chosen",
        "Create user": "path unknown",
    }
    assert coverage_sentence(coverage) == "1 of 4 endpoints of api.json requested"
    assert [len(names) for _, names in skipped_by_reason(coverage)] == [1, 1, 1]


def test_an_endpoint_is_requested_by_its_name_by_a_path_with_its_value_or_by_several_values():
    asked = ["get /chats", "GET /chats/7?all=1"]
    requests = [each for text in asked for each in parse_requests(text, KNOWN, Values())]
    assert reasons(coverage_of(KNOWN, requests, ())).keys() == {"DELETE /chats/{id}", "Create user"}
    requests = [*parse_requests("GET /chats/{id}", KNOWN, Values(typed={"id": ("1", "2")}))]
    coverage = coverage_of(KNOWN, requests, [SkippedEndpoint("GET /chats/x", "no number")])
    assert reasons(coverage) == {
        "GET /chats": "not chosen",
        "DELETE /chats/{id}": "may change data, and was not chosen",
        "Create user": "path unknown",
        "GET /chats/x": "no number",
    }
    assert coverage.requested == 1


def test_together_runs_cover_what_one_of_them_does():
    one, other = (
        coverage_of(KNOWN, [*parse_requests(name, KNOWN, Values())], ()) for name in ("GET /chats", "GET /chats/7")
    )
    both = merge_coverage([one, other])
    assert (both.endpoints, both.requested) == (4, 2)
    assert reasons(both).keys() == {"DELETE /chats/{id}", "Create user"}
    assert merge_coverage([one, one]) == one
