"""A run that stands still, is asked to wait, or waits in vain: on a loop whose clock jumps."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from unittest.mock import patch

import httpx
import msgspec
import pytest

from tests.kit.time_lapse import TimeLapse, Transport, answers, in_no_time
from tests.kit.trails import SETTINGS
from tui.access.classifier import Classifier
from tui.access.model import ANONYMOUS_ROW, Cell, Row, Verdict
from tui.access.plan import Plan
from tui.access.requests import MatrixRequest
from tui.access.rules import default_rules
from tui.access.runner import Run
from tui.airisk.auth.oauth import AUTHORIZE, TOKEN
from tui.airisk.endpoints.forms import EndpointForm
from tui.airisk.endpoints.model import Endpoint, Field
from tui.airisk.models import Draft
from tui.airisk.session import Session
from tui.config.keyring import Secret

ASKED = tuple(MatrixRequest.of(f"GET /api/{number}", Draft("GET", f"/api/{number}")) for number in range(10))
PLAN = Plan(rows=[ANONYMOUS_ROW], requests=ASKED, concurrency=2, rate=0.0)


def asked(number: int) -> tuple[MatrixRequest, ...]:
    """So many requests."""
    return tuple(MatrixRequest.of(f"GET /api/{n:02}", Draft("GET", f"/api/{n:02}")) for n in range(number))


def ran(network: Transport, plan: Plan = PLAN) -> tuple[list[Cell], float]:
    """The cells of a plan over that network, by their endpoints, and the seconds that it took."""

    async def story(lapse: TimeLapse) -> tuple[list[Cell], float]:
        session, cells = Session(SETTINGS, Secret("a secret")), list[Cell]()
        session._client._transport = network
        with patch("tui.clocks.time", lapse), patch("tui.access.throttle.time", lapse):
            began = lapse.now
            await Run(session, plan, Classifier(default_rules())).go(cells.append, lambda _: None)
            return sorted(cells, key=lambda cell: cell.endpoint), lapse.now - began

    return in_no_time(story)


@pytest.mark.parametrize("status", [429, 503])
def test_what_is_too_much_for_the_moment_is_sent_again_and_nothing_is_lost(status):
    times = Counter[str]()

    async def answer(request: httpx.Request) -> httpx.Response:
        times[request.url.path] += 1
        await asyncio.sleep(0.1)
        if times.total() <= 2:
            return httpx.Response(status, headers={"Retry-After": "20"})
        return httpx.Response(200, json=[])

    cells, seconds = ran(Transport(answer))
    assert {cell.verdict for cell in cells} == {Verdict.ALLOWED}
    assert [cell.attempts for cell in cells] == [2, 2] + [1] * 8
    assert times == {f"/api/{number}": 2 if number < 2 else 1 for number in range(10)}
    assert seconds > 20.0


@pytest.mark.parametrize("status", [429, 503])
def test_a_limit_that_does_not_say_when_to_try_again_is_kept_to_and_nothing_is_lost(status):
    begun = list[float]()

    async def answer(_: httpx.Request) -> httpx.Response:
        """As nginx does by default with `limit_req` of 2 a second."""
        now = asyncio.get_running_loop().time()
        if begun and now - begun[-1] < 0.5:
            return httpx.Response(status)
        begun.append(now)
        await asyncio.sleep(0.1)
        return httpx.Response(200, json=[])

    cells, _ = ran(Transport(answer), replace(PLAN, concurrency=8, requests=asked(40)))
    assert [cell.verdict for cell in cells] == [Verdict.ALLOWED] * 40


def test_an_endpoint_that_is_down_is_waited_for_once():
    async def answer(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0.1)
        return httpx.Response(503) if request.url.path == "/api/01" else httpx.Response(200, json=[])

    rows = [msgspec.structs.replace(ANONYMOUS_ROW, id=f"nobody-{number}") for number in range(20)]
    cells, seconds = ran(Transport(answer), replace(PLAN, rows=rows, concurrency=1, requests=asked(2)))
    down = [cell for cell in cells if cell.endpoint == "GET /api/01"]
    assert {cell.verdict for cell in down} == {Verdict.INCONCLUSIVE}
    assert [cell.attempts for cell in down] == [4] + [1] * 19
    assert {cell.verdict for cell in cells if cell not in down} == {Verdict.ALLOWED}
    assert seconds < 60.0


def test_what_does_not_come_in_time_is_not_told_and_the_others_are():
    async def answer(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(31.0 if request.url.path == "/api/0" else 1.0)
        return httpx.Response(200, json=[])

    (late, *others), seconds = ran(Transport(answer))
    assert late.verdict is Verdict.INCONCLUSIVE
    assert "did not respond within 30 s" in late.reason
    assert {cell.verdict for cell in others} == {Verdict.ALLOWED}
    assert seconds == 30.0


def test_the_time_in_which_a_run_stands_still_is_not_counted():
    async def story(lapse: TimeLapse) -> None:
        session = Session(SETTINGS, Secret("a secret"))
        session._client._transport = answers((0.0, b"[]"), after=4.0)
        run, cells, paused = Run(session, PLAN, Classifier(default_rules())), list[Cell](), asyncio.Event()

        def take(cell: Cell) -> None:
            cells.append(cell)
            if len(cells) == 3:
                run.pause()
                paused.set()

        with patch("tui.clocks.time", lapse), patch("tui.access.throttle.time", lapse):
            going = asyncio.create_task(run.go(take, lambda _: None))
            await paused.wait()
            await asyncio.sleep(10.0)  # what was under way comes to its end
            left = run.progress
            await asyncio.sleep(1_000.0)
            assert run.progress == left
            assert (left.done, left.seconds_left, left.is_paused) == (4, 12.0, True)
            run.go_on()
            run.go_on()
            assert run.progress.seconds_left == 12.0
            began = lapse.now
            await going
            assert lapse.now - began == 12.0
        assert run.progress.done == PLAN.cells == len(cells)
        assert not run.progress.is_paused

    in_no_time(story)


# Changes


def test_a_request_that_the_name_of_one_user_turns_into_a_change_is_not_sent_as_that_user():
    received = list[bytes]()

    async def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == AUTHORIZE:
            location = f"{SETTINGS.redirect_uri}?code=a-code&state={request.url.params['state']}"
            return httpx.Response(302, headers={"Location": location})
        if request.url.path == TOKEN:
            return httpx.Response(200, json={"access_token": "a-token"})
        received.append(await request.aread())
        return httpx.Response(200, json=[])

    search = Endpoint("Search", "", "GET", "/api/search", fields=(Field("text", "body"),))
    request = MatrixRequest.of_form("GET /api/search", EndpointForm(search, {"text": "{{user.name}}"}))
    rows = [Row("u-1", name="Ada Lovelace"), Row("u-2", name="_method=DELETE")]
    cells, _ = ran(Transport(answer), replace(PLAN, rows=rows, requests=[request]))
    reasons = {cell.identity: cell.reason for cell in cells if cell.verdict is Verdict.INCONCLUSIVE}
    assert request.is_safe
    assert [*reasons] == ["u-2"]
    assert "make it a request that may change data" in reasons["u-2"]
    assert received == [b'{"text":"Ada Lovelace"}']
