"""Turn the operations of a document into endpoints."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, Literal

from tui.airisk.endpoints.model import Endpoint, Field, Place
from tui.airisk.endpoints.parameter_values import as_text
from tui.airisk.endpoints.schema_fields import in_one_line
from tui.airisk.http.methods import METHODS
from tui.airisk.http.request import Request, validate_request
from tui.airisk.json_schema.references import References, UnresolvedReferenceError, is_local
from tui.airisk.json_schema.schema import Dialect
from tui.airisk.openapi.loader import LineIndex, Problems
from tui.airisk.openapi.node import Node
from tui.airisk.openapi.parameters import UnsupportedFeatureError, field_of_parameter
from tui.airisk.openapi.request_bodies import Body, bodies_of, body_of_swagger
from tui.config.settings import OWN_HEADERS
from tui.errors import OpenAPIError, RequestRejectedError
from tui.plain_names import is_text

_MEDIA_TYPE = re.compile(r"[\w!#$&^.+*-]+/[\w!#$&^.+*-]+", re.ASCII)
_MOST_RETURNED = 10


def returned(operation: Node, root: Node) -> tuple[str, ...]:
    """Return the media types of a success, without their parameters, each once.

    Args:
        operation: as OpenAPI 3 or Swagger 2 describes it.
        root: the document, which in Swagger 2 may specify it for all of them.
    """
    said: list[object] = [*(operation.list("produces") or root.list("produces"))]
    responses = operation.part("responses")
    for status in responses.mapping:
        if status.startswith("2"):
            try:
                said += responses.part(status).followed().part("content").mapping
            except UnresolvedReferenceError:
                continue
    essences = (each.partition(";")[0].strip().lower() for each in said if isinstance(each, str))
    return tuple(dict.fromkeys(each for each in essences if _MEDIA_TYPE.fullmatch(each)))[:_MOST_RETURNED]


_PLACES: dict[str, Place] = {"header": "header", "query": "query"}


def key_fields(operation: Node, root: Node, dialect: Dialect) -> Iterator[Field]:
    """Yield a field for each key that an operation may require in a header or in the query."""
    holder = operation if "security" in operation.mapping else root
    schemes = root.part("securityDefinitions") if dialect == "2.0" else root.part("components", "securitySchemes")
    for requirement in holder.list("security"):
        for name in requirement if isinstance(requirement, dict) else ():
            try:
                scheme = schemes.part(name).followed()
            except UnresolvedReferenceError:
                continue
            place, sent_as = _PLACES.get(scheme.text("in")), scheme.text("name")
            is_key = scheme.text("type") == "apiKey" and sent_as and is_text(sent_as)
            if place and is_key and not (place == "header" and sent_as.lower() in OWN_HEADERS):
                yield Field(sent_as, place, is_password=True, meaning=in_one_line(scheme.text("description")))


_DEEPEST = 200


def refuse_depth(root: Node, problems: Problems) -> None:
    """Refuse a document that is nested too deeply to be read safely; note each document that it refers to.

    Raises:
        OpenAPIError: it is deeper than 200 levels.
    """
    seen: set[int] = set()
    level: list[Any] = [root.node]
    outside: dict[str, None] = {}
    for _ in range(_DEEPEST):
        level = _inner(level, seen, outside)
        if not level:
            break
    else:
        raise OpenAPIError("The document is nested too deeply.")
    for name in outside:
        problems.add("external document, not fetched", name or "?", "")


def _inner(level: list[Any], seen: set[int], outside: dict[str, None]) -> list[Any]:
    """Return the mappings and lists one level deeper, each once."""
    inner: list[Any] = []
    for node in level:
        if isinstance(node, dict):
            reference = node.get("$ref")
            if isinstance(reference, str) and not is_local(reference):
                outside[reference.partition("#")[0][:200]] = None
        for value in node.values() if isinstance(node, dict) else node:
            if isinstance(value, dict | list) and id(value) not in seen:
                seen.add(id(value))
                inner.append(value)
    return inner


_IN_BRACES = re.compile(r"\{([^{}]*)\}")
_ORIGIN = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*:)?//[^/]*")


def prefix_of(dialect: Dialect, *holders: Node) -> str:
    """Return the path of the first server of `holders`, the innermost first, without a slash at its end."""
    if dialect == "2.0":
        return _tidy(holders[-1].text("basePath"))
    for holder in holders:
        for server in holder.items("servers"):
            return _tidy(_ORIGIN.sub("", _filled(server), count=1))
    return ""


def _filled(server: Node) -> str:
    """Fill the variables' defaults into the server's address."""

    def default(found: re.Match[str]) -> str:
        said = server.part("variables", found[1], "default").node
        return as_text(said) if isinstance(said, str | int | float) else ""

    return _IN_BRACES.sub(default, server.text("url"))


def _tidy(path: str) -> str:
    steps = path.partition("?")[0].partition("#")[0].strip("/")
    return f"/{steps}" if steps and steps != "." else ""


SOURCE = "OpenAPI"

_MOST_FIELDS = 300
_TITLE = 120
_NO_GROUP = re.compile(r"api|rest|v\d[\d.]*", re.IGNORECASE)
_METHODS = frozenset(method.lower() for method in METHODS)
_OTHER_KEYS = frozenset({"$ref", "summary", "description", "servers", "parameters"})


@dataclass(frozen=True, slots=True)
class _Operation:
    """One operation, with the properties of the path around it."""

    method: str
    path: str
    part: Node
    around: Node

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


class OperationReader:
    """Reads one document; `problems` has its errors."""

    def __init__(self, root: dict[str, Any], dialect: Dialect, lines: LineIndex) -> None:
        self.problems = Problems(lines)
        self._dialect = dialect
        self._root = Node(root, "", References(root))
        refuse_depth(self._root, self.problems)

    def endpoints(self) -> Iterator[Endpoint]:
        """Yield the endpoints that can be sent."""
        if not isinstance(self._root.mapping.get("paths"), dict):
            self.problems.add("no paths", "The document", "")
        if self._root.mapping.get("webhooks"):
            self.problems.add("skipped: AIRisk sends these requests itself", "webhooks", "/webhooks")
        paths = self._root.part("paths")
        for path in paths.mapping:
            if path.startswith("x-"):
                continue
            try:
                around = paths.part(path).followed()
            except UnresolvedReferenceError as broken:
                self.problems.add(f"skipped: {broken}", path, paths.part(path).pointer)
                continue
            yield from self._endpoints_at(path, around)

    def _endpoints_at(self, path: str, around: Node) -> Iterator[Endpoint]:
        for key in around.mapping:
            part = around.part(key)
            if key in _OTHER_KEYS or key.startswith("x-"):
                continue
            operation = _Operation(key.upper(), path, part, around)
            if key.lower() not in _METHODS:
                self.problems.add("skipped: unsupported method", operation.name[:_TITLE], part.pointer)
            elif not isinstance(part.node, dict):
                self.problems.add("skipped: it is empty", operation.name, part.pointer)
            else:
                try:
                    yield self._endpoint(operation)
                except (RequestRejectedError, UnsupportedFeatureError, UnresolvedReferenceError) as error:
                    self.problems.add(f"skipped: {error}", operation.name, part.pointer)

    def _endpoint(self, operation: _Operation) -> Endpoint:
        part = operation.part
        # The part after a # is not sent: some documents use it to distinguish operations of one path.
        path = prefix_of(self._dialect, part, operation.around, self._root) + operation.path.partition("#")[0]
        if not is_text(path):
            raise RequestRejectedError("the path contains invalid Unicode")
        validate_request(Request(operation.method, _IN_BRACES.sub("x", path)))
        bodies, fields = self._bodies(operation), list(self._fields(operation, path))
        returns = returned(part, self._root)
        endpoint = Endpoint(
            title=_title(operation),
            group=_group(operation),
            method=operation.method,
            path=path,
            source=SOURCE,
            meaning=in_one_line(part.text("description")),
            operation_id=in_one_line(part.text("operationId"), _TITLE),
            is_deprecated=part.says("deprecated"),
            returns=() if any("json" in each for each in returns) else returns,
        )
        first, *others = [
            replace(
                endpoint,
                fields=self._offered(operation, [*fields, *body.fields]),
                trait=_trait(body, returns),
                body=replace(body.schema, is_partial=operation.method == "PATCH") if body.schema else None,
                media_type=body.media_type,
            )
            for body in bodies
        ]
        return replace(first, alternatives=tuple(others))

    def _offered(self, operation: _Operation, declared: list[Field]) -> tuple[Field, ...]:
        if len(declared) > _MOST_FIELDS:
            self._report(operation, f"only {_MOST_FIELDS} of its {len(declared):,} fields are offered")
        return tuple(_with_names_of_their_own(declared[:_MOST_FIELDS]))

    def _fields(self, operation: _Operation, path: str) -> Iterator[Field]:
        """Yield the fields outside the body; those in the path first, in its order."""
        fields = {(each.place, each.wire_name): each for each in self._declared(operation)}
        for key in key_fields(operation.part, self._root, self._dialect):
            fields.setdefault((key.place, key.wire_name), key)
        names = dict.fromkeys(_IN_BRACES.findall(path))
        for name in names:
            if ("path", name) not in fields:
                self._report(operation, f"{{{name}}} in the path is not described; treated as text")
            yield fields.pop(("path", name), Field(name, "path", required=True))
        for (place, name), field in fields.items():
            if place == "path":
                self._report(operation, f"{name} was skipped: it is not in the path")
            else:
                yield field

    def _declared(self, operation: _Operation) -> Iterator[Field]:
        for parameter in self._parameters(operation):
            try:
                field = field_of_parameter(parameter, self._dialect)
            except UnsupportedFeatureError as error:
                self.problems.add(str(error), operation.name, parameter.pointer)
            else:
                if field:
                    yield field

    def _parameters(self, operation: _Operation) -> Iterator[Node]:
        """Yield the parameters of a path, and those of the operation, which override them."""
        found: dict[tuple[str, str], Node] = {}
        for holder in (operation.around, operation.part):
            for item in holder.items("parameters"):
                try:
                    parameter = item.followed()
                except UnresolvedReferenceError as broken:
                    self.problems.add(f"a parameter was skipped: {broken}", operation.name, item.pointer)
                else:
                    found[parameter.text("in"), parameter.text("name")] = parameter
        yield from found.values()

    def _bodies(self, operation: _Operation) -> list[Body]:
        """Return the bodies to choose from, at least an empty one."""
        try:
            if self._dialect == "2.0":
                bodies = [body_of_swagger(operation.part, self._root, self._parameters(operation))]
            else:
                bodies = bodies_of(operation.part, self._dialect)
        except UnresolvedReferenceError as broken:
            self._report(operation, f"its body was skipped: {broken}")
            return [Body()]
        filled = [each for each in bodies if not each.is_empty]
        if operation.method not in {"GET", "HEAD"}:
            for words in dict.fromkeys(chain.from_iterable(each.problems for each in bodies)):
                self._report(operation, words)
            return filled or [Body()]
        if filled:
            self._report(operation, f"its body was skipped: {operation.method} requests have none")
        return [Body()]

    def _report(self, operation: _Operation, words: str) -> None:
        self.problems.add(words, operation.name, operation.part.pointer)


def _with_names_of_their_own(fields: list[Field]) -> list[Field]:
    """Make names unique: if two fields share one, the later one includes its place."""
    taken: set[str] = set()
    named: list[Field] = []
    for each in fields:
        name, count = each.name, 1
        while name in taken:
            name = f"{each.name} ({each.place}{'' if count == 1 else f' {count}'})"
            count += 1
        taken.add(name)
        named.append(each if name == each.name else replace(each, name=name, sent_as=each.wire_name))
    return named


def _title(operation: _Operation) -> str:
    part = operation.part
    said = part.text("summary") or part.text("operationId")
    return in_one_line(said, _TITLE) or in_one_line(operation.path, _TITLE)


def _group(operation: _Operation) -> str:
    tag = next((each for each in operation.part.list("tags") if isinstance(each, str)), "")
    steps = [step for step in operation.path.split("/") if step and "{" not in step and not _NO_GROUP.fullmatch(step)]
    return in_one_line(tag, _TITLE) or in_one_line(next(iter(steps), ""), _TITLE) or SOURCE


def _trait(body: Body, returns: tuple[str, ...]) -> Literal["", "streams", "uploads"]:
    if any(each.place == "file" for each in body.fields):
        return "uploads"
    return "streams" if "text/event-stream" in returns else ""
