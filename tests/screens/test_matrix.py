"""A person runs a matrix and reads it: who can reach what, what stands out, one cell, and again."""

import re
from pathlib import Path
from threading import Event

from tests.kit import ids
from tests.kit.deployment.faults import Fault, answers
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.deployment.peer import Peer
from tests.kit.matrix import (
    ended,
    explored,
    go_to_policy,
    hold_against,
    mark_endpoint,
    plan,
    policy_file,
    run,
    sandbox,
    saved,
    start,
    turn,
)
from tests.kit.patience import PATIENCE
from tests.kit.permissions import AGENTS, CHATS, NAMES, USERS, people_of, verdicts
from tests.kit.pilot import Person, listed
from tui.access.matrix_document import Matrix, encode
from tui.access.model import Verdict
from tui.sandbox.api import is_allowed

JSON = ("Content-Type", "application/json")


async def test_the_deployments_own_table_is_read_row_by_row(here: Path) -> None:
    with sandbox() as served:
        async with explored(served) as person:
            await run(person)
            await person.sees("42 identities × 5 endpoints", "Monitor  2", "anonymous · no token")
            found = verdicts(await saved(person, here / "all.json"))

            await person.sees("5 users like Grace Turing")
            await person.sees_no("Akiko Ota")
            await person.press("down", "down", "enter")
            await person.sees("▾ 5 users like", "Akiko Ota")
            await person.press("enter")
            await person.sees_no("Akiko Ota")
            await person.press("left", "right")
            await person.sees("Akiko Ota")
            await person.press("down", "left")
            await person.sees_no("Akiko Ota")

            await person.press("slash")
            await person.type("monitor")
            await person.sees("2 of 42 identities × 5 endpoints")
            await person.press("enter", "t")
            await person.sees("by most allowed")
            await person.press("escape")
            await person.sees("· 42 identities × 5 endpoints")
            await person.press("escape")
            await person.sees("40 users")
        for each in people_of(served):
            for endpoint, name in NAMES.items():
                expected = "allowed" if is_allowed(each.role, name) else "denied"
                assert found[each.id, endpoint] == ("inconclusive" if each.is_suspended else expected)
        assert {found["application", USERS], found["anonymous", USERS]} == {"allowed", "denied"}


async def test_cells_are_compared_with_a_chosen_row_and_one_is_opened_sent_again_and_compared() -> None:
    with sandbox() as served:
        async with explored(served) as person:
            await person.press("g", "space", "space")
            await mark_endpoint(person, "list agents")
            await run(person)
            await person.press("down", "c")
            await person.sees("compared with anonymous")
            await person.press("down", "c")
            await person.until(lambda: "same" in person.screen or "differs" in person.screen, "a comparison")
            await person.press("c")
            await person.sees_no("compared with")
            await person.press("c")
            await person.sees("compared with")
            await person.press("escape")
            await person.sees_no("compared with")
            await person.sees("─ Matrix ─")
            await person.press("g", "down", "enter")
            await person.sees("because   403 Forbidden: forbidden", "evidence  status 403", "Runs don't store bodies")
            await person.press("f5")
            await person.sees("Just now: 403 Forbidden · as application", '"title"')
            await person.press("c")
            await person.sees("Compare with", "(Admin)")
            await person.press("enter")
            await person.sees("Application: 403 Forbidden", "as application")
            await person.bar_says("APPLICATION")
            await person.press("escape", "r")
            await ended(person)
            await person.sees("1 endpoint")


async def test_a_denied_cell_says_what_sets_the_user_apart_from_those_who_are_allowed() -> None:
    with sandbox(users=8) as served:
        async with explored(served) as person:
            await run(person)
            await person.press("slash")
            await person.type("monitor")
            await person.press("enter", "right", "enter")
            await person.sees(
                "403 Forbidden", "why not   Allowed: 0 of 1 with role “Monitor”, 7 of 7 without.", "lacks group"
            )


