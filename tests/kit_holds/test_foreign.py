"""The foreign AIRisk speaks every dialect it claims to, as a plain client sees it."""

from datetime import UTC, datetime, timedelta

from tests.kit.deployment import shapes
from tests.kit.deployment.dialect import CUSTOM_LIST_PATH, LONG_LIST_PATH, SHORT_LIST_PATH, Dialect
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.deployment.shapes import ListStyle
from tests.kit.deployment.sign_in import FORM, JSON
from tests.kit.deployment.tokens import GENERIC
from tests.kit_holds.visitor import Answer, ask, authorize, code_for, exchange, get, raw, token_for

AGENTS = "/api/Chat/ListAgents"
LIST_PATHS = (SHORT_LIST_PATH, LONG_LIST_PATH, CUSTOM_LIST_PATH)


def listed(server: ForeignAIRisk) -> Answer:
    return get(server, server.dialect.list_path, token_for(server))


def test_an_application_sees_the_users_and_becomes_one() -> None:
    with ForeignAIRisk() as server:
        users = get(server, SHORT_LIST_PATH, token_for(server))
        assert [(user["id"], user["name"]) for user in users.json][1] == ("u-2", "Grace Hopper")
        token = token_for(server, "u-2")
        agents = get(server, AGENTS, token)
        assert agents.json[0]["name"] == "Agent 1 of Grace Hopper"
        last = server.requests[-1]
        assert (last.method, last.target, last.identity, last.status) == ("GET", AGENTS, "u-2", 200)
        assert server.requests[2].identity == GENERIC
        assert server.issued == [GENERIC, "u-2"]


def test_records_are_verbatim_and_their_repr_is_silent() -> None:
    with ForeignAIRisk() as server:
        ask(server, "POST", "/api/x?q=%41", b"body", X_Odd="One", Cookie="a=b")
        received = server.requests[0]
        assert received.target == "/api/x?q=%41"
        assert ("X-Odd", "One") in received.headers
        assert (received.body, received.identity, received.status) == (b"body", None, 404)
        assert server.cookies_received == ["a=b"]
        assert "q=" not in repr(received)


def test_every_response_sets_the_affinity_cookies() -> None:
    with ForeignAIRisk() as server:
        answer = raw(server)
        assert b"\r\nSet-Cookie: ARRAffinity=" in answer
        assert b"\r\nSet-Cookie: ARRAffinitySameSite=" in answer


def test_the_list_is_at_one_path_only() -> None:
    for path in LIST_PATHS:
        with ForeignAIRisk(Dialect(list_path=path)) as server:
            token = token_for(server)
            statuses = {other: get(server, other, token).status for other in LIST_PATHS}
        assert statuses == dict.fromkeys(LIST_PATHS, 404) | {path: 200}


def test_list_shapes() -> None:
    holders = {
        "array": lambda value: value,
        "users": lambda value: value["users"],
        "data_items": lambda value: value["Data"]["Items"],
        "result_count": lambda value: value["result"][: value["count"]],
        "among_others": lambda value: value["people"],
    }
    for shape, holder in holders.items():
        with ForeignAIRisk(Dialect(list_style=ListStyle(shape=shape))) as server:  # type: ignore[arg-type]
            assert len(holder(listed(server).json)) == 3


def test_case_of_the_other_keys() -> None:
    keys = [
        list(shapes.entry(shapes.PLAIN_PEOPLE[0], ListStyle(key_case=case)))[2] for case in ("camel", "pascal", "snake")
    ]
    assert keys == ["emailAddress", "EmailAddress", "email_address"]


def test_odd_ids_are_listed_as_they_are_and_can_be_acted_as() -> None:
    for people in (shapes.NUMERIC_PEOPLE, shapes.AWKWARD_PEOPLE, shapes.DUPLICATE_PEOPLE):
        with ForeignAIRisk(Dialect(people=people)) as server:
            assert [user["id"] for user in listed(server).json] == [person.id for person in people]
            for person in people:
                agents = get(server, AGENTS, token_for(server, person.identity)).json
                assert agents[0]["id"] == f"agent-1-of-{person.identity}"


def test_entries_that_are_not_people() -> None:
    with ForeignAIRisk(Dialect(list_style=ListStyle(other_entries=shapes.NOT_PEOPLE))) as server:
        entries = listed(server).json
        assert len(entries) == 3 + len(shapes.NOT_PEOPLE)
        assert entries[1] is None


