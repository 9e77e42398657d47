"""ASGI application of all sandbox endpoints."""

import traceback
from collections.abc import Awaitable, Callable, Iterator

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tui.sandbox.api import OPENAPI_PATH, Endpoint, offered
from tui.sandbox.auth import SigningIn
from tui.sandbox.chat import Chat
from tui.sandbox.deployment import Deployment
from tui.sandbox.errors import RefusedError, problem
from tui.sandbox.middleware import FaultMiddleware
from tui.sandbox.openapi import document
from tui.sandbox.people import Person
from tui.sandbox.users import UserList

_MOST_BYTES = 32 * 1024 * 1024
# A search may contain a slash, or be empty.
_SEARCH = ("{metadatasearch}", "{metadatasearch:path}")

_Open = Callable[[Request], Awaitable[Response]]
_Personal = Callable[[Request, Person], Awaitable[Response]]


def application(deployment: Deployment) -> Starlette:
    """Return the ASGI application of a deployment."""
    served = Starlette(
        routes=[_route(endpoint, answer) for endpoint, answer in _answers(deployment)],
        middleware=[Middleware(FaultMiddleware, deployment=deployment)],
        exception_handlers={
            RefusedError: _refusal_handler(deployment),
            HTTPException: _unrouted,
            Exception: _broken,
        },
        max_body_size=_MOST_BYTES,
    )
    described = JSONResponse(document(offered(deployment.options.list_path)))
    served.router.routes.append(Route(OPENAPI_PATH, lambda _: described))
    # A path with an extra slash is an unknown path.
    served.router.redirect_slashes = False
    return served


def _answers(deployment: Deployment) -> Iterator[tuple[Endpoint, _Open]]:
    signing_in, users, chat = SigningIn(deployment), UserList(deployment), Chat(deployment)
    unnamed: dict[str, _Open] = {
        "Authorize": signing_in.authorize,
        "Token": signing_in.token,
        "ListUsers": users.list_users,
    }
    personal: dict[str, _Personal] = {
        "ListAgents": chat.list_agents,
        "GetConversations": chat.get_conversations,
        "GetConversation": chat.get_conversation,
        "CreateConversation": chat.create_conversation,
        "AskAgent": chat.ask_agent,
        "AddFileToConversation": chat.add_file,
        "SubmitFeedback": chat.submit_feedback,
    }
    for endpoint in offered(deployment.options.list_path):
        match endpoint.opened_by:
            case "nothing":
                yield endpoint, unnamed[endpoint.name]
            case "any token":
                yield endpoint, _for_any_token(deployment, endpoint, unnamed[endpoint.name])
            case "user token":
                yield endpoint, _for_a_person(deployment, endpoint, personal[endpoint.name])


def _for_any_token(deployment: Deployment, endpoint: Endpoint, answer: _Open) -> _Open:
    async def answered(request: Request) -> Response:
        deployment.admit(request, endpoint)
        return await answer(request)

    return answered


def _for_a_person(deployment: Deployment, endpoint: Endpoint, answer: _Personal) -> _Open:
    async def answered(request: Request) -> Response:
        return await answer(request, deployment.admit_person(request, endpoint))

    return answered


def _route(endpoint: Endpoint, answer: _Open) -> Route:
    route = Route(endpoint.path.replace(*_SEARCH), answer, methods=[endpoint.method], name=endpoint.name)
    # ASP.NET Core does not answer HEAD for GET, as Starlette would.
    route.methods = {endpoint.method}
    return route


def _refusal_handler(deployment: Deployment) -> Callable[[Request, Exception], Response]:
    def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, RefusedError)  # noqa: S101 - Starlette looks handlers up by this type
        is_denial = error.status in {401, 403} and not request.url.path.startswith("/api/oauth2")
        if is_denial and "error-in-200" in deployment.faults:
            return JSONResponse({"error": {"code": error.status, "message": error.detail or "Unauthorized"}})
        return problem(error.status, error.detail, error.headers)

    return refused


def _unrouted(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - Starlette looks handlers up by this type
    return problem(error.status_code, headers=dict(error.headers or {}))


def _broken(_: Request, error: Exception) -> Response:
    traceback.print_exception(error)
    return problem(500)
