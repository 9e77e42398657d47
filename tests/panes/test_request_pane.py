"""The request's form: it follows the cursor, so it is often given up for the next one while it is being made."""

import asyncio
import json

from textual.app import App, ComposeResult
from textual.widgets import Input, Select

from tests.kit.patience import comes_true
from tui.airisk.endpoints.catalog import ENDPOINTS
from tui.airisk.openapi.document import read_document
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


MAIL = {
    "application/json": {"schema": {"type": "object", "properties": {"subject": {"type": "string"}}}},
    "multipart/form-data": {"schema": {"properties": {"attachment": {"type": "string", "format": "binary"}}}},
}


async def test_a_body_of_another_kind_is_chosen_and_what_was_typed_into_both_is_kept() -> None:
    operation = {"post": {"requestBody": {"required": True, "content": MAIL}}}
    described = read_document(json.dumps({"openapi": "3.0.3", "paths": {"/mail": operation}}).encode(), "mail.json")
    async with Stage().run_test() as pilot:
        pane = pilot.app.query_one(RequestPane)
        await pane.open(described.endpoints[0])
        assert ("Content-Type", "application/json") in pane.draft().headers
        kind = pane.query_one("#body-kind", Select)
        kind.value = "multipart/form-data"
        await comes_true(lambda: bool(pane.query(Input)), "the form", meanwhile=pilot.pause)
        pane.query_one(Input).value = "report.pdf"
        await comes_true(lambda: bool(pane.draft().files), "the file", meanwhile=pilot.pause)
        assert [(part.name, part.filename) for part in pane.draft().files] == [("attachment", "report.pdf")]
        assert pilot.app.focused is pane.query_one("#body-kind")
        pane.query_one("#body-kind", Select).value = "application/json"
        await comes_true(lambda: not pane.query(Input), "the text", meanwhile=pilot.pause)
        assert not pane.draft().files
        await pane.open(FORMS[0])
        await pane.open(described.endpoints[0])
        assert pane.draft().body
        pane.query_one("#body-kind", Select).value = "multipart/form-data"
        await comes_true(lambda: bool(pane.query(Input)), "the form", meanwhile=pilot.pause)
        assert pane.query_one(Input).value == "report.pdf"
