"""Sanitize untrusted text before it is shown in a terminal.

Invisible characters are written out, so that nothing acts, hides or moves a column:

==============================================  =====================================
newline, tab, other C0 controls, DEL            ``⏎`` ``⇥`` ``␛`` ``␡``
C1, bidi, zero-width, blanks that are letters,  ``<U+202E>``
surrogates, private use, unassigned, separators
flags (regional indicators)                     their letters: ``<FR>``
joiner, variation selector, skin tone           dropped after an emoji, else ``<U+200D>``
more than four marks on one character           four, and how many more: ``<+196>``
a mark with nothing to stand on                 on a dotted circle: ``◌́``
==============================================  =====================================

They include everything that terminals draw at different widths, so that `rich.cells.cell_len`, which Textual measures
with, is right about the rest. (Vowel signs of Indic scripts are kept: better misaligned than unreadable.) Text that
already contains such a replacement keeps it.
"""

import functools
import re
import unicodedata
from typing import TYPE_CHECKING

from rich._unicode_data import load as load_cell_table
from rich.cells import cell_len, get_character_cell_size

from tui.plain_names import QUOTES, is_plainly_a_name

if TYPE_CHECKING:
    from textual.content import Content

_ELLIPSIS = "…"
_DIGITS = 8
"""Hexadecimal digits of a digest, by which long ids differ."""
_MOST_MARKS = 4
_MOST_POINTS_A_CELL = 8  # four marks, their base, and what surrounds an emoji
_TAB = 8

_EMOJI = "©®‼⁉™ℹ\u2190-\u2bff〰〽㊗㊙\U0001f000-\U0001f1e5\U0001f200-\U0001f3fa\U0001f400-\U0001faff"
_SKIN_TONES = "\U0001f3fb-\U0001f3ff"
_FLAG_LETTERS = "\U0001f1e6-\U0001f1ff"
# Printable in Python's table, but blank (Unicode's Default_Ignorable_Code_Point, the empty braille pattern),
# or drawn at a width that depends on the neighbors and the terminal (Hangul vowels and finals).
_TREACHEROUS = (
    "\u034f\u115f-\u11ff\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164\ud7b0-\ud7ff\ufe00-\ufe0f\uffa0"
    f"\U000e0100-\U000e01ef{_SKIN_TONES}{_FLAG_LETTERS}"
)
_SPACES = "\u00a0\u202f\u3000"  # common in names and dates, and as wide as they look
_NAMED = {"\n": "⏎", "\t": "⇥", "\x7f": "␡"}

_FLAG = re.compile(f"[{_FLAG_LETTERS}]+")
_PRESENTATION = (  # the order matters: a joiner joins what remains of its neighbors
    re.compile(f"[\ufe0e\ufe0f](?<=[#*0-9{_EMOJI}].)"),
    re.compile(f"[{_SKIN_TONES}](?<=[{_EMOJI}].)"),
    re.compile(f"\u200d(?<=[{_EMOJI}].)(?=[{_EMOJI}])"),
)
_SYLLABLE = re.compile("[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?")
_BEYOND = "\U00010000-\U0010ffff"  # the Basic Multilingual Plane
_HIDDEN = re.compile(f"[{_TREACHEROUS}]")

_FORMULA = re.compile("(?:^|(?<=;))(?=[-=+@\t\r\n＝＋－＠])")


def clean(text: str, *, limit: int | None = None, keep_lines: bool = False) -> str:
    """Return `text` with every character that acts or hides made visible (see the table above).

    Args:
        text: any text, including lone surrogates.
        limit: maximum columns of the result, which ends in ``…`` if it was cut.
        keep_lines: keep line breaks, and expand tabs to multiples of eight columns.
    """
    if limit is not None and len(text) > limit * _MOST_POINTS_A_CELL:
        text = text[: limit * _MOST_POINTS_A_CELL] + _ELLIPSIS
    if keep_lines:
        text = "\n".join(_clean_line(line.expandtabs(_TAB)) for line in text.replace("\r\n", "\n").split("\n"))
    else:
        text = _clean_line(text)
    return text if limit is None else _cut(text, limit)


def to_content(text: str, style: str = "", *, limit: int | None = None, keep_lines: bool = False) -> "Content":
    """Return `text`, cleaned, for a widget: never read as markup."""
    from textual.content import Content  # noqa: PLC0415 -- commands without a screen need no Textual

    return Content.styled(clean(text, limit=limit, keep_lines=keep_lines), style)


def set_apart(name: str, limit: int) -> str:
    """Return a name that cannot be mistaken for the program's own words next to it.

    Like a shell, it quotes everything but plain names: capitalized words of letters, particles as short as `van` and
    small numbers, separated by single blanks.

    Args:
        name: any text.
        limit: maximum columns of the result, which has `…` in the middle if it was cut.
    """
    name = " ".join(_both_ends(name, limit).split())
    if is_plainly_a_name(name):
        return squeeze(name, limit)
    return _quoted(QUOTES.sub("'", name), limit)


def set_apart_id(identifier: str, limit: int) -> str:
    """Return an id, in quotes if it contains blanks or quotes.

    If it was cut, the middle has a part of its digest, so that two long ids never look the same.
    """
    shown, cut = _both_ends(identifier, limit), _ELLIPSIS
    if len(identifier) > limit or cell_len(shown) > limit:
        from hashlib import sha256  # noqa: PLC0415 - for long ids only

        cut = f"…{sha256(identifier.encode('utf-8', 'surrogatepass')).hexdigest()[:_DIGITS]}…"
    if re.fullmatch(r"\S+", shown) and not QUOTES.search(shown):
        return squeeze(shown, limit, cut)
    return _quoted(QUOTES.sub(lambda found: "".join(map(_code_point, found[0])), shown), limit, cut)


