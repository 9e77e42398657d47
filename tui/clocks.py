"""Clocks for everything that is shown or recorded, in one place, so that screenshots can freeze them.

Code that only waits (deadlines, pauses, rates) uses the clocks of its event loop or of `time`.
"""

import time
from datetime import UTC, datetime


def wall() -> float:
    """Return the seconds since 1970. The clock may be set forward or back."""
    return time.time()


def now() -> datetime:
    """Return the current time in UTC."""
    return datetime.fromtimestamp(wall(), UTC)


def local() -> datetime:
    """Return the current time in the time zone of the machine."""
    return now().astimezone()


def timestamp(moment: datetime | None = None) -> str:
    """Return a moment, by default now, in the format of files: ``2025-03-31T13:12:17.123Z``."""
    moment = (moment or now()).astimezone(UTC)
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def steady() -> float:
    """Return monotonic seconds; the clock may stand still while the machine sleeps."""
    return time.monotonic()


def precise() -> float:
    """Return seconds with the highest precision, for short intervals."""
    return time.perf_counter()
