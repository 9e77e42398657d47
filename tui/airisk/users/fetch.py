"""Fetch the user list: from either path, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from tui.airisk.auth.sign_in_errors import no_list
from tui.airisk.http.response import LIST_CAP, BodyConsumer, Response, StreamingResponse
from tui.airisk.models import Draft, User, UserList
from tui.airisk.users.lazy_list import LazyUserList
from tui.airisk.users.list_pages import PageFacts, Scheme, counted, facts_of, linked, schemes
from tui.airisk.users.parser import ReadList, RecordReader
from tui.airisk.users.search_index import BLOCK
from tui.airisk.users.stream_parser import OnProgress, UserListParser
from tui.background import run_in_thread
from tui.config.origin import Origin
from tui.errors import NoResponseError, RequestRejectedError, UserListError

LIST_PATHS = ("/api/ListUsers", "/api/Users/ListUsers")
"""Documented paths of the user list: the second is tried if the first has none."""

MOST_PAGES = 10_000
"""Pages that are requested of one list: 200,000 users of 20 a page, in some minutes."""


class SendListRequest(Protocol):
    """Sends a request as the application, and passes a 200 to `take`; a rejected token is renewed if `renews`."""

    async def __call__(self, draft: Draft, take: BodyConsumer, *, renews: bool = True) -> Response:
        """Return the response, whatever its status."""
        ...


class UserLister:
    """Requests the list of one deployment, and remembers its path.

    Args:
        path: where the list is; empty for the documented places.
        origin: of the deployment.
    """

    def __init__(self, path: str, origin: Origin) -> None:
        self._paths: tuple[str, ...] = (path,) if path else LIST_PATHS
        self._origin = origin

    async def users(self, send: SendListRequest, on_progress: OnProgress | None = None) -> UserList:
        """Fetch the users of the deployment; `on_progress` gets them as they arrive.

        Raises:
            UserListError: the response is something else.
            ServiceBusyError: AIRisk is overloaded.
        """
        refusals: dict[str, UserListError] = {}
        for path in self._paths:
            # A token that was still rejected after a renewal is not renewed again.
            renews = all(each.found != "returned 401" for each in refusals.values())
            draft = Draft("GET", path)
            try:
                first = await _page(send, draft, on_progress, renews=renews)
            except UserListError as refusal:
                if refusal.busy:
                    raise refusal.busy from None
                refusals[path] = refusal
            else:
                self._paths = (path, *(each for each in self._paths if each != path))
                return await _Following(send, self._origin, draft, first, on_progress).whole()
        raise _none_of(refusals)


def _none_of(refusals: dict[str, UserListError]) -> UserListError:
    """Describe each path's response; the advice is about the one that returned anything."""
    (first, refusal), *others = refusals.items()
    found = ", ".join([refusal.found, *(f"{path} {each.found}" for path, each in others)])
    best = next((each for each in refusals.values() if each.found != "returned 404"), refusal)
    return UserListError(found, where=first, advice=best.advice)


@dataclass(frozen=True, slots=True)
class _Page:
    read: ReadList
    facts: PageFacts
    size: int

    @property
    def entries(self) -> int:
        """Number of entries, users or not."""
        return len(self.read.listing.users) + self.read.listing.unrecognized


async def _page(
    send: SendListRequest,
    draft: Draft,
    on_progress: OnProgress | None = None,
    reading: RecordReader | None = None,
    *,
    renews: bool = True,
) -> _Page:
    reader = UserListParser(on_progress, reading)
    response = await send(draft, partial(_take, reader), renews=renews)
    if response.status not in {200, 204}:
        raise no_list(response)
    if response.size and "html" in response.content_type:
        raise UserListError(
            f"is not JSON ({response.content_type[:80]})",
            advice="The deployment may be starting, or a login page of your network may be in between. Try again.",
        )
    read = reader.whole() if reader.is_small else await run_in_thread(reader.whole)
    return _Page(read, facts_of(read.around, response), response.size)


