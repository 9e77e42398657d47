"""Whom a plan offers to send as."""

from typing import Any

from tests.kit.texts import TEXTS
from tui.access.planner import PlanInputs
from tui.airisk.identity import Identity
from tui.airisk.models import User, UserList
from tui.panes.plan_form import user_choices
from tui.text import clean

PEOPLE = UserList([User(f"u-{number}", role="User") for number in range(60)])


def offered(**given: Any) -> list[str]:
    return [words for _, words in user_choices(PlanInputs(listing=PEOPLE, **given))]


def test_roles_come_last_and_by_name() -> None:
    roles = (("User", 48), ("auditor", 1), ("Admin", 12))
    assert offered(roles=roles) == [
        "random sample of 60 users:",
        "all 60 users",
        "12 with role “Admin”",
        "1 with role “auditor”",
        "48 with role “User”",
    ]


def test_whoever_is_acted_as_comes_after_the_marked_users_and_all() -> None:
    ada = Identity("user", "u-1", "Ada")
    assert offered(active=ada, users=("u-2",), roles=(("User", 60),)) == [
        "1 marked",
        "random sample of 60 users:",
        "all 60 users",
        "only Ada · u-1",
        "60 with role “User”",
    ]
    assert offered(active=ada, words="nobody") == ["only Ada · u-1"]


def test_roles_of_a_filtered_list_are_those_of_the_matching_users() -> None:
    assert offered(words="risk", matching=3, roles=(("User", 3),))[-1] == "3 matching “risk” with role “User”"


def test_no_name_of_a_role_acts_or_hides_the_number() -> None:
    words = offered(roles=tuple((role, 7) for role in TEXTS.values()))[2:]
    assert len(words) == len(TEXTS)
    assert [
        each for each in words if each != clean(each) or not each.startswith("7 with role “") or len(each) > 80
    ] == []
