"""Sizes, counts, moments and durations in readable form, and durations as they are typed."""

import re
from datetime import datetime


def size(number: int) -> str:
    """Return a number of bytes in decimal units: ``84 B``, ``12.4 kB``, ``1.0 MB``."""
    if number < 1_000:
        return f"{number} B"
    scaled = float(number)
    for unit in ("kB", "MB", "GB", "TB"):
        scaled /= 1_000
        # 999.95 would be rounded to 1000.0.
        if scaled < 999.95:
            return f"{scaled:.1f} {unit}"
    return f"{scaled:,.1f} TB"


def count(number: int) -> str:
    """Return a number with thousands separators: ``12,480``."""
    return f"{number:,}"


def plural(number: int, noun: str) -> str:
    """Return a number with its noun: `1 cell`, `2,000 cells`, `3 identities`."""
    if number == 1:
        return f"1 {noun}"
    return f"{count(number)} {noun[:-1]}ies" if noun.endswith("ty") else f"{count(number)} {noun}s"


def duration(seconds: float) -> str:
    """Return a duration: ``84 ms``, ``1.20 s``, ``42:10``, ``1:02:10``."""
    if seconds < 0.9995:
        return f"{max(seconds, 0) * 1_000:.0f} ms"
    if seconds < 59.995:
        return f"{seconds:.2f} s"
    return countdown(seconds)


SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3_600.0, "d": 86_400.0, "w": 604_800.0}
"""Seconds of each unit in which a duration can be typed."""

_TYPED = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)\s*([a-z]*)", re.ASCII)


def read_duration(text: str, unit: str = "") -> float:
    """Return the seconds of a typed duration: ``150ms``, ``60s``, ``30m``, ``2h``, ``3d``, ``1w``.

    Args:
        text: the duration.
        unit: the unit of a bare number, which is an error without one.

    Raises:
        ValueError: the text is no duration.
    """
    typed = _TYPED.fullmatch(text.strip().lower())
    seconds = SECONDS.get(typed[2] or unit) if typed else None
    if typed is None or seconds is None:
        raise ValueError(text)
    return float(typed[1]) * seconds


def countdown(seconds: float) -> str:
    """Return the remaining time, rounded to whole seconds: ``0:09``, ``42:10``, ``1:02:10``."""
    minutes, rest = divmod(max(int(seconds), 0), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def coarse_duration(seconds: float) -> str:
    """Return a longer time, ``1 min`` at the least: ``58 min``, ``2 h 05 min``; then ``3 days``, ``7 years``."""
    hours, rest = divmod(max(-int(-seconds // 60), 1), 60)
    days = hours // 24
    if days >= 2 * 365:
        return f"{days // 365} years"
    if days >= 2:
        return f"{days} days"
    return f"{hours} h {rest:02} min" if hours else f"{rest} min"


def ago(seconds: float) -> str:
    """Return the age of something: ``just now``, ``3 min ago``, ``2 h 05 min ago``."""
    return f"{coarse_duration(seconds // 60 * 60)} ago" if seconds >= 60 else "just now"


def moment(at: datetime, now: datetime) -> str:
    """Return a moment in the time zone of `now`: ``17:51:56``, on another day ``26 Nov 2026, 17:51:56``."""
    at = at.astimezone(now.tzinfo)
    return f"{at:%H:%M:%S}" if at.date() == now.date() else f"{at:%d %b %Y, %H:%M:%S}"


def short_moment(at: datetime, now: datetime) -> str:
    """Return a moment for a column, at most 12 wide: ``17:51:56``, ``26 Nov 17:51``, ``26 Nov 2025``."""
    at = at.astimezone(now.tzinfo)
    if at.date() == now.date():
        return f"{at:%H:%M:%S}"
    return f"{at:%d %b %H:%M}" if at.year == now.year else f"{at:%d %b %Y}"


def from_to(first: datetime, last: datetime, now: datetime) -> str:
    """Return a period in the time zone of `now`: ``17:51``, ``17:51–17:52``, ``26 Nov 23:59–27 Nov 00:02``."""
    first, last = first.astimezone(now.tzinfo), last.astimezone(now.tzinfo)
    begins, ends = _minute(first, now), _minute(last, now)
    if begins == ends:
        return begins
    return f"{begins}–{last:%H:%M}" if first.date() == last.date() else f"{begins}–{ends}"


def _minute(at: datetime, now: datetime) -> str:
    if at.date() == now.date():
        return f"{at:%H:%M}"
    return f"{at:%d %b %H:%M}" if at.year == now.year else f"{at:%d %b %Y %H:%M}"