async def _take(reader: UserListParser, incoming: StreamingResponse) -> int:
    async for piece in incoming.pieces(LIST_CAP):
        reader.take(piece)
    return reader.size


class _Following:
    """Requests the pages after the first, as far as they are announced."""

    def __init__(
        self, send: SendListRequest, origin: Origin, draft: Draft, first: _Page, on_progress: OnProgress | None
    ) -> None:
        self._send = send
        self._origin = origin
        self._draft = draft
        self._first = first.read
        self._on_progress = on_progress
        self._facts = first.facts
        self._pages, self._entries, self._size = 1, first.entries, first.size
        self._users = LazyUserList()
        self._seen: set[str] = set()
        self._unrecognized = first.read.listing.unrecognized
        self._requested = {draft.target}
        self._scheme: Scheme | None = None
        self._is_linked = False

    async def whole(self) -> UserList:
        """Return as much of the list as is available."""
        missing = ""
        if self._facts.is_followed(self._entries, self._pages):
            self._begin()
        while not missing and self._facts.is_followed(self._entries, self._pages):
            if self._pages >= MOST_PAGES or self._size > LIST_CAP:
                missing = f"there are more than {self._pages:,} pages"
            else:
                missing = await self._next()
        total = self._facts.total or 0
        return self._listing(missing or ("the list ended before all users arrived" if self._entries < total else ""))

    def _begin(self) -> None:
        users = self._first.listing.users
        self._seen.update(user.id for user in users)
        if isinstance(users, LazyUserList):
            self._users = users
        else:
            self._take(users)

    async def _next(self) -> str:
        """Request the next page, and add it; return why it is unavailable, or nothing."""
        if self._facts.link:
            draft = linked(self._draft, self._facts.link, self._origin)
            self._is_linked = True
            return await self._request(draft) if draft else "the next page is at another address"
        if self._is_linked:
            return "the list ended before all users arrived"
        if self._scheme:
            return await self._request(self._counted(self._scheme))
        for scheme in schemes(self._draft, self._facts):
            if not await self._request(self._counted(scheme), is_guess=True):
                self._scheme = scheme
                return ""
        return "it does not say how to request the next page"

    def _counted(self, scheme: Scheme) -> Draft:
        return counted(self._draft, scheme, pages=self._pages, entries=self._entries)

    async def _request(self, draft: Draft, *, is_guess: bool = False) -> str:
        if draft.target in self._requested:
            return "the next page was already received"
        self._requested.add(draft.target)
        reading = self._first.reading if self._first.listing.users else None
        try:
            page = await _page(self._send, draft, reading=reading)
        except UserListError as refusal:
            return f"the next page {refusal.found}"
        except RequestRejectedError:
            return "the next page has an invalid address"
        except NoResponseError as error:
            if not is_guess:
                raise
            return error.message
        fresh = [user for user in page.read.listing.users if user.id not in self._seen]
        if not fresh and (page.entries or is_guess):
            return "the next page repeats this one"
        total = page.facts.total or self._facts.total  # Some give it on the first page only.
        self._facts = replace(page.facts, total=total) if page.entries else PageFacts(total, has_more=False)
        if not self._first.listing.users:
            self._first = page.read
        self._pages += 1
        self._entries += page.entries
        self._size += page.size
        self._unrecognized += page.read.listing.unrecognized
        self._seen.update(user.id for user in fresh)
        self._take(fresh)
        if self._on_progress:
            self._on_progress(self._listing())
        return ""

    def _take(self, users: Sequence[User]) -> None:
        for start in range(0, len(users), BLOCK):
            self._users.add_users(users[start : start + BLOCK])

    def _listing(self, missing: str = "") -> UserList:
        users = self._users if self._seen else self._first.listing.users
        return replace(
            self._first.listing, users=users, unrecognized=self._unrecognized, total=self._facts.total, missing=missing
        )
