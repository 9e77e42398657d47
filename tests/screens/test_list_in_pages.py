"""A list of users that comes in pages: seen while it comes, and said to be a part where it cannot be followed."""

import threading

from tests.kit.deployment.dialect import SHORT_LIST_PATH, Dialect
from tests.kit.deployment.faults import Fault
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.deployment.list_paging import Paging
from tests.kit.deployment.peer import Peer
from tests.kit.deployment.shapes import Person
from tests.kit.matrix import plan, start
from tests.kit.patience import PATIENCE
from tests.kit.pilot import listed, opened

CROWD = tuple(Person(f"u-{number:03}", "Person", f"No{number}") for number in range(300))
CUT_OFF = Dialect(people=CROWD, list_paging=Paging(convention="total_count", parameter=""))


async def test_those_who_came_are_seen_while_the_others_are_requested_and_everybody_is_found() -> None:
    """The third page waits until the person has seen the first two, and again at the refresh."""
    seen, asked = threading.Semaphore(0), 0

    def act(peer: Peer) -> None:
        nonlocal asked
        asked += 1
        if asked % 3 == 0:
            seen.acquire(timeout=PATIENCE)
        peer.answer_normally()

    dialect = Dialect(people=CROWD, list_paging=Paging(convention="link", size=100))
    with ForeignAIRisk(dialect, faults={SHORT_LIST_PATH: Fault(act)}) as server:
        async with opened(server) as person:
            await person.sees("─ 200 users so far ─", "Person No0")
            seen.release()
            await person.sees("─ 300 users ─")
            await person.press("ctrl+r")
            await person.sees("─ 200 users so far ─")
            seen.release()
            await person.sees("─ 300 users ─")
            await person.press("slash")
            await person.type("no299")
            await person.press("enter", "enter")
            await person.bar_says('ACTING AS "Person No299" · u-299')


async def test_a_part_is_said_to_be_one_in_the_border_in_words_and_in_a_matrix() -> None:
    with ForeignAIRisk(CUT_OFF) as server:
        async with listed(server, size=(170, 40)) as person:
            await person.sees("─ 20 of 300 users ─")
            words = "! Only 20 of 300 users are listed: AIRisk lists them in pages, and it does not say how to request"
            await person.until(lambda: words in person.notice, "that it is a part")
            await person.press("slash")
            await person.type("no1")
            await person.sees("─ 11 of 20 (20 of 300 users) ─")
            await person.press("escape", "escape")
            await plan(person)
            await person.sees("Only 20 of 300 users are listed.")
            await start(person)
            await person.sees("Only 20 of 300 users were listed. The others were not")
