"""Numbers as people read them."""

from datetime import datetime, timedelta, timezone

import pytest

from tui.format import (
    ago,
    coarse_duration,
    count,
    countdown,
    duration,
    from_to,
    moment,
    read_duration,
    short_moment,
    size,
)

READ = [
    (size, 0, "0 B"),
    (size, 84, "84 B"),
    (size, 999, "999 B"),
    (size, 1_000, "1.0 kB"),
    (size, 12_400, "12.4 kB"),
    (size, 999_949, "999.9 kB"),
    (size, 999_950, "1.0 MB"),
    (size, 1_000_000, "1.0 MB"),
    (size, 3_200_000_000, "3.2 GB"),
    (size, 4_500_000_000_000_000, "4,500.0 TB"),
    (count, 0, "0"),
    (count, 12_480, "12,480"),
    (duration, 0, "0 ms"),
    (duration, -1, "0 ms"),
    (duration, 0.084, "84 ms"),
    (duration, 0.9994, "999 ms"),
    (duration, 0.9996, "1.00 s"),
    (duration, 1.2, "1.20 s"),
    (duration, 59.994, "59.99 s"),
    (duration, 59.996, "0:59"),
    (duration, 60, "1:00"),
    (duration, 3_730, "1:02:10"),
    (countdown, 2_530, "42:10"),
    (countdown, 9.99, "0:09"),
    (countdown, -5, "0:00"),
    (countdown, 3_600, "1:00:00"),
    (coarse_duration, 3_480, "58 min"),
    (coarse_duration, 3_421, "58 min"),
    (coarse_duration, 1, "1 min"),
    (coarse_duration, 47 * 3_600, "47 h 00 min"),
    (coarse_duration, 48 * 3_600, "2 days"),
    (coarse_duration, 632_041 * 3_600, "72 years"),
    (coarse_duration, 0, "1 min"),
    (coarse_duration, 7_500, "2 h 05 min"),
    (ago, 59, "just now"),
    (ago, 60, "1 min ago"),
    (ago, 239, "3 min ago"),
    (ago, 3_700, "1 h 01 min ago"),
]


@pytest.mark.parametrize(("read", "number", "words"), READ)
def test_read(read, number, words):
    assert read(number) == words


NOON = datetime(2026, 11, 27, 12, 0, tzinfo=timezone(timedelta(hours=1)))


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2026-11-27T10:50:01Z", "2026-11-27T10:50:59Z", "11:50"),
        ("2026-11-27T10:50:01Z", "2026-11-27T10:52:00Z", "11:50–11:52"),
        ("2026-11-26T10:50:00Z", "2026-11-26T10:52:00Z", "26 Nov 11:50–11:52"),
        ("2026-11-26T10:50:00Z", "2026-11-27T10:50:00Z", "26 Nov 11:50–11:50"),
        ("2025-12-31T22:59:00Z", "2025-12-31T23:01:00Z", "31 Dec 2025 23:59–01 Jan 00:01"),
    ],
)
def test_from_when_to_when(first, last, words):
    assert from_to(datetime.fromisoformat(first), datetime.fromisoformat(last), NOON) == words


@pytest.mark.parametrize(
    ("at", "words", "short"),
    [
        ("2026-11-27T10:50:01Z", "11:50:01", "11:50:01"),
        ("2026-11-26T23:00:00Z", "00:00:00", "00:00:00"),
        ("2026-11-26T22:59:59Z", "26 Nov 2026, 23:59:59", "26 Nov 23:59"),
        ("2026-11-27T23:00:00Z", "28 Nov 2026, 00:00:00", "28 Nov 00:00"),
        ("2025-12-31T22:59:59Z", "31 Dec 2025, 23:59:59", "31 Dec 2025"),
    ],
)
def test_a_moment_is_in_the_zone_of_the_person(at, words, short):
    assert (moment(datetime.fromisoformat(at), NOON), short_moment(datetime.fromisoformat(at), NOON)) == (words, short)


TYPED = {"150ms": 0.15, "60s": 60, " 30m ": 1_800, "1.5h": 5_400, "3 d": 259_200, "1w": 604_800, "2H": 7_200}


@pytest.mark.parametrize(("text", "seconds"), TYPED.items())
def test_a_duration_is_typed_with_its_unit(text, seconds):
    assert read_duration(text) == pytest.approx(seconds)


def test_a_bare_number_has_the_unit_that_is_given():
    assert (read_duration("90", "s"), read_duration("90", "ms"), read_duration("1.5", "m")) == (90, 0.09, 90)


@pytest.mark.parametrize("text", ["", "90", "soon", "-1s", "1e3s", "nan", "inf", "5 parsecs", "1h30m", "٣s"])
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(ValueError, match=r"^"):
        read_duration(text)
