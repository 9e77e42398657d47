"""What moves, and counts, while something is waited for."""

MOVES_FROM, _COUNTS_FROM = 0.15, 0.5
"""Seconds of waiting from which something moves, and from which the time is shown."""

FRAME = 0.1
"""Seconds between two frames."""

_FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"


def waiting_words(seconds: float) -> str:
    """Return what follows the words on something that has been waited for so long."""
    motion = f" {_FRAMES[int(seconds / FRAME) % len(_FRAMES)]}" if seconds >= MOVES_FROM else ""
    return f"{motion} · {seconds:.1f} s" if seconds >= _COUNTS_FROM else motion
