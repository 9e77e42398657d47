"""How fast is asked: what AIRisk asks to wait, and what becomes of the rate."""

from __future__ import annotations

import asyncio
from unittest.mock import patch

import pytest

from tests.kit.time_lapse import TimeLapse, in_no_time
from tui.access import throttle as paces
from tui.access.throttle import Throttle
from tui.errors import ThrottleExceededError


@pytest.fixture
def lapse(monkeypatch):
    """The only time there is: it stands still."""
    lapse = TimeLapse()
    monkeypatch.setattr(paces, "time", lapse)
    return lapse


async def test_no_more_are_under_way_than_were_chosen():
    pace, most, now = Throttle(3, 0), 0, 0

    async def work() -> None:
        nonlocal most, now
        async with pace.turn():
            now += 1
            most = max(most, now)
            await asyncio.sleep(0)
            now -= 1

    await asyncio.gather(*(work() for _ in range(20)))
    assert most == 3


async def test_after_a_429_it_goes_slower_and_comes_back_no_faster_than_chosen(lapse):
    pace = Throttle(4, 1000)
    async with pace.turn():
        pass
    pace.pause_for(1)
    assert [pace.retry_after, pace.rate] == pytest.approx([1, 0.7])
    lapse.now += 0.5
    pace.pause_for(1)  # the answer to what was already under way
    assert [pace.retry_after, pace.rate] == pytest.approx([1, 0.7])
    lapse.now += 0.5
    pace.pause_for(1)  # it is still too much
    assert pace.rate == pytest.approx(0.49)
    unlimited = Throttle(4, 0)
    unlimited.pause_for(1)
    assert unlimited.rate > 0


def test_what_was_too_much_is_found_again_step_by_step():
    async def story(lapse: TimeLapse) -> list[float]:
        pace, rates = Throttle(1, 10), []
        with patch("tui.access.throttle.time", lapse):
            pace.pause_for(60)
            for _ in range(1_000):
                async with pace.turn():
                    rates.append(pace.rate)
        assert lapse.now > 1_060
        return rates

    rates = in_no_time(story)
    assert rates == sorted(rates)
    assert rates[0] < 1
    assert rates[-1] == 10


def test_a_turn_of_several_requests_takes_the_time_of_all_of_them():
    async def story(lapse: TimeLapse) -> list[float]:
        pace, began = Throttle(4, 10), list[float]()
        with patch("tui.access.throttle.time", lapse):
            for cost in (1, 3, 1, 1):
                async with pace.turn(cost):
                    began.append(lapse.now - 1_000)
        return began

    assert in_no_time(story) == pytest.approx([0, 0.1, 0.4, 0.5])


async def test_beyond_a_minute_nothing_is_asked_any_more():
    pace = Throttle(1, 0)
    pace.pause_for(3600)
    assert pace.retry_after == 0
    with pytest.raises(ThrottleExceededError, match="3600 s"):
        async with pace.turn():
            pass


async def test_paused_nobody_passes():
    pace = Throttle(1, 0)
    pace.pause()
    waiting = asyncio.create_task(pace.turn().__aenter__())
    for _ in range(5):
        await asyncio.sleep(0)
    assert pace.is_paused
    assert not waiting.done()
    pace.go_on()
    await waiting
