"""Asking a deployment for the list of its users, wherever it keeps it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from tui.airisk.errors import NotAUserList
from tui.airisk.incoming import LIST_CAP, Answer, Incoming, Take
from tui.airisk.listing import Grown, ListReader
from tui.airisk.models import Draft, UserList
from tui.airisk.refusals import no_list
from tui.airisk.threads import in_thread

LIST_PATHS = ("/api/ListUsers", "/api/Users/ListUsers")
"""Where the list of users is documented to be: the second is asked when the first answers 404."""

Ask = Callable[[Draft, Take], Awaitable[Answer]]
"""Sends a request as the application itself, and has what it does with a 200 done."""


async def ask_for_users(ask: Ask, path: str, grown: Grown | None) -> UserList:
    """The users of a deployment.

    Args:
        ask: how it is asked.
        path: where the list is; empty for the documented places.
        grown: hears of the users as they come.

    Raises:
        NotAUserList: what came is something else.
    """
    reader = ListReader(grown)
    take = partial(_take, reader)
    first, *others = (path,) if path else LIST_PATHS
    answer = await ask(Draft("GET", first), take)
    if answer.status == 404 and others:
        answer = await ask(Draft("GET", others[0]), take)
    if answer.status not in {200, 204}:
        raise no_list(answer)
    if answer.size and "html" in answer.content_type:
        raise NotAUserList(
            f"AIRisk's answer is not JSON ({answer.content_type[:80]}), so not a user list.",
            advice="The deployment may be starting, or a login page of your network stands in between. Try again.",
        )
    return reader.end() if reader.is_quickly_read else await in_thread(reader.end)


async def _take(reader: ListReader, incoming: Incoming) -> int:
    async for piece in incoming.pieces(LIST_CAP):
        reader.take(piece)
    return reader.size
