"""Whatever was closed is gone: a long day costs no more memory than a short one."""

import gc
import weakref

from textual.widget import Widget

from tests.kit import ids
from tests.kit.asking import open_endpoint
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.matrix import explored, run, sandbox
from tests.kit.pilot import listed

FORMS = ("list conversations", "get conversation conversationid") * 2


async def test_a_form_is_let_go_when_others_have_taken_its_place() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            first = list[weakref.ref[Widget]]()
            for name in FORMS:
                await open_endpoint(person, name)
                await person.until(lambda: bool(person.app.screen.query(f"#{ids.FIELDS} Input")), "a form")
                first = first or [weakref.ref(line) for line in person.app.screen.query(f"#{ids.FIELDS} Input")]
            gc.collect()
            assert [line() for line in first] == [None] * len(first)


async def test_a_matrix_is_let_go_and_the_card_still_reports_it() -> None:
    with sandbox() as served:
        async with explored(served) as person:
            await run(person)
            matrix = weakref.ref(person.app.screen)
            await person.press("escape", "down")
            await person.sees("allowed at")
            await person.until(lambda: gc.collect() >= 0 and matrix() is None, "the matrix gone")
