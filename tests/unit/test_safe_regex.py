"""Patterns of others end in good time, or are refused in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.access.rules import wildcard
from tui.safe_regex import InvalidPatternError, compiled

EXPLODING = ("x*" * 20 + "y", "(x|xx)?" * 40 + "y", "(x+)+y", "(x+x+)+y", "(.*)*y", "^(([a-z])+.)+[A-Z]([a-z])+$")


@pytest.mark.parametrize("text", EXPLODING)
def test_none_takes_longer_than_the_text_is(text: str) -> None:
    assert not compiled(text).is_in("x" * 100_000)


@pytest.mark.parametrize("text", ["(?=x)x", "(?<!x)y", r"(x)\1", "[", "(", "x{100000}", "x" * 20_000])
def test_what_is_no_pattern_here_is_refused(text: str) -> None:
    with pytest.raises(InvalidPatternError, match="“"):
        compiled(text)


@given(st.text(), st.text(st.characters(categories=["Cs", "L", "P"])))
def test_whatever_it_is_looked_for_in_does_no_harm(text: str, pattern_text: str) -> None:
    try:
        found = compiled(pattern_text)
    except InvalidPatternError:
        return
    assert found.is_in(text) in {True, False}


def test_code_points_are_written_as_json_schema_has_them() -> None:
    assert compiled(r"^\u00fc$").is_in("ü")


@pytest.mark.parametrize("text", ["*" * 60 + "b", "*a" * 40 + "*b", "GET /" + "{x}" * 40 + "/*b"])
def test_wildcards_end_too(text: str) -> None:
    assert not wildcard(text).fits("a" * 100_000)


@given(st.text(min_size=1))
def test_what_is_no_wildcard_stands_for_itself(text: str) -> None:
    plain = text.translate({ord(sign): None for sign in "*{}\ud800"}).encode("utf-8", "ignore").decode()
    assert wildcard(plain).fits(plain)
