"""Documents as people write them, for the tests to read."""

import json
from pathlib import Path
from typing import Any

from tui.airisk.endpoints.model import Endpoint, Field
from tui.airisk.openapi.document import Document, read_document

HERE = Path(__file__).parent


def described(name: str) -> Document:
    """What a document beside this file describes."""
    return read_document((HERE / name).read_bytes(), name)


def endpoint_at(document: Document, method: str, path: str) -> Endpoint:
    return next(each for each in document.endpoints if (each.method, each.path) == (method, path))


def field_called(endpoint: Endpoint, name: str) -> Field:
    return next(each for each in endpoint.fields if each.name == name)


def written(paths: Any, *, version: str = "3.0.3", **more: Any) -> bytes:
    """A JSON document that holds these paths."""
    keyword = "swagger" if version == "2.0" else "openapi"
    return json.dumps({keyword: version, "info": {"title": "Written"}, "paths": paths, **more}, indent=1).encode()


def read(paths: Any, *, version: str = "3.0.3", **more: Any) -> Document:
    return read_document(written(paths, version=version, **more))


def only(paths: Any, *, version: str = "3.0.3", **more: Any) -> Endpoint:
    """The one endpoint of a document."""
    document = read(paths, version=version, **more)
    assert len(document.endpoints) == 1, document.problems
    return document.endpoints[0]


def taking(schema: Any, *, version: str = "3.0.3", **more: Any) -> Endpoint:
    """An endpoint whose JSON body has that schema; `more` are further parts of the document."""
    content = {"application/json": {"schema": schema}}
    return only({"/things": {"post": {"requestBody": {"required": True, "content": content}}}}, version=version, **more)


def asking(*parameters: Any, path: str = "/things", version: str = "3.0.3") -> Endpoint:
    """An endpoint with those parameters."""
    return only({path: {"get": {"parameters": list(parameters)}}}, version=version)
