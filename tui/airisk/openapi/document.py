"""Endpoints from an OpenAPI document (3.0, 3.1, or Swagger 2.0), as JSON or YAML.

Nothing is fetched, whatever a document refers to, and its hosts are ignored: only the paths of its servers count.
What can be understood is; what cannot is left out, and said.
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

__all__ = ["LARGEST", "Document", "read_document"]

LARGEST = 64 * 1024 * 1024
"""Bytes of a document that are read."""


@dataclass(frozen=True, slots=True)
class Document:
    """What a document offers; `version` is of OpenAPI, `problems` are what was left out or understood in part."""

    title: str
    version: str
    endpoints: tuple[Endpoint, ...] = field(repr=False)
    problems: tuple[str, ...]


def read_document(content: bytes, name: str = "") -> Document:
    """Read an OpenAPI document; `name` (a file's, or a path) tells JSON from YAML where the content does not.

    Raises:
        OpenAPIError: it is none, or breaks off; its message has the line.
    """
    if len(content) > LARGEST:
        raise OpenAPIError(f"The document is larger than {LARGEST // (1024 * 1024)} MiB; it was not read.")
    root, lines = read_text(content, name)
    dialect, version = _version(root, lines)
    reader = OperationReader(root, dialect, lines)
    endpoints = tuple(reader.endpoints())
    info = root.get("info")
    title = in_one_line(info.get("title")) if isinstance(info, dict) else ""
    return Document(title, version, endpoints, reader.problems.told())


def _version(root: Any, lines: LineIndex) -> tuple[Dialect, str]:
    """Return the dialect, and the version as the document says it; YAML may make it a number."""
    if not isinstance(root, dict) or not root.keys() & {"openapi", "swagger"}:
        raise OpenAPIError(
            "The document can be read, but is no OpenAPI: neither `openapi` nor `swagger` is said in it.",
            advice="Give the document that describes the API: .NET deployments serve /swagger/v1/swagger.json.",
        )
    keyword = "openapi" if "openapi" in root else "swagger"
    version = str(root[keyword])[:20]
    if keyword == "swagger" and version in {"2", "2.0"}:
        return "2.0", "2.0"
    if keyword == "openapi" and version.startswith("3"):
        return ("3.0" if version in {"3", "3.0"} or version.startswith("3.0.") else "3.1"), version
    line = lines.line(f"/{keyword}")
    raise OpenAPIError(f"Line {line}: {keyword} {version} is none of 3.0, 3.1 and Swagger 2.0.", line=line)