async def test_what_failed_is_unsure_until_it_is_sent_again(here: Path) -> None:
    with sandbox(users=20, faults=("flaky=0.2",)) as served:
        async with explored(served) as person:
            await run(person)
            await person.sees("inconclusive", "r Retry")
            before = verdicts(await saved(person, here / "before.json"))
            served.faults.clear()
            await person.press("r")
            await person.sees("all inconclusive and missing cells")
            await person.press("end", "enter")
            await person.sees("? 5 inconclusive", "r Retry")
            after = verdicts(await saved(person, here / "after.json"))
        unsure = {key for key, verdict in before.items() if verdict == "inconclusive"}
        still = {who for who, _ in (key for key, verdict in after.items() if verdict == "inconclusive")}
        assert unsure
        assert still == {each.id for each in people_of(served) if each.is_suspended}
        assert {key: before[key] for key in before if key not in unsure} == {
            key: after[key] for key in before if key not in unsure
        }


async def test_three_planted_violations_are_exactly_what_stands_out(here: Path) -> None:
    with sandbox(users=20) as served:
        admin, other = [each.id for each in people_of(served) if each.role == "Admin"][:2]
        monitor = next(each.id for each in people_of(served) if each.role == "Monitor")
        policy_file(
            here / "who.yaml",
            {"deny": AGENTS, "users": [admin]},
            {"deny": USERS, "users": [other]},
            {"allow": CHATS, "users": [monitor]},
            default="none",
        )
        async with explored(served) as person:
            await run(person)
            await hold_against(person, "policy", "who.yaml")
            await person.sees("3 unexpected results: 2 allowed that should be denied", "A!", "D!")
            seen = [await gone_on(person, "n")]
            while (words := await gone_on(person, "n")) != seen[0]:
                seen.append(words)
            assert len(seen) == len({*seen})
            assert len([words for words in seen if "expected" in words]) == 3
            assert all("expected" in words or "A? allowed, may be a denial" in words for words in seen)
            assert await gone_on(person, "N") == seen[-1]
            await person.press("f")
            await person.sees("unexpected allow  2 cells", "unexpected deny   1 cell")
            await person.press("down", "enter")
            await person.sees("only rows with unexpected allow", "2 of 22")
            await person.sees(admin, other)
            await person.sees_no(monitor)
            await person.press("escape")
            await person.sees("· 22 identities × 5")
            matrix = await saved(person, here / "found.json")
    stands_out = {(cell.identity, cell.endpoint): str(cell.finding) for cell in matrix.findings()}
    assert stands_out == {
        (admin, AGENTS): "unexpected allow",
        (other, USERS): "unexpected allow",
        (monitor, CHATS): "unexpected deny",
    }


async def test_what_a_policy_names_in_vain_is_said_in_the_plan_and_above_the_matrix(here: Path) -> None:
    policy_file(here / "who.yaml", {"allow": "GET /api/Usres", "roles": "Amdin"})
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await plan(person)
            await go_to_policy(person, "who.yaml")
            await person.press("enter")
            await person.sees("“GET /api/Usres” matches no known endpoint", "role “Amdin” matches no user")
            await start(person)
            await person.sees("“GET /api/Usres” matches no", "role “Amdin” matches no user")
            matrix = await saved(person, here / "r.json")
            await person.press("P", "end", "enter")
            await person.sees_no("“GET /api/Usres”")
    assert [gap.kind for gap in matrix.gaps] == ["policy", "policy"]


async def gone_on(person: Person, key: str) -> str:
    """Press this key, which leads to another cell, and return what is said of that."""
    before = cell_words(person)
    await person.press(key)
    await person.until(lambda: cell_words(person) != before, "another cell")
    return cell_words(person)


def cell_words(person: Person) -> str:
    """What is said of the cell under the cursor."""
    return " ".join(person.text_in(ids.MATRIX_CELL, joint=" ").split())


async def test_drift_since_an_earlier_run_stands_out(here: Path) -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await run(person)
            (here / "earlier.json").write_bytes(encode(await saved(person, here / "first.json")))
            server.breaks("/api/Chat/ListAgents", answers(200, b'[{"id": "new"}]', JSON))
            await person.press("r")
            await person.sees("this cell", "this row", "this column")
            await person.press("down", "down", "enter")
            await ended(person)
            await hold_against(person, "baseline", "earlier.json")
            await person.sees("drift", "≠~")


async def test_a_response_that_may_be_a_denial_is_asked_about_and_the_rule_for_it_copied() -> None:
    with ForeignAIRisk() as server:
        server.breaks("/api/Chat/ListAgents", answers(200, b"[]", JSON), times=1)
        async with listed(server) as person:
            await run(person)
            await person.sees("A? 1 response may be a denial (200 with an empty list): y copies the rules")
            await person.press("y")
            await person.sees('- name: "denied: 200 with an empty list"')


