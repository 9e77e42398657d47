"""The request's form: it follows the cursor, so it is often given up for the next one while it is being made."""

import asyncio

from textual.app import App, ComposeResult
from textual.widgets import Input

from tui.airisk.endpoints.catalog import ENDPOINTS
from tui.panes.request.pane import RequestPane

FORMS = [endpoint for endpoint in ENDPOINTS if endpoint.fields][:3]


class Stage(App[None]):
    """The pane alone."""

    def compose(self) -> ComposeResult:
        """Compose it."""
        yield RequestPane()


async def test_a_form_that_is_given_up_half_way_leaves_no_trace() -> None:
    async with Stage().run_test() as pilot:
        pane = pilot.app.query_one(RequestPane)
        await pane.open(FORMS[1])
        wanted = [line.name for line in pane.query(Input)]
        assert wanted
        for turns in (1, 3, 5, 8, 13, 21):
            given_up = asyncio.create_task(pane.open(FORMS[turns % 3]))
            for _ in range(turns):
                await asyncio.sleep(0)
            given_up.cancel()
            await pane.open(FORMS[1])
            assert [line.name for line in pane.query(Input)] == wanted
            assert pane.endpoint == FORMS[1]
