"""Which roles a list of users has, and who has one."""

import json
from collections.abc import Sequence

import pytest

from tests.kit.texts import TEXTS
from tui.airisk.models import User
from tui.airisk.users.lazy_list import index_of
from tui.airisk.users.roles import common_roles, places_with_role
from tui.airisk.users.stream_parser import UserListParser


def users(*roles: str) -> Sequence[User]:
    return [User(f"u-{number}", f"Person {number}", role=role) for number, role in enumerate(roles)]


def places(listed: Sequence[User], role: str) -> list[int]:
    return [*places_with_role(index_of(listed), role)]


def test_roles_come_with_their_number_of_users_the_most_common_first() -> None:
    listed = users("User", "Admin", "User", "", "Auditor", "admin", "USER")
    assert common_roles(listed, most=9) == [("User", 3), ("Admin", 2), ("Auditor", 1)]
    assert common_roles(listed, most=1) == [("User", 3)]
    assert common_roles(listed, "person 2", most=9) == [("User", 1)]


def test_a_role_is_found_in_any_case_and_no_part_of_it_is() -> None:
    listed = users("User", "Admin", "Power User", "user", "")
    assert places(listed, " uSER") == [0, 3]
    assert places(listed, "Use") == places(listed, "") == []


def test_whoever_has_several_roles_has_each_of_them_once() -> None:
    listed = users("Admin, User", "User", "user,, User ,", "Admin, Auditor")
    assert common_roles(listed, most=9) == [("User", 3), ("Admin", 2), ("Auditor", 1)]
    assert places(listed, "admin, user") == [0]


HOSTILE = ("Admin", "ADMIN\u200b", "Ａdmin", "A\nB", "A B", "A\x1fB", "\x1cAdmin", "A，B", "Å, a", *TEXTS.values())


@pytest.mark.parametrize("is_lazy", [False, True], ids=["as a list", "as it arrived"])
def test_every_role_has_as_many_users_as_it_says_whatever_its_name(is_lazy: bool) -> None:
    listed = users(*HOSTILE * 3)
    if is_lazy:
        reader = UserListParser()
        reader.take(json.dumps([{"id": user.id, "name": user.name, "role": user.role} for user in listed]).encode())
        listed = reader.end().users
    found = common_roles(listed, most=99)
    assert len(found) > len(TEXTS)
    assert {role: len(places(listed, role)) for role, _ in found} == dict(found)
