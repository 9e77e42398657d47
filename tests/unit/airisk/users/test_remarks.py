"""What is said of a list of users, and that most lists leave nothing to say."""

from dataclasses import replace

import pytest

from tests.kit.trails import SETTINGS
from tui.airisk.models import User, UserList
from tui.airisk.users.remarks import NO_USERS, remarks

ADA = UserList([User("u-1", "Ada"), User("7", "Seven")], id_key="id")


def said(listing: UserList, *protected: str) -> list[str]:
    settings = replace(SETTINGS, protected_users=frozenset(protected))
    return [each.words for each in remarks(listing, settings)]


@pytest.mark.parametrize("protected", [(), ("u-1",), ("U-1 ", "u-1"), ("007",)])
def test_of_most_lists_there_is_nothing_to_say(protected: tuple[str, ...]) -> None:
    assert said(ADA, *protected) == []


def test_that_nobody_is_in_it_is_all_there_is_to_say() -> None:
    assert said(UserList(()), "u-1") == [NO_USERS]


def test_whom_a_protection_does_not_protect() -> None:
    assert said(ADA, "u-1", "u-3", "{u-2}") == ["AIRISK_PROTECTED_USERS lists u-3, {u-2}, but no user has that ID."]


def test_which_key_was_taken_for_the_id() -> None:
    (remark,) = remarks(replace(ADA, other_ids=("_id", "userId", "uid")), SETTINGS)
    assert remark.words == "IDs are taken from “id”, not from “_id”, “userId” or “uid”."
    assert not remark.is_warning
