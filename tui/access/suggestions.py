"""Suggest verdict rules: responses that may be a denial, which only someone who knows the deployment can say."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import msgspec

from tui.access.model import EMPTY, Cell, Verdict
from tui.access.rules import default_rules
from tui.access.shapes import EMPTY_LIST, NOTHING, is_problem_name, kinds_of, names_of
from tui.json_path import json_path

_HTML, _HTML_OTHERWISE = "HTML page", "HTML page, other content type"
_OTHERWISE = {"redirect": "a redirect", "client error": "a client error"}
"""The default rules for responses that are inconclusive by their status, and what the responses are."""

_PASSING = {408, 425}
"""Client errors that may be gone with the next request."""

_MOST_SHAPES = 24
_MOST_KINDS = 3
"""Limits on the shapes, and on the kinds of shapes, that are compared at one endpoint."""

_NOT_JSON = r"^\s*[^\s\[{]"


class Suggestion(msgspec.Struct, frozen=True):
    """A verdict rule that the deployment may need.

    `cells` is the number of responses; `what` says what they are, such as `200 with an empty list`. `others` says
    whether other identities get data there. `rule` is the rule, as in a file of rules.
    """

    cells: int
    what: str
    others: bool
    rule: dict[str, Any]

    @property
    def endpoints(self) -> Sequence[str]:
        """The endpoints of the responses."""
        return self.rule["endpoint"]  # type: ignore[no-any-return]


class _Kind(NamedTuple):
    """Responses that are alike: judged by the same rule, with the same status and shape."""

    is_user: bool
    status: int
    rule: str
    shape: str
    is_access: bool
    is_denied: bool


@dataclass(slots=True)
class _Way:
    """A possible way to deny: the members of its rule, and how often it occurs at which endpoints."""

    what: str
    members: dict[str, Any]
    others: bool
    cells: Counter[str] = field(default_factory=Counter)


class ResponseKinds:
    """Counter of responses by endpoint and kind."""

    def __init__(self) -> None:
        self._counted: dict[str, Counter[_Kind]] = {}

    def count(self, cell: Cell, step: int) -> None:
        """Add a cell with a step of 1, or remove it with -1."""
        if cell.status is not None:
            verdict = cell.verdict
            kind = _Kind(
                cell.kind == "user", cell.status, cell.rule, cell.shape, verdict.is_access, verdict is Verdict.DENIED
            )
            self._counted.setdefault(cell.endpoint, Counter())[kind] += step

    @property
    def suggestions(self) -> list[Suggestion]:
        """The suggested rules, the one for the most responses first."""
        ways: dict[str, _Way] = {}
        kinds = {endpoint: [*(+counted).items()] for endpoint, counted in self._counted.items()}
        for endpoint, seen in kinds.items():
            for number, way in [*_beside_others(endpoint, seen)]:
                _put(ways, endpoint, number, way)
        known = [way for way in ways.values() if way.others]
        for endpoint, seen in kinds.items():
            for number, way in _of_everyone(endpoint, seen, known):
                _put(ways, endpoint, number, way)
        return sorted(map(_suggestion, ways.values()), key=lambda each: -each.cells)


def rules_file(suggestions: Iterable[Suggestion]) -> str:
    """Return the suggested rules as a file of rules in YAML, whose values are JSON."""
    lines = ["rules:"]
    for each in suggestions:
        members = [f"{name}: {_json(value)}" for name, value in each.rule.items()]
        lines += [f"{'    ' if number else '  - '}{member}" for number, member in enumerate(members)]
    return "\n".join(lines)


def _json(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if text.isprintable() else json.dumps(value)


def _put(ways: dict[str, _Way], endpoint: str, number: int, way: _Way) -> None:
    key = json.dumps([way.members, way.others])
    ways.setdefault(key, way).cells[endpoint] += number


def _suggestion(way: _Way) -> Suggestion:
    rule = {
        "name": f"denied: {way.what}" + ("" if way.others else ", for everyone"),
        "endpoint": sorted(way.cells),
        **way.members,
        "verdict": "denied",
    }
    if way.others:
        rule["witness"] = True
    return Suggestion(way.cells.total(), way.what, way.others, rule | {"reason": f"{way.what}, which denies here"})


def _beside_others(endpoint: str, seen: Sequence[tuple[_Kind, int]]) -> Iterator[tuple[int, _Way]]:
    """Yield what may be a denial because other identities get something else at the endpoint."""
    has_data = any(kind.is_access and kind.shape not in {NOTHING, EMPTY_LIST} for kind, _ in seen)
    has_access = any(kind.is_access for kind, _ in seen)
    is_head = endpoint.startswith("HEAD ")
    for kind, number in seen:
        if kind.rule == EMPTY and kind.is_access and has_data and not is_head:
            yield number, _empty(kind, others=True)
        elif kind.rule in {_HTML, _HTML_OTHERWISE} and has_data:
            yield number, _html(kind)
        elif kind.rule in _OTHERWISE and has_access and kind.status not in _PASSING:
            yield number, _Way(f"{_OTHERWISE[kind.rule]} ({kind.status})", {"status": kind.status}, others=True)
    yield from _other_shapes(seen)


def _of_everyone(endpoint: str, seen: Sequence[tuple[_Kind, int]], known: Iterable[_Way]) -> Iterator[tuple[int, _Way]]:
    """Yield what may be a denial of every user: nothing, or only what may be a denial at other endpoints."""
    users = [(kind, number) for kind, number in seen if kind.is_user]
    access = [(kind, number) for kind, number in users if kind.is_access]
    if not endpoint.startswith("GET ") or any(kind.is_denied for kind, _ in users):
        return
    if sum(number for _, number in access) < 2 or not all(kind.rule in _default_names() for kind, _ in access):
        return
    if all(kind.rule == EMPTY for kind, _ in access):
        for kind, number in access:
            yield number, _empty(kind, others=False)
        return
    shapes = {kind.shape for kind, _ in access}
    for way in known:
        if all(_is_way_of(way, shape) for shape in shapes):
            yield sum(number for _, number in access), _Way(way.what, way.members, others=False)
            return


def _empty(kind: _Kind, *, others: bool) -> _Way:
    what = "an empty list" if kind.shape == EMPTY_LIST else "no content" if kind.status == 204 else "an empty response"
    return _Way(f"{kind.status} with {what}", {"status": kind.status, "empty": True}, others)


def _html(kind: _Kind) -> _Way:
    members = {"status": kind.status}
    page = {rule.name: rule for rule in default_rules().rules}[kind.rule]
    found = {"content_type": page.content_type, "body": page.body}
    return _Way(
        f"{kind.status} with an HTML page", members | {name: text for name, text in found.items() if text}, others=True
    )


def _other_shapes(seen: Iterable[tuple[_Kind, int]]) -> Iterator[tuple[int, _Way]]:
    """Yield all kinds of data at an endpoint but the one that looks the most like content."""
    shapes: Counter[str] = Counter()
    for kind, number in seen:
        if kind.is_access and kind.rule in _default_names() and kind.rule != EMPTY:
            shapes[kind.shape] += number
    kinds = kinds_of(shapes) if 1 < len(shapes) <= _MOST_SHAPES else []
    if not 1 < len(kinds) <= _MOST_KINDS:
        return
    *doubtful, content = sorted(kinds, key=lambda kind: _likeness(kind, shapes))
    for each in doubtful:
        yield sum(shapes[shape] for shape in each), _other_shape(each, content)


def _likeness(kind: Sequence[str], shapes: Mapping[str, int]) -> tuple[bool, bool, int, int]:
    """Return how much shapes look like content: a list the most, then an object with the most members."""
    names = {name for shape in kind for name in names_of(shape)}
    is_problem = bool(names) and all(map(is_problem_name, names))
    return "[]" in kind, not is_problem, len(names), sum(shapes[shape] for shape in kind)


def _other_shape(kind: Sequence[str], content: Sequence[str]) -> _Way:
    names, others = ({name for shape in shapes for name in names_of(shape)} for shapes in (kind, content))
    if own := sorted(names - others):
        return _Way(f"a success with {own[0]}", {"status": "2xx", "json": _path(own[0])}, others=True)
    if names and (missing := sorted(others - names)):
        return _Way(f"a success without {missing[0]}", {"status": "2xx", "without": _path(missing[0])}, others=True)
    return _Way("a success with a text", {"status": "2xx", "body": _NOT_JSON}, others=True)


def _is_way_of(way: _Way, shape: str) -> bool:
    """Return whether the rule of a way would match responses of that shape."""
    if "json" in way.members:
        return any(_path(name) == way.members["json"] for name in names_of(shape))
    return way.members.get("body") == _NOT_JSON and shape == "text"


def _path(name: str) -> str:
    return json_path(name.split("."))


def _default_names() -> frozenset[str]:
    return frozenset(rule.name for rule in default_rules().rules)
