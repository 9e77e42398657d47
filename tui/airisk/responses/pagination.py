"""Pages of a response, as AIRisk counts them: `results` per page, `skip` entries before it.

Documented for the list of conversations, in the query or as steps of the path: `skip = (page - 1) * results`. The
response is a bare array without a total or a next link, so that a short page is the last one.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

from tui.airisk.lenient_json import unwrapped
from tui.airisk.models import Draft, Exchange

RESULTS = 20
"""How many are on a page where the request does not say."""

JOINED_CAP = 64 * 1024 * 1024
"""Bytes of joined pages after which no more are requested."""

_IN_PATH = re.compile(r"(?P<before>/api/(?:Chat/)?GetConversations/[^/?]*)/(?P<results>\d{1,9})/(?P<skip>\d{1,9})")
_LISTS = re.compile(r"/api/(?:Chat/)?GetConversations(?:/[^/?]*)?", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,9}")


@dataclass(frozen=True, slots=True)
class Page:
    """The part of a list that a request asks for."""

    results: int
    skip: int

    @property
    def number(self) -> int:
        """Number of the page, counted from 1."""
        return self.skip // self.results + 1


def page_of(draft: Draft) -> Page | None:
    """Return the page that a request asks for; None if it asks for none."""
    if draft.method != "GET" or not draft.is_safe:
        return None
    if found := _IN_PATH.match(draft.path):
        return _page(found["results"], found["skip"])
    query = {name.lower(): value for name, value in draft.query}
    if {"results", "skip"} & query.keys() or _LISTS.fullmatch(draft.path.partition("?")[0]):
        return _page(query.get("results", "") or str(RESULTS), query.get("skip", "") or "0")
    return None


def next_page(exchange: Exchange) -> Draft | None:
    """Return the request for the next page; None if this is the last, or no page."""
    page, entries = page_of(exchange.draft), _entries(exchange)
    if page is None or entries is None or len(entries) < page.results:
        return None
    return _at(exchange.draft, page, page.skip + page.results)


def previous_page(exchange: Exchange) -> Draft | None:
    """Return the request for the previous page; None if this is the first, or no page."""
    page = page_of(exchange.draft)
    if page is None or page.skip == 0:
        return None
    return _at(exchange.draft, page, max(0, page.skip - page.results))


@dataclass(frozen=True, slots=True)
class CombinedPages:
    """The pages so far; `why` says why they ended early, if they did. `first` is the first page."""

    first: Exchange
    pages: int
    entries: int
    is_over: bool = False
    why: str = ""
    _pieces: list[bytes] = field(default_factory=list, repr=False)

    def __str__(self) -> str:
        return f"{self.pages} page{'' if self.pages == 1 else 's'}, {self.entries:,} entries"

    @property
    def exchange(self) -> Exchange:
        """All pages as one response; the first one as received, if there are none."""
        if not self.pages:
            return self.first
        body = b"[" + b",".join(self._pieces[: self.entries]) + b"]"
        return replace(self.first, body=body, pages=self.pages)


@dataclass(frozen=True, slots=True)
class Extent:
    """The part of a list that a response holds; `is_whole` if that is all of it."""

    first: int
    entries: int
    pages: int
    is_whole: bool

    def __str__(self) -> str:
        pages = f", in {self.pages} pages" if self.pages > 1 else ""
        if self.is_whole:
            return f"all {self.entries:,} entries{pages}"
        which = f"the first {self.entries:,} entries" if not self.first else f"entries {self.first + 1:,} and later"
        return f"{which} only{pages}"

    def is_like(self, other: Extent) -> bool:
        """Return whether both are the same part of their lists."""
        both_whole = self.is_whole and other.is_whole
        return self.first == other.first and (both_whole or self.pages == other.pages)


def extent_of(exchange: Exchange) -> Extent | None:
    """Return the part of a list that a response holds; None if it is not a page of a list."""
    page, entries = page_of(exchange.draft), _entries(exchange)
    if page is None or entries is None or exchange.status != 200:
        return None
    is_whole = page.skip == 0 and len(entries) < exchange.pages * page.results
    return Extent(page.skip, len(entries), exchange.pages, is_whole)


async def all_pages(
    draft: Draft, send: Callable[[Draft], Awaitable[Exchange]], *, most: int | None = None
) -> AsyncIterator[CombinedPages]:
    """Request every page from the first on, or at most so many; after each, yield all pages so far.

    Raises:
        AIRiskError: raised by `send`, after the earlier pages were yielded.
    """
    page = page_of(draft)
    following = _at(draft, page, 0) if page else None
    pieces: list[bytes] = []
    before = None
    first: Exchange | None = None
    count = size = 0
    while following is not None:
        exchange = await send(following)
        entries = _entries(exchange)
        why = _why_to_stop(exchange, entries, before)
        if why and first is None:
            yield CombinedPages(exchange, 0, 0, is_over=True, why=why)
            return
        if entries is not None and not why:
            pieces += [bytes(each) for each in entries]
            size += len(exchange.body)
            count += 1
        first = first or exchange
        before = exchange.body
        following = None if why or count == most else next_page(exchange)
        if following and size > JOINED_CAP:
            why, following = f"more than {JOINED_CAP // 1_000_000} MB arrived", None
        yield CombinedPages(first, count, len(pieces), is_over=following is None, why=why, _pieces=pieces)


def _why_to_stop(exchange: Exchange, entries: list[msgspec.Raw] | None, before: bytes | None) -> str:
    if exchange.status != 200:
        return f"AIRisk responded with {exchange.status}"
    if entries is None:
        return "the response is not an array"
    if exchange.body == before:
        return "AIRisk returned the same page again"
    return ""


def _page(results: str, skip: str) -> Page | None:
    if _NUMBER.fullmatch(results) and _NUMBER.fullmatch(skip) and int(results):
        return Page(int(results), int(skip))
    return None


def _entries(exchange: Exchange) -> list[msgspec.Raw] | None:
    """Return the entries of the page, each as received; None if the response is not an array.

    References are resolved first: each page numbers its own objects, so that joined pages would mix them up.
    """
    try:
        if b'"$' in exchange.body:
            document = msgspec.json.decode(exchange.body)
            entries = unwrapped(document)
            if entries is not document:
                return _encoded(entries) if isinstance(entries, list) else None
        return msgspec.json.decode(exchange.body, type=list[msgspec.Raw])
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None


def _encoded(entries: list[Any]) -> list[msgspec.Raw]:
    return [msgspec.Raw(msgspec.json.encode(each)) for each in entries]


def _at(draft: Draft, page: Page, skip: int) -> Draft:
    if _IN_PATH.match(draft.path):
        return replace(draft, path=_IN_PATH.sub(rf"\g<before>/{page.results}/{skip}", draft.path, count=1))
    kept = tuple((name, value) for name, value in draft.query if name.lower() not in {"results", "skip"})
    return replace(draft, query=(*kept, ("results", str(page.results)), ("skip", str(skip))))
