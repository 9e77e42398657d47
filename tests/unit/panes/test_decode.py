"""A page that came instead of JSON is shown as its words."""

import pytest

from tui.airisk.models import ResponseHead
from tui.panes.response.decode import decode_body

PAGES = {
    "a page": ("<html><title>Sign in</title><p>Who are <b>you</b>?</p>", ["Sign in", "Who are", "you", "?"]),
    "entities": ("<p>a &lt; b &amp; c</p>", ["a < b & c"]),
    "scripts": ("<p>one</p><script>var t = '<p>two</p>'</script><style>p {}</style><p>three", ["one", "three"]),
    "a template within a template": ("<template>a<template>b</template>c</template>d", ["d"]),
    "an end without a beginning": ("</script><p>one</p>", ["one"]),
    "comments": ("<!-- one --><p>two</p>", ["two"]),
    "nothing": ("<html></html>", ["(empty page)"]),
}


@pytest.mark.parametrize(("page", "words"), PAGES.values(), ids=PAGES)
def test_the_words_of_a_page(page: str, words: list[str]) -> None:
    assert lines_of(page) == words


@pytest.mark.parametrize(
    "odd", ["<![", "<![bogus[x]]>", "<!x", "<?", "<!--", "<a b='", "</", "&#x110000;", "<![CDATA["]
)
def test_a_page_with_odd_marks_is_shown_as_far_as_it_is_one(odd: str) -> None:
    assert lines_of(f"<p>one</p>{odd}")[0] == "one"


def lines_of(page: str) -> list[str]:
    head = ResponseHead(status=200, reason="OK", headers=(("Content-Type", "text/html"),))
    return list(decode_body(head, page.encode()).lines)