async def test_the_suggested_rules_are_copied_during_a_run() -> None:
    gate = Event()
    with ForeignAIRisk() as server:
        server.breaks("/api/Chat/ListAgents", answers(200, b"[]", JSON), times=1)
        server.breaks("/api/Chat/GetConversations", opens_with(gate))
        async with listed(server) as person:
            await plan(person)
            await person.press("enter")
            await person.sees("A? 1 response may be a denial", "y copies the rules", "Space Pause")
            await person.press("y")
            await person.sees('- name: "denied: 200 with an empty list"')
            await person.press("escape")
            gate.set()
            await ended(person)


async def test_a_cell_that_may_be_a_denial_is_no_plain_access_in_the_grid_and_says_why(here: Path) -> None:
    with sandbox() as served:
        async with explored(served) as person:
            await run(person)
            await person.sees("A 193 allowed (6 may be denials)")
            (asked,) = (line.strip("│ ") for line in person.lines if "responses may be denials" in line)
            assert asked == "A? 6 responses may be denials (200 with an empty list): y copies the rules"
            matrix = await saved(person, here / "all.json")
            empty = {cell.identity for cell in matrix.cells if cell.rule == "empty"}
            alone, first, second = sorted(
                (each for each in people_of(served) if each.id in empty), key=lambda each: each.role
            )
            assert (alone.role, first.role, second.role) == ("Risk Manager", "User", "User")
            await shows(person, f"{alone.name} · {alone.id}", "A A? A? A A")
            await shows(person, f"2 users like {first.name}", "A A? A? A A")
            why = "allowed, may be a denial (200 with an empty list where others got data)"
            for at, said in (
                (f"{alone.name} · {alone.id} (Risk Manager) at GET /api/Chat/GetConversations", f"A? {why}"),
                (f"{alone.name} · {alone.id} (Risk Manager) at GET /api/GetConversations", f"A? {why}"),
                ("2 users with identical results at GET /api/Chat/GetConversations", f"A? {first.name}: {why}"),
            ):
                await person.press("n")
                await person.until(lambda: cell_words(person).startswith(at), at)  # noqa: B023 - in this round
                assert said in cell_words(person)
            await person.press("enter")
            for each in (first, second):
                await shows(person, f"{each.name} · {each.id}", "A A? A? A A")
            await person.press("down", "enter")
            await person.sees("doubt     may be a denial (200 with an empty list where others got data)")
            await person.press("escape")
            policy_file(here / "who.yaml", {"deny": CHATS, "users": [first.id]}, default="none")
            await hold_against(person, "policy", "who.yaml")
            await shows(person, f"{first.name} · {first.id}", "A A! A? A A")


async def shows(person: Person, name: str, marks: str) -> None:
    """Wait until the line of this name has these marks in the grid."""
    await person.until(
        lambda: marks.split() in (line.partition(name)[2].strip("│ ").split() for line in person.lines), marks
    )


async def test_a_run_is_paused_canceled_and_gone_on_with(here: Path) -> None:
    with sandbox(users=12) as served:
        async with explored(served) as person:
            await plan(person, rate="8", concurrency="2")  # long enough to be paused
            await person.press("enter")
            await person.sees("Space pauses, Esc cancels", " left")
            await person.until(lambda: "Esc Cancel" in person.footer, "what Esc does during a run")
            await person.press("space")
            await person.sees("PAUSED", "Space resumes")
            await person.press("space")
            await person.sees_no("PAUSED")
            await person.press("escape")
            await person.sees("Run canceled. Results so far are saved.", "not tested")
            await person.until(lambda: "Esc Back" in person.footer, "the way back")
            known = settled(await saved(person, here / "part.json"))
            await person.press("escape")
            await person.sees("12 users")
            served.log.clear()
            await plan(person)
            await person.sees(f"resume: {len(known)} of 70 cells done, tested ", f" {70 - len(known)} GET, plus ")
            await start(person)
            matrix = await saved(person, here / "whole.json")
        assert len(matrix.cells) == 14 * 5
        asked_again = {(record.identity, f"GET {record.path}") for record in served.log if record.identity}
        assert not asked_again & {cell for cell in known if cell[0] != "application"}


