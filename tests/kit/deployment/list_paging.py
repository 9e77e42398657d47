"""A list of users that is answered page by page, as APIs usually do that."""

import json
from dataclasses import dataclass
from typing import Literal

from tests.kit.deployment.messages import Received, Reply, json_reply

Convention = Literal["total_count", "odata", "x_total_count", "link", "x_pagination"]

CONVENTIONS: tuple[Convention, ...] = ("total_count", "odata", "x_total_count", "link", "x_pagination")
BY_OFFSET = frozenset({"skip", "offset", "$skip"})


@dataclass(frozen=True, kw_only=True)
class Paging:
    """How a list is cut into pages, and what each page says of the others.

    `parameter` is the one by which a page is requested: others are ignored, and with none every answer is the first
    page. Links lead to `links_to`, by default to where the request came, without their host. `claimed` is the total
    that is told, by default the true one. `counts_once`: only the first page has the header with the total.
    """

    convention: Convention
    size: int = 20
    parameter: str = "page"
    links_to: str = ""
    claimed: int | None = None
    counts_once: bool = False


def page_reply(entries: list[object], paging: Paging, request: Received) -> Reply:
    """The page that was requested, the first unless the request names another."""
    start = _start(paging, request)
    shown, end = entries[start : start + paging.size], start + paging.size
    number, has_next = start // paging.size + 1, end < len(entries)
    value = str(end if paging.parameter in BY_OFFSET else number + 1)
    link = f"{paging.links_to}{request.path}?{paging.parameter}={value}" if has_next else ""
    total = len(entries) if paging.claimed is None else paging.claimed
    match paging.convention:
        case "total_count":
            told = {"totalCount": total, "pageNumber": number, "pageSize": paging.size, "hasNextPage": has_next}
            return json_reply({"items": shown, **told})
        case "odata":
            context = {"@odata.context": "$metadata#Users", "@odata.count": total}
            return json_reply(context | {"value": shown} | ({"@odata.nextLink": link} if link else {}))
        case "x_total_count":
            is_counted = not (start and paging.counts_once)
            return json_reply(shown).with_headers([("X-Total-Count", str(total))] if is_counted else [])
        case "link":
            last = f'<{request.path}?page=15>; rel="last"'
            return json_reply(shown).with_headers([("Link", f'<{link}>; rel="next", {last}' if link else last)])
        case "x_pagination":
            told = {"TotalCount": total, "PageSize": paging.size, "CurrentPage": number, "HasNext": has_next}
            return json_reply(shown).with_headers([("X-Pagination", json.dumps(told))])


def _start(paging: Paging, request: Received) -> int:
    """Where the page begins."""
    named = dict(request.query).get(paging.parameter, "") if paging.parameter else ""
    value = int(named) if named.isdigit() else 0
    return value if paging.parameter in BY_OFFSET else max(value - 1, 0) * paging.size
