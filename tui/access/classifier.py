"""Classify one response by the rules, without looking at other identities' responses."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tui.access.model import Verdict
from tui.access.rules import Rule, Rules, fits
from tui.access.shapes import LIST, NOTHING, bare_problem, holds_nothing, shape_of
from tui.airisk.lenient_json import InvalidJSONError, json_bytes, read_json
from tui.airisk.models import ResponseHead
from tui.airisk.responses.volatile_fields import digest_of_bytes, digest_of_document

_SEARCHED = 1_000_000
"""Bytes of a body that regular expressions search."""

_CACHED = 512
"""Cached classifications: many identities get identical responses."""

_LONGEST_PLACE = 80
_NOT_PARSED = object()
_INVALID_JSON = ", but the response is not valid JSON"


@dataclass(frozen=True, slots=True)
class Classification:
    """The verdict on one response, and the `shape` of a successful one.

    `needs_witness`: a denial only if another identity is allowed at that endpoint and gets a response of another shape.
    """

    verdict: Verdict
    reason: str
    rule: str
    digest: str = ""
    needs_witness: bool = False
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
        self._known: OrderedDict[tuple[str, int, str, str, str], Classification] = OrderedDict()

    def classify(self, response: ClassifiedResponse) -> Classification:
        """Return the verdict on a response. Takes a while for a megabyte: call it off the event loop."""
        key = (
            response.endpoint,
            response.status,
            response.content_type,
            _inspected(response, self.rules),
            digest_of_bytes(response.body),
        )
        known = self._known.get(key)
        if known is None:
            known = self._classify(response)
            self._known[key] = known
            if len(self._known) > _CACHED:
                self._known.popitem(last=False)
        return known

    def _classify(self, response: ClassifiedResponse) -> Classification:
        document = _read(response)
        problem = bare_problem(_text(response).strip() if document is _NOT_PARSED else document)
        matching = (
            rule for rule in self.rules.rules if _matches(rule, response, problem if rule.problem_only else document)
        )
        rule = next(matching, None)
        if rule is None:
            return Classification(Verdict.INCONCLUSIVE, "no rule matches this response", "")
        verdict = Verdict(rule.verdict)
        needs_witness = rule.witness and verdict is Verdict.DENIED
        digest = self._digest(response, document) if verdict is Verdict.ALLOWED else ""
        reason = _reason(rule, response)
        if verdict is Verdict.ALLOWED and document is _NOT_PARSED and _claims_json(response):
            reason += _INVALID_JSON
        shape = _shape(response, document) if 200 <= response.status < 300 else ""
        return Classification(
            Verdict.INCONCLUSIVE if needs_witness else verdict, reason, rule.name, digest, needs_witness, shape
        )

    def _digest(self, response: ClassifiedResponse, document: Any) -> str:
        if document is _NOT_PARSED:
            return digest_of_bytes(response.body)
        try:
            return digest_of_document(document, self.rules.volatile)
        except RecursionError:
            return digest_of_bytes(response.body)


def _inspected(response: ClassifiedResponse, rules: Rules) -> str:
    """Return the reason and those headers that rules may inspect, for the cache key."""
    names = {"location"} | {name for rule in rules.rules for name, _ in rule.headers}
    return "\n".join([response.reason, *(response.header(name) for name in sorted(names))])


def _claims_json(response: ClassifiedResponse) -> bool:
    return response.content_type.endswith("json") and bool(response.body.strip())


def _read(response: ClassifiedResponse) -> Any:
    """Return the parsed JSON body, or `_NOT_PARSED` if it is not JSON."""
    if response.content_type == "text/event-stream" or "html" in response.content_type:
        return _NOT_PARSED
    try:
        return read_json(response.body)
    except InvalidJSONError:
        return _NOT_PARSED


def _shape(response: ClassifiedResponse, document: Any) -> str:
    if document is not _NOT_PARSED:
        return shape_of(document)
    body = response.body.strip()
    if _claims_json(response) and body.startswith(b"["):  # a list that breaks off
        return LIST
    return "text" if body else NOTHING


def _matches(rule: Rule, response: ClassifiedResponse, document: Any) -> bool:
    """Return whether a rule matches, cheap conditions first. A `problem_only` rule gets the problem in the document."""
    status = response.status
    return (
        (not rule.statuses or any(status in each for each in rule.statuses))
        and (not rule.endpoints or fits(rule.endpoints, response.endpoint))
        and all(each.is_in(response.header(name)) for name, each in rule.headers)
        and ("content_type" not in rule.expressions or _found(rule, "content_type", response.content_type))
        and (rule.empty is None or rule.empty is _is_empty(response, document))
        and ("json" not in rule.paths or _finds(rule, document))
        and ("without" not in rule.paths or not any(map(_says_something, _values(rule, "without", document))))
        and (not rule.problem_only or document is not None)
        and ("body" not in rule.expressions or _found(rule, "body", _text(response)))
    )


def _found(rule: Rule, member: str, text: str) -> bool:
    return rule.expressions[member].is_in(text)


def _text(response: ClassifiedResponse) -> str:
    return response.body[:_SEARCHED].decode("utf-8", errors="replace")


def _finds(rule: Rule, document: Any) -> bool:
    """Return whether the rule's JSONPath finds a non-empty value, or one that `matches` if the rule has it."""
    wanted = rule.expressions.get("matches")
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


def _is_empty(response: ClassifiedResponse, document: Any) -> bool:
    if document is _NOT_PARSED:
        return not response.body.strip()
    return holds_nothing(document)


def _reason(rule: Rule, response: ClassifiedResponse) -> str:
    """Return `403 Forbidden: forbidden`, for a redirect also its target without the query, which may hold a secret."""
    status = f"{response.status} {response.reason[:_LONGEST_PLACE]}".strip()
    location = response.header("location").partition("?")[0].partition("#")[0]
    is_redirect = 300 <= response.status < 400 and location and "@" not in location
    where = f" (to {location[:_LONGEST_PLACE]})" if is_redirect else ""
    return f"{status}: {rule.reason or rule.name}{where}"
