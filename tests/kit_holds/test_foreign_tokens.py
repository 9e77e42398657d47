"""Tokens, refusals and faults of the foreign AIRisk, as a plain client sees them."""

import base64
import json
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import quote

from tests.kit.deployment import shapes
from tests.kit.deployment.dialect import SHORT_LIST_PATH, Dialect
from tests.kit.deployment.faults import answers, for_users, grants, processes_then, redirects, rewrites
from tests.kit.deployment.foreign import AUTHORIZE_PATH, TOKEN_PATH, ForeignAIRisk
from tests.kit.deployment.refusals import ErrorBody
from tests.kit.deployment.shapes import Person
from tests.kit.deployment.tokens import GENERIC
from tests.kit_holds.visitor import ask, authorize, code_for, exchange, get, token_for

AGENTS = "/api/Chat/ListAgents"


def claims(token: str) -> dict[str, object]:
    part = token.split(".")[1]
    decoded: dict[str, object] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return decoded


def test_a_jwt_names_its_user_in_the_chosen_claim() -> None:
    for claim in ("sub", "userid", "nameid"):
        with ForeignAIRisk(Dialect(token_form="jwt", subject_claim=claim)) as server:
            assert claims(token_for(server, "u-2"))[claim] == "u-2"
            assert claims(token_for(server))[claim] == server.client_id


def test_a_jwt_may_name_a_number_nobody_or_somebody_else() -> None:
    with ForeignAIRisk(Dialect(token_form="jwt", people=shapes.NUMERIC_PEOPLE)) as server:
        assert claims(token_for(server, "7"))["sub"] == 7
    with ForeignAIRisk(Dialect(token_form="jwt", subject_claim=None)) as server:
        assert "sub" not in claims(token_for(server, "u-1"))
    with ForeignAIRisk(Dialect(token_form="jwt", token_subject="u-3")) as server:
        assert claims(token_for(server, "u-1"))["sub"] == "u-3"


def test_codes_are_single_use_and_short_lived() -> None:
    with ForeignAIRisk() as server:
        code = code_for(server)
        assert exchange(server, code).status == 200
        again = exchange(server, code)
        assert (again.status, again.kind, again.body) == (400, "text/plain", b"Invalid Code")
        code = code_for(server)
        server.advance(61)
        assert exchange(server, code).body == b"Invalid Code"


def test_documented_refusals() -> None:
    with ForeignAIRisk() as server:
        wrong = exchange(server, code_for(server), client_secret="wrong")
        assert (wrong.status, wrong.kind, wrong.json["status"]) == (401, "application/problem+json", 401)
        assert authorize(server, client_id="nobody").status == 401
        assert exchange(server, code_for(server), client_id="").body == b"Invalid client_id"
        assert authorize(server, redirect_uri="https://localhost/other").status == 400
        assert authorize(server, "u-99").body == b"Invalid userid"


def test_a_refusal_may_travel_in_the_redirect() -> None:
    dialect = Dialect(is_refusal_redirected=True, forbidden_users=frozenset({"u-1"}))
    with ForeignAIRisk(dialect) as server:
        answer = authorize(server, "u-1", state="s")
        assert answer.status == 302
        assert answer.redirected["error"] == ["access_denied"]
        assert "code" not in answer.redirected


ERROR_BODIES: dict[ErrorBody, str] = {
    "empty": "",
    "text": "text/plain",
    "html": "text/html",
    "problem": "application/problem+json",
}


def test_error_bodies() -> None:
    for form, kind in ERROR_BODIES.items():
        with ForeignAIRisk(Dialect(error_body=form)) as server:
            refused = get(server, SHORT_LIST_PATH, "not-a-token")
            assert (refused.status, refused.kind) == (401, kind)
            assert (refused.body == b"") == (form == "empty")


def test_the_generic_token_opens_only_the_list() -> None:
    for dialect in (Dialect(generic_elsewhere=401), Dialect(generic_elsewhere=403)):
        with ForeignAIRisk(dialect) as server:
            token = token_for(server)
            assert get(server, AGENTS, token).status == dialect.generic_elsewhere
            assert get(server, SHORT_LIST_PATH, token).status == 200


def test_a_server_whose_clock_is_an_hour_ahead() -> None:
    with ForeignAIRisk(Dialect(clock_skew_seconds=3600)) as server:
        answer = exchange(server, code_for(server))
    in_an_hour = datetime.now(UTC) + timedelta(hours=1)
    assert abs(parsedate_to_datetime(answer.headers["date"]) - in_an_hour) < timedelta(minutes=1)
    end = datetime.fromisoformat(answer.json["expiration"])
    assert abs(end - in_an_hour - timedelta(hours=1)) < timedelta(minutes=1)


