"""Filter terminal input: keys, mouse events and reports pass, within bounds; other sequences are dropped.

Textual presses the characters of an unknown sequence one by one, and accepts any number. A late reply of the terminal
could act as a user, and a huge window would use up all memory.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from textual import constants
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._time import get_time
from textual._xterm_parser import SPECIAL_SEQUENCES

PASTE = "\x1b[200~"

MOST_COLUMNS, MOST_ROWS = 1_000, 500
"""Largest window that is drawn, because every cell costs memory."""

_SILENCE = 1.0
"""Seconds after which an unfinished sequence is considered abandoned."""

_EIGHT_BIT = dict.fromkeys(range(128, 160), "") | {
    0x90: "\x1bP",
    0x98: "\x1bX",
    0x9B: "\x1b[",
    0x9C: "\x1b\\",
    0x9D: "\x1b]",
    0x9E: "\x1b^",
    0x9F: "\x1b_",
}
_TEXT = re.compile("[^\x1b]+")
_ALONE = re.compile(r"\x1b[\[\]PX^_]?")
"""Start of a sequence that is also a key: Escape, or Alt with another key."""

_STRING = re.compile(r"\x1b[\]PX^_][^\x07\x18\x1a\x1b]*(\x07|\x18|\x1a|\x1b\\|(?=\x1b[^\\])|\x1b?\Z)")
_MOUSE_OF_X10 = re.compile(r"\x1b\[M(.{3}|.{0,2}\Z)", re.DOTALL)
_CSI = re.compile(r"\x1b\[(?:\[(?:.|\Z)|\d+\$(?!y)|[ -?]*(?:[@-~]|\Z|))", re.DOTALL)
_OTHER = re.compile(r"\x1b(?:[^\x1b]|(?=\x1b))", re.DOTALL)

_KEY = re.compile(
    r"\x1b\[(?P<code>\d{0,7})(?::(?P<shifted>\d{0,7}))?(?::\d{0,7})?"
    r"(?:;(?P<modifiers>\d{0,3})(?::(?P<event>\d))?(?:;(?P<text>[\d:]{0,64}))?)?(?P<end>[u~ABCDEFHPQRS])"
)
_MOUSE = re.compile(r"\x1b\[<\d{1,3};\d{1,5};\d{1,5}[Mm]")
_MODE = re.compile(r"\x1b\[\?\d{1,5};[0-4]\$y")
_CURSOR = re.compile(r"\x1b\[\d{1,4};\d{1,4}R")
_WINDOW = re.compile(r"\x1b\[48;(\d{1,4})(?::\d*)?;(\d{1,4})(?::\d*)?;(\d{1,6})(?::\d*)?;(\d{1,6})(?::\d*)?t")
_ALT_DIGIT = re.compile(r"\x1b[0-9]")
"""Textual takes it for the character that Option types on a Mac (`¡` for Alt+1), so it is passed as a key of kitty."""

_SHIFT, _ALT, _RELEASED = 2, 3, "3"


class Sequences:
    """Splits input, in any chunks, into texts and allowed sequences."""

    def __init__(self, clock: Callable[[], float] = get_time) -> None:
        self._clock = clock
        self._held = ""
        self._since = 0.0

    @property
    def is_waiting(self) -> bool:
        """Whether input is held back."""
        return bool(self._held)

    def take(self, data: str) -> Iterator[tuple[str, str]]:
        """Yield each piece, with the input after it."""
        data, self._held = self._held + data.translate(_EIGHT_BIT), ""
        place = 0
        while place < len(data):
            if text := _TEXT.match(data, place):
                place = text.end()
                yield text[0], data[place:]
                continue
            found = self._sequence(data, place)
            if found is None:
                self._hold(data[place:])
                return
            place = found.end()
            if piece := _passed(found[0]):
                yield piece, data[place:]

    def late(self) -> str:
        """Return held-back input that is a key after all (Escape, or Alt with a key). Drop the rest of a sequence."""
        waited = self._clock() - self._since
        if not self._held or waited < (constants.ESCAPE_DELAY if _ALONE.fullmatch(self._held) else _SILENCE):
            return ""
        held, self._held = self._held, ""
        return held if _ALONE.fullmatch(held) else ""

    def _sequence(self, data: str, place: int) -> re.Match[str] | None:
        """Return the sequence that begins there, or None if it is incomplete."""
        if data.startswith(PASTE, place):
            return re.compile(re.escape(PASTE)).match(data, place)
        found = next(filter(None, (each.match(data, place) for each in (_STRING, _MOUSE_OF_X10, _CSI, _OTHER))), None)
        if found is None or _is_unfinished(found, len(data)):
            return None
        return found

    def _hold(self, begun: str) -> None:
        """Hold back an incomplete sequence. Of a string, keep only its start and whether an ESC may end it."""
        is_string = begun[1:2] in {"]", "P", "X", "^", "_"} and len(begun) > 2
        self._held = f"{begun[:2]}…{chr(27) if begun[-1] == chr(27) else ''}" if is_string else begun[:64]
        self._since = self._clock()


def _is_unfinished(found: re.Match[str], end: int) -> bool:
    sequence = found[0]
    if found.end() < end or (sequence in ANSI_SEQUENCES_KEYS and sequence != "\x1b"):
        return False
    if found.re is _STRING:
        return not found[1] or found[1] == "\x1b"
    if found.re is _MOUSE_OF_X10:
        return len(found[1]) < 3
    if found.re is _CSI:
        return sequence == "\x1b[[" or not ("@" <= sequence[-1] <= "~" and len(sequence) > 2)
    return False


def _passed(sequence: str) -> str:
    """Return what to pass on for a complete sequence, or nothing."""
    if _ALT_DIGIT.fullmatch(sequence) and not constants.DISABLE_KITTY_KEY:
        return f"\x1b[{ord(sequence[1])};{_ALT}u"
    if len(sequence) <= 2 or sequence in SPECIAL_SEQUENCES or sequence in ANSI_SEQUENCES_KEYS:
        return sequence if not sequence.startswith(("\x1b]", "\x1bP", "\x1bX", "\x1b^", "\x1b_")) else ""
    if _MOUSE.fullmatch(sequence) or _MODE.fullmatch(sequence) or _CURSOR.fullmatch(sequence):
        return sequence
    if window := _WINDOW.fullmatch(sequence):
        return _window(*map(int, window.groups()))
    key = _KEY.fullmatch(sequence)
    return _key(key) if key else ""


def _window(rows: int, columns: int, height: int, width: int) -> str:
    """Return the window size. Without a size in pixels, report cells, so that mouse positions count as cells."""
    if not (0 < rows <= MOST_ROWS and 0 < columns <= MOST_COLUMNS):
        return ""
    if height < rows or width < columns:
        height, width = rows, columns
    return f"\x1b[48;{rows};{columns};{height};{width}t"


def _key(key: re.Match[str]) -> str:
    """Return a kitty protocol key without the alternate keys and event types that Textual cannot parse."""
    code, modifiers = int(key["code"] or "1"), int(key["modifiers"] or "1")
    texts = [int(each) for each in (key["text"] or "").split(":") if each]
    if key["event"] == _RELEASED or not all(map(_is_character, [code, *texts])) or not 1 <= modifiers <= 256:
        return ""
    if key["shifted"] and modifiers == _SHIFT and key["end"] == "u" and not texts:
        texts = [int(key["shifted"])]
    if not all(map(_is_character, texts)):
        return ""
    fields = [str(code)]
    if key["modifiers"] is not None or texts:
        fields.append(str(modifiers))
    if texts:
        fields.append(":".join(map(str, texts)))
    return f"\x1b[{';'.join(fields) if key['code'] or key['modifiers'] or texts else ''}{key['end']}"


def _is_character(code: int) -> bool:
    return 0 < code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF
