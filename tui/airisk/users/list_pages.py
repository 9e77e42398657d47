"""What one page of a user list says about the others, by common conventions of APIs.

In the body, next to the list: `totalCount` and `hasNextPage`, OData's `@odata.count` and `@odata.nextLink`, and their
like. In headers: `X-Total-Count`, `Link: <…>; rel="next"`, and `X-Pagination` with a JSON object.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import SplitResult, parse_qsl, quote, urljoin, urlsplit

from tui.airisk.auth.token_subject import json_object
from tui.airisk.models import Draft, ResponseHead
from tui.config.origin import Origin

_TOTALS = ("totalcount", "total", "totalresults", "totalrecords", "totalitems", "totalelements", "odatacount", "count")
_HAS_MORE = ("hasnextpage", "hasnext", "hasmore", "hasmoreresults", "hasmoreitems")
_TOKENS = ("nextpagetoken", "continuationtoken", "nextcursor")
_LINKS = ("odatanextlink", "nextlink", "nextpagelink", "nextpageurl", "nextpageuri", "nexturl", "nextpage", "next")
_PAGE_COUNTS = ("totalpages", "pagecount")
_BY_NUMBER = ("pagenumber", "page", "pageindex", "currentpage", "pageno")
_BY_OFFSET = ("skip", "offset", "startindex", "skipcount", "$skip")
_GUESSES = (("skip", "offset"), ("page", "pageNumber"))
"""Parameters to try if a page does not say how to request the next one: by offset, and by number from 1.

AIRisk documents `skip` for its other lists. A server ignores unknown parameters, and sends the first page.
"""

_DEPTH = 3
_LINK = re.compile(r'<([^<>]*)>((?:\s*;\s*[\w!#$%&*+.^`|~-]+\s*(?:=\s*(?:"[^"]*"|[^\s",;]*))?)*)')
_REL = re.compile(r';\s*rel\s*=\s*(?:"([^"]*)"|([^\s",;]*))', re.IGNORECASE)
_SENDABLE = "!$%&'()*+,-./:;=?@[]_~"


@dataclass(frozen=True, slots=True)
class PageFacts:
    """Paging information of a page.

    `total` is how many entries the list has, `pages` how many pages, `has_more` whether this is not the last: None
    where it does not say. `link` is the address of the next page; `numbered` is the parameter that counts pages, with
    its value here.
    """

    total: int | None = None
    pages: int | None = None
    has_more: bool | None = None
    link: str = ""
    numbered: tuple[str, int] | None = None

    def is_followed(self, entries: int, pages: int) -> bool:
        """Return whether the list continues after so many entries on so many pages."""
        if self.link or self.has_more is not None:
            return bool(self.link or self.has_more)
        return entries < (self.total or 0) or pages < (self.pages or 0)


def facts_of(document: Any, head: ResponseHead) -> PageFacts:
    """Extract the paging information from a page's body and headers."""
    said = dict(_members(json_object(head.header("x-pagination").encode("latin-1", "replace"))))
    said |= dict(_members(document)) if isinstance(document, Mapping) else {}
    header = head.header("x-total-count") or head.header("x-total")
    return PageFacts(
        total=int(header) if _is_count(header) else _number(said, _TOTALS),
        pages=_number(said, _PAGE_COUNTS),
        has_more=_has_more(said),
        link=_next_in_header(head) or _next_in_body(said),
        numbered=_named_number(said, _BY_NUMBER) or _named_number(said, _BY_OFFSET),
    )


def linked(draft: Draft, link: str, origin: Origin) -> Draft | None:
    """Return the request for a page with a given address; None if that is not at this origin."""
    base = f"{origin}{draft.path}"
    try:
        parts = urlsplit(urljoin(base, link.strip()))
        is_here = _is_at(parts, origin)
    except ValueError:
        return None
    if not is_here or not parts.path.startswith("/"):
        return None
    target = quote(parts.path, safe=_SENDABLE) + (f"?{quote(parts.query, safe=_SENDABLE)}" if parts.query else "")
    return Draft("GET", target)