def squeeze(text: str, limit: int, cut: str = _ELLIPSIS) -> str:
    """Return a cleaned text in at most `limit` columns, with `cut` in the middle if it was cut."""
    if cell_len(text) <= limit:
        return text
    drawings: list[str] = []  # a character with its combining marks
    for character in text:
        if drawings and not get_character_cell_size(character):
            drawings[-1] += character
        else:
            drawings.append(character)
    head, tail, room = [""], [""], limit - cell_len(cut)
    while (room := room - cell_len(next_one := drawings.pop(0 if len(head) <= len(tail) else -1))) >= 0:
        (head if len(head) <= len(tail) else tail).append(next_one)
    return "".join([*head, cut[: max(limit, 0)], *reversed(tail)])


def _separator(message: str) -> str:
    """Return the text between a message and its advice."""
    return " " if message.endswith((".", "!", "?", "…")) else "; "


def with_advice(message: str, advice: str) -> str:
    """Join a message and its advice, uncleaned: clean them where they are shown."""
    return f"{message}{_separator(message)}{advice}" if advice else message


def clean_lines(text: str) -> str:
    """Return `text`, cleaned, for a terminal that prints it as it comes."""
    return clean(text, keep_lines=True)


def csv_cell(text: str) -> str:
    """Return `text` so that spreadsheets do not evaluate it: with a leading quote if it looks like a formula.

    The same applies after each semicolon, which separates cells where the comma is the decimal mark. NUL, which ends a
    text in many programs, is written out.
    """
    return _FORMULA.sub("'", text.replace("\0", "␀"))


def _both_ends(text: str, limit: int) -> str:
    """Clean a text, or only the visible parts of both ends if it is very long."""
    most = limit * _MOST_POINTS_A_CELL
    return clean(text if len(text) <= 2 * most else text[:most] + _ELLIPSIS + text[-most:])


def _quoted(text: str, limit: int, cut: str = _ELLIPSIS) -> str:
    return f'"{squeeze(text, limit - 2, cut)}"'


def _code_point(character: str) -> str:
    return f"<U+{ord(character):04X}>"


def _clean_line(text: str) -> str:
    if text.isprintable() and (text.isascii() or not _doubtful().search(text)):
        return text
    if not text.isascii():
        text = _take_apart(text)
    text = text.translate(_VISIBLE)
    return text if text.isascii() or not _marked().search(text) else _cap_marks(text)


def _take_apart(text: str) -> str:
    """Reduce the text to one glyph per character: emoji without joiners and selectors, flags as letters."""
    for dropped in _PRESENTATION:
        text = dropped.sub("", text)
    text = _FLAG.sub(_letters, text)
    return _SYLLABLE.sub(lambda syllable: unicodedata.normalize("NFC", syllable[0]), text)


def _cap_marks(text: str) -> str:
    leading, excess = _marks_in_wrong_places()
    text = f"◌{text}" if leading.match(text) else text
    return excess.sub(lambda marks: f"{marks[1]}<+{len(marks[2])}>", text)


def _letters(flag: re.Match[str]) -> str:
    return f"<{''.join(chr(ord(letter) - 0x1F1E6 + ord('A')) for letter in flag[0])}>"


class _Visible(dict[int, str]):
    """Visible form of each character, by code point. Filled on demand, up to a bound."""

    def __missing__(self, code: int) -> str:
        shown = _shown(chr(code))
        if len(self) < 4_096:
            self[code] = shown
        return shown


_VISIBLE = _Visible()


def _shown(character: str) -> str:
    if character in _NAMED:
        return _NAMED[character]
    if character < " ":
        return chr(0x2400 + ord(character))
    if character in _SPACES or (character.isprintable() and not _HIDDEN.match(character)):
        return character
    return _code_point(character)


@functools.cache
def _marks() -> str:
    """Return a character class of everything that Textual measures as zero columns wide."""
    return "".join(f"{chr(first)}-{chr(last)}" for first, last, width in load_cell_table().widths if width == 0)


@functools.cache
def _marks_in_wrong_places() -> tuple[re.Pattern[str], re.Pattern[str]]:
    mark = f"[{_marks()}]"
    return re.compile(mark), re.compile(f"({mark}{{{_MOST_MARKS}}})({mark}+)")


# Both merge everything beyond the BMP into one range: hundreds of ranges would be tried one by one.


@functools.cache
def _marked() -> re.Pattern[str]:
    return re.compile(f"[{_basic(_marks())}{_BEYOND}]")


@functools.cache
def _doubtful() -> re.Pattern[str]:
    return re.compile(f"[{_basic(_TREACHEROUS + _marks())}{_BEYOND}]")


def _basic(character_class: str) -> str:
    return re.sub(f"[{_BEYOND}](-[{_BEYOND}])?", "", character_class)


def _cut(text: str, limit: int) -> str:
    if (text.isascii() and len(text) <= limit) or cell_len(text) <= limit:
        return text
    room = limit - cell_len(_ELLIPSIS)
    for index, character in enumerate(text):
        room -= get_character_cell_size(character)
        if room < 0:
            return text[:index] + _ELLIPSIS[:limit]
    return text
