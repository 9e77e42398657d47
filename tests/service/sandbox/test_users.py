"""The list of users."""

import pytest

from tests.service.sandbox.visitor import Visitor
from tui.sandbox import Options, Sandbox
from tui.sandbox.users import PEOPLE_A_PIECE

_PATHS = ("/api/ListUsers", "/api/Users/ListUsers")


@pytest.mark.parametrize("path", _PATHS)
@pytest.mark.parametrize("user_id", [None, "u-000001"])
def test_both_paths_show_everybody_to_the_application_and_to_a_user(visitor, path, user_id):
    answer = visitor.get(path, visitor.bearer(user_id))
    assert answer.headers["content-type"] == "application/json"
    assert [user["id"] for user in answer.json()] == [f"u-{index:06}" for index in range(200)]
    assert set(answer.json()[0]) == {"id", "name", "email", "role", "groups", "department", "lastActive", "status"}


@pytest.mark.parametrize(("choice", "statuses"), [("short", [200, 404]), ("long", [404, 200]), ("both", [200, 200])])
def test_a_deployment_may_have_one_path_only(choice, statuses):
    with Sandbox(Options(list_path=choice)) as sandbox, Visitor(sandbox.url, sandbox.options) as visitor:
        bearer = visitor.bearer()
        assert [visitor.get(path, bearer).status_code for path in _PATHS] == statuses
        described = visitor.get("/swagger/v1/swagger.json").json()["paths"]
        assert [path in described for path in _PATHS] == [status == 200 for status in statuses]


@pytest.mark.parametrize("count", [1, PEOPLE_A_PIECE, PEOPLE_A_PIECE + 1, 3 * PEOPLE_A_PIECE])
def test_a_list_of_any_length_is_whole_each_time(count):
    with Sandbox(Options(users=count)) as sandbox, Visitor(sandbox.url, sandbox.options) as visitor:
        first, second = visitor.users(), visitor.users()
        assert first == second
        assert [user["id"] for user in first] == [f"u-{index:06}" for index in range(count)]