Scheme = tuple[tuple[str, ...], int, bool]
"""How pages are counted: by which parameters, the first page's value, and whether by offset."""


def schemes(draft: Draft, facts: PageFacts) -> Iterator[Scheme]:
    """Yield the possible ways to request further pages, the likeliest first."""
    counts = [(name, int(value)) for name, value in _query(draft) if _is_count(value)]
    named = [(name, value) for name, value in counts if _plain(name) in (*_BY_NUMBER, *_BY_OFFSET)]
    for name, value in (*named, *([facts.numbered] if facts.numbered else [])):
        yield (name,), value, _plain(name) in _BY_OFFSET
    yield _GUESSES[0], 0, True
    yield _GUESSES[1], 1, False


def counted(draft: Draft, scheme: Scheme, *, pages: int, entries: int) -> Draft:
    """Return the request for the page after so many pages with so many entries."""
    names, first, is_by_offset = scheme
    value = str(first + (entries if is_by_offset else pages))
    kept = [(name, each) for name, each in _query(draft) if name not in names]
    path = draft.path.partition("?")[0]
    return replace(draft, path=path, query=(*kept, *((name, value) for name in names)))


def _query(draft: Draft) -> list[tuple[str, str]]:
    return [*parse_qsl(draft.path.partition("?")[2], keep_blank_values=True), *draft.query]


def _members(document: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, Any]]]:
    """Yield the scalar values of a document by their plain names, inner ones first: later ones count."""
    levels = [[document]]
    for _ in range(_DEPTH - 1):
        levels.append([value for each in levels[-1] for value in each.values() if isinstance(value, Mapping)])
    for level in reversed(levels):
        for each in level:
            yield from ((_plain(key), (key, value)) for key, value in each.items() if not isinstance(value, list))


def _plain(key: str) -> str:
    return re.sub(r"[^a-z0-9$]", "", key.lower()) if key.startswith("$") else re.sub(r"[^a-z0-9]", "", key.lower())


def _named_number(said: Mapping[str, tuple[str, Any]], names: tuple[str, ...]) -> tuple[str, int] | None:
    found = (said[name] for name in names if name in said)
    return next(((key, int(value)) for key, value in found if _is_count(value)), None)


def _number(said: Mapping[str, tuple[str, Any]], names: tuple[str, ...]) -> int | None:
    named = _named_number(said, names)
    return named[1] if named else None


def _is_count(value: Any) -> bool:
    if isinstance(value, str):
        return value.isascii() and value.isdigit() and len(value) < 16
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _has_more(said: Mapping[str, tuple[str, Any]]) -> bool | None:
    flags = (said[name][1] for name in _HAS_MORE if name in said)
    flag = next((each for each in flags if isinstance(each, bool)), None)
    return True if flag is None and any(said[name][1] for name in _TOKENS if name in said) else flag


def _next_in_body(said: Mapping[str, tuple[str, Any]]) -> str:
    for _, value in (said[name] for name in _LINKS if name in said):
        address = value.get("href") if isinstance(value, Mapping) else value
        if isinstance(address, str) and re.match(r"https?://|[/?]", address, re.IGNORECASE):
            return address
    return ""


def _next_in_header(head: ResponseHead) -> str:
    """Return the address of the relation `next` (RFC 8288), from whichever header has it."""
    for value in (value for name, value in head.headers if name.lower() == "link"):
        for address, parameters in _LINK.findall(value):
            relation = _REL.search(parameters)
            if relation and "next" in (relation[1] or relation[2] or "").lower().split():
                return str(address)
    return ""


def _is_at(parts: SplitResult, origin: Origin) -> bool:
    """Return whether an address is at this origin, even if a TLS proxy made the deployment report `http`."""
    usual = {"https": 443, "http": 80}.get(parts.scheme)
    if usual is None or parts.username is not None or (parts.hostname or "") != origin.host.lower():
        return False
    is_behind_proxy = origin.scheme == "https" and parts.scheme == "http" and parts.port is None
    port = origin.port or {"https": 443, "http": 80}[origin.scheme]
    return is_behind_proxy or (parts.scheme == origin.scheme and (parts.port or usual) == port)
