"""Suggest verdict rules: responses that may be a denial, which only someone who knows the deployment can say."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

import msgspec

from tui.access.model import EMPTY, Cell, Verdict
from tui.access.rules import default_rules
from tui.access.shapes import EMPTY_LIST, LIST, NOTHING, is_problem_name, kinds_of, names_of
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
    status: int | None
    rule: str
    shape: str
    verdict: Verdict

    @classmethod
    def of(cls, cell: Cell) -> _Kind:
        """Return the kind of a cell's response."""
        return cls(cell.kind == "user", cell.status, cell.rule, cell.shape, cell.verdict)

    @property
    def is_access(self) -> bool:
        """Whether the identities have access."""
        return self.verdict.is_access


_Seen = Mapping[_Kind, int]
"""How many responses of each kind there are at an endpoint."""


@dataclass(slots=True)
class _Way:
    """A possible way to deny: the members of its rule, and how often which kinds occur at which endpoints."""

    what: str
    members: dict[str, Any]
    others: bool
    seen: dict[str, dict[_Kind, int]] = field(default_factory=dict)

    @property
    def cells(self) -> int:
        """The number of responses."""
        return sum(number for seen in self.seen.values() for number in seen.values())


class ResponseKinds:
    """Counter of responses by endpoint and kind, which knows the kinds that may be denials.

    `suggestions` are the suggested rules, the one for the most responses first, and `doubtful` is the number of
    responses that may be denials, by verdict. All are as of the last `settle`.
    """

    def __init__(self) -> None:
        self.suggestions: list[Suggestion] = []
        self.doubtful = Counter[Verdict]()
        self._counted: dict[str, Counter[_Kind]] = {}
        self._doubts: dict[str, dict[_Kind, Suggestion]] = {}
        self._is_settled = True

    def count(self, cell: Cell, step: int) -> None:
        """Add a cell with a step of 1, or remove it with -1."""
        if cell.status is not None:
            self._counted.setdefault(cell.endpoint, Counter())[_Kind.of(cell)] += step
            self._is_settled = False

    def suggestion_for(self, cell: Cell) -> Suggestion | None:
        """Return the suggestion about a cell whose response may be a denial, or None."""
        doubts = self._doubts.get(cell.endpoint)
        return doubts.get(_Kind.of(cell)) if doubts else None

    def settle(self) -> bool:
        """Update what may be a denial. Return whether it is other responses than before.

        The work depends on the number of endpoints and kinds, not on that of cells.
        """
        if self._is_settled:
            return False
        ways = _ways({endpoint: +counted for endpoint, counted in self._counted.items()})
        found = sorted(((_suggestion(way), way) for way in ways), key=lambda each: -each[0].cells)
        before, self._doubts, self.doubtful = self._doubts, {}, Counter()
        for suggestion, way in found:
            for endpoint, seen in way.seen.items():
                self._doubts.setdefault(endpoint, {}).update(dict.fromkeys(seen, suggestion))
                for kind, number in seen.items():
                    self.doubtful[kind.verdict] += number
        self.suggestions = [suggestion for suggestion, _ in found]
        self._is_settled = True
        return _kinds(before) != _kinds(self._doubts)


def _kinds(doubts: Mapping[str, Mapping[_Kind, Suggestion]]) -> dict[str, set[_Kind]]:
    return {endpoint: {*kinds} for endpoint, kinds in doubts.items()}


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


def _ways(counted: Mapping[str, _Seen]) -> Iterable[_Way]:
    """Return the possible ways to deny. A kind of responses at an endpoint is in one of them only."""
    ways: dict[str, _Way] = {}
    for endpoint, seen in counted.items():
        for kinds, way in _beside_others(endpoint, seen):
            _put(ways, endpoint, kinds, way)
    known = [*ways.values()]
    for endpoint, seen in counted.items():
        doubtful = {kind for way in known for kind in way.seen.get(endpoint, ())}
        for kinds, way in _of_everyone(endpoint, seen, known):
            if rest := {kind: number for kind, number in kinds.items() if kind not in doubtful}:
                _put(ways, endpoint, rest, way)
    return ways.values()