def test_nobody_to_list() -> None:
    with ForeignAIRisk(Dialect(people=())) as server:
        assert listed(server).body == b"[]"
    with ForeignAIRisk(Dialect(list_style=ListStyle(is_no_content=True))) as server:
        assert (listed(server).status, listed(server).body) == (204, b"")


def test_the_redirect() -> None:
    dialect = Dialect(
        redirect_status=303,
        location_order=("state", "code"),
        location_extras=(("session_state", "x y"),),
    )
    with ForeignAIRisk(dialect) as server:
        answer = authorize(server, state="s&1")
        assert answer.status == 303
        assert list(answer.redirected) == ["session_state", "state", "code"]
        assert answer.redirected["state"] == ["s&1"]
        assert answer.redirected["code"][0].endswith("+/=")
    with ForeignAIRisk(Dialect(is_state_echoed=False)) as server:
        assert list(authorize(server, state="s").redirected) == ["code"]


def test_required_constants() -> None:
    with ForeignAIRisk(Dialect(is_response_type_required=True, is_grant_type_required=True)) as server:
        assert authorize(server).body == b"Invalid response_type"
        code = authorize(server, response_type="code").redirected["code"][0]
        assert exchange(server, code).body == b"Invalid grant_type"
        assert exchange(server, code, grant_type="authorization_code").status == 200


def test_content_types_of_the_token_endpoint() -> None:
    for token_body, statuses in (("both", [200, 200]), ("form", [200, 415]), ("json", [415, 200])):
        with ForeignAIRisk(Dialect(token_body=token_body)) as server:  # type: ignore[arg-type]
            assert [exchange(server, code_for(server), kind=kind).status for kind in (FORM, JSON)] == statuses


def test_userid_is_wanted_twice_and_equal() -> None:
    with ForeignAIRisk() as server:
        for second, status in ((None, 400), ("u-2", 400), ("u-1", 200)):
            assert exchange(server, code_for(server, "u-1"), second).status == status
    with ForeignAIRisk(Dialect(is_userid_checked=False)) as server:
        token = exchange(server, code_for(server, "u-1")).json["access_token"]
        assert get(server, AGENTS, token).status == 200


BEARER = {"ignored": (302, 200), "authorize": (401, 200), "token": (302, 401), "both": (401, 401)}


def test_the_generic_token_as_bearer() -> None:
    for wanted, (authorized, exchanged) in BEARER.items():
        with ForeignAIRisk(Dialect(generic_bearer=wanted)) as server:  # type: ignore[arg-type]
            generic = token_for(server)
            assert authorize(server, "u-1").status == authorized
            assert exchange(server, code_for(server, "u-1", generic), "u-1").status == exchanged
            token = exchange(server, code_for(server, "u-1", generic), "u-1", generic).json["access_token"]
            assert exchange(server, code_for(server, "u-1", generic), "u-1", token).status == exchanged


def test_documented_ends() -> None:
    soon = datetime.now(UTC) + timedelta(hours=1)
    for form, tail in (("z", "Z"), ("seven_digits", "7Z"), ("offset", "+02:00"), ("no_zone", "")):
        with ForeignAIRisk(Dialect(expiration=form)) as server:  # type: ignore[arg-type]
            text = exchange(server, code_for(server)).json["expiration"]
        assert text.endswith(tail)
        assert (len(text.split(".")[-1]) == 8) == (form == "seven_digits")
        end = datetime.fromisoformat(text)
        assert abs((end if end.tzinfo else end.replace(tzinfo=UTC)) - soon) < timedelta(minutes=1)


def test_undocumented_ends() -> None:
    expected = {
        "missing": {},
        "expires_in": {"expires_in": 3600},
        "garbage": {"expiration": "the day after tomorrow"},
        "past": {"expiration": "2001-01-01T00:00:00Z"},
        "year_1": {"expiration": "0001-01-01T00:00:00"},
        "year_9999": {"expiration": "9999-12-31T23:59:59.9999999Z"},
    }
    for form, fields in expected.items():
        with ForeignAIRisk(Dialect(expiration=form)) as server:  # type: ignore[arg-type]
            answer = exchange(server, code_for(server)).json
            assert get(server, SHORT_LIST_PATH, answer.pop("access_token")).status == 200
            assert answer == fields
