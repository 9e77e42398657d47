"""Signing in over real sockets: no redirect is followed, and no code tried twice."""

import pytest

from tests.kit.conversing import session_with
from tests.kit.deployment.dialect import Dialect
from tests.kit.deployment.faults import redirects_elsewhere
from tests.kit.deployment.foreign import ForeignAIRisk
from tui.airisk.identity import APPLICATION
from tui.airisk.models import User
from tui.errors import SignInError, SignInRejectedError, UnexpectedSignInResponseError


@pytest.mark.parametrize("path", ["/api/oauth2", "/api/oauth2/Token"])
@pytest.mark.parametrize("status", [302, 307])
async def test_a_redirect_to_another_host_is_an_error_and_that_host_hears_nothing(path: str, status: int) -> None:
    with ForeignAIRisk(faults={path: redirects_elsewhere(status)}) as server:
        async with session_with(server) as session:
            with pytest.raises(UnexpectedSignInResponseError):
                await session.sign_in()
        assert server.thief.requests == []
        assert [request.path for request in server.requests][-1] == path


async def test_a_refusal_that_travels_in_the_redirect_is_reported() -> None:
    dialect = Dialect(is_refusal_redirected=True, forbidden_users=frozenset({"u-1"}))
    with ForeignAIRisk(dialect) as server:
        async with session_with(server) as session:
            with pytest.raises(SignInRejectedError, match="access_denied This user may not be acted for"):
                await session.act_as(User("u-1"))
            assert session.active == APPLICATION


async def test_a_code_is_never_tried_twice() -> None:
    with ForeignAIRisk(Dialect(token_body="json")) as server:
        async with session_with(server) as session:
            await session.sign_in()
        codes = [request.body for request in server.requests if request.path == "/api/oauth2/Token"]
        assert (len(codes), len(server.requests)) == (2, 4)
    with ForeignAIRisk() as server:
        async with session_with(server, secret="wrong") as session:
            with pytest.raises(SignInError):
                await session.sign_in()
        assert [request.path for request in server.requests] == ["/api/oauth2", "/api/oauth2/Token"]
