"""A parameter of an operation, as a field of its form."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tui.airisk.endpoints.model import Field, Place
from tui.airisk.endpoints.parameter_values import Style
from tui.airisk.endpoints.schema_fields import field_of, in_one_line, shown
from tui.airisk.json_schema.schema import Dialect
from tui.airisk.openapi.node import Node
from tui.config.settings import OWN_HEADERS
from tui.plain_names import is_text

_PLACES: dict[str, Place] = {"path": "path", "query": "query", "header": "header", "formData": "form"}
_IN_BODY = frozenset({"body", "formData"})
_SET_BY_BODY = frozenset({"accept", "content-type"})
"""Headers that OpenAPI derives from the body and the responses; parameters of these names are ignored."""

_COLLECTIONS: dict[str, Style] = {"ssv": "space", "tsv": "tab", "pipes": "pipe", "multi": "repeat"}
_JOINED: dict[str, Style] = {"spaceDelimited": "space", "pipeDelimited": "pipe", "deepObject": "deep"}

_IN_PATH: dict[tuple[str, bool], Style] = {
    ("label", False): "label",
    ("label", True): "labels",
    ("matrix", False): "matrix",
    ("matrix", True): "matrices",
}


class UnsupportedFeatureError(ValueError):
    """A part of a document violates OpenAPI, or is not supported here; the message says which."""


def field_of_parameter(parameter: Node, dialect: Dialect) -> Field | None:
    """Return the field of a parameter outside the body; None for one that belongs to the body.

    Raises:
        UnsupportedFeatureError: it cannot be sent.
    """
    name, said = parameter.text("name"), parameter.text("in")
    if said in _IN_BODY and dialect == "2.0":
        return None
    if not name or not is_text(name):
        raise UnsupportedFeatureError("a parameter without a name was skipped")
    if said == "header" and name.lower() in OWN_HEADERS | _SET_BY_BODY:
        raise UnsupportedFeatureError(f"the header {name} was skipped: airisk-tui sets it itself")
    if said not in _PLACES:
        raise UnsupportedFeatureError(
            f"{name} was skipped: it belongs in an unsupported place ({said or 'none given'})"[:200]
        )
    return parameter_field(parameter, dialect, _PLACES[said])


def parameter_field(parameter: Node, dialect: Dialect, place: Place) -> Field:
    """Return the field of a parameter that is sent in `place`."""
    schema, is_json = _schema(parameter, dialect)
    is_required = parameter.says("required") or place == "path"
    field = field_of(parameter.text("name"), schema, parameter.document, place=place, is_required=is_required)
    style: Style = "text"
    if not is_json:
        style = _style_of_swagger(parameter, place) if dialect == "2.0" else style_of(parameter, field, place)
    return replace(
        field,
        style=style,
        meaning=in_one_line(parameter.text("description")) or field.meaning,
        example=_example(parameter) or field.example,
    )


def style_of(said: Node, field: Field, place: Place) -> Style:
    """Return how a list or an object is sent, by the rules of OpenAPI 3 (for a parameter or a form part)."""
    style = said.text("style") or ("form" if place in {"query", "form"} else "simple")
    is_apart = said.mapping.get("explode", style == "form") is True
    if style == "deepObject":
        return "deep"
    if place == "path" and style in {"label", "matrix"}:
        return _IN_PATH[style, is_apart]
    if field.kind == "object":
        return ("spread" if style == "form" else "pairs") if is_apart else _JOINED.get(style, "comma")
    return "repeat" if is_apart and place in {"query", "form"} else _JOINED.get(style, "comma")


def _style_of_swagger(parameter: Node, place: Place) -> Style:
    style = _COLLECTIONS.get(parameter.text("collectionFormat"), "comma")
    return "comma" if style == "repeat" and place not in {"query", "form"} else style


def _schema(parameter: Node, dialect: Dialect) -> tuple[Any, bool]:
    """Return the schema of a parameter, and whether it is sent as JSON."""
    if dialect == "2.0":
        return parameter.node, False
    content = parameter.part("content")
    for media_type in content.mapping:
        return content.part(media_type, "schema").node, True
    return parameter.mapping.get("schema", {}), False


def _example(parameter: Node) -> str:
    if "example" in parameter.mapping:
        return shown(parameter.mapping["example"])
    examples = parameter.part("examples")
    first = next(iter(examples.mapping), None)
    return shown(examples.part(first, "value").node) if first is not None else ""
