"""An admin signs in, lists the users and acts as one, on deployments that differ wherever the sources do."""

import pytest

from tests.kit.conversing import session_with
from tests.kit.deployment.dialect import CUSTOM_LIST_PATH, LONG_LIST_PATH, Dialect
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.permissions import FIRST
from tui.airisk.endpoints.catalog import ENDPOINTS
from tui.airisk.identity import APPLICATION, Identity, SubjectCheck
from tui.airisk.models import Draft, Upload, User
from tui.errors import SignInError, UnexpectedSignInResponseError
from tui.sandbox import Options, Sandbox

AGENTS = Draft("GET", "/api/Chat/ListAgents")

DIALECTS = {
    "plain": Dialect(),
    "303": Dialect(redirect_status=303),
    "307": Dialect(redirect_status=307),
    "state first": Dialect(location_order=("state", "code")),
    "unknown parameters": Dialect(location_extras=(("session_state", "a=b"), ("iss", "https://x"))),
    "state not echoed": Dialect(is_state_echoed=False),
    "response_type required": Dialect(is_response_type_required=True),
    "grant_type required": Dialect(is_grant_type_required=True),
    "form only": Dialect(token_body="form"),
    "JSON only": Dialect(token_body="json"),
    "generic Bearer at authorize": Dialect(generic_bearer="authorize"),
    "generic Bearer at token": Dialect(generic_bearer="token"),
    "generic Bearer at both": Dialect(generic_bearer="both"),
    "generic refused with 403": Dialect(generic_elsewhere=403),
    "long path": Dialect(list_path=LONG_LIST_PATH),
    "a clock an hour ahead": Dialect(clock_skew_seconds=3600),
    "a clock an hour behind": Dialect(clock_skew_seconds=-3600),
    "errors as HTML": Dialect(error_body="html", list_path=LONG_LIST_PATH),
    "errors without a body": Dialect(error_body="empty", list_path=LONG_LIST_PATH),
    "several redirect addresses": Dialect(redirect_uris=("https://localhost/callback", "https://other.example/cb")),
    **{f"expiration {form}": Dialect(expiration=form) for form in ("z", "seven_digits", "offset", "no_zone")},
    **{
        f"expiration {form}": Dialect(expiration=form)
        for form in ("missing", "garbage", "past", "year_1", "year_9999", "expires_in")
    },
}


@pytest.mark.parametrize("single_user", [False, True], ids=["with a list", "single user"])
@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=DIALECTS)
async def test_whatever_the_dialect_the_admin_acts_as_a_user(dialect: Dialect, single_user: bool) -> None:
    with ForeignAIRisk(dialect) as server:
        chosen = dialect.people[0].identity
        async with session_with(server, single_user=single_user, user_id=chosen) as session:
            user = User(chosen)
            if not single_user:
                listing = await session.users()
                assert [user.id for user in listing.users] == [person.identity for person in dialect.people]
                user = listing.users[0]
            assert await session.act_as(user) == session.active == Identity("user", user.id, user.name)

            exchange = await session.send(AGENTS, session.active)

            assert (exchange.status, exchange.identity.id) == (200, chosen)
            assert (await session.send(AGENTS, APPLICATION)).status == dialect.generic_elsewhere
        assert server.cookies_received == []


async def test_a_path_of_the_deployments_own_is_asked_and_no_other() -> None:
    with ForeignAIRisk(Dialect(list_path=CUSTOM_LIST_PATH)) as server:
        async with session_with(server, list_users=CUSTOM_LIST_PATH) as session:
            assert (await session.users()).users

        lists = [request.target for request in server.requests if "oauth2" not in request.target]
        assert lists == [CUSTOM_LIST_PATH]


@pytest.mark.parametrize("claim", ["sub", "userid", "nameid", "user_id"])
async def test_a_token_that_names_the_user_proves_it(claim: str) -> None:
    with ForeignAIRisk(Dialect(token_form="jwt", subject_claim=claim)) as server:
        async with session_with(server) as session:
            identity = await session.act_as((await session.users()).users[1])

    assert identity.subject_check is SubjectCheck.CONFIRMED


@pytest.mark.parametrize(
    "dialect", [Dialect(), Dialect(token_form="jwt", subject_claim=None)], ids=["opaque", "silent JWT"]
)
async def test_a_token_that_says_nothing_leaves_it_asserted(dialect: Dialect) -> None:
    with ForeignAIRisk(dialect) as server:
        async with session_with(server) as session:
            identity = await session.act_as((await session.users()).users[1])

    assert identity.subject_check is SubjectCheck.NOT_CONFIRMED


async def test_a_token_for_somebody_else_is_refused_and_nobody_is_acted_as() -> None:
    with ForeignAIRisk(Dialect(token_form="jwt", token_subject="somebody-else")) as server:
        async with session_with(server) as session:
            user = (await session.users()).users[0]
            with pytest.raises(
                UnexpectedSignInResponseError, match="AIRisk issued a token for somebody-else, not for "
            ):
                await session.act_as(user)

            assert session.active == APPLICATION


async def test_a_user_who_is_refused_leaves_the_old_identity_in_place() -> None:
    people = Dialect().people
    with ForeignAIRisk(Dialect(forbidden_users=frozenset({people[1].identity}))) as server:
        async with session_with(server) as session:
            users = (await session.users()).users
            before = await session.act_as(users[0])
            with pytest.raises(SignInError, match=f"sign in as .* · {people[1].identity}"):
                await session.act_as(users[1])

            assert session.active is before
            assert (await session.send(AGENTS, session.active)).identity.id == users[0].id


async def test_the_whole_catalogue_can_be_drafted_and_is_understood() -> None:
    typed = dict.fromkeys(("conversationId", "conversationID"), FIRST)
    typed |= {"messageId": "m-000000-00-1", "agentId": "agent-0", "feedback": "Like"}
    known = [each for each in ENDPOINTS if not each.is_path_unknown]
    files = {"file": Upload("a.txt", "a.txt", b"text")}
    with Sandbox(Options(users=3)) as sandbox:
        async with session_with(sandbox) as session:
            user = await session.act_as((await session.users()).users[0])
            for endpoint in known:
                values = {each.name: typed.get(each.name) or each.default or "text" for each in endpoint.fields}
                exchange = await session.send(endpoint.draft(values, files=files), user)
                assert (exchange.status, endpoint.path) == (200, endpoint.path)
    assert len(known) >= 8
