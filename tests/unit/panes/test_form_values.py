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