def _put(ways: dict[str, _Way], endpoint: str, seen: _Seen, way: _Way) -> None:
    key = json.dumps([way.members, way.others])
    ways.setdefault(key, way).seen.setdefault(endpoint, {}).update(seen)


def _suggestion(way: _Way) -> Suggestion:
    rule = {
        "name": f"denied: {way.what}" + ("" if way.others else ", for everyone"),
        "endpoint": sorted(way.seen),
        **way.members,
        "verdict": "denied",
    }
    if way.others:
        rule["witness"] = True
    return Suggestion(way.cells, way.what, way.others, rule | {"reason": f"{way.what}, which denies here"})


def _beside_others(endpoint: str, seen: _Seen) -> Iterator[tuple[_Seen, _Way]]:
    """Yield what may be a denial because other identities get something else at the endpoint."""
    has_data = any(kind.is_access and kind.shape not in {NOTHING, EMPTY_LIST} for kind in seen)
    has_access = any(kind.is_access for kind in seen)
    is_head = endpoint.startswith("HEAD ")
    for kind, number in seen.items():
        if kind.rule == EMPTY and kind.is_access and has_data and not is_head:
            yield {kind: number}, _empty(kind, others=True)
        elif kind.rule in {_HTML, _HTML_OTHERWISE} and has_data:
            yield {kind: number}, _html(kind)
        elif kind.rule in _OTHERWISE and has_access and kind.status not in _PASSING:
            what = f"{_OTHERWISE[kind.rule]} ({kind.status})"
            yield {kind: number}, _Way(what, {"status": kind.status}, others=True)
    yield from _other_shapes(seen)


def _of_everyone(endpoint: str, seen: _Seen, known: Iterable[_Way]) -> Iterator[tuple[_Seen, _Way]]:
    """Yield what may be a denial of every user: nothing, or only what may be a denial at other endpoints."""
    users = [kind for kind in seen if kind.is_user]
    access = {kind: seen[kind] for kind in users if kind.is_access}
    if not endpoint.startswith("GET ") or any(kind.verdict is Verdict.DENIED for kind in users):
        return
    if sum(access.values()) < 2 or not all(kind.rule in _default_names() for kind in access):
        return
    if all(kind.rule == EMPTY for kind in access):
        for kind, number in access.items():
            yield {kind: number}, _empty(kind, others=False)
        return
    for way in known:
        if all(_is_way_of(way, kind.shape) for kind in access):
            yield access, _Way(way.what, way.members, others=False)
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


def _other_shapes(seen: _Seen) -> Iterator[tuple[_Seen, _Way]]:
    """Yield all kinds of data at an endpoint but the one that looks the most like content."""
    data = {
        kind: number
        for kind, number in seen.items()
        if kind.is_access and kind.rule in _default_names() and kind.rule != EMPTY
    }
    shapes = Counter[str]()
    for kind, number in data.items():
        shapes[kind.shape] += number
    kinds = kinds_of(shapes) if 1 < len(shapes) <= _MOST_SHAPES else []
    if not 1 < len(kinds) <= _MOST_KINDS:
        return
    *doubtful, content = sorted(kinds, key=lambda kind: _likeness(kind, shapes))
    for each in doubtful:
        yield {kind: number for kind, number in data.items() if kind.shape in each}, _other_shape(each, content)


def _likeness(kind: Sequence[str], shapes: Mapping[str, int]) -> tuple[bool, bool, int, int]:
    """Return how much shapes look like content: a list the most, then an object with the most members."""
    names = {name for shape in kind for name in names_of(shape)}
    is_problem = bool(names) and all(map(is_problem_name, names))
    return LIST in kind, not is_problem, len(names), sum(shapes[shape] for shape in kind)


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


@cache
def _default_names() -> frozenset[str]:
    return frozenset(rule.name for rule in default_rules().rules)
