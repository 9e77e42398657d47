"""Request body of an operation: a text with a schema, or a form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from tui.airisk.endpoints.model import Field
from tui.airisk.endpoints.schema_fields import fields_of, in_one_line, is_file
from tui.airisk.json_schema.references import UnresolvedReferenceError
from tui.airisk.json_schema.resolution import shape_of
from tui.airisk.json_schema.schema import Dialect, Schema
from tui.airisk.openapi.node import Node
from tui.airisk.openapi.parameters import parameter_field, style_of
from tui.plain_names import is_text

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"

_MOST_KINDS = 8

_MEDIA_TYPE = re.compile(r"[\w!#$&^.+*-]+/[\w!#$&^.+*-]+(?:\s*;[\t\x20-\x7e]*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Body:
    """Request body of an endpoint: form fields, or a text with a schema."""

    fields: tuple[Field, ...] = ()
    schema: Schema | None = None
    media_type: str = ""
    problems: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether it sends nothing."""
        return not self.fields and self.schema is None


def bodies_of(operation: Node, dialect: Dialect) -> list[Body]:
    """Return a body of each kind that OpenAPI 3 describes, the one that is easiest to fill in first.

    Raises:
        UnresolvedReferenceError: it refers to a missing part.
    """
    if "requestBody" not in operation.mapping:
        return [Body()]
    said = operation.part("requestBody").followed()
    content = said.part("content")
    names = _one_of_each_kind(content.mapping)
    if not names:
        return [Body(problems=("its body was skipped: it has no supported media type",))]
    return [_body(said, content.part(name), dialect, name) for name in names]


def _body(said: Node, part: Node, dialect: Dialect, name: str) -> Body:
    if _is_form(name):
        return _form(part, dialect, name)
    return _typed_or_file(said, part.part("schema"), dialect, name, example=_example(part))


def body_of_swagger(operation: Node, root: Node, parameters: Iterable[Node]) -> Body:
    """Return the body as Swagger 2 describes it: among the parameters."""
    said = operation.list("consumes") or root.list("consumes")
    media_types = [each for each in said if isinstance(each, str)]
    fields: list[Field] = []
    for parameter in parameters:
        if parameter.text("in") == "body":
            name = next(iter(_one_of_each_kind(each for each in media_types if not _is_form(each))), JSON)
            return _typed_or_file(parameter, parameter.part("schema"), "2.0", name)
        if parameter.text("in") == "formData" and is_text(parameter.text("name")):
            fields.append(_form_field(parameter))
    if not fields:
        return Body()
    has_file = any(each.place == "file" for each in fields)
    is_multipart = has_file or (MULTIPART in media_types and FORM not in media_types)
    return Body(tuple(fields), media_type=MULTIPART if is_multipart else FORM)


def _form_field(parameter: Node) -> Field:
    field = parameter_field(parameter, "2.0", "form")
    if parameter.text("type") != "file":
        return field
    return replace(field, place="file", kind="string", sent_as=field.name)


def _typed_or_file(said: Node, schema: Node, dialect: Dialect, name: str, example: str = "") -> Body:
    """Return a body of media type `name`; `said` has whether it is required, and its meaning."""
    is_required = said.says("required")
    if _is_binary(schema, name):
        field = Field("file", "file", required=is_required, meaning=in_one_line(said.text("description")))
        return Body((field,), media_type=_sent_as(name, "application/octet-stream"))
    shape = Schema(schema.pointer, schema.document, dialect, is_required, _is_json(name), example)
    return Body(schema=shape, media_type=_sent_as(name, JSON))


def _form(part: Node, dialect: Dialect, media_type: str) -> Body:
    schema = part.part("schema")
    fields = fields_of(Schema(schema.pointer, schema.document, dialect), "form")
    if not fields:
        return Body(problems=("its form was skipped: it has no fields",))
    encoding = part.part("encoding")
    return Body(
        tuple(_encoded(each, encoding.part(each.name)) for each in fields),
        media_type=_essence(media_type),
        problems=tuple(_not_said(fields, encoding)),
    )


def _not_said(fields: Iterable[Field], encoding: Node) -> Iterator[str]:
    """Yield a remark for each form field that is sent without its declared media type. Files have one by name."""
    for each in fields:
        said = encoding.part(each.name).text("contentType")
        if each.place == "form" and said and _essence(said) != "text/plain":
            yield f"{each.name[:100]} is sent without its media type, {said[:100]}"


def _encoded(field: Field, encoding: Node) -> Field:
    """Send a list item by item and an object as JSON, unless the form specifies another encoding."""
    if "style" in encoding.mapping or "explode" in encoding.mapping:
        return replace(field, style=style_of(encoding, field, "form"))
    return replace(field, style="repeat") if field.kind == "array" else field


def _example(part: Node) -> str:
    """Return where the example of the whole body is."""
    if "example" in part.mapping:
        return part.part("example").pointer
    examples = part.part("examples")
    for name in examples.mapping:
        try:
            example = examples.part(name).followed()
        except UnresolvedReferenceError:
            continue
        if "value" in example.mapping:
            return example.part("value").pointer
    return ""


def _one_of_each_kind(media_types: Iterable[str]) -> list[str]:
    """Return a media type of each kind, the one that is easiest to fill in first: JSON, a form, any text, a file."""
    best: dict[str, str] = {}
    for each in sorted(filter(_MEDIA_TYPE.fullmatch, media_types), key=_rank):
        best.setdefault("JSON" if _is_json(each) else "form" if _is_form(each) else _essence(each), each)
    return list(best.values())[:_MOST_KINDS]


def _rank(media_type: str) -> int:
    essence = _essence(media_type)
    ranks = {JSON: 0, MULTIPART: 2, FORM: 3, "*/*": 4}
    if essence in ranks:
        return ranks[essence]
    return 1 if _is_json(media_type) else 5 if essence.startswith("text/") else 6


def _is_json(media_type: str) -> bool:
    essence = _essence(media_type)
    return essence in {"*/*", "application/*"} or essence.endswith(("/json", "+json"))


def _is_form(media_type: str) -> bool:
    return _essence(media_type) in {FORM, MULTIPART}


def _is_binary(schema: Node, media_type: str) -> bool:
    """Return whether it is a file, by its schema or by its media type."""
    if not _is_json(media_type) and _essence(media_type).startswith(("image/", "audio/", "video/", "application/zip")):
        return True
    if _essence(media_type) == "application/octet-stream":
        return True
    return is_file(shape_of(schema.node, schema.document))


def _sent_as(media_type: str, instead: str) -> str:
    return instead if "*" in media_type else media_type


def _essence(media_type: str) -> str:
    return media_type.partition(";")[0].strip().lower()
