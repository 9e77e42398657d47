"""The path that stands before every path of a document; its hosts are ignored, for the origin is pinned."""

from __future__ import annotations

import re

from tui.airisk.endpoints.parameter_values import as_text
from tui.airisk.json_schema.schema import Dialect
from tui.airisk.openapi.part import Part

_VARIABLE = re.compile(r"\{([^{}]*)\}")
_ORIGIN = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*:)?//[^/]*")


def prefix_of(dialect: Dialect, *holders: Part) -> str:
    """The path of the first server that one of `holders` names, the innermost first; without a slash at its end."""
    if dialect == "2.0":
        return _tidy(holders[-1].text("basePath"))
    for holder in holders:
        for server in holder.items("servers"):
            return _tidy(_ORIGIN.sub("", _filled(server), count=1))
    return ""


def _filled(server: Part) -> str:
    """The server's address with the defaults of its variables in it."""

    def default(found: re.Match[str]) -> str:
        said = server.part("variables", found[1], "default").node
        return as_text(said) if isinstance(said, str | int | float) else ""

    return _VARIABLE.sub(default, server.text("url"))


def _tidy(path: str) -> str:
    steps = path.partition("?")[0].partition("#")[0].strip("/")
    return f"/{steps}" if steps and steps != "." else ""
