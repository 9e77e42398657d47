"""What each role may do, over HTTP, against the declared table."""

from typing import Any

import httpx
import pytest

from tests.service.sandbox.visitor import Visitor
from tui.sandbox.api import ENDPOINTS, MAY_CALL, Endpoint, is_allowed
from tui.sandbox.people import ROLES

_GUARDED = [endpoint for endpoint in ENDPOINTS if endpoint.opened_by != "nothing"]


def _asked(visitor: Visitor, endpoint: Endpoint, bearer: httpx.Headers | None) -> Any:
    path = endpoint.path
    for name, value in {"agentid": "agent-0", "results": "1", "skip": "0", "metadatasearch": "x"}.items():
        path = path.replace(f"{{{name}}}", value)
    path = path.replace("{conversationId}", "c-000000-00")
    return visitor.http.request(endpoint.method, path, headers=bearer)


def _outcome(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.headers["content-type"].partition(";")[0]


def test_the_table_has_a_row_for_every_guarded_endpoint():
    assert set(MAY_CALL) == {endpoint.name for endpoint in _GUARDED}
    assert all(roles <= set(ROLES) for roles in MAY_CALL.values())


@pytest.mark.parametrize("role", ROLES)
def test_every_cell_of_the_table_is_what_a_person_of_the_role_meets(visitor, role):
    bearer = visitor.bearer(visitor.someone(role))
    met, declared = {}, {}
    for endpoint in _GUARDED:
        answer = _asked(visitor, endpoint, bearer)
        told = answer.text if answer.status_code == 403 else ""
        met[endpoint.path] = "is not open to the role" not in told
        declared[endpoint.path] = is_allowed(role, endpoint.name)
    assert met == declared


def test_roles_differ():
    rows = {role: tuple(is_allowed(role, name) for name in MAY_CALL) for role in ROLES}
    assert len(set(rows.values())) >= 4
    assert all(any(row) for row in rows.values())


def test_the_generic_token_opens_the_list_and_nothing_else(visitor):
    bearer = visitor.bearer()
    met = {endpoint.name: _outcome(_asked(visitor, endpoint, bearer)) for endpoint in _GUARDED}
    assert met.pop("ListUsers") == (200, "application/json")
    assert met == dict.fromkeys(met, (403, "application/problem+json"))


@pytest.mark.parametrize("endpoint", _GUARDED, ids=lambda endpoint: endpoint.path)
def test_without_a_token_everything_is_401(visitor, endpoint):
    assert _outcome(_asked(visitor, endpoint, None)) == (401, "application/problem+json")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nonsense", "Basic dTpw", "Bearer ey.ey.ey"])
def test_what_is_no_good_token_is_401(visitor, header):
    answer = visitor.get("/api/ListUsers", httpx.Headers({"Authorization": header}))
    assert _outcome(answer) == (401, "application/problem+json")
