"""An AIRisk that has too much to do is waited for, in bounds: on a loop whose clock jumps."""

from __future__ import annotations

from collections.abc import Iterator
from email.utils import formatdate
from unittest.mock import patch

import httpx
import pytest

from tests.kit.time_lapse import TimeLapse, Transport, in_no_time
from tests.kit.trails import SETTINGS
from tui import clocks
from tui.airisk.auth.oauth import AUTHORIZE, TOKEN
from tui.airisk.http import backoff
from tui.airisk.http.backoff import clock_of, wait_of
from tui.airisk.models import UserList
from tui.airisk.session import Session
from tui.airisk.users.fetch import LIST_PATHS
from tui.config.keyring import Secret
from tui.errors import ServiceBusyError

LIST = LIST_PATHS[0]


@pytest.fixture
def lapse(monkeypatch):
    """The only time there is: it stands still."""
    lapse = TimeLapse()
    monkeypatch.setattr(clocks, "time", lapse)
    return lapse


WAITS = {
    "seconds": ("5", 1, 5),
    "none left": ("0", 1, 1),
    "negative": ("-1", 1, 1),
    "garbage": ("when it suits you", 3, 4),
    "nothing": ("", 1, 1),
    "nothing, the fourth time": ("", 4, 8),
    "never longer than half a minute by itself": ("", 20, 32),
    "too many digits": ("9" * 50, 2, 2),
    "a date that is past": ("Wed, 21 Oct 2015 07:28:00 GMT", 1, 1),
}


@pytest.mark.parametrize("wait", WAITS.values(), ids=WAITS)
def test_what_it_asks_for(wait):
    header, attempt, seconds = wait
    assert wait_of(header, attempt) == seconds


def test_a_date_is_waited_for(lapse):
    assert wait_of(formatdate(lapse.now + 30, usegmt=True), 1) == 30


@pytest.mark.parametrize(("seconds", "clock"), [(6.2, "0:07"), (60.0, "1:00"), (0.1, "0:01")])
def test_what_is_left_is_shown_as_a_clock(seconds, clock):
    assert clock_of(seconds) == clock


Busy = list[tuple[int, str | None]]
"""What is answered first: a status, and what Retry-After says if it is there."""


def network(busy: dict[str, Busy], now: TimeLapse) -> Transport:
    """A deployment that answers some paths like this, and then as it should."""
    left: dict[str, Iterator[tuple[int, str | None]]] = {path: iter(each) for path, each in busy.items()}

    async def answer(request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if first := next(left.get(path, iter(())), None):
            status, header = first
            after = formatdate(now.now + 7, usegmt=True) if header == "a date" else header
            return httpx.Response(status, headers={} if after is None else {"Retry-After": after})
        if path == AUTHORIZE:
            state = request.url.params["state"]
            return httpx.Response(302, headers={"Location": f"{SETTINGS.redirect_uri}?code=c&state={state}"})
        if path == TOKEN:
            return httpx.Response(200, json={"access_token": "token"})
        return httpx.Response(200, json=[{"id": "u-1", "name": "Ada"}])

    return Transport(answer)


def listed(busy: dict[str, Busy], told: list[float] | None) -> tuple[UserList, float]:
    """The users of such a deployment, and the seconds that it took."""

    async def story(lapse: TimeLapse) -> tuple[UserList, float]:
        session, began = Session(SETTINGS, Secret("a secret")), lapse.now
        session._client._transport = network(busy, lapse)
        with patch.object(backoff, "time", lapse), patch.object(clocks, "time", lapse):
            return await session.users(on_wait=None if told is None else told.append), lapse.now - began

    return in_no_time(story)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("header", ["7", "a date"])
@pytest.mark.parametrize("path", [AUTHORIZE, TOKEN, LIST])
def test_the_first_sign_in_and_the_first_list_are_waited_for_and_counted_down(path, header, status):
    told: list[float] = []
    listing, seconds = listed({path: [(status, header)]}, told)
    assert len(listing.users) == 1
    assert seconds == 7.0
    assert told == [7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0, 0.0]


LASTS = {
    "429 for ever": ([(429, None)] * 50, 95.0),
    "503 that may be down is tried fewer times": ([(503, None)] * 50, 7.0),
    "503 that says when": ([(503, "50")] * 50, 100.0),
    "longer than anybody waits": ([(429, "61")] * 50, 0.0),
}


@pytest.mark.parametrize("path", [AUTHORIZE, TOKEN, LIST])
@pytest.mark.parametrize(("busy", "seconds"), LASTS.values(), ids=LASTS)
def test_where_it_lasts_the_wait_has_an_end(path, busy, seconds):
    told: list[float] = []
    with pytest.raises(ServiceBusyError) as refused:
        listed({path: busy}, told)
    assert refused.value.advice.startswith("AIRisk is busy. ")
    assert sum(left > 0 for left in told) == seconds


def test_where_nobody_is_reported_nobody_waits():
    with pytest.raises(ServiceBusyError, match="request returned 429"):
        listed({AUTHORIZE: [(429, "7")]}, None)


def test_each_step_is_waited_for_by_itself():
    told: list[float] = []
    listing, _ = listed({TOKEN: [(503, "1")], LIST: [(429, "2"), (503, "1")]}, told)
    assert len(listing.users) == 1
    assert told == [1.0, 0.0, 2.0, 1.0, 0.0, 1.0, 0.0]
