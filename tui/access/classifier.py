"""Classify one response by the rules, without looking at other identities' responses."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tui.access.model import Verdict
from tui.access.rules import Rule, Rules, fits
from tui.access.shapes import NOTHING, bare_problem, shape_of
from tui.airisk.lenient_json import InvalidJSONError, json_bytes, read_json
from tui.airisk.models import ResponseHead
from tui.airisk.responses.volatile_fields import digest_of_bytes, digest_of_document

_SEARCHED = 1_000_000
"""Bytes of a body that regular expressions search."""

_REMEMBERED = 512
"""Cached classifications: many identities get identical responses."""

_LONGEST_PLACE = 80
_NOTHING = object()
_NOT_JSON = ", though what was shown is not the JSON that it says it is"


@dataclass(frozen=True, slots=True)
class Classification:
    """The verdict on one response, and the `shape` of a successful one.

    `is_hidden`: a denial only if another identity is allowed at that endpoint and gets a response of another shape.
    """

    verdict: Verdict
    words: str
    rule: str
    digest: str = ""
    is_hidden: bool = False
    shape: str = ""


@dataclass(kw_only=True)
class ClassifiedResponse(ResponseHead):
    """A response to classify, with its endpoint (`METHOD PATH`)."""

    endpoint: str
    body: bytes = field(repr=False)


class Classifier:
    """Applies rules to responses, and caches the result for equal ones.

    Args:
        rules: the first rule that fits decides.
    """

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self._said: OrderedDict[tuple[str, int, str, str, str], Classification] = OrderedDict()

    def classify(self, answered: ClassifiedResponse) -> Classification:
        """Return the verdict on a response. Takes a while for a megabyte: call it off the event loop."""
        key = (
            answered.endpoint,
            answered.status,
            answered.content_type,
            _told(answered, self.rules),
            digest_of_bytes(answered.body),
        )
        known = self._said.get(key)
        if known is None:
            known = self._classify(answered)
            self._said[key] = known
            if len(self._said) > _REMEMBERED:
                self._said.popitem(last=False)
        return known

    def _classify(self, answered: ClassifiedResponse) -> Classification:
        document = _read(answered)
        problem = bare_problem(_text(answered).strip() if document is _NOTHING else document)
        holding = (rule for rule in self.rules.rules if _holds(rule, answered, problem if rule.bare else document))
        rule = next(holding, None)
        if rule is None:
            return Classification(Verdict.INCONCLUSIVE, "no rule fits this answer", "")
        verdict = Verdict(rule.verdict)
        is_hidden = rule.witness and verdict is Verdict.DENIED
        digest = self._digest(answered, document) if verdict is Verdict.ALLOWED else ""
        words = _words(rule, answered)
        if verdict is Verdict.ALLOWED and document is _NOTHING and _claims_json(answered):
            words += _NOT_JSON
        shape = _shape(answered, document) if 200 <= answered.status < 300 else ""
        return Classification(
            Verdict.INCONCLUSIVE if is_hidden else verdict, words, rule.name, digest, is_hidden, shape
        )

    def _digest(self, answered: ClassifiedResponse, document: Any) -> str:
        if document is _NOTHING:
            return digest_of_bytes(answered.body)
        try:
            return digest_of_document(document, self.rules.volatile)
        except RecursionError:
            return digest_of_bytes(answered.body)


def _told(answered: ClassifiedResponse, rules: Rules) -> str:
    """Return the reason and those headers that rules may inspect, for the cache key."""
    names = {"location"} | {name for rule in rules.rules for name, _ in rule.headers}
    return "\n".join([answered.reason, *(answered.header(name) for name in sorted(names))])


def _claims_json(answered: ClassifiedResponse) -> bool:
    return answered.content_type.endswith("json") and bool(answered.body.strip())


def _read(answered: ClassifiedResponse) -> Any:
    """Return the parsed JSON body, or `_NOTHING` if it is not JSON."""
    if answered.content_type == "text/event-stream" or "html" in answered.content_type:
        return _NOTHING
    try:
        return read_json(answered.body)
    except InvalidJSONError:
        return _NOTHING


def _shape(answered: ClassifiedResponse, document: Any) -> str:
    if document is _NOTHING:
        return "text" if answered.body.strip() else NOTHING
    return shape_of(document)


def _holds(rule: Rule, answered: ClassifiedResponse, document: Any) -> bool:
    """Return whether a rule fits, cheap conditions first; for a `bare` rule `document` is the problem found in it."""
    status = answered.status
    return (
        (not rule.statuses or any(status in each for each in rule.statuses))
        and (not rule.endpoints or fits(rule.endpoints, answered.endpoint))
        and all(each.is_in(answered.header(name)) for name, each in rule.headers)
        and ("content_type" not in rule.expressions or _found(rule, "content_type", answered.content_type))
        and (rule.empty is None or rule.empty is _is_empty(answered, document))
        and ("json" not in rule.paths or _finds(rule, document))
        and ("without" not in rule.paths or not any(True for _ in _values(rule, "without", document)))
        and (not rule.bare or document is not None)
        and ("body" not in rule.expressions or _found(rule, "body", _text(answered)))
    )


def _found(rule: Rule, member: str, text: str) -> bool:
    return rule.expressions[member].is_in(text)


def _text(answered: ClassifiedResponse) -> str:
    return answered.body[:_SEARCHED].decode("utf-8", errors="replace")


def _finds(rule: Rule, document: Any) -> bool:
    """Return whether the rule's JSONPath finds a non-empty value, or one that matches `is` if the rule has it."""
    wanted = rule.expressions.get("is")
    found = _values(rule, "json", document)
    if wanted is None:
        return any(map(_says_something, found))
    return any(wanted.is_in(value if isinstance(value, str) else _json(value)) for value in found)


def _says_something(value: Any) -> bool:
    return value not in (None, False, "", 0, [], {})


def _values(rule: Rule, member: str, document: Any) -> Iterator[Any]:
    # The library would parse a document that is a string.
    if not isinstance(document, Mapping | list):
        return
    from jsonpath.exceptions import JSONPathError  # noqa: PLC0415 - not for the first paint

    try:
        yield from (match.value for match in rule.paths[member].finditer(document))
    except (JSONPathError, ArithmeticError, ValueError, TypeError, RecursionError):
        return  # nothing is found in such a response


def _json(value: Any) -> str:
    return json_bytes(value).decode()


def _is_empty(answered: ClassifiedResponse, document: Any) -> bool:
    if document is _NOTHING:
        return not answered.body.strip()
    if isinstance(document, Mapping):
        return not any(map(_says_something, document.values()))
    return document in (None, "") or document == []


def _words(rule: Rule, answered: ClassifiedResponse) -> str:
    """Return `403 Forbidden: forbidden`, for a redirect also its target without the query, which may hold a secret."""
    status = f"{answered.status} {answered.reason[:_LONGEST_PLACE]}".strip()
    location = answered.header("location").partition("?")[0].partition("#")[0]
    is_redirect = 300 <= answered.status < 400 and location and "@" not in location
    where = f" (to {location[:_LONGEST_PLACE]})" if is_redirect else ""
    return f"{status}: {rule.words or rule.name}{where}"
