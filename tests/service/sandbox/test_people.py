"""Who lives in a sandbox."""

import subprocess
import sys

import pytest

from tui.sandbox.people import ROLES, People, id_of

_TELL = (
    "import hashlib, msgspec; from tui.sandbox.people import People; "
    "print(hashlib.sha256(msgspec.json.encode(list(People(3000, 7)))).hexdigest())"
)


def _told_by_another_process(hash_seed: str) -> bytes:
    environment = {"PYTHONHASHSEED": hash_seed}
    return subprocess.run([sys.executable, "-c", _TELL], capture_output=True, check=True, env=environment).stdout


def test_the_same_seed_gives_the_same_people_in_every_process():
    assert _told_by_another_process("1") == _told_by_another_process("2")


def test_another_seed_gives_other_people():
    assert [person.name for person in People(50, 1)] != [person.name for person in People(50, 2)]


def test_a_person_is_the_same_in_a_short_and_in_a_long_list():
    assert list(People(100, 1)) == [People(1_000_000, 1)[index] for index in range(100)]


def test_the_last_of_a_million_is_reached_directly_and_found_again_by_id():
    people = People(1_000_000, 1)
    for index in (0, 127, 99_999, 999_999):
        assert people[index].id == id_of(index)
        assert people.index(people[index].id) == index
    with pytest.raises(IndexError):
        people[1_000_000]


@pytest.mark.parametrize("stranger", ["u-000200", "u-200", "u-0000001", "u-00000¹", "U-000001", "", "u-", "u-000001\n"])
def test_an_id_of_nobody_is_nobodys(stranger):
    assert People(200, 1).index(stranger) is None


def test_no_id_and_no_mail_address_occurs_twice():
    people = list(People(30_000, 1))
    assert len({person.id for person in people}) == 30_000
    assert len({person.email for person in people}) == 30_000
    assert all(person.email.isascii() for person in people)


def test_names_come_from_many_places_and_do_not_repeat_in_a_small_company():
    names = [person.name for person in People(9_216, 1)]
    assert len(set(names)) == 9_216
    assert sum(not name.isascii() for name in names) > 2_000


def test_a_few_in_a_hundred_are_suspended():
    suspended = sum(person.is_suspended for person in People(5_000, 1))
    assert 50 < suspended < 250


@pytest.mark.parametrize("count", [8, 20, 200])
def test_even_a_small_company_has_every_role(count):
    assert {person.role for person in People(count, 3)} == set(ROLES)


@pytest.mark.parametrize("count", [1, 2, 8, 200, 1_000_000])
def test_the_user_to_begin_with_is_an_active_admin_and_the_first_person_only_where_no_other_is(count):
    for seed in range(5):
        likely = People(count, seed).likely_user()
        assert (likely.role, likely.is_suspended) == ("Admin", False)
        assert (likely.id == id_of(0)) == (count < 8)
