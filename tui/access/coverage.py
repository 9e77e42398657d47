"""The coverage of a run: which of the known endpoints were requested, and why the others were skipped."""

from __future__ import annotations

from collections.abc import Sequence

from tui.access.model import Coverage, SkippedEndpoint
from tui.access.requests import MatrixRequest
from tui.access.rules import wildcard
from tui.airisk.endpoints.model import Endpoint
from tui.airisk.http.methods import SAFE_METHODS


def coverage_of(
    known: Sequence[Endpoint],
    requests: Sequence[MatrixRequest],
    skipped: Sequence[SkippedEndpoint],
    *,
    source: str = "",
    problems: Sequence[str] = (),
) -> Coverage:
    """Return the coverage of a plan.

    Args:
        known: the known endpoints.
        requests: the requests of the plan.
        skipped: the endpoints that the plan skips, with reasons.
        source: the name of the description, if one was given.
        problems: the parts of the description that were skipped or only partly understood.
    """
    names = {endpoint.key.casefold() for endpoint in known}
    asked = {request.endpoint.casefold() for request in requests}
    # A path that was typed with its values is one of an endpoint's.
    filled = [request.column.name for request in requests if request.endpoint.casefold() not in names]
    reasons = {each.name.casefold(): each for each in skipped}
    left: dict[str, SkippedEndpoint] = {}
    for endpoint in known:
        key = endpoint.key.casefold()
        if key in asked or (filled and any(map(wildcard(endpoint.key).fits, filled))):
            continue
        left[key] = reasons.get(key) or SkippedEndpoint(endpoint.key, _reason(endpoint))
    # Of an endpoint with several values, one may be skipped.
    more = (each for key, each in reasons.items() if key not in left)
    return Coverage(
        source=source,
        endpoints=len(names),
        requested=len(names) - len(left),
        skipped=(*left.values(), *more),
        problems=tuple(problems),
    )


def merge_coverage(parts: Sequence[Coverage]) -> Coverage:
    """Return the coverage of several runs together: what one of them requested is not skipped."""
    first, *others = parts
    if all(each == first for each in others):
        return first
    names = [{each.name for each in part.skipped} for part in parts]
    skipped = tuple(each for each in first.skipped if all(each.name in skipped for skipped in names))
    endpoints = max(part.endpoints for part in parts)
    requested = max(endpoints - len(skipped), *(part.requested for part in parts))
    return Coverage(
        source=first.source, endpoints=endpoints, requested=requested, skipped=skipped, problems=first.problems
    )


def _reason(endpoint: Endpoint) -> str:
    if endpoint.is_path_unknown:
        return "path unknown"
    return "not chosen" if endpoint.method in SAFE_METHODS else "may change data, and was not chosen"
