"""Load YAML documents by YAML 1.2, as OpenAPI requires; tags create no objects, aliases cost nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from tui.airisk.json_schema.references import steps_of
from tui.errors import OpenAPIError

_DEEPEST = 200
_MOST_ALIASED = 1_000_000
"""Values that all aliases together may expand to: a "billion laughs" is refused."""

_WORDS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}|0x[0-9a-fA-F]{1,15}|0o[0-7]{1,20}")
_NUMBER = re.compile(r"[-+]?(?:\.[0-9]{1,40}|[0-9]{1,40}(?:\.[0-9]{0,40})?)(?:[eE][-+]?[0-9]{1,2})?")
_STARTS_NUMBER = frozenset("0123456789+-.")


def read_yaml(text: str) -> tuple[Any, YamlLines]:
    """Load a YAML document and its lines.

    Raises:
        OpenAPIError: it is not YAML, or has types that OpenAPI does not use; with the line.
    """
    builder = _Builder()
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        for event in yaml.parse(text, Loader=loader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _invalid(error.problem or "it is truncated", mark.line + 1 if mark else 0) from None
    except yaml.YAMLError:
        reason = "it contains control characters"
        raise OpenAPIError(f"The document is not YAML: {reason}.", reason=reason) from None
    return builder.root, YamlLines(builder.root, builder.lines)


class YamlLines:
    """Lines of each nested part of a YAML document."""

    def __init__(self, root: Any, lines: dict[int, int]) -> None:
        self._root = root
        self._lines = lines

    def line(self, pointer: str) -> int:
        """Return the line of what is at a JSON pointer, or of the nearest part around it."""
        node, line = self._root, 1
        for step in steps_of(pointer):
            inner = dict(enumerate(node)) if isinstance(node, list) else node if isinstance(node, dict) else {}
            node = inner.get(int(step) if isinstance(node, list) and step.isdecimal() else step)
            line = self._lines.get(id(node), line)
        return line


@dataclass(slots=True)
class _Open:
    """A mapping or a list that is being filled."""

    node: Any
    anchor: str | None
    values_before: int
    line: int
    key: str | None = None
    merged: list[Any] = field(default_factory=list)


class _Builder:
    """Builds values from events, without recursion."""

    def __init__(self) -> None:
        self.root: Any = None
        self.lines: dict[int, int] = {}
        self._open: list[_Open] = []
        self._anchors: dict[str, Any] = {}
        self._sizes: dict[str, int] = {}
        self._values = 0
        self._aliased = 0
        self._documents = 0

    def take(self, event: Any) -> None:
        """Process one event."""
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._begin({} if isinstance(event, yaml.MappingStartEvent) else [], event)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._end()
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise _invalid("it contains a second document", _line(event))

    def _scalar(self, event: Any) -> None:
        frame = self._open[-1] if self._open else None
        if frame and isinstance(frame.node, dict) and frame.key is None:
            frame.key, frame.line = event.value, _line(event)
            value: Any = event.value
        else:
            value = _value(event.value) if event.implicit[0] else event.value
            self._put(value)
        self._values += 1
        if event.anchor:
            self._anchors[event.anchor], self._sizes[event.anchor] = value, 1

    def _begin(self, node: Any, event: Any) -> None:
        if len(self._open) >= _DEEPEST:
            raise _invalid("it is nested too deeply", _line(event))
        outer = self._open[-1] if self._open else None
        if outer and isinstance(outer.node, dict) and outer.key is None:
            raise _invalid("a name must be text", _line(event))
        self.lines[id(node)] = outer.line if outer and isinstance(outer.node, dict) else _line(event)
        self._open.append(_Open(node, event.anchor, self._values, _line(event)))
        self._values += 1
        self._anchors.pop(event.anchor, None)  # must not be referenced from within

    def _end(self) -> None:
        done = self._open.pop()
        for merged in done.merged:
            for key, value in merged.items():
                done.node.setdefault(key, value)
        if done.anchor:
            self._anchors[done.anchor] = done.node
            self._sizes[done.anchor] = self._values - done.values_before
        self._put(done.node)

    def _alias(self, event: Any) -> None:
        if event.anchor not in self._anchors:
            raise _invalid(f"*{event.anchor} is undefined, or refers to itself", _line(event))
        self._values += self._sizes[event.anchor]
        self._aliased += self._sizes[event.anchor]
        if self._aliased > _MOST_ALIASED:
            raise _invalid("its aliases expand to too much", _line(event))
        frame = self._open[-1] if self._open else None
        if frame and isinstance(frame.node, dict) and frame.key is None:
            frame.key, frame.line = str(self._anchors[event.anchor])[:1000], _line(event)
        else:
            self._put(self._anchors[event.anchor])

    def _put(self, value: Any) -> None:
        if not self._open:
            self.root = value
            return
        frame = self._open[-1]
        if isinstance(frame.node, list):
            frame.node.append(value)
            return
        key, frame.key = frame.key or "", None
        merged = value if isinstance(value, list) else [value]
        if key == "<<" and all(isinstance(each, dict) for each in merged):
            frame.merged += merged
        else:
            frame.node[key] = value


def _value(text: str) -> Any:
    """Convert plain text by YAML 1.2's core schema; dates and `yes` stay text."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _STARTS_NUMBER:
        return text
    if _INTEGER.fullmatch(text):
        return int(text, 10 if text.lstrip("-+")[:2].isdecimal() or len(text) < 3 else 0)
    return float(text) if _NUMBER.fullmatch(text) else text


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _invalid(reason: str, line: int) -> OpenAPIError:
    return OpenAPIError(f"The document is not usable YAML: line {line}: {reason}.", line=line, reason=reason)
