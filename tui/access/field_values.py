"""Values for the fields of endpoints, from a file and the command line. Several for one field make a column each."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Literal

import msgspec

from tui.access.structured_file import Problem, Steps, StructuredFile, did_you_mean
from tui.airisk.endpoints.model import Endpoint, Field
from tui.airisk.endpoints.parameter_values import as_text
from tui.decoding import convert
from tui.errors import PlanError, RequestRejectedError

_Value = str | int | float | bool
_ValueOrList = _Value | list[_Value]

_Texts = Mapping[str, tuple[str, ...]]

_MOST_COLUMNS = 1_000
"""Maximum columns of one endpoint."""

EXAMPLE = "Example: {version: 1, values: {conversationId: c-1}, endpoints: {GET /api/x: {id: [7, 8]}}}."


class ValuesFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The content of a file of values: for all endpoints that have the field, and for single endpoints."""

    version: Literal[1] = 1
    values: dict[str, _ValueOrList] = {}
    endpoints: dict[str, dict[str, _ValueOrList]] = {}


@dataclass(frozen=True, slots=True)
class Values:
    """Values by field name.

    Args:
        everywhere: the values for all endpoints that have the field.
        by_endpoint: the values for single endpoints, by their key without case; they come before the others.
        typed: the values of the command line; they come before all others.
    """

    everywhere: _Texts = field(default_factory=dict)
    by_endpoint: Mapping[str, _Texts] = field(default_factory=dict)
    typed: _Texts = field(default_factory=dict)

    def of(self, endpoint: Endpoint) -> dict[str, tuple[str, ...]]:
        """Return the values for the fields of an endpoint."""
        given = {**self.everywhere, **self.by_endpoint.get(endpoint.key.casefold(), {}), **self.typed}
        return {each.name: given[each.name] for each in endpoint.fields if given.get(each.name)}

    def combinations(self, endpoint: Endpoint) -> Iterator[dict[str, str]]:
        """Yield every combination of the values for an endpoint, at least one.

        Raises:
            PlanError: there are too many.
        """
        given = self.of(endpoint)
        number = math.prod(map(len, given.values()))
        if number > _MOST_COLUMNS:
            raise PlanError(
                f"The values for {endpoint.key} make {number} columns; {_MOST_COLUMNS} are possible.",
                advice="Give fewer values.",
            )
        for texts in product(*given.values()):
            yield dict(zip(given, texts, strict=True))


def read_values(path: Path, endpoints: Sequence[Endpoint], typed: _Texts) -> Values:
    """Read a file of values, and check it against the known endpoints. Blocks.

    Args:
        path: YAML (also JSON) or TOML.
        endpoints: the known endpoints, and those of the matrix.
        typed: the values of the command line.

    Raises:
        RulesFileError: the file cannot be read, is invalid, or names an unknown endpoint or field.
    """
    source = StructuredFile.read(path)
    source.refuse(values_problems(source, endpoints), EXAMPLE)
    file = convert(source.value, ValuesFile)
    single = {name.casefold(): _texts(values) for name, values in file.endpoints.items()}
    return Values(_texts(file.values), single, typed)


def refuse_unknown_fields(names: Iterable[str], endpoints: Iterable[Endpoint]) -> None:
    """Refuse values of the command line that would go nowhere.

    Raises:
        PlanError: no endpoint has a field of that name.
    """
    fields = {each.name for endpoint in endpoints for each in endpoint.fields}
    for name in names:
        if name not in fields:
            raise PlanError(f"--value {name}: no known endpoint has this field{did_you_mean(name, fields) or '.'}")


def values_problems(source: StructuredFile, endpoints: Sequence[Endpoint]) -> list[Problem]:
    """Return what is wrong in a file of values, by line: also what fits no known endpoint."""
    found = list(source.problems_of(source.value, ValuesFile))
    if not found:
        file = convert(source.value, ValuesFile)
        found += _unusable(source, ("values",), file.values, endpoints, "no known endpoint has this field")
        for name, values in file.endpoints.items():
            at: Steps = ("endpoints", name)
            meant = [each for each in endpoints if each.key.casefold() == name.casefold()]
            if meant:
                found += _unusable(source, at, values, meant, "the endpoint has no such field")
            else:
                near = did_you_mean(name, (each.key for each in endpoints))
                found.append(Problem(source.line(at), f"“{name}” is not a known endpoint{near}"))
    return sorted(found, key=lambda problem: problem.line)


def _unusable(
    source: StructuredFile, at: Steps, values: Mapping[str, _ValueOrList], endpoints: Sequence[Endpoint], words: str
) -> Iterator[Problem]:
    """Yield the values that none of these endpoints has a field for, or that none of them accepts."""
    for name, value in values.items():
        fields = [each for endpoint in endpoints for each in endpoint.fields if each.name == name]
        line = source.line((*at, name))
        if not fields:
            near = did_you_mean(name, (each.name for endpoint in endpoints for each in endpoint.fields))
            yield Problem(line, f"“{name}”: {words}{near}")
        elif not _listed(value):
            yield Problem(line, f"“{name}” has no value")
        else:
            refused = (_refusal(text, fields) for text in _texts({name: value})[name])
            yield from (Problem(line, why) for why in refused if why)


def _refusal(text: str, fields: Iterable[Field]) -> str:
    """Return why no field accepts a value, or an empty text if one does; placeholders are known later."""
    why = ""
    for each in fields if "{{" not in text else ():
        try:
            each.read(text)
        except RequestRejectedError as error:
            why = why or error.message.removesuffix(".")
        else:
            return ""
    return why


def _texts(values: Mapping[str, _ValueOrList]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(dict.fromkeys(map(as_text, _listed(value)))) for name, value in values.items()}


def _listed(value: _ValueOrList) -> Sequence[_Value]:
    return value if isinstance(value, list) else [value]
