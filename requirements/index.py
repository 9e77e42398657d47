"""What the package index tells about a project, as JSON (https://docs.pypi.org/api/json/)."""

import json
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

INDEX = "https://pypi.org/pypi"

_SECONDS = 60


def told_of_release(name: str, version: str) -> dict[str, Any] | None:
    """What it tells about one release; None where it does not tell.

    Some mirrors serve a project's own page only, which speaks of the newest release.
    """
    told = _told(f"{name}/{version}") or told_of_project(name)
    return told if told and told["info"]["version"] == version else None


def told_of_project(name: str) -> dict[str, Any] | None:
    """What it tells about a project in its newest release; None if there is no such project."""
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
