"""What a terminal sends, as keys and pastes; and the end of waiting for it."""

import os
import threading
from itertools import chain
from selectors import EVENT_READ

from hypothesis import given
from hypothesis import strategies as st
from textual import events

from tests.kit.patience import PATIENCE, until
from tui.driver import PasteParser, WakingSelector


def test_whoever_waits_for_a_key_is_woken_at_the_end_and_has_lost_no_key() -> None:
    keyboard, typed = os.pipe()
    selector, heard = WakingSelector(), list[bytes]()
    selector.register(keyboard, EVENT_READ)
    ended = threading.Event()

    def wait() -> None:
        while not ended.is_set():
            heard.extend(os.read(each.fd, 99) for each, _ in selector.select(3600))
        selector.close()

    waiting = threading.Thread(target=wait, daemon=True)
    waiting.start()
    os.write(typed, b"q")
    until(lambda: bool(heard), "the key")
    selector.wake()
    ended.set()
    waiting.join(PATIENCE)
    assert not waiting.is_alive()
    assert heard == [b"q"]
    selector.wake()  # once more, as Textual ends its input more than once
    for end in (keyboard, typed):
        os.close(end)


def heard(*parts: str) -> list[str]:
    """What comes of what a terminal sends in these parts: pastes as they are, keys by their names."""
    parser = PasteParser()
    told = chain.from_iterable(list(parser.feed(part)) for part in parts)
    return [
        f"pasted {each.text}" if isinstance(each, events.Paste) else each.key
        for each in told
        if isinstance(each, events.Paste | events.Key)
    ]


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
