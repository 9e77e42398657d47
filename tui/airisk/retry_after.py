"""When to try again, as a deployment that has too much to do may say it (RFC 9110, section 10.2.3)."""

from __future__ import annotations

from email.utils import parsedate_to_datetime

from tui import clocks

_QUOTED = 40
"""Characters of a header that says nothing readable, after which it is cut."""


def seconds_of(header: str) -> float | None:
    """Seconds from now, which the header tells as a number or as a date (then perhaps negative); None if neither."""
    text = header.strip()
    if text.isascii() and text.isdigit() and len(text) < 12:
        return float(text)
    try:
        return parsedate_to_datetime(text).timestamp() - clocks.wall()
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def in_words(header: str) -> str:
    """`AIRisk asks to wait 5 s.`, or the header itself if it cannot be understood; nothing where there is none."""
    seconds = seconds_of(header)
    if seconds is not None:
        return f"AIRisk asks to wait {_long(max(seconds, 0.0))}."
    text = header.strip()
    return f"AIRisk says when to try again: {text if len(text) <= _QUOTED else text[:_QUOTED] + '…'}." if text else ""


def _long(seconds: float) -> str:
    for unit, name in ((86_400, "days"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * unit:
            return f"{-(-seconds // unit):,.0f} {name}"
    return f"{-(-seconds // 1):.0f} s"
