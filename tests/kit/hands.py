"""Hands at a terminal: what they press is counted, and waited for."""

from tests.kit.pty import Terminal


class Hands:
    """Counts the keys; text that is typed does not count.

    Attributes:
        pressed: the number of keys.
    """

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self.pressed = 0

    def press(self, *keys: str, until: tuple[str, ...] = ()) -> None:
        """Press keys, and wait for what they bring about."""
        self.pressed += len(keys)
        self._terminal.press(*keys)
        if until:
            self._terminal.sees(*until)

    def type(self, text: str, *, until: tuple[str, ...] = ()) -> None:
        """Type a text, and wait for what it brings about."""
        self._terminal.type(text)
        self._terminal.sees(*(until or (text,)))
