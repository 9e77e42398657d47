"""One identity's token: however many want it, it is asked for once, kept while it is good, and replaced once."""

import asyncio
import time
from collections.abc import Awaitable
from dataclasses import replace

import pytest

from tests.kit.patience import PATIENCE
from tui.airisk.auth.oauth import Token
from tui.airisk.auth.token_renewal import RENEW_EARLY, TokenSlot
from tui.airisk.identity import SubjectCheck
from tui.config.keyring import Secret
from tui.errors import NoResponseError


class Counter:
    """AIRisk's side: how often a sign-in was begun, and what each ends with, when the test says so."""

    def __init__(self) -> None:
        self.begun: list[asyncio.Future[Token]] = []

    def fetch(self) -> Awaitable[Token]:
        self.begun.append(asyncio.get_running_loop().create_future())
        return self.begun[-1]


def lasting(seconds: float | None) -> Token:
    """A token that was obtained a moment ago."""
    return Token(Secret("t"), expires_at=None if seconds is None else time.time() + seconds)


async def all_begun(*waiting: asyncio.Task[Token]) -> None:
    """Let every task run as far as it can."""
    for _ in range(5):
        await asyncio.sleep(0)
    assert waiting


@pytest.fixture
def airisk() -> Counter:
    return Counter()


@pytest.fixture
def slot(airisk: Counter) -> TokenSlot:
    return TokenSlot(airisk.fetch)


def asking(slot: TokenSlot, how_many: int = 1) -> list[asyncio.Task[Token]]:
    return [asyncio.create_task(slot.get()) for _ in range(how_many)]


async def test_twenty_who_ask_at_once_share_one_sign_in(airisk: Counter, slot: TokenSlot) -> None:
    waiting = asking(slot, 20)
    await all_begun(*waiting)
    (sign_in,) = airisk.begun
    token = lasting(3600)
    sign_in.set_result(token)
    assert [each is token for each in await asyncio.gather(*waiting)] == [True] * 20
    assert await slot.get() is token
    assert len(airisk.begun) == 1


async def test_a_failure_reaches_all_of_them_and_the_next_tries_again(airisk: Counter, slot: TokenSlot) -> None:
    waiting = asking(slot, 20)
    await all_begun(*waiting)
    airisk.begun[0].set_exception(NoResponseError("nothing came"))
    heard = await asyncio.gather(*waiting, return_exceptions=True)
    assert [str(each) for each in heard] == ["nothing came"] * 20
    (later,) = asking(slot)
    await all_begun(later)
    airisk.begun[1].set_result(lasting(None))
    assert (await later) is slot.token


async def test_one_who_no_longer_waits_takes_nothing_from_the_others(airisk: Counter, slot: TokenSlot) -> None:
    first, second, third = asking(slot, 3)
    await all_begun(first)
    first.cancel()
    second.cancel()
    await asyncio.wait([first, second])
    assert not airisk.begun[0].cancelled()
    airisk.begun[0].set_result(lasting(None))
    assert await third is slot.token


async def test_when_nobody_waits_any_more_the_sign_in_is_given_up(airisk: Counter, slot: TokenSlot) -> None:
    waiting = asking(slot, 3)
    await all_begun(*waiting)
    for each in waiting:
        each.cancel()
    await asyncio.wait(waiting)
    await all_begun(*waiting)
    assert airisk.begun[0].cancelled()
    assert slot.token is None


async def test_the_token_of_who_leaves_in_the_moment_it_comes_is_there_for_the_next(
    airisk: Counter, slot: TokenSlot
) -> None:
    (only,) = asking(slot)
    await all_begun(only)
    token = lasting(None)
    airisk.begun[0].set_result(token)
    only.cancel()
    await asyncio.wait([only])
    assert only.cancelled()
    (later,) = asking(slot)
    await all_begun(later)
    assert (later.done(), len(airisk.begun)) == (True, 1)
    assert await later is slot.token is token


