"""Single values that a schema would accept."""

from __future__ import annotations

import math
from collections.abc import Iterator

from tui.airisk.schema.patterns import matches
from tui.airisk.schema.shapes import Shape

_BY_FORMAT = {
    "date": "2026-01-31",
    "date-time": "2026-01-31T12:00:00Z",
    "time": "12:00:00Z",
    "duration": "P1D",
    "email": "name@example.com",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uri": "https://example.com/",
    "url": "https://example.com/",
    "uuid": "00000000-0000-4000-8000-000000000000",
}
_LONGEST = 1000
_MOST_ATTEMPTED = 65


def sample_text(shape: Shape) -> str:
    """A text of the format and the length that are asked for, else none."""
    text = _BY_FORMAT.get(str(shape.says.get("format")), "")
    fewest, most = shape.number("minLength") or 0, shape.number("maxLength")
    text += "x" * int(min(max(0, fewest - len(text)), _LONGEST))
    text = text if most is None else text[: max(0, int(min(most, _LONGEST)))]
    pattern = shape.says.get("pattern")
    return text if matches(pattern, text) else next((each for each in _attempts() if matches(pattern, each)), text)


def _attempts() -> Iterator[str]:
    """Texts that most patterns of one kind of character accept, and some well-known ones."""
    yield from (sign * count for count in range(1, _MOST_ATTEMPTED) for sign in "x0X")
    yield from _BY_FORMAT.values()


def sample_number(shape: Shape) -> float:
    """A number within the bounds: 0 where it may be, a whole one where it can be."""
    low, high = _bound(shape, "minimum", "exclusiveMinimum"), _bound(shape, "maximum", "exclusiveMaximum")
    lowest = -math.inf if low is None else math.floor(low[0]) + 1 if low[1] else math.ceil(low[0])
    highest = math.inf if high is None else math.ceil(high[0]) - 1 if high[1] else math.floor(high[0])
    number: float = min(max(0, lowest), highest)
    if low and not low[0] <= number:  # no whole number lies between them
        number = (low[0] + high[0]) / 2 if high else low[0]
    step = shape.number("multipleOf")
    if step and step > 0 and math.isfinite(number / step):
        number = math.ceil(number / step) * step
    return number if math.isfinite(number) else 0


def _bound(shape: Shape, inclusive: str, exclusive: str) -> tuple[float, bool] | None:
    """A bound, and whether it is outside. OpenAPI 3.0 says `true` to that, 3.1 the number itself."""
    bound, outer = shape.number(inclusive), shape.number(exclusive)
    if outer is not None:
        return outer, True
    return None if bound is None else (bound, shape.says.get(exclusive) is True)
