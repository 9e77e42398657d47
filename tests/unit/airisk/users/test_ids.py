"""Spellings of an id that a deployment may take for the same person, and ids that are another person's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.airisk.users.ids import is_among, is_same_id, normal_id

GUID = "3f2504e0-4f89-11d3-9a0c-0305e82c3301"

SPELLINGS = {
    "upper case": "3F2504E0-4F89-11D3-9A0C-0305E82C3301",
    "braces": "{3f2504e0-4f89-11d3-9a0c-0305e82c3301}",
    "brackets": "(3f2504e0-4f89-11d3-9a0c-0305e82c3301)",
    "a URN": "urn:uuid:3f2504e0-4f89-11d3-9a0c-0305e82c3301",
    "a URN in upper case, in braces": "{URN:UUID:3F2504E0-4F89-11D3-9A0C-0305E82C3301}",
    "a blank after it": "3f2504e0-4f89-11d3-9a0c-0305e82c3301 ",
    "blanks around braces": "\t{ 3f2504e0-4f89-11d3-9a0c-0305e82c3301 }\r\n",
    "a no-break space": "\u00a03f2504e0-4f89-11d3-9a0c-0305e82c3301",
    "no dashes": "3f2504e04f8911d39a0c0305e82c3301",
    "numbers in hexadecimal": "{0x3f2504e0,0x4f89,0x11d3,{0x9a,0xc,0x3,0x5,0xe8,0x2c,0x33,0x1}}",
    "wide characters": "３ｆ2504e0-4f89-11d3-9a0c-0305e82c3301",
    "an invisible character": "3f2504e0\u200b-4f89-11d3-9a0c-0305e82c3301",
}

OF_OTHER_KINDS = {
    "case": ("u-000127", "U-000127"),
    "a blank": ("u-000127", "u-000127 "),
    "braces": ("u-000127", "{U-000127}"),
    "a sign beyond ASCII": ("straße", "STRASSE"),
    "the Kelvin sign": ("k-1", "\u212a-1"),
}

NUMBERS = [("7", "007"), ("007", "7"), ("7", " +7"), ("0", "000"), ("9007199254740993", "+09007199254740993")]

OTHERS = {
    "another GUID": (GUID, "3f2504e0-4f89-11d3-9a0c-0305e82c3302"),
    "another number": ("7", "70"),
    "less than nothing": ("7", "-7"),
    "zeros within a text": ("u-7", "u-007"),
    "a homoglyph": ("u-1a", "u-1\u0430"),
    "a blank within": ("i + j", "i+j"),
    "digits and a letter less": (GUID, "3f2504e0-4f89-11d3-9a0c-0305e82c330"),
}


@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS)
def test_a_guid_is_the_same_in_every_spelling(spelling: str) -> None:
    assert is_same_id(GUID, spelling)
    assert is_among(spelling, {"u-1", GUID.upper()})


@pytest.mark.parametrize(("one", "other"), OF_OTHER_KINDS.values(), ids=OF_OTHER_KINDS)
def test_so_is_an_id_of_any_other_kind(one: str, other: str) -> None:
    assert is_same_id(one, other)
    assert is_among(one, {other})


@pytest.mark.parametrize(("one", "other"), OTHERS.values(), ids=OTHERS)
def test_what_differs_in_more_is_another_person(one: str, other: str) -> None:
    assert not is_same_id(one, other)
    assert not is_among(one, {other})


@pytest.mark.parametrize(("one", "other"), NUMBERS)
def test_a_protected_number_is_protected_with_zeros_before_it_too(one: str, other: str) -> None:
    assert is_among(one, {other})
    assert not is_same_id(one, other)


def test_nobody_is_among_none() -> None:
    assert not is_among("u-1", frozenset())


def test_an_endless_id_is_compared_as_it_is() -> None:
    endless = "{" * 500_000 + "}" * 500_000
    assert normal_id(endless) == endless


@given(st.text(max_size=40))
def test_a_normal_form_is_found_for_whatever_is_an_id_and_case_and_blanks_change_it_never(text: str) -> None:
    assert normal_id(f" {text}\t") == normal_id(text)
    assert is_same_id(text, text)