def test_tokens_end_by_revocation_by_time_and_by_use() -> None:
    with ForeignAIRisk(Dialect(user_token_uses=2)) as server:
        token = token_for(server, "u-1")
        assert [get(server, AGENTS, token).status for _ in range(3)] == [200, 200, 401]
        revoked = token_for(server, "u-1")
        assert server.revoke("u-1") == 2
        assert get(server, AGENTS, revoked).status == 401
        assert server.requests[-1].identity == "u-1"
        generic = token_for(server)
        server.advance(3601)
        assert get(server, SHORT_LIST_PATH, generic).status == 401
    with ForeignAIRisk(Dialect(generic_token_uses=0)) as server:
        assert get(server, SHORT_LIST_PATH, token_for(server)).status == 401


def test_people_come_and_go() -> None:
    with ForeignAIRisk() as server:
        token, code = token_for(server, "u-1"), code_for(server, "u-1")
        server.remove_user("u-1")
        server.add_user(Person("u-0", "New"))
        assert [user["id"] for user in get(server, SHORT_LIST_PATH, token_for(server)).json][:2] == ["u-0", "u-2"]
        assert get(server, AGENTS, token).status == 401
        assert exchange(server, code, "u-1").status == 400
        assert authorize(server, "u-1").status == 400
        assert get(server, AGENTS, token_for(server, "u-0")).status == 200


def test_conversations_in_query_and_path() -> None:
    base = "/api/Chat/GetConversations"
    with ForeignAIRisk() as server:
        token = token_for(server, "u-1")
        pages = [base, f"{base}?results=5&skip=2", f"{base}/agent-1/5/2/", f"{base}?results=20&skip=40"]
        found = [[item["title"] for item in get(server, page, token).json] for page in pages]
        assert [len(page) for page in found] == [20, 5, 5, 5]
        assert found[1] == found[2] == [f"Conversation {number}" for number in range(2, 7)]


def test_other_documented_endpoints() -> None:
    with ForeignAIRisk() as server:
        token = token_for(server, "u-1")
        one = get(server, f"/api/Chat/GetConversation/{quote('c-3-of-u-1')}", token).json
        assert (one["id"], one["messages"][0]["messageType"]) == ("c-3-of-u-1", "User")
        header = f"Bearer {token}"
        made = ask(server, "POST", "/api/Chat/CreateConversation", b'{"title": "T"}', Authorization=header)
        assert made.json["title"] == "T"
        events = ask(server, "POST", "/api/Chat/AskAgent", b"{}", Authorization=header)
        assert events.kind == "text/event-stream"
        assert b"Hello, Ada Lovelace" in events.body
        assert get(server, "/api/Chat/AskAgent", token).status == 405
        assert get(server, "/api/Chat/GetConversation", token).status == 404


def test_single_paths_can_be_broken_and_mended() -> None:
    with ForeignAIRisk(faults={TOKEN_PATH: "redirects_307"}) as server:
        answer = exchange(server, code_for(server))
        assert (answer.status, server.thief.requests) == (307, [])
        assert answer.headers["location"] == f"http://localhost:{server.thief.port}{TOKEN_PATH}"
        server.mends(TOKEN_PATH)
        token = token_for(server)
        server.breaks(SHORT_LIST_PATH, answers(500, b"oops"), times=1)
        assert [get(server, SHORT_LIST_PATH, token).status for _ in range(2)] == [500, 200]
        assert server.requests[-2].identity == GENERIC


def test_a_good_response_can_be_altered_for_users_and_all_that_was_on_the_wire_is_known() -> None:
    with ForeignAIRisk(faults={TOKEN_PATH: for_users(grants(access_token="t0ken", other=1))}) as server:
        generic = token_for(server)
        assert server.given_away >= {server.client_secret, generic}
        code = code_for(server, "u-1", state="s-1")
        answer = exchange(server, code, "u-1").json
        assert (answer["access_token"], answer["other"], "expiration" in answer) == ("t0ken", 1, True)
        assert server.given_away >= {code, "s-1", "t0ken"}
        assert server.issued == [GENERIC, "u-1"]


def test_a_redirect_can_lead_anywhere_or_nowhere_with_the_state_it_was_asked_with() -> None:
    with ForeignAIRisk(faults={AUTHORIZE_PATH: redirects("{thief}/x?state={state}", status=303)}) as server:
        answer = authorize(server, state="s-1")
        assert (answer.status, answer.headers["location"]) == (303, f"{server.thief.url}/x?state=s-1")
        server.breaks(AUTHORIZE_PATH, redirects())
        assert "location" not in authorize(server).headers
        server.breaks(AUTHORIZE_PATH, rewrites(lambda query: f"x=1&{query}", status=307))
        answer = authorize(server, state="s-2")
        assert (answer.status, [*answer.redirected]) == (307, ["x", "code", "state"])
        assert exchange(server, answer.redirected["code"][0]).status == 200


def test_a_request_can_be_processed_and_answered_badly() -> None:
    with ForeignAIRisk(faults={TOKEN_PATH: answers(500)}) as server:
        code = code_for(server)
        assert (exchange(server, code).status, server.issued) == (500, [])
        server.breaks(TOKEN_PATH, processes_then(answers(500)))
        assert (exchange(server, code).status, server.issued) == (500, [GENERIC])
        server.mends()
        assert exchange(server, code).body == b"Invalid Code"
