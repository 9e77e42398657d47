"""A deployment of other manners: who may enter which area is a table, and the others are denied in its own way.

Not a fault: users with different permissions, however they are denied, are what a healthy deployment has.
"""

from collections.abc import Callable, Collection
from typing import Any

from tests.kit.deployment.dialect import Dialect
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.deployment.messages import Received, Reply, json_reply
from tests.kit.deployment.shapes import Person
from tests.kit.deployment.sign_in import bearer

AREA = "/api/area/"

Denial = Callable[[], Reply]

DENIALS: dict[str, Denial] = {
    "401": lambda: Reply(401, b"", (("WWW-Authenticate", "Bearer"),)),
    "403": lambda: Reply(403),
    "403 as a page": lambda: Reply(403, b"<html>No</html>", (("Content-Type", "text/html"),)),
    "404": lambda: Reply(404, b"", ()),
    "sent to sign in": lambda: Reply(302, b"", (("Location", "/Account/Login?ReturnUrl=%2Fapi%2Farea"),)),
    "an error in a 200": lambda: json_reply({"error": {"code": "ACCESS", "message": "not for you"}}),
    "an empty list": lambda: json_reply([]),
}


class GatedAIRisk(ForeignAIRisk):
    """Areas at `/api/area/NAME`; `may_enter` holds pairs of a user's id (`u-1` to `u-6`) and an area's name.

    `content` is what those are shown; as a rule a list.
    """

    def __init__(
        self,
        denial: Denial,
        may_enter: Collection[tuple[str, str]],
        *,
        content: Reply | None = None,
        **dialect: Any,
    ) -> None:
        names = tuple(Person(f"u-{number}", f"Person {number}") for number in range(1, 7))
        super().__init__(Dialect(people=names, **dialect))
        self._denial = denial
        self._may_enter = frozenset(may_enter)
        self._content = content

    def normal_reply(self, request: Received) -> Reply:
        """The areas; all else is as usual."""
        if not request.path.startswith(AREA):
            return super().normal_reply(request)
        identity = self._tokens.spend(bearer(request) or "")
        area = request.path.removeprefix(AREA)
        if (identity, area) not in self._may_enter:
            return self._denial()
        if self._content:
            return self._content
        return json_reply([{"id": area, "seenBy": identity, "traceId": len(self.requests)}])
