"""What an operation returns where it succeeds, as far as it matters for what is asked for."""

from __future__ import annotations

import re

from tui.airisk.json_schema.references import UnresolvedReferenceError
from tui.airisk.openapi.node import Node

_MEDIA_TYPE = re.compile(r"[\w!#$&^.+*-]+/[\w!#$&^.+*-]+", re.ASCII)
_MOST = 10


def returned(operation: Node, root: Node) -> tuple[str, ...]:
    """Return the media types of a success, without their parameters, each once.

    Args:
        operation: as OpenAPI 3 or Swagger 2 describes it.
        root: the document, which in Swagger 2 may say it for all of them.
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
    return tuple(dict.fromkeys(each for each in essences if _MEDIA_TYPE.fullmatch(each)))[:_MOST]
