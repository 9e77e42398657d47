"""Complete the catalog with endpoints from an OpenAPI description or the user."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from tui.airisk.endpoints.model import Endpoint, Field
from tui.airisk.endpoints.schema_fields import fields_of
from tui.airisk.http.methods import SAFE_METHODS
from tui.airisk.http.request import Request, validate_request
from tui.airisk.json_schema.schema import ANY_JSON

_IN_BRACES = re.compile(r"\{([^{}]*)\}")
_IN_CONTENT = frozenset({"body", "form", "file"})


def merge(known: Sequence[Endpoint], imported: Sequence[Endpoint]) -> tuple[Endpoint, ...]:
    """Merge both lists: each endpoint once, and each group together.

    An imported endpoint with the same method and path only adds fields to a known one, whose title, path and
    fields stay. Names in braces, case and a slash at the end make no difference, because ASP.NET ignores them.
    One with the name of an endpoint whose path is unknown completes it. The others follow in their groups, also
    `/api/Users/ListUsers`: it returns what `/api/ListUsers` does, but a deployment may protect one of the two only.
    """
    by_target = _first_by(imported, lambda each: [_target(each)])
    by_name = _first_by(imported, _names)
    merged: list[Endpoint] = []
    used: set[int] = set()
    for each in known:
        is_named = each.is_path_unknown
        found = by_name.get(_folded(each.title)) if is_named else by_target.get(_target(each))
        if found is None or id(found) in used:
            merged.append(each)
            continue
        used.add(id(found))
        merged.append(_completed(each, found) if is_named else _joined(each, found))
    merged += [each for each in imported if id(each) not in used]
    return _grouped(merged)


def complete(endpoint: Endpoint, method: str, path: str) -> Endpoint:
    """Complete an endpoint whose path was unknown with the method and path that the user knows.

    Names in braces become fields; where the method allows a body, any JSON may be typed.

    Raises:
        RequestRejectedError: the program does not send such a request.
    """
    method, path = method.strip().upper(), path.strip()
    validate_request(Request(method, _IN_BRACES.sub("x", path)))
    names = dict.fromkeys(_IN_BRACES.findall(path))
    return replace(
        endpoint,
        method=method,
        path=path,
        fields=tuple(Field(name, "path", required=True) for name in names),
        body=None if method in SAFE_METHODS else ANY_JSON,
        source=_both(endpoint.source, "you"),
    )


def _completed(known: Endpoint, found: Endpoint) -> Endpoint:
    return replace(
        found,
        title=known.title,
        group=known.group,
        token=known.token,
        trait=known.trait or found.trait,
        source=_both(known.source, found.source),
        alternatives=tuple(_completed(known, each) for each in found.alternatives),
    )


def _joined(known: Endpoint, found: Endpoint) -> Endpoint:
    taken = {_folded(each.wire_name) for each in known.fields}
    added = tuple(each for each in _offered(known, found) if _folded(each.wire_name) not in taken)
    has_content = any(each.place in _IN_CONTENT for each in known.fields)
    return replace(
        known,
        fields=known.fields + added,
        meaning=known.meaning or found.meaning,
        operation_id=known.operation_id or found.operation_id,
        is_deprecated=found.is_deprecated,
        body=known.body if has_content else found.body,
        media_type=known.media_type if has_content else found.media_type,
        returns=found.returns,
        source=_both(known.source, found.source),
        alternatives=() if has_content else tuple(_joined(known, each) for each in found.alternatives),
    )


def _offered(known: Endpoint, found: Endpoint) -> Iterator[Field]:
    """Yield the document's fields that are compatible with the known body."""
    places = {each.place for each in known.fields if each.place in _IN_CONTENT}
    if "body" in places and found.body:
        yield from fields_of(found.body)
    for each in found.fields:
        is_welcome = each.place in _IN_CONTENT if not places else each.place == "form" and "file" in places
        if each.place in {"query", "header"} or is_welcome:
            yield each


def _first_by(endpoints: Iterable[Endpoint], keys: Callable[[Endpoint], Iterable[str]]) -> dict[str, Endpoint]:
    found: dict[str, Endpoint] = {}
    for each in endpoints:
        for key in keys(each):
            found.setdefault(key, each)
    return found


def _target(endpoint: Endpoint) -> str:
    """Return the method and the path without what `merge` ignores."""
    return f"{endpoint.method} {_IN_BRACES.sub('{}', endpoint.path).rstrip('/')}".casefold()


def _names(endpoint: Endpoint) -> Iterator[str]:
    """Yield the names of an endpoint: its title, its operation's id, the last step of its path."""
    steps = [step for step in endpoint.path.split("/") if step and "{" not in step]
    return (_folded(name) for name in (endpoint.title, endpoint.operation_id, *steps[-1:]) if name)


def _folded(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold()


def _both(one: str, other: str) -> str:
    return " · ".join(dict.fromkeys(filter(None, (*one.split(" · "), other))))


def _grouped(endpoints: Sequence[Endpoint]) -> tuple[Endpoint, ...]:
    order = list(dict.fromkeys(each.group for each in endpoints))
    return tuple(sorted(endpoints, key=lambda each: order.index(each.group)))
