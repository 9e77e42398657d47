"""Endpoints from an OpenAPI document (3.0, 3.1, or Swagger 2.0), as JSON or YAML.

Nothing that a document refers to is fetched, and its hosts are ignored: only the paths of its servers count. Parts
that are not understood are skipped and reported.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tui.airisk.endpoints.model import Endpoint
from tui.airisk.endpoints.schema_fields import in_one_line
from tui.airisk.json_schema.schema import Dialect
from tui.airisk.openapi.loader import LineIndex, read_text
from tui.airisk.openapi.operations import OperationReader
from tui.errors import OpenAPIError

LARGEST = 64 * 1024 * 1024
"""Bytes of a document that are read."""


@dataclass(frozen=True, slots=True)
class Document:
    """The endpoints of a document.

    `version` is OpenAPI's; `problems` are parts that were skipped or partly understood.
    """

    title: str
    version: str
    endpoints: tuple[Endpoint, ...] = field(repr=False)
    problems: tuple[str, ...]


def read_document(content: bytes, name: str = "") -> Document:
    """Read an OpenAPI document; `name` (a file or a path) distinguishes JSON from YAML if the content does not.

    Raises:
        OpenAPIError: it is invalid or truncated; its message has the line.
    """
    if len(content) > LARGEST:
        raise OpenAPIError(f"The document is larger than {LARGEST // (1024 * 1024)} MiB; it was not read.")
    root, lines = read_text(content, name)
    dialect, version = _version(root, lines)
    reader = OperationReader(root, dialect, lines)
    endpoints = tuple(reader.endpoints())
    info = root.get("info")
    title = in_one_line(info.get("title")) if isinstance(info, dict) else ""
    return Document(title, version, endpoints, reader.problems.describe())


def _version(root: Any, lines: LineIndex) -> tuple[Dialect, str]:
    """Return the dialect, and the version as the document states it; YAML may make it a number."""
    if not isinstance(root, dict) or not root.keys() & {"openapi", "swagger"}:
        raise OpenAPIError(
            "Not an OpenAPI document: it has neither `openapi` nor `swagger`.",
            advice=".NET deployments usually serve it at /swagger/v1/swagger.json.",
        )
    keyword = "openapi" if "openapi" in root else "swagger"
    version = str(root[keyword])[:20]
    if keyword == "swagger" and version in {"2", "2.0"}:
        return "2.0", "2.0"
    if keyword == "openapi" and version.startswith("3"):
        return ("3.0" if version in {"3", "3.0"} or version.startswith("3.0.") else "3.1"), version
    line = lines.line(f"/{keyword}")
    raise OpenAPIError(
        f"Line {line}: {keyword} {version} is not supported.",
        line=line,
        advice="Use OpenAPI 3.0 or 3.1, or Swagger 2.0.",
    )
