"""The request's form: it follows the cursor, so it is often given up for the next one while it is being made."""

import asyncio
import json

import pytest
from textual.app import App, ComposeResult
from textual.widgets import Input, Select, TextArea

from tests.kit.patience import comes_true
from tui.airisk.endpoints.catalog import ENDPOINTS
from tui.airisk.endpoints.forms import RawForm
from tui.airisk.openapi.document import Document, read_document
from tui.config.origin import parse_origin
from tui.panes.request.fields import FieldInput
from tui.panes.request.pane import RequestPane

HERE = parse_origin("https://airisk.example")
FORMS = [endpoint for endpoint in ENDPOINTS if endpoint.fields][:3]


def test_the_hint_of_each_field_is_whole_in_a_window_of_120_columns() -> None:
    shown = [str(FieldInput(field, "", tuple).placeholder) for endpoint in ENDPOINTS for field in endpoint.fields]
    assert [each for each in shown if len(each) > 45] == []


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


@pytest.fixture
def described() -> Document:
    """An endpoint that takes bodies of two kinds."""
    operation = {"post": {"requestBody": {"required": True, "content": MAIL}}}
    return read_document(json.dumps({"openapi": "3.0.3", "paths": {"/mail": operation}}).encode(), "mail.json")


async def test_a_form_that_is_opened_right_after_a_kind_of_body_was_chosen_stays(described: Document) -> None:
    async with Stage().run_test() as pilot:
        pane = pilot.app.query_one(RequestPane)
        await pane.open(FORMS[1])
        wanted = [line.name for line in pane.query(Input)]
        for turns in (1, 2, 3, 5, 8, 13, 21, 34, 55):
            await pane.open(described.endpoints[0])
            kind = pane.query_one("#body-kind", Select)
            kind.value = next(each for each in MAIL if each != kind.value)
            for _ in range(turns):
                await asyncio.sleep(0)
            await pane.open(FORMS[1])
            await pilot.pause()
            assert [line.name for line in pane.query(Input)] == wanted


async def test_a_body_of_another_kind_is_chosen_and_what_was_typed_into_both_is_kept(described: Document) -> None:
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


@pytest.mark.parametrize(("body", "field"), [('{"text":"Hi"}', "body-text"), ("", "raw-target")])
async def test_a_raw_request_is_focused_where_it_has_its_body(body: str, field: str) -> None:
    async with Stage().run_test() as pilot:
        pane = pilot.app.query_one(RequestPane)
        await pane.open_raw(RawForm(HERE, "POST", "/api/Chat/AskAgent"))
        pilot.app.query_one("#raw-target").focus()
        await pilot.press("x")
        await pane.open_raw(RawForm(HERE, "POST", "/api/Chat/AskAgent", body=body))
        pane.focus_form()
        await comes_true(lambda: bool(pilot.app.focused and pilot.app.focused.id == field), f"the focus on {field}")


@pytest.mark.parametrize(
    ("form", "typed"),
    [
        (RawForm(HERE, target="/api/Users/"), ("/api/Users/7", "")),
        (RawForm(HERE, "POST", "/api", body='{"a": ["b"]}\n'), ("/api", '{"a": ["b7"]}\n')),
        (RawForm(HERE, "POST", "/api", body='{\n  "a": []\n}'), ("/api", '{\n  "a": [7]\n}')),
        (RawForm(HERE, "POST", "/api", body="Dear all,\nhello"), ("/api", "Dear all,\nhello7")),
        (RawForm(HERE, "POST", "/api", headers="Content-Type: text/plain"), ("/api", "7")),
    ],
    ids=str,
)
async def test_what_is_typed_into_a_raw_request_goes_behind_what_is_there(
    form: RawForm, typed: tuple[str, str]
) -> None:
    async with Stage().run_test() as pilot:
        pane = pilot.app.query_one(RequestPane)
        await pane.open_raw(form)
        pane.focus_form()
        await pilot.press("7")
        target = pane.query_one("#raw-target", Input)
        body = pane.query_one("#body-text", TextArea)
        await comes_true(lambda: (target.value, body.text) == typed, f"{typed}")
