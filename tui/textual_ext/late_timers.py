"""Timers of Textual that make a late call late."""

from typing import Any

from textual import message_pump
from textual.timer import Timer


class LateTimer(Timer):
    """Timer that always makes its call if it makes one only.

    Textual skips a call whose time is over before its timer runs: on a busy machine, or after a very short time.
    Of a timer with a single call, nothing would ever come.
    """

    def __init__(self, *arguments: Any, repeat: int | None = None, skip: bool = True, **others: Any) -> None:
        super().__init__(*arguments, repeat=repeat, skip=skip and repeat != 0, **others)


def install() -> None:
    """Make each timer a late one."""
    message_pump.Timer = LateTimer  # type: ignore[attr-defined]
