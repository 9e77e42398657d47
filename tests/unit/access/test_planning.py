"""Choosing whom to ask as and what to ask: named, found, drawn or shared out; what lacks a value is told of."""

from __future__ import annotations

import pytest

from tui.access.field_values import Values
from tui.access.model import ANONYMOUS_ROW, APPLICATION_ROW, Row, SkippedEndpoint
from tui.access.plan import Plan, filter_confirmed
from tui.access.requests import MatrixRequest, default_requests, parse_request
from tui.access.selection import IdentitySelection, row_named
from tui.airisk.endpoints.catalog import ENDPOINTS
from tui.airisk.identity import APPLICATION, Identity
from tui.airisk.models import Draft, User, UserList
from tui.errors import PlanError, RequestRejectedError


def person(number: int) -> User:
    role = "User" if number % 5 else "Admin"
    return User(f"u-{number}", f"Person {number}", role=role, more=("active", "EMEA, Risk"))


def plain(name: str) -> MatrixRequest:
    method, path = name.split(" ")
    return MatrixRequest.of(name, Draft(method, path))


PEOPLE = UserList([person(number) for number in range(100)], columns=("Status", "Groups"))
ADA = Identity("user", "u-1", "Ada")


def ids(listing: UserList = PEOPLE, **chosen) -> list[str]:
    return [row.id for row in IdentitySelection(**chosen).rows(listing)]


# Whom


def test_named_ones_come_first_and_each_once():
    assert ids(ids=("u-7", "application", "u-7", "anonymous", "u-strange")) == [
        "u-7",
        "application",
        "anonymous",
        "u-strange",
    ]
    assert ids(ids=("u-7",), words="u-7") == ["u-7", *(f"u-{number}" for number in range(70, 80))]


def test_another_spelling_of_an_id_is_that_users_row_once_and_in_the_spelling_of_the_list():
    assert ids(ids=("U-7", "u-7", " u-7 ")) == ["u-7"]
    assert ids(is_all=True, shard=(1, 3), compared_with="U-3")[0] == "u-3"
    (row,) = IdentitySelection(ids=("U-5",)).rows(PEOPLE)
    assert row.name == "Person 5"


def test_a_spelling_of_two_ids_is_refused():
    with pytest.raises(RequestRejectedError, match="it may be U-a or u-A"):
        ids(UserList([User("U-a"), User("u-A")]), ids=("u-a",))


def test_a_name_means_a_row():
    rows = [APPLICATION_ROW, Row("U-1"), Row("u-1"), Row("u-2"), Row("application")]
    assert [row_named(rows, name) for name in ("application", "u-1", "U-1", "U-2", "u-3", "", "anonymous")] == [
        APPLICATION_ROW,
        Row("u-1"),
        Row("U-1"),
        Row("u-2"),
        None,
        None,
        None,
    ]


def test_the_list_tells_names_roles_and_groups():
    (row,) = IdentitySelection(ids=("u-5",)).rows(PEOPLE)
    assert row == Row("u-5", name="Person 5", role="Admin", groups=("EMEA", "Risk"))


def test_a_user_who_is_called_generic_is_not_the_application():
    listing = UserList([User("application"), User("u-1")])
    rows = IdentitySelection(ids=("application",), is_all=True).rows(listing)
    assert [row.key for row in rows] == [("application", "application"), ("user", "application"), ("user", "u-1")]


def test_ids_that_are_there_twice_are_one_row():
    assert ids(UserList([User("u-1", "First"), User("u-1", "Second")]), is_all=True) == ["u-1"]


def test_a_sample_is_drawn_again_by_its_seed_however_the_list_is_ordered():
    drawn = ids(sample=10, seed=4)
    assert len(drawn) == 10
    assert drawn == ids(sample=10, seed=4)
    assert drawn != ids(sample=10, seed=5)
    assert set(drawn) == set(ids(UserList(list(reversed(PEOPLE.users)), PEOPLE.columns), sample=10, seed=4))
    assert set(ids(sample=10, seed=4, words="admin")) <= {f"u-{number}" for number in range(0, 100, 5)}
    assert len(ids(sample=1000)) == 100