async def test_whoever_comes_after_a_cancellation_starts_again(airisk: Counter, slot: TokenSlot) -> None:
    (first,) = asking(slot)
    await all_begun(first)
    first.cancel()
    (second,) = asking(slot)
    await asyncio.wait([first])
    await all_begun(second)
    assert [each.cancelled() for each in airisk.begun] == [True, False]
    token = lasting(None)
    airisk.begun[1].set_result(token)
    assert await second is slot.token is token


async def test_a_refused_token_is_replaced_once_however_many_it_was_refused_to(
    airisk: Counter, slot: TokenSlot
) -> None:
    old, new = lasting(None), lasting(None)
    slot.token = old
    for _ in range(20):
        slot.refuse(old)
    waiting = asking(slot, 10)
    await all_begun(*waiting)
    airisk.begun[0].set_result(new)
    assert await asyncio.gather(*waiting) == [new] * 10
    slot.refuse(old)
    assert await slot.get() is new
    assert len(airisk.begun) == 1


async def test_a_refused_token_is_not_used_again_even_if_no_other_could_be_had(
    airisk: Counter, slot: TokenSlot
) -> None:
    slot.token = lasting(None)
    slot.refuse(slot.token)
    for number in range(2):
        (asked,) = asking(slot)
        await all_begun(asked)
        airisk.begun[number].set_exception(NoResponseError("nothing came"))
        with pytest.raises(NoResponseError):
            await asked


async def test_whoever_refuses_a_token_that_has_just_come_does_not_get_it_back(
    airisk: Counter, slot: TokenSlot
) -> None:
    async def ask_and_refuse_the_first() -> Token:
        slot.refuse(await slot.get())
        return await slot.get()

    bad, good = lasting(None), lasting(None)
    waiting = [asyncio.create_task(ask_and_refuse_the_first()) for _ in range(3)]
    await all_begun(*waiting)
    airisk.begun[0].set_result(bad)
    await all_begun(*waiting)
    airisk.begun[1].set_result(good)
    async with asyncio.timeout(PATIENCE):
        assert await asyncio.gather(*waiting) == [good] * 3
    assert len(airisk.begun) == 2


async def test_a_late_refusal_of_an_old_token_does_not_bring_back_the_newer_one(
    airisk: Counter, slot: TokenSlot
) -> None:
    old, slot.token = lasting(None), lasting(None)
    slot.refuse(slot.token)
    slot.refuse(old)
    (asked,) = asking(slot)
    await all_begun(asked)
    assert len(airisk.begun) == 1
    asked.cancel()
    await asyncio.wait([asked])


MARGINS = {
    "no known end": (None, True),
    "an hour": (3600, True),
    "just more than the margin": (RENEW_EARLY + 20, True),
    "half a minute of an hour": (RENEW_EARLY - 20, False),
    "over": (-1, False),
}


@pytest.mark.parametrize(("left", "is_used"), MARGINS.values(), ids=MARGINS)
async def test_a_token_near_its_end_is_renewed(
    airisk: Counter, slot: TokenSlot, left: float | None, is_used: bool
) -> None:
    now = time.time()
    slot.token = Token(Secret("t"), expires_at=None if left is None else now + left, obtained_at=now - 3600)
    (asked,) = asking(slot)
    await all_begun(asked)
    assert (asked.done(), len(airisk.begun)) == (is_used, 0 if is_used else 1)
    asked.cancel()
    await asyncio.wait([asked])


async def test_a_token_of_few_seconds_is_used_for_most_of_them(airisk: Counter, slot: TokenSlot) -> None:
    slot.token = lasting(20)
    async with asyncio.timeout(PATIENCE):
        assert await slot.get() is slot.token
    assert airisk.begun == []


async def test_a_refused_token_is_over_and_still_says_whose_it_was(airisk: Counter, slot: TokenSlot) -> None:
    (waiting,) = asking(slot)
    await all_begun(waiting)
    token = replace(lasting(3600), subject_check=SubjectCheck.CONFIRMED)
    airisk.begun[0].set_result(token)
    slot.refuse(await waiting)
    assert slot.token is not None
    assert not slot.token.is_live()
    assert slot.token.subject_check is SubjectCheck.CONFIRMED
    assert slot.token.secret == token.secret