async def test_a_random_sample_that_was_broken_off_goes_on_with_the_same_people(here: Path) -> None:
    with sandbox(users=200) as served:
        async with explored(served) as person:
            await plan(person, sample="5", rate="8", concurrency="2")
            await person.press("enter")
            await person.until(lambda: re.search(r"(1[5-9]|2\d) of 35", person.screen) is not None, "results of users")
            await person.press("escape")
            await person.sees("Run canceled. Results so far are saved.", "not tested")
            part = await saved(person, here / "part.json")
            await person.press("escape")
            await person.sees("200 users")
            known = settled(part)
            await plan(person, sample="5")
            await person.sees(f"resume: {len(known)} of 35 cells done", f" {35 - len(known)} GET, plus ")
            await start(person)
            whole = await saved(person, here / "whole.json")
        assert whole.rows().keys() == part.rows().keys()


async def test_a_finished_run_is_shown_as_what_it_is_and_run_again_unless_the_person_wants_to_see_it() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await run(person)
            await person.until(lambda: re.search(r"tested \d\d:\d\d.*, just now", person.screen) is not None, "when")
            await person.press("escape")
            await plan(person)
            await person.sees("start over and discard saved results", "15 GET, plus 6 sign-in requests: about 0:01")
            await turn(person, "begin", "show the results tested")
            await person.sees("Nothing to send: every cell is done.")
            sent = len(server.requests)
            await start(person)
            await person.sees("· 5 identities × 3 endpoints", "just now", "A 10 allowed")
            assert len(server.requests) == sent
            await person.press("escape")
            await plan(person)
            await start(person)
            await person.until(lambda: len(server.requests) > sent, "the same requests")


async def test_whoever_is_acted_as_stays_so() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await person.press("enter")
            await person.bar_says("ACTING AS Ada Lovelace")
            await run(person)
            await person.bar_says("ACTING AS Ada Lovelace")
            await person.press("escape")
            await person.sees_no("─ Matrix ─")
            await person.bar_says("ACTING AS Ada Lovelace")


async def test_a_cell_that_is_open_follows_the_run() -> None:
    with sandbox(users=5) as served:
        async with explored(served) as person:
            await plan(person, rate="10", concurrency="1")
            await person.press("enter")
            await person.sees("Space pauses, Esc cancels")
            await person.press("G", "enter")
            await person.sees("not tested yet")
            await person.sees_no("not tested yet")
            await person.sees("because", "evidence")


async def test_the_grid_shows_each_cell_as_it_comes_and_what_it_is_held_against(here: Path) -> None:
    policy_file(here / "who.yaml", {"deny": USERS, "users": ["u-2"]})
    gates = {path: Event() for path in ("/api/Chat/ListAgents", "/api/Chat/GetConversations")}
    with ForeignAIRisk() as server:
        for path, gate in gates.items():
            server.breaks(path, opens_with(gate))
        async with listed(server) as person:
            await plan(person)
            await person.press("enter")
            await draws(person, "·", "·", "·")
            gates["/api/Chat/ListAgents"].set()
            await draws(person, "A", "·", "·")
            gates["/api/Chat/GetConversations"].set()
            await draws(person, "A", "A", "A")
            await ended(person)
            await hold_against(person, "policy", "who.yaml")
            await draws(person, "A", "A", "A!")
            await person.press("P", "end", "enter")
            await draws(person, "A", "A", "A")
            await person.press("G", "up", "up", "c")  # Edsger Dijkstra
            await draws(person, "≠", "≠", "=")


def opens_with(gate: Event) -> Fault:
    """The good answer, once the gate is open."""

    def act(peer: Peer) -> None:
        gate.wait(PATIENCE)
        peer.answer_normally()

    return Fault(act)


async def draws(person: Person, *marks: str) -> None:
    """Wait until these are drawn in the line of one user."""
    await person.until(lambda: re.findall(r"\S+", person.row("· u-2").partition("u-2")[2])[:3] == [*marks], str(marks))


def settled(matrix: Matrix) -> set[tuple[str, str]]:
    """The cells that are not tested again: those of a user whom AIRisk refuses are."""
    return {cell for cell, verdict in verdicts(matrix).items() if verdict is not Verdict.INCONCLUSIVE}
