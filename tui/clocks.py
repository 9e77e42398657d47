"""The clocks of whatever is shown or recorded, in one place, where a picture of the program can stop them.

What only waits (a deadline, a pause, a pace) looks at the clocks of its event loop or of `time`.
"""

import time
from datetime import UTC, datetime


def wall() -> float:
    """Return the seconds since 1970. The machine may be put forward or back."""
    return time.time()


def now() -> datetime:
    """Return the same as a moment in UTC."""
    return datetime.fromtimestamp(wall(), UTC)


def timestamp(moment: datetime | None = None) -> str:
    """A moment, or now, as files hold it: ``2025-03-31T13:12:17.123Z``."""
    moment = (moment or now()).astimezone(UTC)
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def steady() -> float:
    """Return seconds that only go forward, whatever becomes of the wall clock; they may stand still in a sleep."""
    return time.monotonic()


def precise() -> float:
    """Return seconds for short spans, as precise as the machine can tell."""
    return time.perf_counter()
