"""In single-user mode the user is the person at the keyboard: their act has no end."""

import pytest

from tests.kit.conversing import AGENTS, session_with
from tests.kit.deployment.foreign import ForeignAIRisk
from tui.airisk.models import User


@pytest.mark.parametrize("user_id", ["u-2", "U-2 "])
async def test_being_oneself_has_no_limit(user_id: str) -> None:
    with ForeignAIRisk() as server:
        async with session_with(server, single_user=True, user_id=user_id, act_minutes=0.1) as session:
            identity = await session.act_as(User("u-2"))
            assert (identity.is_oneself, session.act) == (True, None)
            assert (await session.send(AGENTS, identity)).identity.is_oneself


async def test_acting_as_somebody_else_has_one_in_single_user_mode_too() -> None:
    with ForeignAIRisk() as server:
        async with session_with(server, single_user=True, user_id="u-2", act_minutes=0.1) as session:
            identity = await session.act_as(User("u-1"))
            assert not identity.is_oneself
            assert session.act
            assert session.act.minutes == 0.1


async def test_so_has_acting_as_the_preselected_user_where_there_is_a_list() -> None:
    with ForeignAIRisk() as server:
        async with session_with(server, user_id="u-2") as session:
            assert not (await session.act_as(User("u-2"))).is_oneself
            assert session.act
