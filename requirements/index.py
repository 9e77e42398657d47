"""What the package index tells about a project, as JSON (https://docs.pypi.org/api/json/)."""

import json
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

INDEX = "https://pypi.org/pypi"

_SECONDS = 60


def told_of_release(name: str, version: str) -> dict[str, Any] | None:
    """Return its data about one release, or None if it has none.

    Some mirrors serve a project's own page only, which speaks of the newest release.
    """
    told = _told(f"{name}/{version}") or told_of_project(name)
    return told if told and told["info"]["version"] == version else None


def told_of_project(name: str) -> dict[str, Any] | None:
    """Return its data about the newest release of a project, or None if there is no such project."""
    return _told(name)


def _told(page: str) -> dict[str, Any] | None:
    try:
        with urlopen(f"{INDEX}/{page}/json", timeout=_SECONDS) as answer:  # noqa: S310 - https, but for tests
            told: dict[str, Any] = json.load(answer)
    except HTTPError as error:
        if error.code == 404:
            return None
        raise
    return told