ADMINS = [f"u-{number}" for number in range(0, 100, 5)]


def test_users_with_a_role_are_narrowed_by_a_filter_and_a_sample_and_joined_by_those_who_are_named():
    assert ids(roles=("admin",)) == ids(roles=("admin",), is_all=True) == ADMINS
    assert ids(roles=("ADMIN", "User")) == ids(is_all=True)
    assert ids(roles=("Admin",), words="u-5") == ["u-5", "u-50", "u-55"]
    drawn = ids(roles=("Admin",), sample=3, seed=4)
    assert len(drawn) == 3
    assert set(drawn) < set(ADMINS)
    assert ids(roles=("Admin",), ids=("application", "u-1")) == ["application", "u-1", *ADMINS]
    shared = [each for which in (1, 2, 3) for each in ids(roles=("Admin",), shard=(which, 3))]
    assert sorted(shared) == sorted(ADMINS)


UNKNOWN_ROLES = {
    "nearly one": (PEOPLE, "Admn", "“Admn”", "Did you mean “Admin”?"),
    "none like it": (PEOPLE, "x\x1b[2J", "“x␛[2J”", "The roles are “User”, “Admin”."),
    "among many": (
        UserList([User(f"u-{number}", role=f"Role {number}") for number in range(300)]),
        "none",
        "“none”",
        "The roles are “Role 0”, “Role 1”, “Role 2”, “Role 3”, “Role 4”, “Role 5”, “Role 6”, “Role 7” and more.",
    ),
    "without any": (UserList([User("u-1")]), "Admin", "“Admin”", "The user list names no roles."),
}


@pytest.mark.parametrize("case", UNKNOWN_ROLES.values(), ids=UNKNOWN_ROLES)
def test_a_role_that_nobody_has_is_refused_and_a_known_one_named(case):
    listing, role, quoted, advice = case
    with pytest.raises(PlanError) as refused:
        ids(listing, roles=("User", role) if listing is PEOPLE else (role,), ids=("application",))
    assert (refused.value.message, refused.value.advice) == (f"No user has the role {quoted}.", advice)


def test_users_with_a_role_of_whom_none_matches_are_nobody():
    with pytest.raises(PlanError, match="No users match"):
        ids(roles=("Admin",), words="person 1 user")


@pytest.mark.parametrize("parts", [1, 2, 3, 7])
def test_shards_share_everybody_out_and_each_has_whom_it_compares_with(parts):
    chosen = [ids(is_all=True, shard=(which, parts), compared_with="u-3") for which in range(1, parts + 1)]
    assert all(each[0] == "u-3" for each in chosen)
    others = [identifier for each in chosen for identifier in each[1:]]
    assert len(others) == len(set(others)) == 99


def test_nobody_is_refused():
    with pytest.raises(PlanError, match="No users match"):
        ids(words="nobody of that name")


# What


def test_the_catalogue_offers_what_is_safe_and_known_and_tells_what_it_lacks():
    requests, skipped = filter_confirmed(default_requests(ENDPOINTS, Values()), ())
    assert {request.column.name for request in requests} == {
        "GET /api/Chat/ListAgents",
        "GET /api/Chat/GetConversations",
        "GET /api/ListUsers",
    }
    assert [left.reason for left in skipped] == ["missing value: --value conversationId=…"]
    requests, skipped = filter_confirmed(default_requests(ENDPOINTS, Values(typed={"conversationId": ("c/1",)})), ())
    assert len(requests) == 4
    assert skipped == ()
    column = next(request.column for request in requests if "Conversation/" in request.column.name)
    assert column.target == "/api/Chat/GetConversation/c%2F1"


def test_a_query_is_asked_as_it_is_named():
    request = parse_request("get  /api/Chat/GetConversations?results=5", ENDPOINTS, {})
    assert request.column.name == "GET /api/Chat/GetConversations?results=5"
    assert request.make(ADA).target == "/api/Chat/GetConversations?results=5"


