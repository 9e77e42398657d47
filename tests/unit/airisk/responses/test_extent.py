"""Which part of a list an answer holds, so that unlike parts are not compared as if they were alike."""

import json

import pytest

from tests.kit.remembering import exchange
from tui.airisk.models import Exchange
from tui.airisk.responses.diff import compare
from tui.airisk.responses.pagination import extent_of
from tui.airisk.responses.volatile_fields import VolatileFields

LIST = "/api/Chat/GetConversations"


def page(entries: int, *, skip: int = 0, results: int = 20, pages: int = 1, **told) -> Exchange:
    query = (("results", str(results)), ("skip", str(skip)))
    body = json.dumps([{"id": number} for number in range(entries)]).encode()
    return exchange(LIST, draft_query=query, body=body, pages=pages, **told)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (page(20), "the first 20 entries only"),
        (page(19), "all 19 entries"),
        (page(0), "all 0 entries"),
        (page(5, skip=20), "entries 21 and later only"),
        (page(57, pages=3), "all 57 entries, in 3 pages"),
        (page(60, pages=3), "the first 60 entries only, in 3 pages"),
    ],
)
def test_it_is_reported_in_words(answer, words):
    assert str(extent_of(answer)) == words


def test_what_is_no_page_has_no_extent():
    assert extent_of(page(3, status=403)) is None
    assert extent_of(exchange("/api/Users/Me", body=b"[1]")) is None
    assert extent_of(exchange(LIST, body=b"no list")) is None


@pytest.mark.parametrize(
    ("before", "after", "is_alike"),
    [
        (page(20), page(20), True),
        (page(20), page(3), True),
        (page(57, pages=3), page(3), True),
        (page(57, pages=3), page(60, pages=3), True),
        (page(57, pages=3), page(20), False),
        (page(20), page(20, skip=20), False),
    ],
)
def test_only_the_same_parts_are_alike(before, after, is_alike):
    assert compare(before, after, VolatileFields.of()).is_alike == is_alike
