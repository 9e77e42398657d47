"""The matrix is the permission table of a deployment whose table is known, cell for cell."""

from __future__ import annotations

from tests.kit.conversing import session_with
from tests.kit.permissions import GUARDED, QUESTIONS, everybody, people_of, table, verdicts
from tests.service.access.asking import ask
from tui.access.evaluation import Expectations
from tui.access.live_matrix import LiveMatrix
from tui.access.model import Verdict
from tui.sandbox import Options, Sandbox

SAFE = [QUESTIONS[endpoint.path] for endpoint in GUARDED if endpoint.method == "GET"]


def told(cells) -> dict[tuple[str, str], Verdict]:
    """All but the suspended, of whom nothing can be told."""
    return {key: verdict for key, verdict in verdicts(cells).items() if verdict is not Verdict.INCONCLUSIVE}


USERS = 24
"""Of every role, and some of them suspended."""


async def test_every_kind_of_user_and_all_endpoints():
    with Sandbox(Options(users=USERS)) as sandbox:
        people = people_of(sandbox)
        async with session_with(sandbox) as session:
            cells = await ask(session, everybody(people), QUESTIONS.values())
    assert len(cells) == (USERS + 2) * len(QUESTIONS)
    assert told(cells) == table(people)
    suspended = {person.id for person in people if person.is_suspended}
    assert suspended
    unknown = [cell for cell in cells if cell.verdict is Verdict.INCONCLUSIVE]
    assert {cell.identity for cell in unknown} == suspended
    assert all(cell.status is None and "suspended" in cell.reason for cell in unknown)


async def test_where_refusals_travel_in_a_200():
    with Sandbox(Options(users=USERS, faults=("error-in-200",))) as sandbox:
        people = people_of(sandbox)
        async with session_with(sandbox) as session:
            cells = await ask(session, everybody(people), SAFE)
    names = {request.column.name for request in SAFE}
    assert told(cells) == {key: verdict for key, verdict in table(people).items() if key[1] in names}
    denied = [cell for cell in cells if cell.verdict is Verdict.DENIED]
    assert {cell.status for cell in denied} == {200}
    assert all("success status with only an error in the body" in cell.reason for cell in denied)


async def test_where_one_response_in_twenty_fails_a_second_run_settles_it():
    with Sandbox(Options(users=60, faults=("flaky=0.05",))) as sandbox:
        people = people_of(sandbox)
        rows = everybody(people)
        async with session_with(sandbox) as session:
            first = await ask(session, rows, SAFE)
            failed = [cell for cell in first if cell.status == 500]
            assert failed
            assert {cell.verdict for cell in failed} == {Verdict.INCONCLUSIVE}
            expected = table(people)
            assert all(expected[key] == verdict for key, verdict in told(first).items())

            sandbox.faults.clear()
            settled = [cell for cell in first if cell.verdict is not Verdict.INCONCLUSIVE]
            known: dict[tuple[str, str], set[str]] = {}
            for cell in settled:
                known.setdefault(cell.row_key, set()).add(cell.endpoint)
            asked = len(sandbox.log)
            again = await ask(session, rows, SAFE, known={key: frozenset(names) for key, names in known.items()})
    assert len(settled) + len(again) == len(first)
    asked_again = [each for each in sandbox.log[asked:] if "/oauth2" not in each.path]
    assert len(asked_again) == len(failed)
    columns = [request.column for request in SAFE]
    both = LiveMatrix.evaluated(rows, columns, Expectations(), [*settled, *again]).cells
    names = {column.name for column in columns}
    assert told(both) == {key: verdict for key, verdict in expected.items() if key[1] in names}
