"""Refusals, in every form an error body may take."""

from typing import Literal

from tests.kit.deployment.messages import Reply, json_reply, text_reply

ErrorBody = Literal["documented", "empty", "text", "html", "problem"]

TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    415: "Unsupported Media Type",
}
SECTIONS = {400: "5.1", 401: "5.2", 403: "5.4", 404: "5.5", 405: "5.6", 415: "5.16"}


class RefusedError(Exception):
    """The request is answered with an error status; `words` say why."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status
        self.words = words

    def reply(self, form: ErrorBody) -> Reply:
        """This refusal on the wire; the documented form of a 400 is text, of all others a problem object."""
        if form == "documented":
            form = "text" if self.status == 400 else "problem"
        reply = self._written(form)
        return reply.with_headers([("WWW-Authenticate", "Bearer")]) if self.status == 401 else reply

    def _written(self, form: ErrorBody) -> Reply:
        match form:
            case "empty":
                return Reply(self.status)
            case "text":
                return text_reply(self.words, self.status)
            case "html":
                page = f"<!DOCTYPE html><html><body><h1>{self.words}</h1></body></html>"
                return text_reply(page, self.status, "text/html")
            case _:
                return self._problem()

    def _problem(self) -> Reply:
        problem = {
            "type": f"https://tools.ietf.org/html/rfc9110#section-15.{SECTIONS[self.status]}",
            "title": TITLES[self.status],
            "status": self.status,
            "traceId": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00",
        }
        reply = json_reply(problem, self.status)
        return Reply(reply.status, reply.body, (("Content-Type", "application/problem+json"),))
