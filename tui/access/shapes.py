"""The shape of a response without its values: whether two responses could be the same resource for two users."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

NOTHING, EMPTY_LIST, LIST = "", "[0]", "[]"
"""The shapes of empty responses, and of a list with entries."""

_MOST_NAMES = 12
_LONGEST_NAME = 40
_ALIKE = 0.5
_NO_WRAPPERS = {"error", "errors", "fault", "exception"}
"""Names of wrapped objects that describe an error."""

_JOINT = ","

_PROBLEM = re.compile(
    r"[@$_]?("
    r"errors?|error[-_]?(code|messages?|description|details?|type|uri|id)|err([-_]?(msg|code|no))?"
    r"|faults?|fault[-_]?(code|string)|exception([-_]?(message|type))?|stack[-_]?trace|inner[-_]?(exception|error)"
    r"|message|msg|message[-_]?(details?|code|key|type)|details?|description|title|reason([-_]?(phrase|code))?|hint|help"
    r"|status([-_]?(code|text|message|description))?|(sub[-_]?)?code|code[-_]?text"
    r"|(http|response|result|return)[-_]?(status|code|message|text|description)([-_]?code)?"
    r"|success(ful)?|succeeded|authori[sz]ed|allowed|denied|permitted|ok|failed|failure|result|outcome|state"
    r"|is[-_]?(success(ful)?|succeeded|ok|error|failure|failed|authori[sz]ed|allowed|valid|denied)"
    r"|has[-_]?(errors?|access|permission)|type|instance|path|url|method|timestamp|time|target|severity"
    r"|(trace|span|request|correlation|activity|operation)[-_]?id|links?|more[-_]?info|documentation([-_]?url)?"
    r"|(redirect|login)([-_]?(to|url|uri))?|(api[-_]?)?version)",
    re.IGNORECASE,
)
"""Names of members that describe a problem rather than a result."""

_COUNTING = re.compile(
    r"[@$_]?(total|count|(total|page|item|result|row|record)[-_]?(count|number|size|index|total)s?|page(s|d)?|size|length"
    r"|limit|offset|skip|take|top|per[-_]?page|current[-_]?page|(total|num)[-_]?(pages|items|results|records|rows)"
    r"|(has[-_]?)?(next|more|prev(ious)?)([-_]?page)?|first|last|cursor)",
    re.IGNORECASE,
)
"""Names of members that count or page the entries of a list."""

_LONGEST_TEXT = 300
"""Maximum characters of a line of text that may be an error message."""


def shape_of(document: Any) -> str:
    """Return the shape of a JSON document: its kind, or the names of an object's non-empty members."""
    if holds_nothing(document):
        return EMPTY_LIST if document == [] or _holds_an_empty_list(document) else NOTHING
    if not isinstance(document, Mapping):
        return LIST if isinstance(document, list) else "text"
    inner = unwrapped(document)
    wrapped = "" if inner is document else f"{_named(saying_members(document)[0])}."
    names = sorted(wrapped + _named(name) for name in saying_members(inner))
    return "{" + _JOINT.join(names[:_MOST_NAMES]) + "}"


def holds_nothing(document: Any) -> bool:
    """Return whether a document is empty: as a whole, or what it wraps, as in `{"success": true, "data": []}`."""
    if not isinstance(document, Mapping) or not says_something(document):
        return not says_something(document)
    inside = _inside(document)
    return not says_something(inside) and any(value is None or value in ([], {}) for value in inside)


def _holds_an_empty_list(document: Any) -> bool:
    return isinstance(document, Mapping) and says_something(document) and [] in _inside(document)


def _inside(document: Mapping[str, Any]) -> list[Any]:
    """Return the values of an object that are more than a problem, a number of entries or a page."""
    return [value for name, value in document.items() if name.lower() not in _NO_WRAPPERS and _is_inside(name, value)]


def _is_inside(name: str, value: Any) -> bool:
    is_container = isinstance(value, Mapping | list) or name.lower() == "result"
    return is_container or not (is_problem_name(name) or _COUNTING.fullmatch(name))


def is_problem_name(name: str) -> bool:
    """Return whether a member of that name describes a problem rather than a result."""
    return _PROBLEM.fullmatch(name) is not None


def unwrapped(document: Any) -> Any:
    """Return the object that another one only wraps, such as `{"data": {…}}`; anything else as it is."""
    if isinstance(document, Mapping) and len(names := saying_members(document)) == 1:
        inner = document[names[0]]
        return inner if isinstance(inner, Mapping) and names[0].lower() not in _NO_WRAPPERS else document
    return document


def bare_problem(document: Any) -> Mapping[str, Any] | None:
    """Return the object that holds nothing but a problem, a line of text as its message; None where there is more."""
    if isinstance(document, str):
        is_line = 0 < len(document) <= _LONGEST_TEXT and not re.search(r"[\r\n<{[]", document)
        return {"message": document} if is_line else None
    inner = unwrapped(document)
    if not isinstance(inner, Mapping) or not inner:
        return None
    return inner if all(map(is_problem_name, saying_members(inner))) else None


def _named(name: str) -> str:
    return name[:_LONGEST_NAME].replace(_JOINT, " ")


def saying_members(document: Mapping[str, Any]) -> list[str]:
    """Return the names of the members that are not empty."""
    return [name for name, value in document.items() if says_something(value)]


def says_something(value: Any) -> bool:
    """Return whether a value contains anything but null, false, 0 and empty texts, lists and objects."""
    left = [value]
    while left:
        each = left.pop()
        if isinstance(each, Mapping):
            left += each.values()
        elif isinstance(each, list):
            left += each
        elif each not in (None, False, "", 0):
            return True
    return False


def is_alike(one: str, other: str) -> bool:
    """Return whether two shapes may be the same kind of response: an object may lack some members."""
    if one == other:
        return True
    if not (one.startswith("{") and other.startswith("{")):
        return False
    names, others = set(names_of(one)), set(names_of(other))
    return len(names & others) >= _ALIKE * len(names | others)


def names_of(shape: str) -> list[str]:
    """Return the names of the members that a shape has."""
    return shape[1:-1].split(_JOINT) if shape.startswith("{") else []


def kinds_of(shapes: Iterable[str]) -> list[list[str]]:
    """Group shapes that are alike; skip the empty ones."""
    kinds: list[list[str]] = []
    for shape in shapes:
        if shape in {NOTHING, EMPTY_LIST}:
            continue
        kind = next((kind for kind in kinds if any(is_alike(shape, each) for each in kind)), None)
        if kind is None:
            kinds.append([shape])
        else:
            kind.append(shape)
    return kinds
