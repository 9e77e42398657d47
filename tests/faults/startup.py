"""Settings at the start of the program, in a real terminal and for a command."""

from tests.faults.settings import FINE, OPEN_TO_ALL, VERBATIM, FineFile, SettingsFault
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.pty import program
from tests.kit.shell import Outcome, Place, Run, run_all


def wrong_settings(place: Place, fault: SettingsFault) -> None:
    """Print the error before anything is drawn; show it on the screen if it takes time to find."""
    fault.write(place.cwd / ".env")
    with program(cwd=place.cwd, environment={**place.environment, **fault.environment}) as terminal:
        if fault.kind == "late":
            terminal.reads(notice=f"✗ {fault.words}")
            terminal.bar_says("NOT SIGNED IN")
            return
        assert terminal.ended() == 2
    assert terminal.output.decode().startswith(f"airisk-tui: {fault.words}")
    assert b"\x1b" not in terminal.output


def odd_file(place: Place, fine: FineFile) -> None:
    """List the users."""
    with ForeignAIRisk(client_id="demo", client_secret=VERBATIM) as server:
        fine.write(place.cwd / ".env", server.url)
        outcome = _list_users(place)
        assert (outcome.code, outcome.err) == (0, "")
        with program(cwd=place.cwd, environment=place.environment) as terminal:
            terminal.sees("─ 3 users ─")
            terminal.bar_says("APPLICATION")


def readable_by_others(place: Place) -> None:
    """List the users, and warn that others can read the secret."""
    with ForeignAIRisk(client_id="demo", client_secret=VERBATIM) as server:
        FINE[0].write(place.cwd / ".env", server.url)
        (place.cwd / ".env").chmod(0o644)
        outcome = _list_users(place)
        assert (outcome.code, outcome.line.startswith(OPEN_TO_ALL)) == (0, True)
        with program(cwd=place.cwd, environment=place.environment) as terminal:
            terminal.sees("─ 3 users ─")
            terminal.reads(notice=f"! {OPEN_TO_ALL}")


def _list_users(place: Place) -> Outcome:
    (outcome,) = run_all([Run(place, ("users",), {})])
    return outcome
