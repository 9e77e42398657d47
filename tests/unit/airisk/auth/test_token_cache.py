"""One identity's token: however many want it, it is asked for once, kept while it is good, and replaced once."""

import asyncio
import time
from collections.abc import Awaitable
from dataclasses import replace

import pytest

from tests.kit.patience import PATIENCE
from tui.airisk.auth.oauth import Token
from tui.airisk.auth.token_cache import RENEW_EARLY, TokenSlot
from tui.airisk.models import SubjectCheck
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
def holder(airisk: Counter) -> TokenSlot:
    return TokenSlot(airisk.fetch)


def asking(holder: TokenSlot, how_many: int = 1) -> list[asyncio.Task[Token]]:
    return [asyncio.create_task(holder.get()) for _ in range(how_many)]


async def test_twenty_who_ask_at_once_share_one_sign_in(airisk: Counter, holder: TokenSlot) -> None:
    waiting = asking(holder, 20)
    await all_begun(*waiting)
    (sign_in,) = airisk.begun
    token = lasting(3600)
    sign_in.set_result(token)
    assert [each is token for each in await asyncio.gather(*waiting)] == [True] * 20
    assert await holder.get() is token
    assert len(airisk.begun) == 1


async def test_a_failure_reaches_all_of_them_and_the_next_tries_again(airisk: Counter, holder: TokenSlot) -> None:
    waiting = asking(holder, 20)
    await all_begun(*waiting)
    airisk.begun[0].set_exception(NoResponseError("nothing came"))
    heard = await asyncio.gather(*waiting, return_exceptions=True)
    assert [str(each) for each in heard] == ["nothing came"] * 20
    (later,) = asking(holder)
    await all_begun(later)
    airisk.begun[1].set_result(lasting(None))
    assert (await later) is holder.token


async def test_one_who_no_longer_waits_takes_nothing_from_the_others(airisk: Counter, holder: TokenSlot) -> None:
    first, second, third = asking(holder, 3)
    await all_begun(first)
    first.cancel()
    second.cancel()
    await asyncio.wait([first, second])
    assert not airisk.begun[0].cancelled()
    airisk.begun[0].set_result(lasting(None))
    assert await third is holder.token


async def test_when_nobody_waits_any_more_the_sign_in_is_given_up(airisk: Counter, holder: TokenSlot) -> None:
    waiting = asking(holder, 3)
    await all_begun(*waiting)
    for each in waiting:
        each.cancel()
    await asyncio.wait(waiting)
    await all_begun(*waiting)
    assert airisk.begun[0].cancelled()
    assert holder.token is None


async def test_the_token_of_who_leaves_in_the_moment_it_comes_is_there_for_the_next(
    airisk: Counter, holder: TokenSlot
) -> None:
    (only,) = asking(holder)
    await all_begun(only)
    token = lasting(None)
    airisk.begun[0].set_result(token)
    only.cancel()
    await asyncio.wait([only])
    assert only.cancelled()
    (later,) = asking(holder)
    await all_begun(later)
    assert (later.done(), len(airisk.begun)) == (True, 1)
    assert await later is holder.token is token


async def test_whoever_comes_after_a_cancellation_starts_again(airisk: Counter, holder: TokenSlot) -> None:
    (first,) = asking(holder)
    await all_begun(first)
    first.cancel()
    (second,) = asking(holder)
    await asyncio.wait([first])
    await all_begun(second)
    assert [each.cancelled() for each in airisk.begun] == [True, False]
    token = lasting(None)
    airisk.begun[1].set_result(token)
    assert await second is holder.token is token


async def test_a_refused_token_is_replaced_once_however_many_it_was_refused_to(
    airisk: Counter, holder: TokenSlot
) -> None:
    old, new = lasting(None), lasting(None)
    holder.token = old
    for _ in range(20):
        holder.refuse(old)
    waiting = asking(holder, 10)
    await all_begun(*waiting)
    airisk.begun[0].set_result(new)
    assert await asyncio.gather(*waiting) == [new] * 10
    holder.refuse(old)
    assert await holder.get() is new
    assert len(airisk.begun) == 1


async def test_a_refused_token_is_not_used_again_even_if_no_other_could_be_had(
    airisk: Counter, holder: TokenSlot
) -> None:
    holder.token = lasting(None)
    holder.refuse(holder.token)
    for number in range(2):
        (asked,) = asking(holder)
        await all_begun(asked)
        airisk.begun[number].set_exception(NoResponseError("nothing came"))
        with pytest.raises(NoResponseError):
            await asked


async def test_whoever_refuses_a_token_that_has_just_come_does_not_get_it_back(
    airisk: Counter, holder: TokenSlot
) -> None:
    async def ask_and_refuse_the_first() -> Token:
        holder.refuse(await holder.get())
        return await holder.get()

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
    airisk: Counter, holder: TokenSlot
) -> None:
    old, holder.token = lasting(None), lasting(None)
    holder.refuse(holder.token)
    holder.refuse(old)
    (asked,) = asking(holder)
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
    airisk: Counter, holder: TokenSlot, left: float | None, is_used: bool
) -> None:
    now = time.time()
    holder.token = Token(Secret("t"), expires_at=None if left is None else now + left, obtained_at=now - 3600)
    (asked,) = asking(holder)
    await all_begun(asked)
    assert (asked.done(), len(airisk.begun)) == (is_used, 0 if is_used else 1)
    asked.cancel()
    await asyncio.wait([asked])


async def test_a_token_of_few_seconds_is_used_for_most_of_them(airisk: Counter, holder: TokenSlot) -> None:
    holder.token = lasting(20)
    async with asyncio.timeout(PATIENCE):
        assert await holder.get() is holder.token
    assert airisk.begun == []


async def test_a_refused_token_is_over_and_still_says_whose_it_was(airisk: Counter, holder: TokenSlot) -> None:
    (waiting,) = asking(holder)
    await all_begun(waiting)
    token = replace(lasting(3600), subject_check=SubjectCheck.CONFIRMED)
    airisk.begun[0].set_result(token)
    holder.refuse(await waiting)
    assert holder.token is not None
    assert not holder.token.is_live()
    assert holder.token.subject_check is SubjectCheck.CONFIRMED
    assert holder.token.secret == token.secret
