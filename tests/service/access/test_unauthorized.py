"""What a 401 means: the endpoint or the token, and how few requests tell."""

from __future__ import annotations

from collections import Counter

from tests.kit.conversing import session_with
from tests.kit.deployment.faults import answers
from tests.kit.deployment.gated import AREA, DENIALS, GatedAIRisk
from tests.kit.permissions import verdicts
from tests.service.access.asking import ask
from tui.access.model import ANONYMOUS_ROW, Row, Verdict
from tui.access.requests import MatrixRequest
from tui.airisk.models import Draft

AREAS = ("east", "west", "north", "south", "vault")
MAY_ENTER = frozenset({("u-1", "west"), ("u-2", "east"), ("u-2", "vault")})
USERS = [Row(f"u-{number}") for number in range(1, 4)]
ASKED = [MatrixRequest.of(f"GET {AREA}{name}", Draft("GET", AREA + name)) for name in AREAS]
TABLE = {
    (row.id, f"GET {AREA}{name}"): Verdict.ALLOWED if (row.id, name) in MAY_ENTER else Verdict.DENIED
    for row in USERS
    for name in AREAS
}


def asked_by(server: GatedAIRisk) -> Counter[str | None]:
    """How many requests went in whose name."""
    return Counter(request.identity for request in server.requests if request.path.startswith(AREA))


async def test_where_a_token_is_accepted_somewhere_its_401s_cost_one_request_more_and_no_sign_in():
    with GatedAIRisk(DENIALS["401"], MAY_ENTER) as server:
        async with session_with(server) as session:
            cells = await ask(session, [*USERS[:2], ANONYMOUS_ROW], ASKED)
        assert {key: says for key, says in verdicts(cells).items() if key[0] != "anonymous"} == {
            key: says for key, says in TABLE.items() if key[0] != "u-3"
        }
        assert asked_by(server) == {"u-1": 6, "u-2": 6, None: 5}
        assert Counter(server.issued)["u-1"] == 1
    denied = [cell for cell in cells if cell.verdict is Verdict.DENIED and cell.kind == "user"]
    assert {"but the token is accepted elsewhere" in cell.reason for cell in denied} == {True}


async def test_a_resumed_row_gives_the_reasons_that_a_whole_one_gives():
    with GatedAIRisk(DENIALS["401"], MAY_ENTER) as server:
        async with session_with(server) as session:
            whole = await ask(session, USERS[:1], ASKED)
            known = {USERS[0].key: frozenset({f"GET {AREA}west"})}
            earlier = [cell for cell in whole if cell.endpoint == f"GET {AREA}west"]
            rest = await ask(session, USERS[:1], ASKED, known=known, earlier=earlier)
    reasons = {cell.endpoint: cell.reason for cell in whole}
    assert {cell.endpoint: cell.reason for cell in rest} == {
        endpoint: reason for endpoint, reason in reasons.items() if endpoint != f"GET {AREA}west"
    }


async def test_a_resumed_run_remembers_which_endpoint_is_open_to_anyone():
    with GatedAIRisk(DENIALS["401"], frozenset({("u-1", "east")})) as server:
        server.breaks(f"{AREA}west", answers(200, b'[{"id": 1}]', ("Content-Type", "application/json")))
        async with session_with(server) as session:
            earlier = await ask(session, [ANONYMOUS_ROW], [ASKED[1]])
            await session.sign_in(USERS[0].identity)
            server.revoke("u-1")
            cells = await ask(session, USERS[:1], [ASKED[1], ASKED[0]], earlier=earlier, concurrency=1)
    assert [cell.verdict for cell in cells] == [Verdict.ALLOWED, Verdict.ALLOWED]


async def test_who_is_answered_401_everywhere_is_sent_again_with_one_new_token_where_tokens_last():
    with GatedAIRisk(DENIALS["401"], MAY_ENTER) as server:
        async with session_with(server) as session:
            cells = await ask(session, [USERS[1], USERS[2]], ASKED, concurrency=1)
        assert asked_by(server) == {"u-2": 6, "u-3": 10}
        assert Counter(server.issued)["u-3"] == 2
    denied = [cell for cell in cells if cell.identity == "u-3"]
    assert {cell.verdict for cell in denied} == {Verdict.DENIED}
    assert {"even with a renewed token" in cell.reason for cell in denied} == {True}


