"""Whatever a name, an id or an answer holds: it is seen, and it does nothing."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len, get_character_cell_size

from tui.text import clean, clean_lines, csv_cell, set_apart, set_apart_id, with_advice

pytestmark = pytest.mark.fault("hostile text")

HIDING = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
BLANK = {0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0, *range(0x180B, 0x1810)}
SELECTORS = {*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)}
FLAGS_AND_SKINS = {*range(0x1F1E6, 0x1F200), *range(0x1F3FB, 0x1F400)}
UNSHOWABLE = BLANK | SELECTORS | FLAGS_AND_SKINS

SHOWN = {
    "an ordinary name": ("Grace Hopper", "Grace Hopper"),
    "names from elsewhere": (
        "Zoë Łukasz Ωμέγα Зоя 山田 太郎 علي राम ไทย",
        "Zoë Łukasz Ωμέγα Зоя 山田 太郎 علي राम ไทย",
    ),
    "markup": ("[/] [@click=app.bell]x[/] $x", "[/] [@click=app.bell]x[/] $x"),
    "clear the screen": ("a\x1b[2Jb", "a␛[2Jb"),
    "write the clipboard": ("\x1b]52;c;eA==\x07", "␛]52;c;eA==␇"),
    "a title, by C1": ("\x9d0;x\x9c", "<U+009D>0;x<U+009C>"),
    "NUL, backspace, delete": ("\x00\x08\x7f", "␀␈␡"),
    "lines and tabs in a cell": ("a\r\nb\tc", "a␍⏎b⇥c"),
    "other line ends": ("a\x85b\u2028c\u2029d\x0be\x0cf", "a<U+0085>b<U+2028>c<U+2029>d␋e␌f"),
    "turned around": ("user\u202egpj.exe", "user<U+202E>gpj.exe"),
    "isolated": ("a\u2066b\u2069\u200f\u061c", "a<U+2066>b<U+2069><U+200F><U+061C>"),
    "nothing in between": ("ad\u200bmin\u2060\ufeff\u00ad", "ad<U+200B>min<U+2060><U+FEFF><U+00AD>"),
    "a blank letter": ("\u3164\u2800", "<U+3164><U+2800>"),
    "a message in tags": ("x\U000e0041", "x<U+E0041>"),
    "a message in selectors": ("x\ufe0f\ufe00\U000e0101", "x<U+FE0F><U+FE00><U+E0101>"),
    "half a character": ("a\ud83db", "a<U+D83D>b"),
    "private, unassigned, none": ("\ue000\u0378\uffff", "<U+E000><U+0378><U+FFFF>"),
    "spaces people use": ("1\u00a0000\u202fkg\u3000", "1\u00a0000\u202fkg\u3000"),
    "spaces they do not": ("a\u2003b\u1680c", "a<U+2003>b<U+1680>c"),
    "accents": ("e\u0301 a\u0302\u0301", "e\u0301 a\u0302\u0301"),
    "accents by the hundred": ("e" + "\u0301" * 200 + "!", "e" + "\u0301" * 4 + "<+196>!"),
    "an accent on the frame": ("\u0301x", "◌\u0301x"),
    "a family": ("👨\u200d👩\u200d👧", "👨👩👧"),
    "an emoji in colour, with skin": ("❤\ufe0f 👍🏽 👁\ufe0f\u200d🗨\ufe0f", "❤ 👍 👁🗨"),
    "more dress than one emoji has": ("👍🏽🏽\u200d", "👍<U+1F3FD><U+200D>"),
    "a joiner where nothing joins": ("a\u200db \u200d", "a<U+200D>b <U+200D>"),
    "a flag": ("🇫🇷🇨", "<FRC>"),
    "Hangul in parts": ("\u1112\u1161\u11ab\u1100\u1173\u11af", "한글"),
    "a vowel of Hangul alone": ("a\u1161", "a<U+1161>"),
}


@pytest.mark.parametrize(("text", "shown"), SHOWN.values(), ids=SHOWN)
def test_it_is_shown_as(text, shown):
    assert clean(text) == shown


@pytest.mark.parametrize("plane", range(17))
def test_no_character_that_acts_or_hides_is_left(plane):
    for first in range(plane << 16, (plane + 1) << 16, 0x1000):
        text = "|".join(map(chr, range(first, first + 0x1000)))
        shown = clean(text)
        hiding = {hex(ord(one)) for one in set(shown) if unicodedata.category(one) in HIDING or ord(one) in UNSHOWABLE}
        assert not hiding
        assert clean(shown) == shown
        assert cell_len(shown) == sum(map(get_character_cell_size, shown))


def test_each_character_has_a_sign_of_its_own():
    hidden = [chr(code) for code in range(0x110000) if not chr(code).isprintable() or code in UNSHOWABLE]
    signs = clean("|".join(hidden)).split("|")
    assert len(set(signs)) == len(hidden)


def test_printable_ascii_stays_as_it_is():
    plain = "".join(map(chr, range(0x20, 0x7F)))
    assert clean(plain) == clean(plain, keep_lines=True) == plain


def test_lines_stay_where_they_are_wanted_and_nothing_else_does():
    assert clean_lines("a\r\n\tb\n\n\x1b[1mc\rd\n") == "a\n        b\n\n␛[1mc␍d\n"
    assert clean("ab\tc", keep_lines=True) == "ab      c"
    assert clean("x\n\u0301", keep_lines=True) == "x\n◌\u0301"


CUT = {
    "fits": ("Grace", 5, "Grace"),
    "too long": ("Grace Hopper", 8, "Grace H…"),
    "one column": ("Grace", 1, "…"),
    "none": ("Grace", 0, ""),
    "wide": ("山田太郎", 6, "山田…"),
    "wide, no room for a half": ("山田太郎", 4, "山…"),
    "accents stay with their letter": ("e\u0301e\u0301e\u0301", 2, "e\u0301…"),
    "signs count as they are shown": ("a\u202eb", 8, "a<U+202…"),
    "a megabyte": ("x" * 1_000_000, 4, "xxx…"),
    "a megabyte of accents": ("e" + "\u0301" * 1_000_000, 8, "e" + "\u0301" * 4 + "<+59>…"),
}


@pytest.mark.parametrize(("text", "limit", "shown"), CUT.values(), ids=CUT)
def test_it_is_cut_to_columns(text, limit, shown):
    assert clean(text, limit=limit) == shown


NASTY = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("\x1b\x9b\r\n\t\u200d\ufe0f\u202e\u0301\u1161e👩🏽❤🇫1[]<+\ud800山"),
    )
)


@given(text=NASTY, limit=st.integers(0, 40), keep_lines=st.booleans())
@example(text="\n\u0301", limit=9, keep_lines=True)
def test_whatever_comes_it_fits_its_columns_and_is_clean_once_and_for_all(text, limit, keep_lines):
    shown = clean(text, limit=limit, keep_lines=keep_lines)
    assert sum(map(get_character_cell_size, shown)) == cell_len(shown) <= limit
    assert clean(shown, limit=limit, keep_lines=keep_lines) == shown
    assert all(one == "\n" or unicodedata.category(one) not in HIDING for one in shown)


@given(text=NASTY)
def test_without_a_limit_it_is_clean_once_and_for_all(text):
    shown = clean(text)
    assert clean(shown) == shown
    shown.encode()


@pytest.mark.parametrize(
    "name",
    ["Ada Lovelace", "Ludwig van Beethoven", "J. R. O’Brien-Smith", "Nguyễn Thị Ngọc", "名前", "אדה לאבלייס", "नमस्ते"],
)
def test_what_is_plainly_a_name_stands_as_it_is(name):
    assert set_apart(name, 40) == name


@pytest.mark.parametrize(
    ("name", "shown"),
    {
        "Ada Lovelace · u-000000 · token confirmed    x": '"Ada Lovelace · u-000000 · token confirmed x"',
        "Ada confirmed": '"Ada confirmed"',
        "рroven": '"рroven"',
        "APPLICATION": '"APPLICATION"',
        "User 7": "User 7",
        "Ada u-7": '"Ada u-7"',
        "Ada 127.0.0.1": '"Ada 127.0.0.1"',
        "Ada 10000": '"Ada 10000"',
        'Dwayne "The Rock" ”x': "\"Dwayne 'The Rock' 'x\"",
        "ada.lovelace@example.com": '"ada.lovelace@example.com"',
        " ": '""',
    }.items(),
)
def test_what_is_not_plainly_a_name_is_quoted(name, shown):
    assert set_apart(name, 60) == shown


@given(name=NASTY | st.text(" \"”·'aB\u3000"), limit=st.integers(8, 60))
def test_whatever_comes_it_fits_its_columns_and_nothing_of_it_ends_the_quotes(name, limit):
    for shown in (set_apart(name, limit), set_apart_id(name, limit)):
        assert cell_len(shown) <= limit
        assert shown.count('"') in {0, 2}
        assert '"' not in shown[1:-1]


@pytest.mark.parametrize(
    ("identifier", "shown"),
    {"u-1": "u-1", "i + j": '"i + j"', "u-1 ": '"u-1 "', 'a"b': '"a<U+0022>b"', "": '""'}.items(),
)
def test_an_id_is_one_word_or_quoted(identifier, shown):
    assert set_apart_id(identifier, 64) == shown


@pytest.mark.parametrize("length", [40, 5_000])
def test_two_long_ids_that_differ_in_the_middle_look_different(length):
    one, other = (set_apart_id(f"{'a' * length}{middle}{'b' * length}", 64) for middle in "12")
    assert one != other
    assert one.startswith("aaaaaaaaaa")
    assert one.endswith("bbbbbbbbbb")


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_spreadsheet_takes_a_name_for_a_formula(text):
    assert csv_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", FORMULAS)
def test_no_spreadsheet_that_splits_at_semicolons_takes_a_part_of_a_name_for_a_formula(text):
    assert csv_cell(f"Grace;{text}") == f"Grace;'{text}"


@pytest.mark.parametrize("text", ["Grace", "", "a=b", "a; b", "'quoted", "007"])
def test_what_is_no_formula_goes_to_the_spreadsheet_as_it_is(text):
    assert csv_cell(text) == text


def test_a_message_and_its_advice_are_one_line():
    assert with_advice("Not signed in.", "Try again.") == "Not signed in. Try again."
    assert with_advice("no such file", "Name another.") == "no such file; Name another."
    assert with_advice("Saved", "") == "Saved"


def test_a_nul_ends_no_cell() -> None:
    assert csv_cell("u-1\0=1+1") == "u-1␀=1+1"
