"""An admin who knows whom to become: no list, the user at once."""

from tests.kit.deployment.dialect import Dialect
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.shell import Place
from tests.kit.tmux import program


def test_the_program_opens_as_that_user_and_can_come_back(place: Place) -> None:
    with ForeignAIRisk(Dialect(generic_bearer="both", generic_elsewhere=403)) as server:
        place.reach(server)
        place.write_env({"SINGLE_USER": "true", "USER_ID": "u-2"})
        with program(cwd=place.cwd, environment=place.environment, size=(80, 24)) as terminal:
            terminal.wait_for("ACTING AS u-2", "List agents")
            terminal.press("Enter")
            terminal.wait_for("GET /api/Chat/ListAgents", "Send")
            terminal.press("Enter")
            terminal.wait_for("200 OK · as u-2", "Agent 1 of Grace Hopper")
            terminal.press("x")
            terminal.wait_until(lambda: terminal.bar.startswith(" GENERIC"), "the generic identity")
            terminal.press("F5")
            terminal.wait_for("403 Forbidden · as generic")
            terminal.press("C-q")
            assert terminal.exit_code() == 0
        assert not [request for request in server.requests if "ListUsers" in request.path]


def test_a_user_who_is_refused_is_told_by_id_and_it_can_be_tried_again(place: Place) -> None:
    with ForeignAIRisk() as server:
        place.reach(server)
        place.tell(USER_ID="u-404")
        with program("--single-user", cwd=place.cwd, environment=place.environment) as terminal:
            terminal.wait_for("NOT SIGNED IN", "refused to let you act as u-404", "Ctrl+R asks again.")
            terminal.press("C-r")
            terminal.wait_for("NOT SIGNED IN", "refused to let you act as u-404")
            terminal.press("C-q")
            assert terminal.exit_code() == 0


def test_the_demo_has_it_too(place: Place) -> None:
    with program("demo", "--single-user", cwd=place.cwd, environment=place.environment) as terminal:
        terminal.wait_for("ACTING AS u-", "List agents")
