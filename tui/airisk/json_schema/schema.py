"""Schema of a JSON body: an example to start from, and the errors in a typed body."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from tui.airisk.json_schema.references import References
from tui.airisk.json_schema.resolution import secret_members

Dialect = Literal["2.0", "3.0", "3.1"]
"""The OpenAPI version that defines the schema: 3.1 uses JSON Schema itself, earlier ones a variant."""


@dataclass(frozen=True, slots=True)
class Schema:
    """The schema of a body in a document; cheap to create, and read only on demand.

    `pointer` is its place in the document, `example` that of an example of the whole body. Where it
    `is_partial` (a PATCH), what is not in the body stays as it is.
    """

    pointer: str
    document: References = field(compare=False, repr=False)
    dialect: Dialect = "3.0"
    is_required: bool = False
    is_json: bool = True
    example: str = ""
    is_partial: bool = False

    def template(self, *, optional: bool = False) -> str:
        """Return a body to start from: the document's example, else the required members with likely values.

        An object without required members shows all of them, and so does every object if `optional`; a partial body
        starts empty. Members that only responses have (`readOnly`) are omitted. Cyclic and huge schemas end in small
        values.
        """
        from tui.airisk.json_schema.examples import template  # noqa: PLC0415 - not before a form is opened

        return template(self, optional=optional)

    def errors(self, text: str) -> tuple[str, ...]:
        """Return the errors in a typed body, each with its place: `/user/age: must be a whole number`."""
        from tui.airisk.json_schema.validation import errors  # noqa: PLC0415 - jsonschema takes 70 ms

        return errors(self, text)

    @property
    def secrets(self) -> frozenset[str]:
        """The names of secret members (`format: password`, `writeOnly`) at any depth."""
        return secret_members(self.document.at(self.pointer), self.document)


ANY_JSON = Schema("", References({}), dialect="3.1")
"""A body of unknown schema."""