async def test_where_everybody_is_answered_401_everywhere_a_run_signs_in_a_few_times_more_and_no_oftener():
    asked = [MatrixRequest.of(f"GET {AREA}{number}", Draft("GET", f"{AREA}{number}")) for number in range(20)]
    with GatedAIRisk(DENIALS["401"], frozenset()) as server:
        async with session_with(server) as session:
            cells = await ask(session, USERS, asked)
        signed_in = Counter(server.issued)
    assert {cell.verdict for cell in cells} == {Verdict.DENIED}
    assert sum(signed_in[row.id] for row in USERS) <= 2 * len(USERS) + 5


async def test_a_token_that_ends_in_the_middle_of_a_row_is_renewed_once():
    asked = [MatrixRequest.of(f"GET {AREA}{number}", Draft("GET", f"{AREA}{number}")) for number in range(20)]
    may_enter = frozenset({("u-1", "0"), ("u-1", "19")})
    with GatedAIRisk(DENIALS["401"], may_enter, user_token_uses=5) as server:
        async with session_with(server) as session:
            cells = await ask(session, USERS[:1], [*asked[:1], *asked[5:7], *asked[18:]], concurrency=1)
        assert Counter(server.issued)["u-1"] <= 3
    assert verdicts(cells)["u-1", f"GET {AREA}19"] is Verdict.ALLOWED


async def test_tokens_that_are_good_for_one_request_are_not_taken_for_denials():
    with GatedAIRisk(DENIALS["401"], MAY_ENTER, user_token_uses=1) as server:
        async with session_with(server) as session:
            cells = await ask(session, USERS[:2], ASKED, concurrency=1)
    assert verdicts(cells) == {key: says for key, says in TABLE.items() if key[0] != "u-3"}


async def test_a_token_revoked_before_is_renewed():
    with GatedAIRisk(DENIALS["401"], MAY_ENTER) as server:
        async with session_with(server) as session:
            await session.sign_in(USERS[0].identity)
            server.revoke("u-1")
            cells = await ask(session, USERS[:1], ASKED, concurrency=1)
    assert verdicts(cells) == {key: says for key, says in TABLE.items() if key[0] == "u-1"}


async def test_what_changes_things_is_not_sent_again_and_reported_where_the_token_was_over():
    posts = MatrixRequest.of(f"POST {AREA}west", Draft("POST", f"{AREA}west"))
    with GatedAIRisk(DENIALS["401"], MAY_ENTER, user_token_uses=1) as server:
        async with session_with(server) as session:
            cells = await ask(session, USERS[:1], [ASKED[1], posts], concurrency=1)
        assert sum(request.method == "POST" and request.path.startswith(AREA) for request in server.requests) == 1
    assert [cell.verdict for cell in cells] == [Verdict.ALLOWED, Verdict.INCONCLUSIVE]
    assert "the token had expired" in cells[1].reason


async def test_what_changes_things_is_not_sent_again_to_find_out_what_a_401_means():
    posts = MatrixRequest.of(f"POST {AREA}west", Draft("POST", f"{AREA}west"))
    with GatedAIRisk(DENIALS["401"], MAY_ENTER) as server:
        async with session_with(server) as session:
            cells = await ask(session, USERS[:1], [posts, ASKED[0]], concurrency=1)
        assert sum(request.method == "POST" and request.path.startswith(AREA) for request in server.requests) == 1
    assert [cell.verdict for cell in cells] == [Verdict.ALLOWED, Verdict.DENIED]


async def test_an_endpoint_that_is_open_to_anybody_does_not_speak_for_a_token():
    with GatedAIRisk(DENIALS["401"], frozenset({("u-1", "east")})) as server:
        server.breaks(f"{AREA}west", answers(200, b'[{"id": 1}]', ("Content-Type", "application/json")))
        async with session_with(server) as session:
            await session.sign_in(USERS[0].identity)
            server.revoke("u-1")
            cells = await ask(session, [ANONYMOUS_ROW, USERS[0]], [ASKED[1], ASKED[0]], concurrency=1)
    assert [cell.verdict for cell in cells if cell.kind == "user"] == [Verdict.ALLOWED, Verdict.ALLOWED]
