"""The program waits for what is typed, and for nothing when it ends."""

import os
import threading
from selectors import EVENT_READ

from tui.driver import WakingSelector


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
    while not heard:
        waiting.join(0.01)
    selector.wake()
    ended.set()
    waiting.join(30)
    assert not waiting.is_alive()
    assert heard == [b"q"]
    selector.wake()  # once more, as Textual ends its input more than once
    for end in (keyboard, typed):
        os.close(end)
