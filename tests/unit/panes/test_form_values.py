"""A form that becomes a raw request keeps what was typed."""

import json

import pytest

from tui.airisk.endpoints.catalog import ENDPOINTS
from tui.config.origin import Origin
from tui.errors import RequestRejectedError
from tui.panes.request.form_values import FormValues


def test_an_incomplete_form_becomes_a_raw_request_that_names_what_is_missing() -> None:
    forms = FormValues()
    forms.origin = Origin("https", "demo.example")
    forms.open(next(each for each in ENDPOINTS if each.path == "/api/Chat/AskAgent"))
    forms.keep("conversationID", "c-1")
    forms.toggle_raw()
    assert forms.raw
    assert (forms.raw.method, forms.raw.target) == ("POST", "/api/Chat/AskAgent")
    assert json.loads(forms.raw.body) == {"conversationID": "c-1", "text": "{{text}}"}
    with pytest.raises(RequestRejectedError, match="text"):
        forms.draft()


@pytest.mark.parametrize(
    ("title", "typed", "target", "body", "missing"),
    [
        (
            "Submit feedback",
            {"conversationId": "c 1", "messageId": "m-1"},
            "/api/Chat/SubmitFeedback?conversationId=c%201&messageId=m-1&feedback={{feedback}}",
            "",
            "feedback",
        ),
        ("Get conversation", {}, "/api/Chat/GetConversation/{{conversationId}}", "", "conversationId"),
        (
            "List conversations",
            {"results": "many", "agentid": "{{agent.id}}"},
            "/api/Chat/GetConversations?agentid={{agent.id}}&results=many&skip=0",
            "",
            "agent",
        ),
        (
            "Create conversation",
            {"agentId": "a-1", "title": "", "metadata": "[1"},
            "/api/Chat/CreateConversation",
            '{"title":"{{title}}","agentId":"a-1","metadata":"[1"}',
            "title",
        ),
    ],
)
def test_what_was_typed_into_an_incomplete_form_is_kept(
    title: str, typed: dict[str, str], target: str, body: str, missing: str
) -> None:
    forms = FormValues()
    forms.origin = Origin("https", "demo.example")
    forms.open(next(each for each in ENDPOINTS if each.title == title))
    for name, value in typed.items():
        forms.keep(name, value)
    forms.toggle_raw()
    assert forms.raw
    assert (forms.raw.target, forms.raw.body) == (target, body)
    with pytest.raises(RequestRejectedError, match=missing):
        forms.draft()
