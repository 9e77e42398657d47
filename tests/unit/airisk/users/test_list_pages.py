"""What a page of a list says of the others, in all the ways in which that is said."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.airisk.models import Draft, ResponseHead
from tui.airisk.users.list_pages import PageFacts, counted, facts_of, linked, schemes
from tui.config.origin import Origin

ORIGIN = Origin("https", "demo.aicrisk.com")
LIST = Draft("GET", "/api/ListUsers")


def facts(document: Any = None, **headers: str) -> PageFacts:
    told = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return facts_of(document or {}, ResponseHead(status=200, reason="OK", headers=told))


SAID: dict[str, tuple[PageFacts, PageFacts]] = {
    "nothing": (facts(), PageFacts()),
    "a total and whether there is more": (
        facts({"items": [], "totalCount": 300, "pageNumber": 1, "pageSize": 20, "hasNextPage": True}),
        PageFacts(total=300, has_more=True, numbered=("pageNumber", 1)),
    ),
    "in Pascal case, further within": (
        facts({"Data": {"Items": [], "Paging": {"TotalCount": 300, "HasNext": False}}}),
        PageFacts(total=300, has_more=False),
    ),
    "how many pages": (
        facts({"page": 0, "totalPages": 15}),
        PageFacts(pages=15, numbered=("page", 0)),
    ),
    "an offset": (facts({"total": 300, "skip": 0, "take": 20}), PageFacts(total=300, numbered=("skip", 0))),
    "SCIM": (facts({"totalResults": 300, "startIndex": 1}), PageFacts(total=300, numbered=("startIndex", 1))),
    "OData 4": (
        facts({"@odata.count": 300, "@odata.nextLink": "/api/ListUsers?$skip=20"}),
        PageFacts(total=300, link="/api/ListUsers?$skip=20"),
    ),
    "OData 2": (facts({"d": {"__count": "300", "__next": "?$skip=20"}}), PageFacts(total=300, link="?$skip=20")),
    "Django": (facts({"count": 300, "next": "https://x/?page=2"}), PageFacts(total=300, link="https://x/?page=2")),
    "HAL": (facts({"_links": {"next": {"href": "/u?page=2"}, "self": {"href": "/u"}}}), PageFacts(link="/u?page=2")),
    "JSON:API": (facts({"links": {"next": "/u?page=2"}, "meta": {"total": 9}}), PageFacts(total=9, link="/u?page=2")),
    "no next link": (facts({"count": 3, "next": None}), PageFacts(total=3)),
    "a token that is not an address": (facts({"nextPageToken": "abc"}), PageFacts(has_more=True)),
    "an empty token": (facts({"nextPageToken": ""}), PageFacts()),
    "a count in a header": (facts(X_Total_Count="300"), PageFacts(total=300)),
    "a header that is no count": (facts(X_Total_Count="many"), PageFacts()),
    "a link in a header": (facts(Link='</u?page=2>; rel="next"'), PageFacts(link="/u?page=2")),
    "among others": (
        facts(link='</u?a=1,2>; rel=prev, </u?page=3>; title="a, b"; REL="last next" , </u?page=9>;rel=last'),
        PageFacts(link="/u?page=3"),
    ),
    "no next one": (facts(Link='</u?page=2>; rel="prev next-archive"'), PageFacts()),
    "an object in a header": (
        facts(X_Pagination=json.dumps({"TotalCount": 300, "CurrentPage": 1, "HasNext": True})),
        PageFacts(total=300, has_more=True, numbered=("CurrentPage", 1)),
    ),
    "what is no number": (facts({"total": True, "page": -1, "skip": 1.5, "totalPages": "x"}), PageFacts()),
}


@pytest.mark.parametrize(("found", "meant"), SAID.values(), ids=SAID)
def test_each_convention_is_understood(found: PageFacts, meant: PageFacts) -> None:
    assert found == meant


FOLLOWED = [
    (PageFacts(), False),
    (PageFacts(total=300), True),
    (PageFacts(total=20), False),
    (PageFacts(total=300, has_more=False), False),
    (PageFacts(has_more=True), True),
    (PageFacts(link="/u"), True),
    (PageFacts(pages=1), False),
    (PageFacts(pages=2), True),
]


@pytest.mark.parametrize(("said", "is_followed"), FOLLOWED)
def test_a_list_goes_on_where_anything_says_so(said: PageFacts, is_followed: bool) -> None:
    assert said.is_followed(20, 1) is is_followed


LINKS: dict[str, str | None] = {
    "?page=2": "/api/ListUsers?page=2",
    "/api/Other?page=2#top": "/api/Other?page=2",
    "https://demo.aicrisk.com/u?page=2": "/u?page=2",
    "HTTPS://DEMO.aicrisk.com:443/u": "/u",
    "http://demo.aicrisk.com/u?page=2": "/u?page=2",
    "/u?$skip=20&q=a b|c": "/u?$skip=20&q=a%20b%7Cc",
    "/u?q=%2Fa": "/u?q=%2Fa",
    "http://demo.aicrisk.com:80/u": None,
    "https://demo.aicrisk.com:8443/u": None,
    "https://aicrisk.com/u": None,
    "https://demo.aicrisk.com@evil.example/u": None,
    "https://evil.example\\@demo.aicrisk.com/u": None,
    "//evil.example/u": None,
    "https://[::1/u": None,
}


@pytest.mark.parametrize(("link", "target"), LINKS.items())
def test_a_link_is_followed_at_this_origin_only(link: str, target: str | None) -> None:
    draft = linked(LIST, link, ORIGIN)
    assert (draft.target if draft else None) == target


def targets(draft: Draft, said: PageFacts) -> list[str]:
    return [counted(draft, scheme, pages=1, entries=20).target for scheme in schemes(draft, said)]


def test_the_next_page_is_requested_as_the_list_counts_them_then_as_others_do() -> None:
    guesses = ["/api/ListUsers?skip=20&offset=20", "/api/ListUsers?page=2&pageNumber=2"]
    assert targets(LIST, PageFacts()) == guesses
    assert targets(LIST, PageFacts(numbered=("pageIndex", 0))) == ["/api/ListUsers?pageIndex=1", *guesses]
    assert targets(LIST, PageFacts(numbered=("startIndex", 1)))[0] == "/api/ListUsers?startIndex=21"


def test_a_parameter_that_was_sent_is_the_one_that_counts() -> None:
    draft = Draft("GET", "/api/ListUsers?active=true&$skip=0&results=20")
    assert targets(draft, PageFacts(total=300))[0] == "/api/ListUsers?active=true&results=20&%24skip=20"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.dictionaries(
        st.sampled_from(["total", "next", "@odata.nextLink", "page", "hasNext", "links"]), inner
    ),
)


@given(JSON, st.text(max_size=60), st.text(max_size=60))
def test_whatever_is_said_is_understood_or_ignored(document: Any, link: str, header: str) -> None:
    said = facts(document, Link=header, X_Pagination=header, X_Total_Count=header)
    for each in (link, said.link):
        draft = linked(LIST, each, ORIGIN)
        assert draft is None or draft.target.startswith("/")
    assert len(targets(LIST, said)) <= 3
