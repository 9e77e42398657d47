"""What a terminal sends, as keys and pastes; and the end of waiting for it."""

import errno
import io
from itertools import chain
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual.drivers._writer_thread import WriterThread

from tests.kit.patience import until
from tests.kit.sequences import IMPOSSIBLE, REPLIES
from tui.textual_ext.driver import SafePasteParser, TerminalOutput


def heard(*parts: str) -> list[str]:
    """What comes of what a terminal sends in these parts: pastes as they are, keys by their names, others by kind."""
    parser = SafePasteParser()
    told = list(chain.from_iterable(list(parser.feed(part)) for part in parts))

    def is_whole() -> bool:
        told.extend(parser.tick())
        return not parser.is_waiting

    until(is_whole, "the end of what is waited for")
    return [
        f"pasted {each.text}"
        if isinstance(each, events.Paste)
        else each.key
        if isinstance(each, events.Key)
        else type(each).__name__
        for each in told
    ]


def test_an_enter_that_was_typed_before_the_terminal_was_taken_is_one():
    parser = SafePasteParser(early=3)
    keys = [each.key for part in ("2\n", "\n\n") for each in parser.feed(part) if isinstance(each, events.Key)]
    assert keys == ["2", "enter", "enter", "ctrl+j"]


@given(st.text("ab\x1b[20136~;mA\r\x05"), st.lists(st.integers(1, 6)))
def test_whatever_is_pasted_is_text_and_presses_no_key(pasted: str, sizes: list[int]) -> None:
    pasted = pasted.replace("\x1b[201~", "")
    sent = f"x\x1b[200~{pasted}\x1b[201~y"
    parts = []
    for size in sizes:
        parts.append(sent[:size])
        sent = sent[size:]
    shown = pasted.replace("\x1b", "␛")
    assert heard(*filter(None, (*parts, sent))) == ["x", f"pasted {shown}", "y"]


def test_keys_are_heard_at_once_and_as_ever() -> None:
    assert heard("a\x1b[15~", "\x1b[A", "\x1bOQ") == ["a", "f5", "up", "f2"]
    assert heard("\x1b[200~a\x1b[201~\x1b[200~b\x1b[201~", "q") == ["pasted a", "pasted b", "q"]


def test_alt_with_a_digit_is_a_key_and_types_nothing() -> None:
    assert heard("\x1b1", "\x1b4") == ["alt+1", "alt+4"]


@pytest.mark.parametrize("sent", [*REPLIES.values(), *IMPOSSIBLE.values()], ids=[*REPLIES, *IMPOSSIBLE])
def test_what_is_no_key_presses_none_however_it_comes(sent: str) -> None:
    ends = ["up"] if sent.endswith("\x1b[A") else []
    assert heard(f"a{sent}b") == ["a", *ends, "b"]
    assert heard("a", *sent, "b") == ["a", *ends, "b"]


KEYS = {
    "\x1b[97;5u": "ctrl+a",
    "\x1b[97:65;2u": "A",
    "\x1b[97:65:97;5u": "ctrl+a",
    "\x1b[97;5:1u": "ctrl+a",
    "\x1b[97;5:2u": "ctrl+a",
    "\x1b[1;2A": "shift+up",
    "\x1b[1;5:2C": "ctrl+right",
    "\x1b[57358u": "caps_lock",
    "\x1b[13;2u": "shift+enter",
    "\x1b[27u": "escape",
    "\x1b[[A": "f1",
    "\x1b[15~": "f5",
    "\x1b[23$": "f23",
    "\x1b": "escape",
    "\x1ba": "alt+a",
    "\x1b[": "left_square_bracket",
    "\x1bP": "alt+shift+p",
    "\x1b[<0;5;5M": "MouseDown",
    "\x1b[48;24;80;480;640t": "Resize",
    "\x1b[48;24;80;0;0t": "Resize",
    "\x1b[I": "AppFocus",
}


@pytest.mark.parametrize(("sent", "key"), KEYS.items())
def test_what_is_a_key_is_that_key(sent: str, key: str) -> None:
    assert heard(sent) == [key]
    assert heard(*sent) == [key]


def test_the_mouse_is_somewhere_also_where_a_window_tells_no_pixels() -> None:
    assert heard("\x1b[48;24;80;0;0t", "\x1b[<0;5;5M", "q") == ["Resize", "MouseDown", "q"]


def test_a_sequence_that_never_ends_costs_a_second() -> None:
    assert heard("\x1b]11;" + "x" * 100_000, "y" * 100_000, "\x07q") == ["q"]
    assert heard("\x1bPxyz") == []


@given(st.text("\x1b[]PX^_\\\x07\x9b\x9d0123456789;:<?$uMtmRcA~ \r", max_size=40), st.lists(st.integers(1, 9)))
def test_whatever_is_sent_does_no_harm(sent: str, sizes: list[int]) -> None:
    parser, parts = SafePasteParser(), []
    for size in sizes:
        parts.append(sent[:size])
        sent = sent[size:]
    for part in filter(None, (*parts, sent)):
        list(parser.feed(part))
        list(parser.tick())


class Gone(io.StringIO):
    """A terminal whose window was closed."""

    def write(self, _: str) -> int:
        raise OSError(errno.EIO, "Input/output error")


def test_a_terminal_that_is_gone_holds_nothing_up() -> None:
    thread = WriterThread(TerminalOutput(Gone()))  # type: ignore[arg-type]

    def write() -> None:
        for _ in range(100):
            thread.write("x")

    thread.start()
    writing = Thread(target=write, daemon=True)
    writing.start()
    until(lambda: not writing.is_alive(), "the writes")
    thread.stop()
