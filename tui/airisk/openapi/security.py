"""The API keys that a document asks for beside a token, as fields: whoever has none leaves them empty."""

from __future__ import annotations

from collections.abc import Iterator

from tui.airisk.endpoints.model import Field, Place
from tui.airisk.endpoints.parameter_values import is_text
from tui.airisk.endpoints.schema_fields import in_one_line
from tui.airisk.http.request import OWN_HEADERS
from tui.airisk.json_schema.references import UnresolvedReferenceError
from tui.airisk.json_schema.schema import Dialect
from tui.airisk.openapi.node import Node

_PLACES: dict[str, Place] = {"header": "header", "query": "query"}


def key_fields(operation: Node, root: Node, dialect: Dialect) -> Iterator[Field]:
    """Yield a field for each key that an operation may want in a header or in the query."""
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
