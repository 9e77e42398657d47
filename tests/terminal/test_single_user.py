"""An admin who knows whom to become: no list, the user at once."""

from tests.kit.deployment.dialect import Dialect
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.pty import opened
from tests.kit.shell import Place


def test_the_program_opens_as_that_user_and_can_come_back(place: Place) -> None:
    with ForeignAIRisk(Dialect(generic_bearer="both", generic_elsewhere=403)) as server:
        place.reach(server)
        place.write_env({"SINGLE_USER": "true", "USER_ID": "u-2"})
        with opened(place, size=(80, 24)) as terminal:
            terminal.sees("ACTING AS u-2", "List agents")
            terminal.press("enter")
            terminal.sees("GET /api/Chat/ListAgents", "Send")
            terminal.press("f5")
            terminal.sees("200 OK · as u-2", "Agent 1 of Grace Hopper")
            terminal.press("x")
            terminal.bar_says("APPLICATION")
            terminal.press("f5")
            terminal.sees("403 Forbidden · as application")
            terminal.quits()
        assert not [request for request in server.requests if "ListUsers" in request.path]


def test_a_user_who_is_refused_is_reported_by_id_and_it_can_be_tried_again(place: Place) -> None:
    with ForeignAIRisk() as server:
        place.reach(server)
        place.tell(USER_ID="u-404")
        with opened(place, "--single-user") as terminal:
            terminal.sees("NOT SIGNED IN", "would not sign in as u-404", "Press Ctrl+R to retry")
            asked = len(server.requests)
            terminal.press("ctrl+r")
            terminal.until(lambda: len(server.requests) > asked, "another try")
            terminal.sees("NOT SIGNED IN", "would not sign in as u-404")
            terminal.quits()
