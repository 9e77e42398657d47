"""Refusals: an exception, and its problem+json response."""

import secrets
from http import HTTPStatus
from typing import Any

from starlette.responses import JSONResponse, Response

_SECTION_OF_RFC_9110 = {
    400: "15.5.1",
    401: "15.5.2",
    403: "15.5.4",
    404: "15.5.5",
    405: "15.5.6",
    413: "15.5.14",
    415: "15.5.16",
    500: "15.6.1",
}


class RefusedError(Exception):
    """Raised to respond to a request with a problem."""

    def __init__(self, status: int, detail: str = "", headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers


class ProblemResponse(JSONResponse):
    """An `application/problem+json` response."""

    media_type = "application/problem+json"


def problem(status: int, detail: str = "", headers: dict[str, str] | None = None) -> Response:
    """Return the problem object for a status; a plain 401 has only the four documented members."""
    section = _SECTION_OF_RFC_9110.get(status)
    content: dict[str, Any] = {
        "type": f"https://tools.ietf.org/html/rfc9110#section-{section}" if section else "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
    }
    if detail:
        content["detail"] = detail
    content["traceId"] = f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-00"
    return ProblemResponse(content, status, headers)