def test_a_placeholder_is_the_value_of_whoever_asks():
    request = parse_request("GET /api/people/{{user.id}}/mail", ENDPOINTS, {})
    assert request.make(ADA).target == "/api/people/u-1/mail"
    assert request.make(Identity("user", "a/b")).target == "/api/people/a%2Fb/mail"
    with pytest.raises(RequestRejectedError, match="not known"):
        request.make(APPLICATION)
    filled = parse_request(
        "GET /api/Chat/GetConversation/{conversationId}", ENDPOINTS, {"conversationId": "c-{{user.id}}"}
    )
    assert filled.make(ADA).target == "/api/Chat/GetConversation/c-u-1"


def test_values_fill_in_the_braces_of_an_endpoint_that_nobody_described():
    request = parse_request("DELETE /api/things/{id}/parts/{part}", ENDPOINTS, {"id": "7", "part": "a b"})
    assert request.make(ADA) == Draft("DELETE", "/api/things/7/parts/a%20b")
    assert request.column.name == "DELETE /api/things/{id}/parts/{part}"


def test_a_body_is_sent_as_json():
    draft = parse_request("POST /api/things", ENDPOINTS, {}, '{"a": 1}').make(ADA)
    assert (draft.body, draft.headers) == (b'{"a": 1}', (("Content-Type", "application/json"),))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/api/x", "is not METHOD PATH"),
        ("GET api/x", "is not METHOD PATH"),
        ("BREW /api/x", "is not METHOD PATH"),
        ("GET //other.example/x", "begin with one /"),
        ("GET /api/../x", "must not contain"),
        ("GET /api/x y", "no space"),
        ("GET /api/x/{id}", "id is required"),
        ("GET /api/x/{{nonsense}}", "nonsense"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(text, words):
    with pytest.raises(PlanError, match=words):
        parse_request(text, ENDPOINTS, {})


def test_what_changes_things_is_left_out_unless_it_is_confirmed_by_name():
    safe, unsafe = plain("GET /api/a"), plain("POST /api/b")
    assert filter_confirmed([safe, unsafe, safe], ["POST /api/c"])[0] == (safe,)
    assert "--allow-unsafe 'POST /api/b'" in filter_confirmed([unsafe], [])[1][0].reason
    assert filter_confirmed([safe, unsafe], ["post /api/b"]) == ((safe, unsafe), ())
    assert filter_confirmed([SkippedEndpoint("x", "y")], [])[1] == (SkippedEndpoint("x", "y"),)


def test_the_plan_tells_how_much_and_how_long():
    requests = tuple(map(plain, ("GET /api/a", "GET /api/b", "POST /api/b")))
    rows = [*(Row(f"u-{number}") for number in range(10)), APPLICATION_ROW, ANONYMOUS_ROW]
    plan = Plan(rows=rows, requests=requests, rate=10, concurrency=5)
    assert (plan.cells, plan.by_method, plan.sign_ins) == (36, {"GET": 24, "POST": 12}, 20)
    assert plan.seconds == 5.6
    assert Plan(rows=rows, requests=requests, rate=0, concurrency=5).seconds == pytest.approx(1.12)


def test_the_plan_tells_what_is_left_where_something_is_known():
    requests = tuple(map(plain, ("GET /api/a", "POST /api/b")))
    rows = [Row("u-1"), Row("u-2"), APPLICATION_ROW]
    known = {rows[0].key: {"GET /api/a", "POST /api/b"}, rows[1].key: {"POST /api/b", "GET /api/gone"}}
    plan = Plan(rows=rows, requests=requests, rate=10, concurrency=5, known=known)
    assert (plan.cells, plan.by_method, plan.sign_ins) == (6, {"GET": 2, "POST": 1}, 2)
    assert (plan.request_count, plan.seconds) == (3, 0.5)
    assert [request.column.name for request in plan.requests_for(rows[1])] == ["GET /api/a"]
    whole = Plan(rows=rows, requests=requests, known={row.key: {"GET /api/a", "POST /api/b"} for row in rows})
    assert (whole.by_method, whole.sign_ins, whole.request_count) == ({}, 0, 0)
